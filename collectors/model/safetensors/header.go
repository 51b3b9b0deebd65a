package safetensors

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/packed"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a header.
const (
	maxTensors  = 1 << 20
	maxDims     = 64
	maxDepth    = 32
	maxMetadata = 4096
	maxProblems = 20
)

type header struct {
	found       bool  // the file begins as safetensors do
	size, start int64 // of the file; of the tensor data
	names       map[string]bool
	spans       []span
	tensors     []fingerprint.Tensor
	entries     int // of tensors, also of those that are not valid
	unpacked    packed.Count
	types       map[string]*sbom.TensorType
	metadata    []sbom.Property
	findings    []sbom.Finding
	problems    []error
	dec         *json.Decoder
}

// span is where the data of one tensor lies, from the start of the data.
type span struct {
	name       string
	begin, end int64
}

// dtypes are the data types and their bits an element.
var dtypes = map[string]uint64{
	"BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8,
	"F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F8_E4M3FN": 8,
	"I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}

func (h *header) problem(format string, args ...any) {
	if len(h.problems) < maxProblems {
		h.problems = append(h.problems, fmt.Errorf(format, args...))
	}
}

// parse reads the JSON by tokens: names that stand twice are seen, and memory
// does not grow with what is skipped.
func (h *header) parse(r io.ReaderAt, n int64) error {
	section := io.NewSectionReader(r, 8, n)
	h.dec = json.NewDecoder(bufio.NewReaderSize(section, 64<<10))
	h.dec.UseNumber()
	err := h.object(func(name string) error {
		if name == "__metadata__" {
			return h.readMetadata()
		}
		return h.tensor(name)
	})
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			if h.start > h.size {
				err = fmt.Errorf("the file ends within the header: it has %d of %d bytes", h.size, h.start)
			} else {
				err = errors.New("the header's JSON ends in the middle")
			}
		} else {
			err = fmt.Errorf("the header is damaged: %w", err)
		}
		return errors.Join(append(h.problems, err)...)
	}
	h.padding(section, h.dec.InputOffset(), n)
	return nil
}

// padding checks that nothing but spaces follows the JSON.
func (h *header) padding(section *io.SectionReader, from, to int64) {
	r := bufio.NewReader(io.NewSectionReader(section, from, to-from))
	for at := from; ; at++ {
		c, err := r.ReadByte()
		if err != nil {
			return
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' && c != 0 {
			h.findings = append(h.findings, sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: 8 + at},
				Message: fmt.Sprintf("the header holds %d bytes behind its JSON", to-at)})
			return
		}
	}
}

func (h *header) object(each func(key string) error) error {
	t, err := h.dec.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return fmt.Errorf("want an object, found %s", brief(t))
	}
	for h.dec.More() {
		key, err := h.dec.Token()
		if err != nil {
			return err
		}
		if err := each(key.(string)); err != nil {
			return err
		}
	}
	_, err = h.dec.Token()
	return err
}

func brief(t json.Token) string {
	s := fmt.Sprint(t)
	if len(s) > 40 {
		s = s[:40] + "..."
	}
	return strconv.Quote(s)
}

func (h *header) readMetadata() error {
	if h.names["__metadata__"] {
		h.problem("the header has two entries __metadata__")
	}
	h.names["__metadata__"] = true
	return h.object(func(key string) error {
		t, err := h.dec.Token()
		if err != nil {
			return err
		}
		value, ok := t.(string)
		if !ok {
			h.problem("metadata %q is not text", key)
			return h.rest(t)
		}
		if slices.ContainsFunc(h.metadata, func(p sbom.Property) bool { return p.Name == key }) {
			h.problem("metadata %q stands twice", key)
			return nil
		}
		if len(h.metadata) == maxMetadata {
			return fmt.Errorf("more than %d entries of metadata", maxMetadata)
		}
		h.metadata = append(h.metadata, sbom.Property{Name: key, Value: strings.ToValidUTF8(value, "\uFFFD")})
		return nil
	})
}

// rest skips what remains of the value that begins with t.
func (h *header) rest(t json.Token) error {
	for depth := 0; ; {
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return errors.New("it is nested too deeply")
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if t, err = h.dec.Token(); err != nil {
			return err
		}
	}
}

func (h *header) tensor(name string) error {
	if len(h.spans) == maxTensors {
		return fmt.Errorf("more than %d tensors", maxTensors)
	}
	h.entries++
	twice := h.names[name]
	h.names[name] = true
	var dtype string
	var shape, offsets []int64
	err := h.object(func(key string) (err error) {
		switch key {
		case "dtype":
			var t json.Token
			if t, err = h.dec.Token(); err != nil {
				return err
			}
			s, ok := t.(string)
			if !ok {
				return fmt.Errorf("tensor %q: the data type is not text", name)
			}
			dtype = s
		case "shape":
			shape, err = h.numbers(name)
		case "data_offsets":
			offsets, err = h.numbers(name)
		default:
			var t json.Token
			if t, err = h.dec.Token(); err == nil {
				err = h.rest(t)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if twice {
		h.findings = append(h.findings, sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: 8},
			Message: fmt.Sprintf("tensor %q stands twice in the header: readers differ in which one they take", name)})
		return nil
	}
	h.add(name, dtype, shape, offsets)
	return nil
}

func (h *header) numbers(name string) ([]int64, error) {
	t, err := h.dec.Token()
	if err != nil {
		return nil, err
	}
	if t != json.Delim('[') {
		return nil, fmt.Errorf("tensor %q: want a list of numbers, found %s", name, brief(t))
	}
	out := []int64{}
	for h.dec.More() {
		t, err := h.dec.Token()
		if err != nil {
			return nil, err
		}
		n, ok := t.(json.Number)
		if !ok || len(out) == maxDims {
			return nil, fmt.Errorf("tensor %q: want a list of at most %d numbers", name, maxDims)
		}
		v, err := strconv.ParseInt(n.String(), 10, 64)
		if err != nil || v < 0 {
			return nil, fmt.Errorf("tensor %q: %s is no size", name, brief(t))
		}
		out = append(out, v)
	}
	_, err = h.dec.Token()
	return out, err
}

// add checks one tensor, and counts it.
func (h *header) add(name, dtype string, shape, offsets []int64) {
	if dtype == "" || shape == nil || len(offsets) != 2 || offsets[0] > offsets[1] {
		h.problem("tensor %q has no valid dtype, shape and data_offsets", name)
		return
	}
	h.spans = append(h.spans, span{name, offsets[0], offsets[1]})
	elements, ok := product(shape)
	if !ok {
		h.problem("tensor %q: the shape %v overflows", name, shape)
		return
	}
	width, known := dtypes[dtype]
	if !known {
		h.problem("tensor %q: the data type %q is not known", name, dtype)
	} else if hi, all := bits.Mul64(elements, width); hi != 0 || all%8 != 0 || all/8 != uint64(offsets[1]-offsets[0]) {
		h.problem("tensor %q: shape %v of %s does not take the %d bytes that its offsets give", name, shape, dtype, offsets[1]-offsets[0])
		return
	}
	if len(dtype) > 32 {
		return
	}
	t := h.types[dtype]
	if t == nil {
		t = &sbom.TensorType{DType: dtype}
		h.types[dtype] = t
	}
	if int64(elements) > math.MaxInt64-t.Parameters {
		h.problem("the number of parameters overflows")
		return
	}
	t.Tensors, t.Parameters = t.Tensors+1, t.Parameters+int64(elements)
	h.tensors = append(h.tensors, fingerprint.Tensor{Name: name, DType: dtype, Shape: shape, Part: sbom.Part{At: offsets[0], Size: offsets[1] - offsets[0]}})
}

// prints gives the tensors with their places in the file; none where the header
// leaves a doubt about them.
func (h *header) prints() []fingerprint.Tensor {
	if len(h.tensors) != h.entries || len(h.problems) > 0 {
		return nil
	}
	for i := range h.tensors {
		h.tensors[i].Part.At += h.start
	}
	return h.tensors
}

func product(shape []int64) (uint64, bool) {
	n := uint64(1)
	for _, d := range shape {
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, false
		}
		n = lo
	}
	return n, true
}
