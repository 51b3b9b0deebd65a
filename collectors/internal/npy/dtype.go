package npy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/volume"
)

const maxFields = 1000 // of a structured type, at any depth

// simple is a type without fields: byte order, kind, size, unit of a date.
var simple = pattern.Lazy(`^([<>|=]?)([?bBhHiIlLqQefdgFDGbiufcmMOSaUVT])(\d{0,9})(\[[^\]]{1,32}\])?$`)

// describe reads descr: a text, or a list of fields.
func (h *Header) describe(v any) error {
	t := typeReader{}
	size, err := t.size(v)
	if err != nil {
		return err
	}
	h.ItemSize, h.Objects, h.DType = size, t.objects, render(v)
	if list, ok := v.(list); ok {
		for _, f := range list {
			name, of := field(f)
			h.Fields = append(h.Fields, Field{name, render(of)})
		}
	}
	return nil
}

type typeReader struct {
	objects bool
	fields  int
}

// size gives the bytes of an element; -1 where the size is not known.
func (t *typeReader) size(v any) (int64, error) {
	switch v := v.(type) {
	case string:
		return t.one(v)
	case list:
		total := int64(0)
		for _, f := range v {
			if t.fields++; t.fields > maxFields {
				return 0, fmt.Errorf("the type has more than %d fields", maxFields)
			}
			_, of := field(f)
			if of == nil {
				return 0, errors.New("the type has a field that is no pair of name and type")
			}
			n, err := t.size(of)
			if err != nil {
				return 0, err
			}
			if n < 0 || total < 0 {
				total = -1
			} else if total += n; total < 0 {
				return 0, errors.New("the size of the type overflows")
			}
		}
		return total, nil
	case tuple:
		return t.subarray(v)
	}
	return 0, errors.New("the type is no text and no list of fields")
}

// subarray is a type with a shape: ('<f4', (2, 3)).
func (t *typeReader) subarray(v tuple) (int64, error) {
	if len(v) != 2 {
		return 0, errors.New("the type is no pair of type and shape")
	}
	n, err := t.size(v[0])
	if err != nil || n < 0 {
		return n, err
	}
	dims, ok := sizes(v[1])
	if !ok {
		return 0, errors.New("the type has a shape that is none")
	}
	count, ok := volume.Elements(dims)
	if ok {
		n, ok = volume.Times(n, count)
	}
	if !ok {
		return 0, errors.New("the size of the type overflows")
	}
	return n, nil
}

func sizes(v any) ([]int64, bool) {
	if n, ok := v.(int64); ok {
		return []int64{n}, n >= 0
	}
	list, ok := v.(tuple)
	var dims []int64
	for _, d := range list {
		n, isInt := d.(int64)
		ok = ok && isInt && n >= 0
		dims = append(dims, n)
	}
	return dims, ok
}

// field gives name and type of (name, type) or (name, type, shape); the name may
// be a pair of title and name.
func field(v any) (name string, of any) {
	f, ok := v.(tuple)
	if !ok || len(f) < 2 || len(f) > 3 {
		return "", nil
	}
	switch n := f[0].(type) {
	case string:
		name = n
	case tuple:
		if len(n) == 2 {
			name, _ = n[1].(string)
		}
	}
	if len(f) == 3 {
		return name, tuple{f[1], f[2]}
	}
	return name, f[1]
}

// chars are the sizes of types that are named by a letter alone.
var chars = map[string]int64{"?": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 8, "L": 8, "q": 8, "Q": 8,
	"e": 2, "f": 4, "d": 8, "g": 16, "F": 8, "D": 16, "G": 32, "S": 0, "a": 0, "U": 0, "V": 0, "M": 8, "m": 8}

func (t *typeReader) one(s string) (int64, error) {
	m := simple.FindStringSubmatch(s)
	if m == nil && (strings.Contains(s, "O") || strings.Contains(s, "object")) { // "object", "i4,O": not as NumPy writes it, but it reads it
		t.objects = true
		return 8, nil
	}
	if m == nil {
		return 0, fmt.Errorf("the type %.40q is not one of NumPy's", s)
	}
	if m[2] == "O" {
		t.objects = true
		return 8, nil
	}
	if m[2] == "T" { // strings of any length, which NumPy does not write
		return -1, nil
	}
	if m[3] == "" {
		return chars[m[2]], nil
	}
	n, err := strconv.ParseInt(m[3], 10, 64)
	if err == nil && m[2] == "U" {
		n *= 4
	}
	return n, err
}

// Name gives the type in the spelling of safetensors ("F32"), which all formats
// of weights share here; types that it does not know as NumPy spells them, without
// byte order, and "STRUCT" for structured ones.
func (h Header) Name() string { return TypeName(h.DType) }

// TypeName gives [Header.Name] for a type as NumPy spells it.
func TypeName(dtype string) string {
	m := simple.FindStringSubmatch(dtype)
	switch {
	case m == nil:
		return "STRUCT"
	case m[2] == "O":
		return "OBJECT"
	}
	kind, n := m[2], m[3]
	if letters := map[string]string{"?": "b1", "b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8",
		"q": "i8", "Q": "u8", "e": "f2", "f": "f4", "d": "f8", "F": "c8", "D": "c16"}; n == "" && letters[kind] != "" {
		kind, n = letters[kind][:1], letters[kind][1:]
	}
	bytes, _ := strconv.Atoi(n)
	switch {
	case kind == "b" && bytes == 1, kind == "?":
		return "BOOL"
	case strings.Contains("iufc", kind) && bytes > 0:
		return strings.ToUpper(kind) + strconv.Itoa(8*bytes)
	}
	return kind + n + m[4]
}
