package pydep

import (
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
)

// In says that the project is that of another folder than the manifest's own:
// requirements/base.txt speaks for the folder above.
func (m *Manifest) In(folder string) *Manifest {
	m.project = folder
	m.App.Keys.Path = sbom.Project(folder+"/pyproject.toml", "python")
	return m
}

// Include begins a manifest that this one includes: what it requires is required
// by this one's project, and stands in the other file. Bounds count for both.
func (m *Manifest) Include(f *sbom.File) *Manifest {
	child := New(f).In(m.project)
	child.place, child.total = f.Path, m.total
	return child
}

// Resolved says that a tool worked the manifest out, so that it is a lock.
func (m *Manifest) Resolved() {
	m.App.Basis = sbom.Resolved
	for i := range m.more {
		m.more[i].Basis = sbom.Resolved
	}
}

// Edge says that one package of the manifest needs another one.
type Edge struct {
	From, To string // names
	Line     int
}

const maxEdges = 200_000

// Edges adds which packages need which. With complete, no package needs others.
func (m *Manifest) Edges(list []Edge, complete bool) {
	byName := map[string][]int{}
	for i := range m.more {
		name := pep508.Normalize(m.more[i].Name)
		byName[name] = append(byName[name], i)
		if complete {
			m.more[i].Package.Dependencies = "complete"
		}
	}
	n := 0
	for _, e := range list {
		for _, from := range byName[pep508.Normalize(e.From)] {
			for _, i := range byName[pep508.Normalize(e.To)] {
				if n++; n > maxEdges {
					m.Problem(e.Line, "more than %d dependencies between packages; the rest is left out", maxEdges)
					return
				}
				s := &m.more[i]
				to := sbom.Component{Kind: s.Kind, Name: s.Name, Version: s.Version, Keys: s.Keys}
				m.more[from].Links = append(slices.Clip(m.more[from].Links), sbom.Link{Rel: sbom.DependsOn, To: to, Line: e.Line})
			}
		}
	}
}
