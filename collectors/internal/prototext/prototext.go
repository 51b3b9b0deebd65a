// Package prototext turns the text form of Protocol Buffers into the wire format,
// for those fields that a schema names; the others are passed over. What reads the
// one form so reads the other.
//
// Source: https://protobuf.dev/reference/protobuf/textformat-spec/.
//
// Not understood: extensions and Any, which are passed over.
package prototext

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/sbom"
)

// maxDepth bounds messages in messages.
const maxDepth = 100

// Kind is how a field is written.
type Kind uint8

// The kinds.
const (
	Number  Kind = iota // int32, int64, uint32, uint64, bool, enum
	Text                // string, bytes
	Float               // float
	Message             // of the type that Field names
)

// Field is one field of a message.
type Field struct {
	Number int
	Kind   Kind
	Type   string           // of a message
	Enum   map[string]int64 // the names of values
}

// Schema gives the fields of messages: type, then name.
type Schema map[string]map[string]Field

// Encode gives the message of a type that the text stands for. The error, an
// [sbom.Problem], has the line; what was read before it is given too.
func Encode(text string, schema Schema, root string) ([]byte, error) {
	p := &parser{text: text, schema: schema}
	p.next()
	out := p.message(root, "", 0)
	if p.fault != "" {
		line := 1 + strings.Count(text[:min(p.start, len(text))], "\n")
		return out, &sbom.Problem{Line: line, Reason: p.fault}
	}
	return out, nil
}

type parser struct {
	text      string
	at, start int // behind the token and before it
	token     string
	quoted    bool
	schema    Schema
	fault     string
}

func (p *parser) fail(format string, args ...any) {
	if p.fault == "" {
		p.fault = fmt.Sprintf(format, args...)
	}
}

// next reads a token: a word, a sign, or a text without its quotes. "" is the end.
func (p *parser) next() {
	for p.at < len(p.text) {
		c := p.text[p.at]
		if c == '#' {
			for p.at < len(p.text) && p.text[p.at] != '\n' {
				p.at++
			}
		} else if strings.IndexByte(" \t\r\n\v\f", c) < 0 {
			break
		} else {
			p.at++
		}
	}
	p.start, p.token, p.quoted = p.at, "", false
	if p.at == len(p.text) || p.fault != "" {
		p.at = len(p.text)
		return
	}
	switch c := p.text[p.at]; {
	case c == '"' || c == '\'':
		p.quote(c)
	case isWord(c):
		for p.at < len(p.text) && isWord(p.text[p.at]) {
			p.at++
		}
		p.token = p.text[p.start:p.at]
	default:
		p.at++
		p.token = p.text[p.start:p.at]
	}
}

func isWord(c byte) bool {
	return c == '_' || c == '.' || c == '-' || c == '+' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// quote reads a text in quotes.
func (p *parser) quote(q byte) {
	end := p.at + 1
	for end < len(p.text) && p.text[end] != q && p.text[end] != '\n' {
		if p.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.text) || p.text[end] != q {
		p.fail("a text does not end")
		return
	}
	p.token, p.quoted, p.at = unescape(p.text[p.at+1:end]), true, end+1
}

// unescape resolves escapes as C has them.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if at := strings.IndexByte(`abfnrtv`, s[i]); at >= 0 {
			b.WriteByte("\a\b\f\n\r\t\v"[at])
			continue
		}
		base, most := 0, 0
		switch c := s[i]; {
		case '0' <= c && c <= '7':
			base, most, i = 8, 3, i-1
		case c == 'x' || c == 'X':
			base, most = 16, 2
		case c == 'u':
			base, most = 16, 4
		case c == 'U':
			base, most = 16, 8
		}
		n := 0
		for n < most && i+1+n < len(s) && strings.IndexByte("0123456789abcdefABCDEF"[:base+base/16*6], s[i+1+n]) >= 0 {
			n++
		}
		v, err := strconv.ParseUint(s[i+1:i+1+n], max(base, 2), 32)
		switch {
		case base == 0 || err != nil:
			b.WriteByte(s[i])
			continue
		case most > 3 && v <= utf8.MaxRune:
			b.WriteRune(rune(v))
		default:
			b.WriteByte(byte(v))
		}
		i += n
	}
	return b.String()
}

// message reads fields until the sign that ends the message, "" for the end of
// the text. A type without schema is passed over.
func (p *parser) message(kind, end string, depth int) []byte {
	var out []byte
	if depth > maxDepth {
		p.fail("messages nest deeper than %d", maxDepth)
	}
	for p.fault == "" {
		switch {
		case !p.quoted && p.token == end:
			return out
		case p.token == "" && !p.quoted:
			p.fail("the text ends within a message")
		case p.token == ";" || p.token == ",":
			p.next()
		case p.token == "[":
			for p.token != "]" && p.token != "" {
				p.next()
			}
			p.next()
			p.value(Field{}, depth)
		case p.quoted || !isWord(p.token[0]):
			p.fail("want the name of a field, found %q", p.token[:min(len(p.token), 40)])
		default:
			f := p.schema[kind][p.token]
			p.next()
			out = append(out, p.value(f, depth)...)
		}
	}
	return out
}

// value reads what follows a name: a value, a message or a list of either.
func (p *parser) value(f Field, depth int) []byte {
	if p.token == ":" && !p.quoted {
		p.next()
	}
	if p.quoted || p.token != "[" {
		return p.one(f, depth)
	}
	var out []byte
	p.next()
	for p.fault == "" && (p.quoted || p.token != "]") {
		if !p.quoted && p.token == "," {
			p.next()
			continue
		}
		if p.token == "" && !p.quoted {
			p.fail("the text ends within a list")
		}
		out = append(out, p.one(f, depth)...)
	}
	p.next()
	return out
}

func (p *parser) one(f Field, depth int) []byte {
	if !p.quoted && (p.token == "{" || p.token == "<") {
		end := map[string]string{"{": "}", "<": ">"}[p.token]
		p.next()
		content := p.message(f.Type, end, depth+1)
		p.next()
		if f.Kind != Message || f.Number == 0 {
			return nil
		}
		return bytesField(f.Number, content)
	}
	if p.quoted {
		var b strings.Builder
		for p.quoted { // texts that stand one behind the other are one
			b.WriteString(p.token)
			p.next()
		}
		if f.Kind != Text || f.Number == 0 {
			return nil
		}
		return bytesField(f.Number, []byte(b.String()))
	}
	word := p.token
	if word == "" || !isWord(word[0]) {
		p.fail("want a value, found %q", word)
		return nil
	}
	p.next()
	return scalar(f, word)
}

func bytesField(number int, content []byte) []byte {
	b := binary.AppendUvarint(nil, uint64(number)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(content))), content...)
}

func scalar(f Field, word string) []byte {
	if f.Number == 0 {
		return nil
	}
	switch f.Kind {
	case Float:
		v, err := strconv.ParseFloat(strings.TrimSuffix(word, "f"), 32)
		if err != nil {
			return nil
		}
		return binary.LittleEndian.AppendUint32(binary.AppendUvarint(nil, uint64(f.Number)<<3|5), math.Float32bits(float32(v)))
	case Number:
		v, ok := f.Enum[word]
		if !ok {
			switch word {
			case "true", "True", "t":
				v, ok = 1, true
			case "false", "False", "f":
				v, ok = 0, true
			default:
				u, err := strconv.ParseUint(word, 0, 64)
				i, err2 := strconv.ParseInt(word, 0, 64)
				if v = int64(u); err != nil {
					v = i
				}
				ok = err == nil || err2 == nil
			}
		}
		if ok {
			return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(f.Number)<<3), uint64(v))
		}
	}
	return nil
}
