// Package jsonrows reads records of JSON as a stream: one a line, one after the other,
// or the elements of an array; and keeps account of their shape: the type of each member
// as pyarrow.json infers it, nulls, and distinct values of what is no list or object.
//
// The grammar is RFC 8259's, and NaN, Infinity and -Infinity, which Python writes.
package jsonrows

import (
	"bytes"
	"errors"
)

// MaxDepth bounds values in values.
const MaxDepth = 100

// Faults of the syntax. errShort: the text ends before the value does.
var (
	errShort  = errors.New("the text ends too early")
	errDeep   = errors.New("values are nested too deep")
	errValue  = errors.New("there is no value where one must be")
	errString = errors.New("a string has a bad escape or a control character")
	errKey    = errors.New("a key is no string")
	errColon  = errors.New("there is no colon behind a key")
	errComma  = errors.New("there is neither a comma nor the end behind a value")
	errMore   = errors.New("there is more behind the value")
)

// space skips white space.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skip checks the value at i, which is no white space, and gives where it ends.
func skip(b []byte, i, depth int) (int, error) {
	if i >= len(b) {
		return i, errShort
	}
	if depth > MaxDepth {
		return i, errDeep
	}
	switch c := b[i]; {
	case c == '"':
		return skipString(b, i)
	case c == '{':
		return skipObject(b, i, depth)
	case c == '[':
		return skipArray(b, i, depth)
	case c == '-' || c >= '0' && c <= '9':
		return skipNumber(b, i)
	}
	for _, word := range []string{"true", "false", "null", "NaN", "Infinity"} {
		if bytes.HasPrefix(b[i:], []byte(word)) {
			return i + len(word), nil
		}
		if len(b)-i < len(word) && string(b[i:]) == word[:len(b)-i] {
			return i, errShort
		}
	}
	return i, errValue
}

func skipObject(b []byte, i, depth int) (int, error) {
	i = space(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1, nil
	}
	for {
		if i >= len(b) {
			return i, errShort
		}
		if b[i] != '"' {
			return i, errKey
		}
		var err error
		if i, err = skipString(b, i); err != nil {
			return i, err
		}
		if i = space(b, i); i >= len(b) {
			return i, errShort
		}
		if b[i] != ':' {
			return i, errColon
		}
		if i, err = skip(b, space(b, i+1), depth+1); err != nil {
			return i, err
		}
		if i = space(b, i); i >= len(b) {
			return i, errShort
		}
		if b[i] == '}' {
			return i + 1, nil
		}
		if b[i] != ',' {
			return i, errComma
		}
		i = space(b, i+1)
	}
}

func skipArray(b []byte, i, depth int) (int, error) {
	i = space(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1, nil
	}
	for {
		var err error
		if i, err = skip(b, i, depth+1); err != nil {
			return i, err
		}
		if i = space(b, i); i >= len(b) {
			return i, errShort
		}
		if b[i] == ']' {
			return i + 1, nil
		}
		if b[i] != ',' {
			return i, errComma
		}
		i = space(b, i+1)
	}
}

// skipString checks the string whose quote is at i.
func skipString(b []byte, i int) (int, error) {
	quote := 0 // looked for once, or a text of escapes would be read over and over
	for i++; ; {
		if quote < i {
			j := bytes.IndexByte(b[i:], '"')
			if j < 0 {
				return i, errShort
			}
			quote = i + j
		}
		k := bytes.IndexByte(b[i:quote], '\\')
		if k < 0 {
			return quote + 1, nil
		}
		i += k + 1
		if i >= len(b) {
			return i, errShort
		}
		switch b[i] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			i++
		case 'u':
			if i+5 > len(b) {
				return i, errShort
			}
			for _, c := range b[i+1 : i+5] {
				if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
					return i, errString
				}
			}
			i += 5
		default:
			return i, errString
		}
	}
}

// skipNumber checks a number, and "-Infinity".
func skipNumber(b []byte, i int) (int, error) {
	if b[i] == '-' {
		if bytes.HasPrefix(b[i+1:], []byte("Infinity")) {
			return i + 9, nil
		}
		i++
	}
	whole := digits(b, i)
	if whole == i || b[i] == '0' && whole > i+1 {
		return i, errValue
	}
	i = whole
	if i < len(b) && b[i] == '.' {
		end := digits(b, i+1)
		if end == i+1 {
			return i, errValue
		}
		i = end
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
		end := digits(b, i)
		if end == i {
			return i, errValue
		}
		i = end
	}
	return i, nil
}

func digits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

// Unquote gives the text of a string with its quotes, which was checked.
func Unquote(b []byte) []byte {
	b = b[1 : len(b)-1]
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	return unescape(b)
}
