package profile

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// connect makes one kind of edge of all, for the server knows one, and leads from the
// subject to what nothing else leads to: it calls a graph incomplete that does not.
func (m *maker) connect() {
	kept := map[sbom.ID]bool{}
	for _, n := range m.out.Nodes {
		kept[n.ID] = true
	}
	have := map[[2]sbom.ID]bool{}
	out := map[sbom.ID][]sbom.ID{}
	led := map[sbom.ID]bool{}
	list := m.out.Edges
	m.out.Edges = nil
	add := func(from, to sbom.ID) {
		if kept[from] && kept[to] && from != to && to != m.out.Root && !have[[2]sbom.ID{from, to}] {
			have[[2]sbom.ID{from, to}] = true
			out[from] = append(out[from], to)
			led[to] = true
			m.out.Edges = append(m.out.Edges, sbom.Edge{From: from, To: to, Rel: sbom.DependsOn})
		}
	}
	for _, e := range list {
		add(e.From, e.To)
	}
	for _, e := range m.Graph.Edges {
		add(e.From, e.To)
	}
	reached := map[sbom.ID]bool{}
	visit(m.out.Root, out, reached)
	for _, alone := range []bool{true, false} { // then one of each circle
		for _, n := range m.out.Nodes {
			if !reached[n.ID] && !(alone && led[n.ID]) {
				add(m.out.Root, n.ID)
				visit(n.ID, out, reached)
			}
		}
	}
	slices.SortFunc(m.out.Edges, func(a, b sbom.Edge) int {
		return strings.Compare(string(a.From)+"\x00"+string(a.To), string(b.From)+"\x00"+string(b.To))
	})
}

func visit(id sbom.ID, out map[sbom.ID][]sbom.ID, reached map[sbom.ID]bool) {
	stack := []sbom.ID{id}
	for len(stack) > 0 {
		id, stack = stack[len(stack)-1], stack[:len(stack)-1]
		if !reached[id] {
			reached[id] = true
			stack = append(stack, out[id]...)
		}
	}
}
