package diff

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// follows tells whether a change of a package says no more than its other version does.
// Where it is fetched from another host, that is more.
func follows(kind Kind, field string, x, y *sbom.Node) bool {
	if class(x.Kind) != "software" || class(y.Kind) != "software" || !isPackage(x) || !isPackage(y) || !otherVersion(x, y) {
		return false
	}
	switch {
	case kind == Content, field == "released":
		return true
	case field == "refs":
		return slices.Equal(hosts(x), hosts(y))
	case field == "package.requirements":
		return says(x) && says(y)
	}
	return false
}

func isPackage(n *sbom.Node) bool { return n.Keys.PURL != "" && versionOf(n) != "" }

// hosts are the servers that references lead to, by what they are for.
func hosts(n *sbom.Node) []string {
	var all []string
	for _, r := range n.Refs {
		if u, err := url.Parse(r.URL); err == nil {
			all = append(all, r.Type+" "+u.Scheme+"://"+u.Host)
		} else {
			all = append(all, r.Type+" "+r.URL)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// says tells whether all ranges that are stated of a package name the version that it has.
func says(n *sbom.Node) bool {
	if n.Package == nil || len(n.Package.Requirements) == 0 {
		return false
	}
	return !slices.ContainsFunc(n.Package.Requirements, func(r string) bool {
		v := pep440.Exact(r)
		if v == "" {
			v = r
		}
		return strings.TrimPrefix(v, "v") != strings.TrimPrefix(versionOf(n), "v")
	})
}
