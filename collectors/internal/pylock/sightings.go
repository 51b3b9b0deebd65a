package pylock

import (
	"maps"
	"reflect"
	"slices"

	"github.com/mlbom/mlbom/sbom"
)

// Sightings gives the project, what is said of it, and every package with its
// links.
func (l *Lock) Sightings() []sbom.Sighting {
	all := make([]sbom.Sighting, 0, len(l.Packages)+len(l.more)+1)
	if !l.Adopted() {
		all = append(all, l.Project.sighting())
	}
	all = append(all, l.more...)
	for _, p := range l.Packages {
		all = append(all, p.sighting())
	}
	return all
}

func (p *Package) sighting() sbom.Sighting {
	s := p.Sighting
	s.Links = slices.Grow(s.Links, len(p.Edges))
	for _, e := range p.Edges {
		if e.To != p {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: e.To.mention(), Note: note(e), Line: e.Line})
		}
	}
	if len(p.extras) > 0 && s.Package != nil {
		s.Package.Extras = slices.Sorted(maps.Keys(p.extras))
	}
	if s.Package != nil && reflect.ValueOf(*s.Package).IsZero() {
		s.Package = nil
	}
	return s
}

// mention names the package in a link.
func (p *Package) mention() sbom.Component {
	return sbom.Component{Kind: p.Kind, Keys: p.Keys, Name: p.Name, Version: p.Version}
}

// Contain says that the project holds another one of the tree.
func (l *Lock) Contain(p *Package, line int) {
	if p != l.Project {
		l.Project.Links = append(l.Project.Links, sbom.Link{Rel: sbom.Contains, To: p.mention(), Note: "workspace member", Line: line})
	}
}
