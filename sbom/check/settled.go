package check

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// fromConda tells whether whatever asks for a package of PyPI has a lock that
// holds the conda package of the same name: pixi takes that one, and nothing from
// PyPI.
func (v *view) fromConda(n *sbom.Node) bool {
	return v.everyAsker(n, func(id sbom.ID) bool { return v.condaOf(id)[n.Keys.PURL] })
}

func (v *view) everyAsker(n *sbom.Node, is func(sbom.ID) bool) bool {
	all := v.askers[n.ID]
	return len(all) > 0 && !slices.ContainsFunc(all, func(id sbom.ID) bool { return !is(id) })
}

// condaOf gives the names of the conda packages that a lock holds for a project,
// as those of PyPI.
func (v *view) condaOf(id sbom.ID) map[string]bool {
	if names, ok := v.conda[id]; ok {
		return names
	}
	names := map[string]bool{}
	for _, e := range v.needs[id] {
		if to := v.g.Node(e.To); to != nil && to.Version != "" && locked(to.Seen) && strings.HasPrefix(to.Keys.PURL, "pkg:conda/") {
			names[sbom.PyPI(to.Name, "")] = true
		}
	}
	v.conda[id] = names
	return names
}

// overridden tells whether the project, or one of which it is a part, has a lock
// with a version that is forced upon all who ask (uv's "override-dependencies").
func (v *view) overridden(n, to *sbom.Node) bool {
	forced := func(of *sbom.Node) bool {
		return of != nil && slices.ContainsFunc(of.Properties, func(p sbom.Property) bool {
			r, _, _ := strings.Cut(p.Value, ";")
			end := strings.IndexAny(r, "=<>!~[@ ")
			if end < 0 {
				end = len(r)
			}
			return strings.HasSuffix(p.Name, "override") && sbom.PyPI(r[:end], "") == sbom.PyPI(to.Name, "")
		})
	}
	return forced(n) || slices.ContainsFunc(v.over[n.ID], forced)
}
