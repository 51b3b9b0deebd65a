package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

const (
	maxSize     = 200 << 20 // bytes of a document
	maxDepth    = 256       // nested objects and arrays
	maxKey      = 256       // bytes of a key
	maxNumber   = 400       // bytes of a number
	maxExponent = 400       // of a number: 1e999999999 is a bomb for exact arithmetic
)

// A parser is a strict reader of JSON (RFC 8259). The standard library's keeps
// the last of two equal keys and replaces invalid UTF-8, both in silence; here
// they are errors with a place.
type parser struct {
	data   []byte
	pos    int
	depth  int
	path   []byte            // RFC 6901 pointer of the value being read
	keys   map[string]string // each key's text once
	dups   []Issue           // Line holds the offset until the end
	moreDs int
	places map[string]int // pointers to look for: their offset, -1 until seen
}

// parse gives the tree (map[string]any, []any, string, json.Number, bool, nil).
func parse(data []byte) (any, error) {
	if err := checkText(data); err != nil {
		return nil, err
	}
	p := &parser{data: data, keys: map[string]string{}}
	v, err := p.document()
	if err != nil {
		return nil, err
	}
	for i := range p.dups {
		p.dups[i].Line = lineAt(data, p.dups[i].Line)
	}
	return v, toError(p.dups, p.moreDs)
}

func checkText(data []byte) error {
	if len(data) > maxSize {
		return oneIssue(Issue{
			Message: fmt.Sprintf("the document has %d bytes, the bound is %d (200 MiB)", len(data), maxSize),
			Fix:     "split it into several BOMs that refer to each other by BOM-Link",
		})
	}
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		return oneIssue(Issue{Line: 1, Message: "the document starts with a byte order mark", Fix: "write UTF-8 without it"})
	}
	if !utf8.Valid(data) {
		at := invalidUTF8(data)
		return oneIssue(Issue{
			Line:    lineAt(data, at),
			Message: fmt.Sprintf("invalid UTF-8 (byte 0x%02x at offset %d)", data[at], at),
			Fix:     "write the document in UTF-8",
		})
	}
	return nil
}

func oneIssue(i Issue) error { return toError([]Issue{i}, 0) }

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return 0
}

func lineAt(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), len(data))], []byte{'\n'})
}

func (p *parser) document() (any, error) {
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.space(); p.pos < len(p.data) {
		return nil, p.fail("text after the end of the document")
	}
	return v, nil
}

func (p *parser) fail(format string, args ...any) error {
	at := min(p.pos, len(p.data))
	return oneIssue(Issue{
		Pointer: string(p.path),
		Line:    lineAt(p.data, at),
		Message: fmt.Sprintf(format, args...) + " (offset " + strconv.Itoa(at) + ")",
		Fix:     p.fix(),
	})
}

// fix is what to do about text that is no JSON as this program takes it.
func (p *parser) fix() string {
	switch {
	case p.pos >= len(p.data):
		return "get the whole document: it is cut off"
	case p.depth > maxDepth:
		return "put the inner values elsewhere: no document needs this"
	}
	return "put the JSON right there"
}

func (p *parser) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// next skips space and gives the byte there, 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

func (p *parser) see(offset int) {
	if len(p.places) == 0 {
		return
	}
	if at, ok := p.places[string(p.path)]; ok && at < 0 {
		p.places[string(p.path)] = offset
	}
}

func (p *parser) value() (any, error) {
	c := p.next()
	p.see(p.pos)
	switch {
	case c == '{':
		return p.nested(p.object)
	case c == '[':
		return p.nested(p.array)
	case c == '"':
		return p.str()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, w := range []struct {
		text  string
		value any
	}{{"true", true}, {"false", false}, {"null", nil}} {
		if bytes.HasPrefix(p.data[p.pos:], []byte(w.text)) {
			p.pos += len(w.text)
			return w.value, nil
		}
	}
	if p.pos >= len(p.data) {
		return nil, p.fail("the document ends too early")
	}
	return nil, p.fail("not JSON: a value cannot start with %q", rune(c))
}

func (p *parser) nested(read func() (any, error)) (any, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail("nested more than %d deep", maxDepth)
	}
	p.pos++
	v, err := read()
	p.depth--
	return v, err
}

func (p *parser) object() (any, error) {
	m := map[string]any{}
	if p.next() == '}' {
		p.pos++
		return m, nil
	}
	base := len(p.path)
	for {
		if p.next() != '"' {
			return nil, p.fail("expected a key in double quotes")
		}
		start := p.pos
		key, err := p.str()
		if err != nil {
			return nil, err
		}
		if len(key) > maxKey {
			return nil, p.fail("a key of %d bytes, the bound is %d", len(key), maxKey)
		}
		key = p.intern(key)
		p.path = append(append(p.path, '/'), escapeToken(key)...)
		if p.next() != ':' {
			return nil, p.fail("expected ':' after the key %s", quote(key))
		}
		p.pos++
		_, twice := m[key]
		if twice {
			p.duplicate(key, start)
		}
		p.see(start)
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		if !twice {
			m[key] = v
		}
		p.path = p.path[:base]
		if done, err := p.comma('}'); done || err != nil {
			return m, err
		}
	}
}

func (p *parser) array() (any, error) {
	a := []any{}
	if p.next() == ']' {
		p.pos++
		return a, nil
	}
	base := len(p.path)
	for {
		p.path = strconv.AppendInt(append(p.path, '/'), int64(len(a)), 10)
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		a = append(a, v)
		p.path = p.path[:base]
		if done, err := p.comma(']'); done || err != nil {
			return a, err
		}
	}
}

// comma reads what stands after a member: a comma, or the end of its container.
func (p *parser) comma(end byte) (done bool, err error) {
	switch p.next() {
	case end:
		p.pos++
		return true, nil
	case ',':
		p.pos++
		return false, nil
	}
	return false, p.fail("expected ',' or '%c'", end)
}

func (p *parser) duplicate(key string, offset int) {
	if len(p.dups) == MaxIssues {
		p.moreDs++
		return
	}
	p.dups = append(p.dups, Issue{
		Pointer: string(p.path), Line: offset,
		Message: "duplicate key " + quote(key) + ": readers disagree on which value counts",
		Fix:     "keep one of them",
	})
}

func (p *parser) intern(key string) string {
	if k, ok := p.keys[key]; ok {
		return k
	}
	p.keys[key] = key
	return key
}

func (p *parser) number() (any, error) {
	start := p.pos
	for p.pos < len(p.data) && bytes.IndexByte([]byte("+-.eE0123456789"), p.data[p.pos]) >= 0 {
		p.pos++
	}
	text := p.data[start:p.pos]
	if len(text) > maxNumber {
		return nil, p.fail("a number of %d digits, the bound is %d", len(text), maxNumber)
	}
	if !json.Valid(text) {
		return nil, p.fail("not a number: %s", quote(string(text)))
	}
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		if e, err := strconv.Atoi(string(text[i+1:])); err != nil || e > maxExponent || e < -maxExponent {
			return nil, p.fail("the exponent of %s is beyond %d", quote(string(text)), maxExponent)
		}
	}
	return json.Number(text), nil
}
