// Package table keeps account of the columns of a table while its rows pass: the type
// that all values can have, nulls, distinct values and, of a label, how many rows have
// each. Memory is bounded, whatever the number of rows.
//
// Types are those that pyarrow.csv infers, in its spelling: the first of int64, bool,
// date32[day], time32[s], timestamp[s], timestamp[ns], the two with tz=UTC, double and
// string that takes every value which is not null; null where there is none. Nulls are
// the words that pyarrow takes for null in every column, as with strings_can_be_null.
package table

import (
	"strings"
)

// kind is a set of types that text can be read as.
type kind uint16

const (
	isInt kind = 1 << iota
	isBool
	isDate
	isTime
	isSeconds
	isNanos
	isSecondsUTC
	isNanosUTC
	isDouble
	isText

	anyKind = isText<<1 - 1
)

// kindNames are in the order of the bits.
var kindNames = [...]string{"int64", "bool", "date32[day]", "time32[s]", "timestamp[s]", "timestamp[ns]", "timestamp[s, tz=UTC]", "timestamp[ns, tz=UTC]", "double", "string"}

// IsNull tells whether a field of CSV is one of the words for null.
func IsNull(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if len(b) > 9 {
		return false
	}
	switch b[0] {
	case '#', '-', '1', 'N', 'n':
	default:
		return false
	}
	switch string(b) {
	case "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null":
		return true
	}
	return false
}

// Number tells whether text is a number to pyarrow.
func Number(b []byte) bool { return kindsOf(b)&(isInt|isDouble) != 0 }

// kindsOf gives all types that the text can be read as.
func kindsOf(raw []byte) kind {
	b := trim(raw)
	if len(b) == 0 {
		return isText
	}
	switch c := b[0]; {
	case c >= '0' && c <= '9':
		return digits(raw, b)
	case c == '-' || c == '+' || c == '.':
		return signed(b)
	case c == 't' || c == 'T' || c == 'f' || c == 'F':
		switch string(raw) {
		case "true", "True", "TRUE", "false", "False", "FALSE":
			return isBool | isText
		}
	case c == 'i' || c == 'I' || c == 'n' || c == 'N':
		if isSpecial(b) {
			return isDouble | isText
		}
	}
	return isText
}

func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// digits reads what begins with a digit.
func digits(raw, b []byte) kind {
	n := run(b)
	switch {
	case n == len(b):
		k := isDouble | isText
		if fits(b, "9223372036854775807") {
			k |= isInt
		}
		if len(raw) == 1 && (b[0] == '0' || b[0] == '1') {
			k |= isBool
		}
		return k
	case b[n] == '.' || b[n] == 'e' || b[n] == 'E':
		if isFloat(b) {
			return isDouble | isText
		}
	case b[n] == ':':
		if fraction, ok := clock(b); ok && !fraction && len(b) != 2 {
			return isTime | isText
		}
	case b[n] == '-' && n == 4:
		return moment(b) | isText
	case n == 1 && b[0] == '0' && (b[1] == 'x' || b[1] == 'X') && hex(b[2:]):
		return isInt | isText
	}
	return isText
}

// signed reads what begins with a sign or a point.
func signed(b []byte) kind {
	k := isText
	if b[0] == '-' && run(b[1:]) == len(b)-1 && len(b) > 1 {
		if fits(b[1:], "9223372036854775808") {
			k |= isInt
		}
		return k | isDouble
	}
	rest := b
	if b[0] != '.' {
		rest = b[1:]
	}
	if isFloat(rest) || isSpecial(rest) && b[0] != '.' {
		k |= isDouble
	}
	return k
}

// run counts the digits at the start.
func run(b []byte) int {
	for i, c := range b {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(b)
}

func fits(digits []byte, most string) bool {
	if len(digits) < len(most) {
		return true
	}
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	return len(digits) < len(most) || len(digits) == len(most) && string(digits) <= most
}

func hex(b []byte) bool {
	if len(b) == 0 || len(b) > 16 {
		return false
	}
	for _, c := range b {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// isFloat reads a decimal number without sign.
func isFloat(b []byte) bool {
	n := run(b)
	some := n > 0
	b = b[n:]
	if len(b) > 0 && b[0] == '.' {
		n = run(b[1:])
		some = some || n > 0
		b = b[1+n:]
	}
	if !some || len(b) == 0 {
		return some
	}
	if b[0]|0x20 != 'e' {
		return false
	}
	if b = b[1:]; len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	return len(b) > 0 && run(b) == len(b)
}

// isSpecial knows infinity and not-a-number.
func isSpecial(b []byte) bool {
	if len(b) > 8 {
		return false
	}
	switch strings.ToLower(string(b)) {
	case "inf", "infinity", "nan":
		return true
	}
	return false
}

// Valued tells whether text is a number, a date or a time.
func Valued(b []byte) bool { return kindsOf(b)&^(isText|isBool) != 0 }
