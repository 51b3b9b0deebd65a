package pickle

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literal quotes a string as Python does; what is not plain text is escaped.
func literal(s string) string {
	cut := ""
	if len(s) > maxShown {
		s, cut = s[:maxShown], "…"
	}
	q := strconv.QuoteToASCII(s)
	q = strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
	if strings.Contains(q, "'") && !strings.Contains(q, `"`) {
		return `"` + q + cut + `"`
	}
	return "'" + strings.ReplaceAll(q, "'", `\'`) + cut + "'"
}

// plain makes a name safe to show.
func plain(s string) string {
	if len(s) > maxShown {
		s = s[:maxShown] + "…"
	}
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			q := strconv.QuoteToASCII(s)
			return q[1 : len(q)-1]
		}
	}
	return s
}

// validName tells of a dotted name that Python could import.
func validName(b []byte) bool { return len(b) > 0 && len(b) <= maxName && identifiers(string(b)) }

func identifiers(s string) bool {
	start := true
	for _, r := range s {
		switch {
		case r == '.':
			if start {
				return false
			}
			start = true
			continue
		case r == '_' || unicode.IsLetter(r):
		case !start && unicode.IsDigit(r):
		default:
			return false
		}
		start = false
	}
	return !start
}

// importable tells of a name that a module or a file could have, if a strange one.
func importable(s string) bool {
	if s == "" || len(s) > maxName || !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, unicode.IsControl) < 0
}

// certain tells of a name that noise does not spell by chance.
func certain(g *Global) bool {
	return identifiers(g.Module) && identifiers(g.Name) && g.Module != "copyreg"
}
