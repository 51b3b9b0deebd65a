package skops

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Bounds on a schema.
const (
	maxSchema = 32 << 20 // bytes
	maxDepth  = 400      // of its JSON
	maxValues = 4_000_000
)

// value is one of JSON, with the entries of objects in the order of the file: it
// is the order in which an estimator's settings were made.
type value struct {
	kind   byte   // { [ " and 0 for what else there is
	text   string // of a text or a number; "null", "true", "false"
	list   []value
	fields []field
}

type field struct {
	name  string
	value value
}

// get gives an entry of an object. Of two with one name Python takes the last.
func (v value) get(name string) (found value, ok bool) {
	for _, f := range v.fields {
		if f.name == name {
			found, ok = f.value, true
		}
	}
	return found, ok
}

func (v value) str(name string) string {
	f, _ := v.get(name)
	if f.kind != '"' {
		return ""
	}
	return f.text
}

var errTooMuch = errors.New("the schema is too large or nested too deeply")

type parser struct {
	dec    *json.Decoder
	values int
}

// parse reads one value of JSON, once, with bounded depth and size.
func parse(r io.Reader) (value, error) {
	p := parser{dec: json.NewDecoder(r)}
	p.dec.UseNumber()
	v, err := p.value(0)
	if err != nil && !errors.Is(err, errTooMuch) {
		err = fmt.Errorf("the schema is not valid JSON: %w", err)
	}
	return v, err
}

func (p *parser) value(depth int) (value, error) {
	if p.values++; p.values > maxValues || depth > maxDepth {
		return value{}, errTooMuch
	}
	t, err := p.dec.Token()
	if err != nil {
		return value{}, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return p.array(depth)
		}
		return p.object(depth)
	case string:
		return value{kind: '"', text: t}, nil
	case nil:
		return value{text: "null"}, nil
	}
	return value{text: fmt.Sprint(t)}, nil
}

func (p *parser) array(depth int) (value, error) {
	v := value{kind: '['}
	for p.dec.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.list = append(v.list, item)
	}
	_, err := p.dec.Token()
	return v, err
}

func (p *parser) object(depth int) (value, error) {
	v := value{kind: '{'}
	for p.dec.More() {
		key, err := p.dec.Token()
		if err != nil {
			return v, err
		}
		name, _ := key.(string)
		inner, err := p.value(depth + 1)
		v.fields = append(v.fields, field{name, inner})
		if err != nil {
			return v, err
		}
	}
	_, err := p.dec.Token()
	return v, err
}
