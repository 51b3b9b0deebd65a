package sbom

import (
	"strings"

	"github.com/mlbom/mlbom/sbom/license"
)

// SPDXID gives SPDX's own spelling of a licence or exception id, whatever the
// case of s. The list is the one that CycloneDX takes license.id from.
func SPDXID(s string) (id string, ok bool) {
	e, ok := license.Find(s)
	if !ok || e.Newer {
		return "", false
	}
	return e.ID, true
}

// ParseLicense reads what a source states: an SPDX id, an SPDX expression of
// known ids, or else a name, verbatim.
func ParseLicense(s string) License {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return License{}
	}
	if e, ok := license.Find(s); ok && !e.Exception && !e.Newer {
		return License{ID: e.ID}
	}
	if e, err := license.Parse(s); err == nil && len(e.Unknown) == 0 {
		return License{Expression: e.Text}
	}
	return License{Name: s}
}

// Written is the licence as a document can state it: an id or an expression that
// SPDX does not know becomes a name.
func (l License) Written() License {
	if stated := first(l.ID, l.Expression); ParseLicense(stated).Name != "" {
		l.ID, l.Expression, l.Name = "", "", first(l.Name, stated)
	}
	return l
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
