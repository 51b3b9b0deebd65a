package pep508

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// single are the escapes of one letter in Python's texts.
var single = map[byte]string{'\\': "\\", '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v", '\n': ""}

// unquote gives what stands between quotes in Python's grammar of texts. An escape
// that Python does not know stays as it is.
func unquote(s string) (string, bool) {
	if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
		return "", false
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "\\\r\n")
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		if s = s[i:]; s[0] != '\\' || len(s) < 2 {
			return "", false // a line ends in the text, or the escape is cut off
		}
		value, n, ok := escape(s[1:])
		if !ok {
			return "", false
		}
		b.WriteString(value)
		s = s[1+n:]
	}
	return b.String(), true
}

// escape reads what follows a backslash, and tells how long it is.
func escape(s string) (value string, n int, ok bool) {
	if v, ok := single[s[0]]; ok {
		return v, 1, true
	}
	switch s[0] {
	case 'x':
		return code(s, 2)
	case 'u':
		return code(s, 4)
	case 'U':
		return code(s, 8)
	case 'N':
		return "", 0, false
	}
	for n < len(s) && n < 3 && '0' <= s[n] && s[n] <= '7' {
		n++
	}
	if n > 0 {
		r, _ := strconv.ParseInt(s[:n], 8, 32)
		return string(rune(r)), n, true
	}
	_, n = utf8.DecodeRuneInString(s)
	return `\` + s[:n], n, true
}

// code reads the number of a character in hexadecimal digits.
func code(s string, digits int) (string, int, bool) {
	if len(s) <= digits || strings.Trim(s[1:1+digits], "0123456789abcdefABCDEF") != "" {
		return "", 0, false
	}
	r, err := strconv.ParseInt(s[1:1+digits], 16, 64)
	return string(rune(min(r, unicode.MaxRune))), 1 + digits, err == nil && r <= unicode.MaxRune
}
