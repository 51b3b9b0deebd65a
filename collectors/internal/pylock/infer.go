package pylock

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Infer links the project to what it must require itself, in a lock that does
// not say: what no package requires, and one package of each circle that nothing
// else leads to. Links that the project has already count.
func (l *Lock) Infer() {
	l.Project.Basis = sbom.Inferred
	led, reached := map[*Package]bool{}, map[*Package]bool{}
	for _, p := range l.Packages {
		for _, e := range p.Edges {
			if e.To != p {
				led[e.To] = true
			}
		}
	}
	for _, e := range l.Project.Edges {
		reach(e.To, reached)
	}
	for _, circles := range []bool{false, true} { // first what has no way in, then one of each circle
		for _, p := range l.Packages {
			if p != l.Project && !reached[p] && (circles || !led[p]) {
				l.Link(l.Project, Edge{To: p, Note: purpose(p), Line: p.Where.Line})
				reach(p, reached)
			}
		}
	}
}

// purpose says what a package is for where that is not the project itself.
func purpose(p *Package) string {
	groups := p.Package.Groups
	if len(groups) == 0 || slices.Contains(groups, "main") {
		return ""
	}
	return strings.Join(groups, ", ")
}

func reach(p *Package, reached map[*Package]bool) {
	open := []*Package{p}
	for len(open) > 0 {
		p, open = open[len(open)-1], open[:len(open)-1]
		if reached[p] {
			continue
		}
		reached[p] = true
		for _, e := range p.Edges {
			if !reached[e.To] {
				open = append(open, e.To)
			}
		}
	}
}
