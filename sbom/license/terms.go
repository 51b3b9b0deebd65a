package license

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

// Terms are what a licence forbids or asks of works made from what it covers, as
// far as that decides whether two licences fit. It is no legal advice: whether the
// weights of a model are a work made from its training data at all is not settled.
type Terms struct {
	NonCommercial bool // no commercial use
	Research      bool // research and evaluation alone
	NoDerivatives bool // no changed works are handed on
	// Alike is the family of licences under which changed works must stand ("gpl",
	// "cc-by-sa"), and Uses the one whose rules of use must be handed on ("llama",
	// "openrail"); "" for none.
	Alike string
	Uses  string
}

// One licence a line: a pattern over the folded id or name, and its terms.
//
//go:embed terms.txt
var terms string

type termsRow struct {
	pattern *regexp.Regexp
	terms   Terms
}

var termsTable = sync.OnceValue(func() []termsRow {
	var rows []termsRow
	for line := range strings.Lines(terms) {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		row := termsRow{pattern: regexp.MustCompile("^(?:" + f[0] + ")$")}
		for _, word := range f[1:] {
			name, value, _ := strings.Cut(word, "=")
			switch name {
			case "free":
			case "nc":
				row.terms.NonCommercial = true
			case "research":
				row.terms.Research = true
			case "nd":
				row.terms.NoDerivatives = true
			case "alike":
				row.terms.Alike = value
			case "uses":
				row.terms.Uses = value
			default:
				panic("terms.txt: " + word)
			}
		}
		rows = append(rows, row)
	}
	return rows
})

var spaces = regexp.MustCompile(`[\s_]+`)

// TermsOf gives the terms of a licence by its SPDX id, its id on the Hugging Face
// hub, or its name. An id of the SPDX list without a row of its own asks nothing of
// what this package looks at. ok is false for a licence that nobody knows.
func TermsOf(name string) (t Terms, ok bool) {
	key := spaces.ReplaceAllString(strings.ToLower(strings.TrimSpace(name)), "-")
	key = strings.TrimPrefix(key, "licenseref-hf-") // what our collectors put before ids of the hub
	for _, row := range termsTable() {
		if row.pattern.MatchString(key) {
			return row.terms, true
		}
	}
	e, found := Find(name)
	return Terms{}, found && !e.Exception
}

// Forbids gives what in the terms of an origin does not fit the terms of what was
// made from it, in words: "forbids commercial use"; "" where they fit. A model is
// made from its training data in another sense than from its base: data tells only
// that the terms on use are followed, since a model holds no copy of it.
func (origin Terms) Forbids(made Terms, data bool) string {
	switch {
	case origin.NoDerivatives && !data:
		return "forbids changed works"
	case origin.Research && !made.Research:
		return "allows research alone"
	case origin.NonCommercial && !made.NonCommercial && !made.Research:
		return "forbids commercial use"
	case data:
		return ""
	case origin.Alike != "" && !alike(origin.Alike, made.Alike):
		return "asks that changed works stand under the same licence"
	case origin.Uses != "" && origin.Uses != made.Uses:
		return "asks that its rules of use are handed on"
	}
	return ""
}

// alike tells whether works under the first family may be handed on under the second,
// by its text or the appendix that names compatible licences (EUPL 1.2, CeCILL 2.1).
func alike(from, to string) bool {
	gpl := to == "gpl2" || to == "gpl3" || to == "agpl3" || to == "gpl"
	return from == "eupl" && (gpl || to == "osl" || to == "cecill" || to == "cc-by-sa") || from == "cecill" && (gpl || to == "eupl") || from == to || from == "cc-by-sa" && to == "gpl3" || from == "gpl3" && to == "agpl3" || from == "gpl" && (to == "gpl2" || to == "gpl3" || to == "agpl3")
}
