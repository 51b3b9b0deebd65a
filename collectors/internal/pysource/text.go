package pysource

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// isPrefix tells whether a word is the prefix of a text.
func isPrefix(s string) bool {
	switch strings.ToLower(s) {
	case "r", "u", "b", "f", "t", "br", "rb", "fr", "rf", "tr", "rt", "ur":
		return true
	}
	return false
}

// maxFailed bounds how often the rest of a source is searched for closing quotes
// in vain.
const maxFailed = 10

// text reads a literal whose prefix has the given length.
func (l *lexer) text(prefix int) {
	rest := l.src[l.at:]
	formatted := strings.ContainsAny(rest[:prefix], "fFtT")
	n := -1
	if formatted && l.failed < maxFailed {
		if n = literal(rest, prefix, true, 0); n < 0 { // a brace that opens no field
			l.failed++
		}
	}
	if n < 0 && (l.failed < maxFailed || len(quotes(rest[prefix:])) == 1) {
		n = literal(rest, prefix, false, 0)
	}
	if n < 0 {
		l.failed++
		l.fault("a text is not closed")
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		l.add(Bad, rest[:end])
		l.at += end
		return
	}
	l.add(String, rest[:n])
	l.at += n
	l.line += strings.Count(rest[:n], "\n")
}

// quotes gives the quotes that s begins with.
func quotes(s string) string {
	if strings.HasPrefix(s, `"""`) || strings.HasPrefix(s, "'''") {
		return s[:3]
	}
	return s[:1]
}

// literal gives the length of the literal that s begins with, or -1 where it is
// not closed.
func literal(s string, prefix int, formatted bool, depth int) int {
	q := quotes(s[prefix:])
	for i := prefix + len(q); i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '\n' && len(q) == 1:
			return -1
		case strings.HasPrefix(s[i:], q):
			return i + len(q)
		case formatted && strings.HasPrefix(s[i:], "{{"):
			i++
		case formatted && c == '{':
			n := field(s[i:], q, depth+1)
			if n < 0 {
				return -1
			}
			i += n - 1
		}
	}
	return -1
}

const maxFields = 10 // formatted texts in each other

// field gives the length of the replacement field "{...}" that s begins with.
// Quotes begin a text in it, as they do from Python 3.12 on; before that, those
// of the literal around it could not stand there at all.
func field(s, outer string, depth int) int {
	if depth > maxFields {
		return -1
	}
	open, spec := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case strings.IndexByte("([{", c) >= 0:
			open++
		case c == ':' && open == 1:
			spec = true
		case strings.IndexByte(")]}", c) >= 0:
			if open--; open == 0 {
				return i + 1
			}
		case c == '"' || c == '\'':
			if open == 1 && spec && strings.HasPrefix(s[i:], outer) {
				return -1
			}
			start := i
			for start > 0 && i-start < 2 && strings.IndexByte("rRfFbBuUtT", s[start-1]) >= 0 {
				start--
			}
			n := literal(s[start:], i-start, strings.ContainsAny(s[start:i], "fFtT"), depth+1)
			if n < 0 {
				return -1
			}
			i = start + n - 1
		}
	}
	return -1
}

// Text is a literal taken apart.
type Text struct {
	Value  string // the text, or the bytes
	Bytes  bool
	Fields bool // a formatted text; Value is its source without quotes
	raw    bool
}

// Unquote gives the value of a literal token.
func Unquote(token string) Text {
	n := strings.IndexAny(token, `"'`)
	if n < 0 {
		return Text{Value: token}
	}
	prefix := strings.ToLower(token[:n])
	q := quotes(token[n:])
	body := token[n+len(q):]
	body = body[:max(0, len(body)-len(q))]
	t := Text{Bytes: strings.Contains(prefix, "b"), Fields: strings.ContainsAny(prefix, "ft"), raw: strings.Contains(prefix, "r")}
	switch {
	case t.Fields || t.raw:
		t.Value = body
	default:
		t.Value = unescape(body, t.Bytes)
	}
	return t
}

var simple = map[byte]byte{'\\': '\\', '\'': '\'', '"': '"', 'a': 7, 'b': 8, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11}

// unescape follows the table of escape sequences; what is none stays.
func unescape(s string, bytes bool) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		c := s[i]
		if r, ok := simple[c]; ok {
			b.WriteByte(r)
			continue
		}
		n, digits := 0, 0
		switch {
		case c == '\n':
			continue
		case c >= '0' && c <= '7':
			for digits = 1; digits < 3 && i+digits < len(s) && s[i+digits] >= '0' && s[i+digits] <= '7'; digits++ {
			}
			v, _ := strconv.ParseUint(s[i:i+digits], 8, 32)
			i += digits - 1
			write(&b, rune(v), bytes)
			continue
		case c == 'x':
			n = 2
		case c == 'u' && !bytes:
			n = 4
		case c == 'U' && !bytes:
			n = 8
		}
		if n > 0 && i+n < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+1+n], 16, 32); err == nil && v <= utf8.MaxRune {
				write(&b, rune(v), bytes)
				i += n
				continue
			}
		}
		b.WriteByte('\\')
		b.WriteByte(c)
	}
	return b.String()
}

func write(b *strings.Builder, r rune, bytes bool) {
	if bytes {
		b.WriteByte(byte(r))
		return
	}
	b.WriteRune(r)
}
