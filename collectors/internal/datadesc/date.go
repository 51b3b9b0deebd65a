package datadesc

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

var date = pattern.Lazy(`^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)([Zz]|[+-]\d{2}:\d{2})?)?$`)

// Date gives a date or a time as RFC 3339 has it: a time without a zone or without
// seconds is cut to its day; "" for anything else.
func Date(text string) string {
	m := date.FindStringSubmatch(strings.TrimSpace(text))
	switch {
	case m == nil:
		return ""
	case m[3] == "" || strings.Count(m[2], ":") < 2 || strings.Contains(text, " "):
		return m[1]
	}
	return strings.TrimSpace(text)
}

// Release fills the day of publication; what is no date stays a property.
func (s *Draft) Release(text string, line int) {
	if day := Date(text); day != "" {
		s.Set("released", &s.Released, day, line)
		return
	}
	s.Property("date-published", text, line)
}
