package cyclonedx

import (
	"net/url"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// rangeOf gives the versions that a manifest takes of a package which no source
// pins, as CycloneDX 1.7 wants it: a range of the Package URL specification
// (https://github.com/package-url/vers-spec). It is "" where the manifests state
// several ranges, or one that the grammar has no words for; the carrier has them
// all as they are written.
func (e *encoder) rangeOf(n *sbom.Node) string {
	open := n.Version == "" && n.ID != e.Graph.Root && n.Package != nil && len(n.Package.Requirements) == 1
	if !e.since(cdx.SpecVersion1_7) || !open || !strings.HasPrefix(n.Keys.PURL, "pkg:pypi/") {
		return ""
	}
	s, err := pep440.ParseSpecifiers(n.Package.Requirements[0])
	if err != nil {
		return ""
	}
	return pypiRange(s)
}

// bound is one constraint of a range: a comparator and a version.
type bound struct {
	comparator string
	version    pep440.Version
}

func pypiRange(s pep440.Specifiers) string {
	var bounds []bound
	for _, one := range s.All() {
		more, ok := boundsOf(one)
		if !ok {
			return ""
		}
		bounds = append(bounds, more...)
	}
	slices.SortStableFunc(bounds, func(a, b bound) int { return a.version.Compare(b.version) })
	var words []string
	for i, b := range bounds {
		if i > 0 && bounds[i-1].version.Compare(b.version) == 0 {
			return "" // the grammar wants each version once
		}
		words = append(words, b.comparator+url.QueryEscape(b.version.String()))
	}
	if len(words) == 0 {
		return ""
	}
	return "vers:pypi/" + strings.Join(words, "|")
}

// boundsOf translates one specifier; wild cards are the range that they stand for.
func boundsOf(s pep440.Specifier) ([]bound, bool) {
	text := strings.TrimSpace(s.Text)
	prefix, wild := strings.CutSuffix(text, ".*")
	v, err := pep440.Parse(prefix)
	if err != nil || v.Local() != "" {
		return nil, false
	}
	switch s.Operator {
	case "<", "<=", ">", ">=":
		return []bound{{s.Operator, v}}, !wild
	case "!=":
		return []bound{{"!=", v}}, !wild
	case "==":
		if !wild {
			return []bound{{"", v}}, true
		}
		next, ok := following(prefix, 0)
		return []bound{{">=", v}, {"<", next}}, ok
	case "~=":
		next, ok := following(v.Base(), 1)
		return []bound{{">=", v}, {"<", next}}, ok && !wild
	}
	return nil, false
}

// following is the first release after all that begin with the given one, of
// which the last numbers are dropped.
func following(release string, drop int) (pep440.Version, bool) {
	parts := strings.Split(release, ".")
	if parts = parts[:len(parts)-drop]; len(parts) == 0 {
		return pep440.Version{}, false
	}
	last := []byte(parts[len(parts)-1])
	for i := len(last) - 1; ; i-- {
		if i < 0 {
			last = append([]byte("1"), last...)
			break
		}
		if last[i] < '0' || last[i] > '9' {
			if i == len(last)-1 {
				return pep440.Version{}, false
			}
			last = slices.Insert(last, i+1, '1') // an epoch: 1!9
			break
		}
		if last[i] < '9' {
			last[i]++
			break
		}
		last[i] = '0'
	}
	parts[len(parts)-1] = string(last)
	v, err := pep440.Parse(strings.Join(parts, "."))
	return v, err == nil
}
