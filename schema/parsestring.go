package schema

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string; the parser stands on its opening quote.
func (p *parser) str() (string, error) {
	p.pos++
	start := p.pos
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			p.pos++
			return string(p.data[start : p.pos-1]), nil
		case c == '\\':
			return p.escaped(p.data[start:p.pos])
		case c < 0x20:
			return "", p.fail("control character 0x%02x in a string", c)
		}
		p.pos++
	}
	return "", p.fail("a string without its end")
}

// escaped goes on with a string at its first backslash.
func (p *parser) escaped(head []byte) (string, error) {
	out := bytes.Clone(head)
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			p.pos++
			return string(out), nil
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		case c < 0x20:
			return "", p.fail("control character 0x%02x in a string", c)
		default:
			out = append(out, c)
			p.pos++
		}
	}
	return "", p.fail("a string without its end")
}

func (p *parser) escape() (rune, error) {
	if p.pos+1 >= len(p.data) {
		return 0, p.fail("a string without its end")
	}
	c := p.data[p.pos+1]
	if c == 'u' {
		return p.unicode()
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	i := bytes.IndexByte([]byte(from), c)
	if i < 0 {
		return 0, p.fail("unknown escape in a string")
	}
	p.pos += 2
	return rune(to[i]), nil
}

func (p *parser) unicode() (rune, error) {
	r, ok := p.hex4()
	if !ok {
		return 0, p.fail("\\u needs four hexadecimal digits")
	}
	if utf16.IsSurrogate(r) {
		second, ok := p.hex4()
		if r = utf16.DecodeRune(r, second); !ok || r == utf8.RuneError {
			return 0, p.fail("half of a surrogate pair: not a character")
		}
	}
	return r, nil
}

// hex4 reads \uXXXX.
func (p *parser) hex4() (rune, bool) {
	if len(p.data)-p.pos < 6 || p.data[p.pos] != '\\' || p.data[p.pos+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.data[p.pos+2:p.pos+6]), 16, 16)
	if err != nil {
		return 0, false
	}
	p.pos += 6
	return rune(n), true
}

// fillLines looks up the lines of the issues' pointers in a document that parses.
func fillLines(data []byte, issues []Issue) {
	if len(issues) == 0 {
		return
	}
	places := make(map[string]int, len(issues))
	for _, i := range issues {
		places[i.Pointer] = -1
	}
	p := &parser{data: data, keys: map[string]string{}, places: places}
	if _, err := p.document(); err != nil {
		return
	}
	for i := range issues {
		if at := places[issues[i].Pointer]; at >= 0 && issues[i].Line == 0 {
			issues[i].Line = lineAt(data, at)
		}
	}
}
