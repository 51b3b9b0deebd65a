// Package pymarshal reads code objects of Python in the form of the marshal module,
// of Python 2.7 and 3.0 to 3.14: the names that the code uses and its constants.
// Nothing is run, and the instructions themselves are not followed.
//
// Source: CPython Python/marshal.c; the fields of code objects in each version.
//
// Not understood: the order in which names are used, names that are made at run
// time.
package pymarshal

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
)

// Bounds on what is read.
const (
	maxDepth   = 200
	maxObjects = 1_000_000
	maxKept    = 10_000 // names and texts
)

// Code is what a code object says.
type Code struct {
	Name   string   // of the function: "<lambda>"
	File   string   // where it was written
	Names  []string // globals, attributes and modules, sorted
	Texts  []string // constants, sorted
	Python string   // the versions whose layout it has: "3.11 to 3.14"
}

// layout is the form of code objects in some versions of Python: how many numbers
// come first, and what follows.
type layout struct {
	python  string
	numbers int
	objects string // c code, k constants, n names, f file, N name, 4 number, . other
}

var layouts = []layout{
	{"3.11 to 3.14", 5, "ckn..fN.4.."},
	{"3.8 to 3.10", 6, "ckn...fN4."},
	{"3.0 to 3.7", 5, "ckn...fN4."},
	{"2", 4, "ckn...fN4."},
}

var errCode = errors.New("the bytes are not code of Python as the marshal module writes it")

// IsCode tells whether the first byte is that of a code object.
func IsCode(data []byte) bool { return len(data) > 16 && data[0]&^0x80 == 'c' }

// Read reads a code object. Bytes behind it are passed over, as Python does.
func Read(data []byte) (Code, error) {
	if !IsCode(data) {
		return Code{}, errCode
	}
	for _, l := range layouts {
		r := &reader{data: data, layout: l, names: map[string]bool{}, texts: map[string]bool{}}
		r.object(0)
		if r.err == nil && r.code.Name != "" {
			r.code.Python = l.python
			r.code.Names, r.code.Texts = sorted(r.names), sorted(r.texts)
			return r.code, nil
		}
	}
	return Code{}, errCode
}

func sorted(set map[string]bool) []string {
	var all []string
	for s := range set {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// Decode takes base64 as Python's codecs do: what is no letter of it is passed over.
// Where it is none, the characters are the bytes.
func Decode(text string) []byte {
	letters := strings.Map(func(r rune) rune {
		if r < 128 && strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", r) {
			return r
		}
		return -1
	}, text)
	if data, err := base64.RawStdEncoding.DecodeString(letters); err == nil && len(data) > 0 && IsCode(data) {
		return data
	}
	raw := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 255 {
			return nil
		}
		raw = append(raw, byte(r))
	}
	return raw
}

type reader struct {
	layout
	data  []byte
	at    int
	count int
	refs  []string // text of each object that can be referred to
	names map[string]bool
	texts map[string]bool
	code  Code
	err   error
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.data)-r.at {
		r.err = errCode
		return nil
	}
	r.at += n
	return r.data[r.at-n : r.at]
}

func (r *reader) u8() int {
	if b := r.take(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (r *reader) i32() int {
	if b := r.take(4); b != nil {
		return int(int32(binary.LittleEndian.Uint32(b)))
	}
	return 0
}

// object reads one object, and gives its text if it is one.
func (r *reader) object(depth int) string {
	if r.count++; depth > maxDepth || r.count > maxObjects {
		r.err = errCode
	}
	head := r.u8()
	if r.err != nil {
		return ""
	}
	kind := byte(head &^ 0x80)
	ref := -1
	if head&0x80 != 0 && kind != 'r' {
		ref = len(r.refs)
		r.refs = append(r.refs, "")
	}
	text := r.value(kind, depth)
	if ref >= 0 {
		r.refs[ref] = text
	}
	return text
}

func (r *reader) value(kind byte, depth int) string {
	switch kind {
	case '0', 'N', 'F', 'T', 'S', '.':
	case 'i':
		r.take(4)
	case 'I', 'g':
		r.take(8)
	case 'y':
		r.take(16)
	case 'f':
		r.take(r.u8())
	case 'x':
		r.take(r.u8())
		r.take(r.u8())
	case 'l':
		n := r.i32()
		r.take(2 * max(n, -n))
	case 's', 'u', 'a', 'A', 't':
		return r.text(kind, r.i32())
	case 'z', 'Z':
		return r.text(kind, r.u8())
	case 'R', 'r':
		if n := r.i32(); n >= 0 && n < len(r.refs) {
			return r.refs[n]
		}
		if kind == 'r' {
			r.err = errCode
		}
	case ')':
		r.items(r.u8(), depth)
	case '(', '[', '<', '>':
		r.items(r.i32(), depth)
	case '{':
		for r.err == nil && r.at < len(r.data) && r.data[r.at] != '0' {
			r.object(depth + 1)
			r.object(depth + 1)
		}
		r.take(1)
	case ':':
		r.items(3, depth)
	case 'c':
		r.codeObject(depth)
	default:
		r.err = errCode
	}
	return ""
}

func (r *reader) text(kind byte, n int) string {
	s := string(r.take(n))
	if kind == 't' && r.python == "2" { // which refers to interned texts by number
		r.refs = append(r.refs, s)
	}
	return s
}

// items reads so many objects.
func (r *reader) items(n, depth int) []string {
	if n < 0 || n > len(r.data)-r.at {
		r.err = errCode
		return nil
	}
	var all []string
	for range n {
		if r.err != nil {
			break
		}
		if s := r.object(depth + 1); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// codeObject reads a code object by the layout.
func (r *reader) codeObject(depth int) {
	r.take(4 * r.numbers)
	var c Code
	for _, field := range r.objects {
		switch field {
		case '4':
			r.take(4)
		case 'k':
			r.keep(r.texts, r.list(depth))
		case 'n':
			r.keep(r.names, r.list(depth))
		case 'f':
			c.File = r.object(depth + 1)
		case 'N':
			c.Name = r.object(depth + 1)
		default:
			r.object(depth + 1)
		}
		if r.err != nil {
			return
		}
	}
	if depth == 0 {
		r.code = c
	}
}

// list reads a tuple, and gives the texts in it.
func (r *reader) list(depth int) []string {
	if r.err != nil || r.at >= len(r.data) {
		r.err = errCode
		return nil
	}
	head := r.data[r.at]
	switch head &^ 0x80 {
	case ')', '(':
	default:
		r.object(depth + 1)
		return nil
	}
	r.at++
	if head&0x80 != 0 {
		r.refs = append(r.refs, "")
	}
	if head&^0x80 == ')' {
		return r.items(r.u8(), depth)
	}
	return r.items(r.i32(), depth)
}

func (r *reader) keep(set map[string]bool, list []string) {
	for _, s := range list {
		if len(set) < maxKept {
			set[s] = true
		}
	}
}
