package diff

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// maxRounds bounds how deep owners of owners are followed.
const maxRounds = 32

// side is one of the two graphs.
type side struct {
	*sbom.Graph
	at      map[sbom.ID]int
	mate    []int // the index of a node's partner in the other graph; -1 for none
	parents [][]int
}

func newSide(g *sbom.Graph) *side {
	s := &side{Graph: g, at: make(map[sbom.ID]int, len(g.Nodes)), mate: make([]int, len(g.Nodes)), parents: make([][]int, len(g.Nodes))}
	for i, n := range g.Nodes {
		s.at[n.ID], s.mate[i] = i, -1
	}
	for _, e := range g.Edges {
		from, ok := s.at[e.From]
		to, known := s.at[e.To]
		if ok && known && e.Rel == sbom.Contains && from != to {
			s.parents[to] = append(s.parents[to], from)
		}
	}
	return s
}

// pairing joins the nodes of two graphs, one to one.
type pairing struct{ a, b *side }

// keysOf gives what one step knows a node by.
type keysOf func(s *side, i int) []string

// match does the steps that the package documents.
func match(a, b *sbom.Graph, strange bool) *pairing {
	p := &pairing{newSide(a), newSide(b)}
	for i, n := range a.Nodes {
		if j, ok := p.b.at[n.ID]; ok {
			p.join(i, j)
		}
	}
	p.subjects()
	apart := func(x, y *sbom.Node) bool { return class(x.Kind) == class(y.Kind) && !strangers(x, y) }
	alike := func(x, y *sbom.Node) bool { return class(x.Kind) == class(y.Kind) }
	for _, key := range []func(sbom.Keys) string{func(k sbom.Keys) string { return k.PURL }, func(k sbom.Keys) string { return k.SHA256 }, func(k sbom.Keys) string { return k.URL }} {
		p.step(mainKey(key), apart)
		p.step(anyKey(key), apart)
	}
	p.step(wholeDigest, apart)
	p.step(unversioned(func(n *sbom.Node, base string) string { return base + "\x00" + n.Keys.Path }), alike)
	p.step(unversioned(func(_ *sbom.Node, base string) string { return base }), alike)
	p.step(unversioned(func(_ *sbom.Node, base string) string { name, _, _ := strings.Cut(base, "?"); return name }), alike)
	path := func(k sbom.Keys) string { return k.Path }
	p.step(mainKey(path), apart)
	p.step(anyKey(path), apart)
	p.owned(func(x, y *sbom.Node) bool { return apart(x, y) && !otherFile(x, y) })
	p.step(contentID, alike)
	p.step(headerID, apart)
	if strange {
		p.step(nameAndVersion, func(x, y *sbom.Node) bool {
			return !strangers(x, y) && class(x.Kind) != class(y.Kind) && (class(x.Kind) == "software" || class(y.Kind) == "software")
		})
	}
	return p
}

func (p *pairing) join(i, j int) { p.a.mate[i], p.b.mate[j] = j, i }

func (p *pairing) subjects() {
	i, ok := p.a.at[p.a.Root]
	j, known := p.b.at[p.b.Root]
	if ok && known && p.a.mate[i] < 0 && p.b.mate[j] < 0 && class(p.a.Nodes[i].Kind) == class(p.b.Nodes[j].Kind) {
		p.join(i, j)
	}
}

// step pairs the nodes that a key names, and only these, on either side.
func (p *pairing) step(keys keysOf, may func(x, y *sbom.Node) bool) (joined int) {
	of := p.b.holders(keys)
	if len(of) == 0 {
		return 0
	}
	const several = -2
	a, b := map[int]int{}, map[int]int{}
	note := func(m map[int]int, i, j int) {
		if old, ok := m[i]; ok && old != j {
			j = several
		}
		m[i] = j
	}
	for key, i := range p.a.holders(keys) {
		j, ok := of[key]
		if ok && i >= 0 && j >= 0 && may(p.a.Nodes[i], p.b.Nodes[j]) {
			note(a, i, j)
			note(b, j, i)
		}
	}
	for i, j := range a {
		if j >= 0 && b[j] == i {
			p.join(i, j)
			joined++
		}
	}
	return joined
}

// holders gives for each key the one node without a partner that has it, or -2 for several.
func (s *side) holders(keys keysOf) map[string]int {
	of := map[string]int{}
	for i := range s.Nodes {
		if s.mate[i] >= 0 {
			continue
		}
		for _, k := range keys(s, i) {
			if old, ok := of[k]; ok && old != i {
				of[k] = -2
				continue
			}
			of[k] = i
		}
	}
	return of
}

// owned pairs by name what paired owners contain, from the subject down.
func (p *pairing) owned(may func(x, y *sbom.Node) bool) {
	for range maxRounds {
		if p.step(p.byOwner, may) == 0 {
			return
		}
	}
}

func (p *pairing) byOwner(s *side, i int) []string {
	n := s.Nodes[i]
	if n.Name == "" {
		return nil
	}
	name := "\x00" + class(n.Kind) + "\x00" + strings.ToLower(n.Group) + "\x00" + strings.ToLower(n.Name)
	var keys []string
	for _, owner := range s.parents[i] {
		if id, ok := p.pairID(s, owner); ok && !slices.Contains(keys, id+name) {
			keys = append(keys, id+name)
		}
	}
	if len(s.parents[i]) == 0 {
		keys = append(keys, "subject"+name)
	}
	return keys
}

// pairID names a pair: by the id that it has in graph A.
func (p *pairing) pairID(s *side, i int) (string, bool) {
	if s.ID(i) == s.Root {
		return "subject", true
	}
	j := s.mate[i]
	switch {
	case j < 0:
		return "", false
	case s == p.a:
		return "pair:" + string(s.ID(i)), true
	}
	return "pair:" + string(p.a.ID(j)), true
}

// ID is that of the node at an index.
func (s *side) ID(i int) sbom.ID { return s.Nodes[i].ID }
