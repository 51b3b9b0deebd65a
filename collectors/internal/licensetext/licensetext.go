// Package licensetext says which licences a text is, by the patterns of
// github.com/google/licensecheck, which match word by word and allow for names
// and years. Ids are those of the SPDX licence list
// (https://spdx.org/licenses/), in today's spelling where the text settles it:
// the text of the GPL alone does not say whether later versions are meant, so it
// stays "GPL-3.0"; the notice above it does.
//
// A text of which too much is unknown gives nothing, for what is unknown can
// change all of it; so does one with a rider to a known licence (the Commons
// Clause, "no military use") that SPDX has no id for.
//
// Not understood: licences that licensecheck does not know, among them those of
// models (Llama, Gemma, OpenRAIL); names and addresses of licences without their
// text; which of several licences in one text applies to what, and whether one
// may choose.
package licensetext

import (
	"cmp"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/google/licensecheck"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// MaxText is how many bytes of a text are looked at; collections of licences of
// bundled software are the largest that are known, with about half of it.
const MaxText = 1 << 20

const (
	minCoverage = 0.75 // share of the words that must be of known licences
	minWords    = 12   // words of one licence; less is a mention
	maxLicenses = 100  // of one text
)

var fileName = pattern.Lazy(`(?i)^(?:(?:un)?licen[cs]es?|copying|copyright|mit-license|bsd-license)(?:[.\-_].*)?$|^[a-z0-9.+-]+[.\-_]licen[cs]e(?:\.(?:txt|md|rst))?$`)

var sourceName = pattern.Lazy(`(?i)\.(?:py[cio]?|json|ya?ml|toml|xml|html?|go|js|ts|c|h|cpp|png|svg|pdf|exe|so|tmpl|in)$`)

// IsLicenseFile tells whether a file of that path is by its name the text of a
// licence: LICENSE, LICENCE.md, COPYING.LESSER, UNLICENSE, LICENSE-MIT, or
// anything in a folder "licenses", but for lists of authors and notices.
func IsLicenseFile(name string) bool {
	base := path.Base(name)
	if sourceName.MatchString(base) {
		return false
	}
	if fileName.MatchString(base) {
		return true
	}
	switch strings.ToLower(path.Base(path.Dir(name))) {
	case "licenses", "licences", "license", "licence":
		return !otherName.MatchString(base)
	}
	return false
}

var otherName = pattern.Lazy(`(?i)^(?:notices?|authors|contributors|readme|changes|changelog|thanks|patents)(?:[.\-_].*)?$|^\.`)

// Classify gives the licences that the text is, in the order of the list of SPDX
// ids, with the share of the text that is known as confidence.
func Classify(text string) []sbom.License {
	text = reserved.ReplaceAllString(text[:min(len(text), MaxText)], "")
	c := scan([]byte(text))
	found, rest := sort(text, c)
	share := c.Percent / 100
	if id, ok := python(found, text); ok {
		found, share = []string{id}, max(share, 0.95)
	}
	if share < minCoverage || len(found) == 0 || rider.MatchString(rest) {
		return nil
	}
	share = math.Round(min(share, 1)*100) / 100
	var list []sbom.License
	for _, id := range settle(found, strings.ToLower(rest)) {
		l := sbom.ParseLicense(id)
		if l.Name != "" || len(list) == maxLicenses {
			continue // a part of a licence, which SPDX has no id for
		}
		l.Concluded, l.Confidence = true, share
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b sbom.License) int { return cmp.Compare(a.ID+a.Expression, b.ID+b.Expression) })
	return list
}

// reserved stands within the conditions of some copies of the BSD licences.
var reserved = pattern.Lazy(`(?im)^[ \t]*all rights reserved\.?[ \t]*$`)

// rider finds, in what is of no known licence, terms that make it another one.
var rider = pattern.Lazy(`(?i)\bmilitary\b|\bnuclear\b|non-?commercial|commons clause|anti.?996|\bgood,? not evil|additional (?:restrictions?|conditions)|platform limitation|critical systems|(?:may|shall|must) not\s+be\s+(?:used|sold|redistributed)|\bnot\s+be\s+used\s+(?:to|for|in|by)\b`)

// sort gives the ids of what the scanner found and the text that it did not know.
func sort(text string, c licensecheck.Coverage) (found []string, rest string) {
	var b strings.Builder
	at := 0
	appendix := false
	for _, m := range c.Match {
		if m.Start < at || m.End > len(text) {
			continue
		}
		between := text[at:m.Start]
		b.WriteString(between)
		b.WriteByte('\n')
		appendix = appendix || howTo.MatchString(between)
		at = m.End
		switch {
		case m.IsURL, len(strings.Fields(text[m.Start:m.End])) < minWords:
		case appendix && header(m.ID): // the sample notice in the text of the GPL
		default:
			found = append(found, m.ID)
		}
	}
	b.WriteString(text[at:])
	slices.Sort(found)
	return slices.Compact(found), b.String()
}

var howTo = pattern.Lazy(`(?i)how\s+to\s+apply\s+these\s+terms`)

// header tells whether the id is that of a notice that names its version.
func header(id string) bool {
	return strings.HasSuffix(id, "-or-later") || strings.HasSuffix(id, "-only")
}
