package xmlform

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/schema/xsd"
)

// appendTyped appends the text of an element or attribute as JSON has it: a number
// or truth value where the XML schema says so, else a string. What is not of its
// type stays a string.
func appendTyped(dst []byte, t *xsd.Simple, s string) []byte {
	if t == nil {
		return appendString(dst, s)
	}
	value := t.Value(s)
	switch t.Base {
	case "boolean":
		switch value {
		case "true", "1":
			return append(dst, "true"...)
		case "false", "0":
			return append(dst, "false"...)
		}
	case "integer", "nonNegativeInteger", "positiveInteger", "decimal":
		if number, ok := jsonNumber(value); ok {
			return append(dst, number...)
		}
	case "string", "token":
		if t.Check(value) != "" && t.Check(strings.TrimSpace(value)) == "" {
			value = strings.TrimSpace(value) // a word of a list, on a line of its own
		}
	}
	return appendString(dst, value)
}

// jsonNumber writes a decimal as JSON wants it: "+07.50" is 7.50.
func jsonNumber(s string) (string, bool) {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign = "-"
	}
	whole, fraction, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	if len(s)-len(strings.TrimLeft(s, "+-")) > 1 || whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return "", false
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + whole + fraction, true
}

const hexDigits = "0123456789abcdef"

// appendString appends a string of JSON.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(dst, s[from:]...), '"')
}

// xmlNumber writes a number of JSON without an exponent, which XML has not.
func xmlNumber(n json.Number, whole bool) (string, bool) {
	s := string(n)
	if !strings.ContainsAny(s, "eE") && !(whole && strings.Contains(s, ".")) {
		return s, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) > maxNumber || whole && f != math.Trunc(f) {
		return "", false
	}
	return strconv.FormatFloat(f, 'f', -1, 64), true
}

const maxNumber = 1e18 // that has an exponent: more digits would be made up
