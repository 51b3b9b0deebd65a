package textproto

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type kind int

const (
	end kind = iota
	word
	number
	quoted
	symbol
)

type token struct {
	kind kind
	text string
	line int
}

// scanner cuts the text into tokens; tok is the one that is looked at.
type scanner struct {
	text string
	at   int
	line int
	tok  token
	bad  string // what is wrong with the token, for a message
}

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// next goes to the next token.
func (s *scanner) next() {
	s.space()
	s.tok = token{line: s.line}
	if s.at >= len(s.text) {
		return
	}
	start, c := s.at, s.text[s.at]
	switch {
	case c == '"' || c == '\'':
		s.tok.kind = quoted
		s.tok.text = s.literal(c)
	case isDigit(c), c == '.' && start+1 < len(s.text) && isDigit(s.text[start+1]):
		s.tok.kind = number
		for s.at < len(s.text) && (isWord(s.text[s.at]) || s.text[s.at] == '.' || (s.text[s.at] == '+' || s.text[s.at] == '-') && exponent(s.text[start:s.at])) {
			s.at++
		}
		s.tok.text = s.text[start:s.at]
	case isWord(c):
		s.tok.kind = word
		for s.at < len(s.text) && (isWord(s.text[s.at])) {
			s.at++
		}
		s.tok.text = s.text[start:s.at]
	default:
		_, size := utf8.DecodeRuneInString(s.text[start:])
		s.at += size
		s.tok.kind, s.tok.text = symbol, s.text[start:s.at]
	}
}

// exponent tells whether a sign may follow what was read of a number.
func exponent(s string) bool {
	return (strings.HasSuffix(s, "e") || strings.HasSuffix(s, "E")) && !strings.HasPrefix(s, "0x") && !strings.HasPrefix(s, "0X")
}

// space passes over white space and comments.
func (s *scanner) space() {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '\n':
			s.line++
			s.at++
		case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
			s.at++
		case c == '#':
			for s.at < len(s.text) && s.text[s.at] != '\n' {
				s.at++
			}
		default:
			return
		}
	}
}

// literal reads a string up to its quote. One that is not closed ends with its line,
// and the token becomes a symbol, which fits nowhere.
func (s *scanner) literal(quote byte) string {
	var b strings.Builder
	s.at++
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch c {
		case quote:
			if s.at++; s.bad != "" {
				s.tok.kind = symbol
			}
			return b.String()
		case '\n':
			s.tok.kind, s.bad = symbol, "a string is not closed"
			return b.String()
		case '\\':
			s.at++
			s.escape(&b)
			continue
		}
		b.WriteByte(c)
		s.at++
	}
	s.tok.kind, s.bad = symbol, "a string is not closed"
	return b.String()
}

var plain = map[byte]byte{'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '?': '?', '\\': '\\', '\'': '\'', '"': '"'}

// escape reads what follows a backslash.
func (s *scanner) escape(b *strings.Builder) {
	if s.at >= len(s.text) {
		return
	}
	c := s.text[s.at]
	s.at++
	if v, ok := plain[c]; ok {
		b.WriteByte(v)
		return
	}
	take := func(most, base int) (uint64, bool) {
		from := s.at
		for s.at < len(s.text) && s.at-from < most {
			if _, err := strconv.ParseUint(s.text[s.at:s.at+1], base, 8); err != nil {
				break
			}
			s.at++
		}
		n, err := strconv.ParseUint(s.text[from:s.at], base, 32)
		return n, err == nil
	}
	switch c {
	case 'x', 'X':
		if n, ok := take(2, 16); ok {
			b.WriteByte(byte(n))
		}
	case 'u', 'U':
		most := 4
		if c == 'U' {
			most = 8
		}
		if n, ok := take(most, 16); ok {
			b.WriteRune(rune(min(n, utf8.MaxRune)))
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		s.at--
		if n, ok := take(3, 8); ok {
			b.WriteByte(byte(n))
		}
	default:
		s.bad = "an escape that there is not: \\" + string(rune(c))
	}
}
