package jsonlines

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a document.
const (
	MaxDepth  = 200
	MaxValues = 2_000_000
)

// Parse reads one JSON document (RFC 8259). NaN, Infinity and -Infinity, which
// Python writes, are numbers. A syntax error is an *sbom.Problem with its line,
// beside the part that was read before it; the value is nil where there is none.
func Parse(text string) (*Value, error) {
	text, replaced := plainNumbers(text)
	p := &parser{text: text, replaced: replaced, line: 1, decoder: json.NewDecoder(strings.NewReader(text))}
	p.decoder.UseNumber()
	root, err := p.value(0)
	if err == nil {
		if _, err = p.decoder.Token(); err == nil || !errors.Is(err, io.EOF) {
			err = errors.New("there is more after the end of the document")
		} else {
			err = nil
		}
	}
	if err != nil {
		return root, &sbom.Problem{Line: p.at(p.faultOffset(err)), Reason: "not JSON: " + reason(err)}
	}
	return root, nil
}

type parser struct {
	text     string
	replaced map[int]string // offset of a stand-in: what stood there
	decoder  *json.Decoder
	offset   int // up to here lines are counted
	line     int
	values   int
}

// at counts the line of an offset; offsets come in rising order.
func (p *parser) at(offset int) int {
	offset = min(offset, len(p.text))
	if offset > p.offset {
		p.line += strings.Count(p.text[p.offset:offset], "\n")
		p.offset = offset
	}
	return p.line
}

func (p *parser) faultOffset(err error) int {
	offset := int(p.decoder.InputOffset())
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = max(offset, int(syntax.Offset)-1)
	}
	offset = min(offset, len(p.text))
	if rest := strings.TrimLeft(p.text[offset:], " \t\r\n,:"); rest != "" {
		return len(p.text) - len(rest)
	}
	return offset
}

func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the text ends too early"
	}
	return err.Error()
}

// next gives a token and where it starts.
func (p *parser) next() (json.Token, int, error) {
	from := int(p.decoder.InputOffset())
	t, err := p.decoder.Token()
	for from < len(p.text) && strings.IndexByte(" \t\r\n,:", p.text[from]) >= 0 {
		from++
	}
	return t, from, err
}

func (p *parser) value(depth int) (*Value, error) {
	t, from, err := p.next()
	if err != nil {
		return nil, err
	}
	if p.values++; p.values > MaxValues {
		return nil, fmt.Errorf("more than %d values", MaxValues)
	}
	if depth > MaxDepth {
		return nil, fmt.Errorf("nested more than %d deep", MaxDepth)
	}
	v := &Value{Line: p.at(from)}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			v.Kind = Object
			return v, p.members(v, depth)
		}
		v.Kind = Array
		return v, p.items(v, depth)
	case string:
		v.Kind, v.Text = String, t
	case json.Number:
		v.Kind, v.Text = Number, t.String()
		if stood, ok := p.replaced[from]; ok {
			v.Text = stood
		}
	case bool:
		v.Kind, v.Text = Bool, fmt.Sprint(t)
	case nil:
		v.Text = "null"
	}
	return v, nil
}

func (p *parser) members(v *Value, depth int) error {
	for p.decoder.More() {
		t, from, err := p.next()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return errors.New("a key is no string")
		}
		m := Member{Key: key, Line: p.at(from)}
		m.Value, err = p.value(depth + 1)
		if m.Value != nil {
			v.Members = append(v.Members, m)
		}
		if err != nil {
			return err
		}
	}
	_, _, err := p.next()
	return err
}

func (p *parser) items(v *Value, depth int) error {
	for p.decoder.More() {
		item, err := p.value(depth + 1)
		if item != nil {
			v.Items = append(v.Items, item)
		}
		if err != nil {
			return err
		}
	}
	_, _, err := p.next()
	return err
}

// plainNumbers puts a number of equal length in the place of the words that
// only Python takes for one, outside of strings.
func plainNumbers(text string) (string, map[int]string) {
	if !strings.Contains(text, "NaN") && !strings.Contains(text, "Infinity") {
		return text, nil
	}
	replaced := map[int]string{}
	out := []byte(text)
	for i := 0; i < len(out); i++ {
		switch out[i] {
		case '"':
			i = stringEnd(text, i)
		case 'N', 'I', '-':
			for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
				if strings.HasPrefix(text[i:], word) {
					replaced[i] = word
					copy(out[i:], "1"+strings.Repeat("0", len(word)-1))
					i += len(word) - 1
					break
				}
			}
		}
	}
	return string(out), replaced
}

// stringEnd gives the offset of the quote that ends the string begun at i.
func stringEnd(text string, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}
