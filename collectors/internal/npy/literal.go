package npy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds on a literal.
const (
	maxDepth = 32
	maxItems = 16 << 10
)

// The values are string, int64, float64, bool, nil and these.
type (
	tuple []any
	list  []any
	dict  []entry
	entry struct{ key, value any }
)

type literalReader struct {
	s     string
	depth int
	items int
}

// parseLiteral reads one literal; spaces may stand around it.
func parseLiteral(s string) (any, error) {
	p := literalReader{s: s}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.space(); p.s != "" {
		return nil, fmt.Errorf("%.20q follows it", p.s)
	}
	return v, nil
}

func (p *literalReader) space() { p.s = strings.TrimLeft(p.s, " \t\r\n\f\x00") }

func (p *literalReader) take(c byte) bool {
	p.space()
	if p.s == "" || p.s[0] != c {
		return false
	}
	p.s = p.s[1:]
	return true
}

func (p *literalReader) value() (any, error) {
	if p.items++; p.items > maxItems {
		return nil, errors.New("it has too many parts")
	}
	if p.depth++; p.depth > maxDepth {
		return nil, errors.New("it is nested too deeply")
	}
	defer func() { p.depth-- }()
	p.space()
	switch {
	case p.s == "":
		return nil, errors.New("it ends in the middle")
	case p.take('{'):
		return p.dict()
	case p.take('['):
		items, _, err := p.sequence(']')
		return list(items), err
	case p.take('('):
		items, comma, err := p.sequence(')')
		if err == nil && len(items) == 1 && !comma {
			return items[0], nil
		}
		return tuple(items), err
	}
	return p.atom()
}

func (p *literalReader) sequence(end byte) (items []any, comma bool, err error) {
	for !p.take(end) {
		if len(items) > 0 && !comma {
			return nil, false, errors.New("a comma is missing")
		}
		v, err := p.value()
		if err != nil {
			return nil, false, err
		}
		items = append(items, v)
		comma = p.take(',')
	}
	return items, comma, nil
}

func (p *literalReader) dict() (dict, error) {
	d, comma := dict{}, true
	for !p.take('}') {
		if !comma {
			return nil, errors.New("a comma is missing")
		}
		key, err := p.value()
		if err != nil {
			return nil, err
		}
		if !p.take(':') {
			return nil, errors.New("a colon is missing")
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		d = append(d, entry{key, v})
		comma = p.take(',')
	}
	return d, nil
}

func (p *literalReader) atom() (any, error) {
	for word, v := range map[string]any{"True": true, "False": false, "None": nil} {
		if rest, ok := strings.CutPrefix(p.s, word); ok {
			p.s = rest
			return v, nil
		}
	}
	c := p.s[0]
	if (c == 'u' || c == 'b') && len(p.s) > 1 && (p.s[1] == '\'' || p.s[1] == '"') {
		p.s = p.s[1:]
		c = p.s[0]
	}
	switch {
	case c == '\'' || c == '"':
		return p.text(c)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	return nil, fmt.Errorf("%.20q is no literal", p.s)
}

func (p *literalReader) number() (any, error) {
	n := 1
	for n < len(p.s) && (p.s[n] >= '0' && p.s[n] <= '9' || strings.IndexByte(".eE+-", p.s[n]) >= 0) {
		n++
	}
	word := p.s[:n]
	p.s = strings.TrimPrefix(p.s[n:], "L") // Python 2's long numbers
	if v, err := strconv.ParseInt(word, 10, 64); err == nil {
		return v, nil
	}
	if v, err := strconv.ParseFloat(word, 64); err == nil && strings.ContainsAny(word, ".eE") {
		return v, nil
	}
	return nil, fmt.Errorf("%.40q is no number that can be held", word)
}

// text reads up to the quote, with the escapes of Python.
func (p *literalReader) text(quote byte) (string, error) {
	var out strings.Builder
	for s := p.s[1:]; s != ""; {
		c := s[0]
		switch {
		case c == quote:
			p.s = s[1:]
			return out.String(), nil
		case c == '\n':
			return "", errors.New("a text has no end")
		case c != '\\':
			_, n := utf8.DecodeRuneInString(s)
			out.WriteString(s[:n])
			s = s[n:]
		case len(s) > 1 && (s[1] == '\'' || s[1] == '"'):
			out.WriteByte(s[1])
			s = s[2:]
		default:
			r, _, rest, err := strconv.UnquoteChar(s, quote)
			if err != nil {
				return "", errors.New("a text has an escape that is not known")
			}
			out.WriteRune(r)
			s = rest
		}
	}
	return "", errors.New("a text has no end")
}

// render writes a value as Python does.
func render(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	var out strings.Builder
	renderTo(&out, v)
	return out.String()
}

func renderTo(out *strings.Builder, v any) {
	items := func(open, end string, of []any) {
		out.WriteString(open)
		for i, v := range of {
			if i > 0 {
				out.WriteString(", ")
			}
			renderTo(out, v)
		}
		if len(of) == 1 && end == ")" {
			out.WriteString(",")
		}
		out.WriteString(end)
	}
	switch v := v.(type) {
	case tuple:
		items("(", ")", v)
	case list:
		items("[", "]", v)
	case string:
		out.WriteString("'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`).Replace(v) + "'")
	default:
		fmt.Fprint(out, v)
	}
}
