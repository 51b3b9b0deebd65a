// Package npy reads the header of NumPy's array files (.npy), versions 1 to 3,
// as they stand alone, in archives (.npz) and in front of other data.
//
// Source: numpy/lib/_format_impl.py and its description (NEP 1).
//
// The header is a literal of Python, which NumPy itself evaluates. It is read
// here by a parser that knows texts, numbers, tuples, lists, dictionaries and the
// three constants, and nothing else.
package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/volume"
)

// Magic begins every file.
const Magic = "\x93NUMPY"

// MaxHeader bounds a header, in bytes. NumPy itself refuses more than 10000
// characters, unless the caller trusts the file.
const MaxHeader = 64 << 10

// Header is what stands before the data.
type Header struct {
	Major, Minor int
	// DType is the type as NumPy spells it: "<f4", "|S5", "<M8[ns]"; of a
	// structured type the list of its fields, as written.
	DType string
	// Fields are those of a structured type, the outermost.
	Fields []Field
	// Shape is that of the array; a scalar has none. No dimension is negative.
	Shape   []int64
	Fortran bool
	// ItemSize is that of one element in bytes; -1 where it is not known.
	ItemSize int64
	// Objects: elements are objects of Python, and a pickle follows the header.
	Objects bool
	// Offset is where the data begins, in bytes.
	Offset int64
}

// Field is one of a structured type.
type Field struct {
	Name  string
	DType string // as in [Header].DType
}

// Read reads the header from the start of a file. The error says what is wrong.
func Read(r io.Reader) (Header, error) {
	var fixed [12]byte
	if _, err := io.ReadFull(r, fixed[:10]); err != nil || string(fixed[:6]) != Magic {
		return Header{}, errors.New("it is no NumPy array: it does not begin with \\x93NUMPY")
	}
	h := Header{Major: int(fixed[6]), Minor: int(fixed[7]), ItemSize: -1}
	n := int64(binary.LittleEndian.Uint16(fixed[8:]))
	h.Offset = 10
	switch h.Major {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, fixed[10:]); err != nil {
			return h, errors.New("it ends within the header")
		}
		n, h.Offset = int64(binary.LittleEndian.Uint32(fixed[8:])), 12
	default:
		return h, fmt.Errorf("version %d.%d of the format is not known", h.Major, h.Minor)
	}
	if n > MaxHeader {
		return h, fmt.Errorf("the header would have %d bytes, and %d are allowed", n, MaxHeader)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return h, errors.New("it ends within the header")
	}
	h.Offset += n
	return h, h.parse(decode(text, h.Major))
}

// decode gives text: Latin-1 before version 3, UTF-8 from there on.
func decode(data []byte, major int) string {
	if major >= 3 && utf8.Valid(data) {
		return string(data)
	}
	var out strings.Builder
	for _, c := range data {
		out.WriteRune(rune(c))
	}
	return out.String()
}

func (h *Header) parse(text string) error {
	v, err := parseLiteral(text)
	if err != nil {
		return fmt.Errorf("the header is no literal of Python: %w", err)
	}
	d, ok := v.(dict)
	if !ok {
		return errors.New("the header is no dictionary")
	}
	seen := map[string]bool{}
	for _, e := range d {
		key, _ := e.key.(string)
		if seen[key] {
			return fmt.Errorf("the header has two entries %q", key)
		}
		seen[key] = true
		switch key {
		case "descr":
			err = h.describe(e.value)
		case "fortran_order":
			h.Fortran, ok = e.value.(bool)
		case "shape":
			err = h.dimensions(e.value)
		default:
			err = fmt.Errorf("the header has an entry %.40q that NumPy does not know", fmt.Sprint(e.key))
		}
		if err != nil {
			return err
		}
	}
	if !seen["descr"] || !seen["shape"] || !seen["fortran_order"] || !ok {
		return errors.New("the header does not state descr, fortran_order and shape")
	}
	return nil
}

func (h *Header) dimensions(v any) error {
	list, ok := v.(tuple)
	if !ok {
		return errors.New("the shape is no tuple")
	}
	h.Shape = []int64{}
	for _, d := range list {
		n, ok := d.(int64)
		if !ok || n < 0 {
			return errors.New("the shape is no tuple of sizes")
		}
		h.Shape = append(h.Shape, n)
	}
	return nil
}

// Elements is their number; ok is false where it overflows.
func (h Header) Elements() (n int64, ok bool) { return volume.Elements(h.Shape) }

// DataSize is the number of bytes behind the header; ok is false where it is not
// known: an array of objects, or a size that overflows.
func (h Header) DataSize() (n int64, ok bool) {
	elements, ok := h.Elements()
	if !ok || h.Objects || h.ItemSize < 0 {
		return 0, false
	}
	return volume.Times(elements, h.ItemSize)
}

// Dims is the shape as Python writes it: "(3, 4)", "(3,)", "()".
func (h Header) Dims() string {
	var parts []string
	for _, d := range h.Shape {
		parts = append(parts, fmt.Sprint(d))
	}
	if len(parts) == 1 {
		return "(" + parts[0] + ",)"
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
