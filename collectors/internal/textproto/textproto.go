// Package textproto reads the text format of protocol buffers
// (https://protobuf.dev/reference/protobuf/textformat-spec/) without a schema: a
// tree of fields in their order, each with its line. All of the grammar is taken:
// messages in braces and angle brackets, lists, comments, separators, strings in
// pieces, escapes, numbers of every spelling, names of extensions and of Any.
package textproto

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a document.
const (
	maxDepth  = 64
	maxFields = 200_000
)

// Value is a scalar or a message. Its methods take nil for a value that is absent.
type Value struct {
	Line   int
	Text   string  // of a scalar: a string without its quotes, else as written
	Quoted bool    // a string
	Fields []Field // of a message
	Is     bool    // a message
}

// Field is one field of a message; a repeated one stands there several times.
type Field struct {
	Name  string
	Line  int
	Value *Value
}

// Get gives the first field of a name.
func (v *Value) Get(names ...string) *Value {
	for _, name := range names {
		all := v.All(name)
		if len(all) == 0 {
			return nil
		}
		v = all[0]
	}
	return v
}

// All gives the values of a repeated field.
func (v *Value) All(name string) (all []*Value) {
	if v == nil {
		return nil
	}
	for _, f := range v.Fields {
		if f.Name == name {
			all = append(all, f.Value)
		}
	}
	return all
}

// Str gives the text of a scalar; "" of anything else.
func (v *Value) Str() string {
	if v == nil || v.Is {
		return ""
	}
	return v.Text
}

// Int gives a whole number.
func (v *Value) Int() (int64, bool) {
	if v == nil || v.Is || v.Quoted {
		return 0, false
	}
	n, err := strconv.ParseInt(v.Text, 0, 64)
	return n, err == nil
}

// LineOf gives the line; 0 for an absent value.
func (v *Value) LineOf() int {
	if v == nil {
		return 0
	}
	return v.Line
}

// Map gives the entries of a map field: messages with a key and a value.
func (v *Value) Map(name string) (entries []Field) {
	for _, e := range v.All(name) {
		entries = append(entries, Field{Name: e.Get("key").Str(), Line: e.Line, Value: e.Get("value")})
	}
	return entries
}

// Parse reads a document. What stands before the first fault is given beside the
// error, a [sbom.Problem] with its line.
func Parse(text string) (*Value, error) {
	p := &parser{scanner: scanner{text: text, line: 1}}
	root := &Value{Line: 1, Is: true}
	p.next()
	if err := p.message(root, "", 0); err != nil {
		return root, err
	}
	return root, nil
}

type parser struct {
	scanner
	fields int
}

func (p *parser) fail(format string, args ...any) error {
	if p.bad != "" {
		return &sbom.Problem{Line: p.tok.line, Reason: "no text of a protocol buffer: " + p.bad}
	}
	return &sbom.Problem{Line: p.tok.line, Reason: "no text of a protocol buffer: " + fmt.Sprintf(format, args...)}
}

// found names the token for a message.
func (p *parser) found() string {
	if p.tok.kind == end {
		return "the end"
	}
	return fmt.Sprintf("%.20q", p.tok.text)
}

// message reads fields up to the closer; "" is the end of the text.
func (p *parser) message(into *Value, closer string, depth int) error {
	if depth > maxDepth {
		return p.fail("messages are nested more than %d levels deep", maxDepth)
	}
	for {
		switch {
		case p.tok.kind == end && closer == "", p.tok.kind == symbol && p.tok.text == closer:
			return nil
		case p.tok.kind == end:
			return p.fail("%q is missing at the end", closer)
		}
		if p.fields++; p.fields > maxFields {
			return p.fail("more than %d fields", maxFields)
		}
		if err := p.field(into, depth); err != nil {
			return err
		}
		if p.tok.kind == symbol && (p.tok.text == "," || p.tok.text == ";") {
			p.next()
		}
	}
}

// field reads one: NAME : VALUE, NAME MESSAGE, NAME : [ VALUES ].
func (p *parser) field(into *Value, depth int) error {
	name, line, err := p.name()
	if err != nil {
		return err
	}
	colon := p.takes(":")
	add := func(v *Value) { into.Fields = append(into.Fields, Field{name, line, v}) }
	if !p.takes("[") {
		v, err := p.value(colon, depth)
		if v != nil {
			add(v)
		}
		return err
	}
	if p.takes("]") {
		return nil
	}
	for {
		v, err := p.value(true, depth)
		if v != nil {
			add(v)
		}
		if err != nil {
			return err
		}
		if p.fields++; p.fields > maxFields {
			return p.fail("more than %d fields", maxFields)
		}
		switch {
		case p.takes("]"):
			return nil
		case !p.takes(","):
			return p.fail("want \",\" or \"]\" in a list, found %s", p.found())
		}
	}
}

// name reads the name of a field, or [package.extension], [domain/type].
func (p *parser) name() (string, int, error) {
	line := p.tok.line
	if p.tok.kind == word {
		name := p.tok.text
		p.next()
		return name, line, nil
	}
	if !p.takes("[") {
		return "", line, p.fail("want the name of a field, found %s", p.found())
	}
	var b strings.Builder
	for !p.takes("]") {
		if p.tok.kind != word && p.tok.kind != number && p.tok.text != "/" && p.tok.text != "." && p.tok.text != "-" {
			return "", line, p.fail("want the name of an extension, found %s", p.found())
		}
		b.WriteString(p.tok.text)
		p.next()
	}
	return b.String(), line, nil
}

// takes goes on where the token is the symbol.
func (p *parser) takes(s string) bool {
	if p.tok.kind == symbol && p.tok.text == s {
		p.next()
		return true
	}
	return false
}

// value reads a message or, after a colon, a scalar.
func (p *parser) value(colon bool, depth int) (*Value, error) {
	v := &Value{Line: p.tok.line}
	switch {
	case p.tok.kind == symbol && (p.tok.text == "{" || p.tok.text == "<"):
		closer := map[string]string{"{": "}", "<": ">"}[p.tok.text]
		p.next()
		v.Is = true
		if err := p.message(v, closer, depth+1); err != nil {
			return v, err
		}
		p.next()
		return v, nil
	case !colon:
		return nil, p.fail("want \":\" or a message, found %s", p.found())
	case p.tok.kind == quoted:
		v.Quoted = true
		var b strings.Builder
		for p.tok.kind == quoted { // pieces that stand together are one
			b.WriteString(p.tok.text)
			p.next()
		}
		v.Text = b.String()
		return v, nil
	}
	if p.takes("-") {
		v.Text = "-"
	}
	if p.tok.kind != word && p.tok.kind != number {
		return nil, p.fail("want a value, found %s", p.found())
	}
	v.Text += p.tok.text
	p.next()
	return v, nil
}
