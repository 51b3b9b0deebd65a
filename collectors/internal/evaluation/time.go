package evaluation

import (
	"strings"
	"time"
)

// Time gives a time that states its zone, as RFC 3339; "" for any other text.
func Time(s string) string {
	s = strings.Replace(strings.TrimSpace(s), " ", "T", 1)
	if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
		return ""
	}
	return s
}

// Date gives a time that states its zone, or else the day alone.
func Date(s string) string {
	if t := Time(s); t != "" {
		return t
	}
	if s = strings.TrimSpace(s); len(s) > len(time.DateOnly) {
		s = s[:len(time.DateOnly)]
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}
