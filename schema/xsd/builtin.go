package xsd

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

func anything(string) string { return "" }

func checkBoolean(s string) string {
	switch s {
	case "true", "false", "1", "0":
		return ""
	}
	return "neither true nor false"
}

var (
	integerShape  = regexp.MustCompile(`\A[-+]?[0-9]+\z`)
	decimalShape  = regexp.MustCompile(`\A[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\z`)
	dateShape     = regexp.MustCompile(`\A-?([1-9][0-9]{3,}|0[0-9]{3})-([0-9]{2})-([0-9]{2})(Z|[-+]([0-9]{2}):([0-9]{2}))?\z`)
	dateTimeShape = regexp.MustCompile(`\A(-?[0-9]{4,}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?\z`)
)

func checkInteger(s string) string {
	if integerShape.MatchString(s) {
		return ""
	}
	return "no whole number"
}

func checkNonNegative(s string) string {
	if wrong := checkInteger(s); wrong != "" {
		return wrong
	}
	if compareDecimals(s, "0") < 0 {
		return "less than 0"
	}
	return ""
}

func checkPositive(s string) string {
	if wrong := checkInteger(s); wrong != "" {
		return wrong
	}
	if compareDecimals(s, "1") < 0 {
		return "less than 1"
	}
	return ""
}

func checkDecimal(s string) string {
	if decimalShape.MatchString(s) {
		return ""
	}
	return "no decimal number"
}

// compareDecimals compares two decimals of any length.
func compareDecimals(a, b string) int {
	na, ia, fa := decimalParts(a)
	nb, ib, fb := decimalParts(b)
	sign := 1
	switch {
	case na != nb && na:
		return -1
	case na != nb:
		return 1
	case na:
		sign = -1
	}
	if len(ia) != len(ib) {
		if len(ia) < len(ib) {
			return -sign
		}
		return sign
	}
	if c := strings.Compare(ia, ib); c != 0 {
		return sign * c
	}
	return sign * strings.Compare(fa, fb)
}

func decimalParts(s string) (negative bool, whole, fraction string) {
	negative = strings.HasPrefix(s, "-")
	whole, fraction, _ = strings.Cut(strings.TrimLeft(s, "+-"), ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	return negative && whole+fraction != "", whole, fraction
}

func checkDate(s string) string {
	m := dateShape.FindStringSubmatch(s)
	if m == nil {
		return "no date: want YYYY-MM-DD"
	}
	if !validDay(m[1], m[2], m[3]) {
		return "no date: there is no such day"
	}
	return checkZone(m[4])
}

func checkDateTime(s string) string {
	m := dateTimeShape.FindStringSubmatch(s)
	if m == nil {
		return "no date and time: want YYYY-MM-DDThh:mm:ssZ"
	}
	if wrong := checkDate(m[1]); wrong != "" {
		return wrong
	}
	midnight := m[2] == "24" && m[3] == "00" && m[4] == "00" && strings.Trim(m[5], ".0") == ""
	if !midnight && (m[2] > "23" || m[3] > "59" || m[4] > "59") {
		return "no time of day"
	}
	return checkZone(m[6])
}

func checkZone(zone string) string {
	if len(zone) < 6 {
		return ""
	}
	if hour, minute := zone[1:3], zone[4:6]; minute > "59" || hour > "14" || hour == "14" && minute > "00" {
		return "in no zone of time: want at most 14:00"
	}
	return ""
}

func validDay(year, month, day string) bool {
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if m < 1 || m > 12 || d < 1 || strings.Trim(year, "0") == "" {
		return false
	}
	last := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
	y, _ := strconv.Atoi(year[len(year)-4:]) // the calendar repeats after 400 years
	if m == 2 && y%4 == 0 && (y%100 != 0 || y%400 == 0) {
		last = 29
	}
	return d <= last
}

// checkURI takes what is a URI reference once the characters that no URI may hold
// are escaped (XML Schema part 2, 3.2.17): blanks and letters of all scripts pass.
func checkURI(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			return "no URI: a % needs two hexadecimal digits"
		}
	}
	if strings.Count(s, "#") > 1 {
		return "no URI: more than one #"
	}
	escaped := strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"{}|\\^`", r) {
			return '_'
		}
		return r
	}, s)
	return checkReference(escaped)
}

func checkReference(s string) string {
	if i := strings.IndexAny(s, ":/?#"); i >= 0 && s[i] == ':' && !schemeShape.MatchString(s[:i]) {
		return "no URI: what stands before the first : is no scheme"
	}
	rest := s
	if i := strings.Index(s, "//"); i >= 0 && (i == 0 || s[i-1] == ':') && !strings.ContainsAny(s[:i], "/?#") {
		rest = s[i+2:]
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		if _, err := url.Parse("//" + rest[:end]); err != nil {
			return "no URI: its host is not one"
		}
		rest = rest[end:]
	}
	if strings.ContainsAny(rest, "[]") {
		return "no URI: a bracket stands where none may"
	}
	return ""
}

var schemeShape = regexp.MustCompile(`\A[A-Za-z][A-Za-z0-9+.-]*\z`)

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
