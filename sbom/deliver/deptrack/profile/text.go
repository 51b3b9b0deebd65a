package profile

import (
	"strings"
	"unicode/utf16"

	"github.com/mlbom/mlbom/sbom"
)

// text bounds a text, as Java counts; 0 is no bound. The server trims texts too, and
// its database refuses a NUL, and with it the whole document.
func text(s string, most int) string {
	s = strings.TrimSpace(strings.Map(printed, strings.ToValidUTF8(s, "?")))
	if most == 0 || units(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > most-1 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}

func party(p sbom.Party) sbom.Party {
	return sbom.Party{Name: text(p.Name, maxName), Email: text(p.Email, maxName), Phone: text(p.Phone, maxName), URL: text(p.URL, 0), Person: p.Person}
}

func service(s *sbom.Service) *sbom.Service {
	if s == nil {
		return nil
	}
	clean := &sbom.Service{Provider: party(s.Provider), Authenticated: s.Authenticated}
	for _, e := range s.Endpoints {
		clean.Endpoints = append(clean.Endpoints, text(e, 0))
	}
	for _, d := range s.Data {
		clean.Data = append(clean.Data, text(d, maxName))
	}
	return clean
}

func printed(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' {
		return ' '
	}
	return r
}

// units is the length of a text in Java.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
