package sbom

import (
	"cmp"
	"slices"
)

// Report takes the graph apart again: Merge of the result, alone or together
// with the report that made the graph, is the graph. Derived facts are left out.
func (g *Graph) Report() Report {
	r := Report{Sightings: []Sighting{}, Problems: slices.Clone(g.Problems), Records: g.recordsReport()}
	out := map[ID][]*Edge{}
	for i := range g.Edges {
		out[g.Edges[i].From] = append(out[g.Edges[i].From], &g.Edges[i])
	}
	dropped := map[ID][]Conflict{}
	for _, c := range g.Conflicts {
		dropped[c.Node] = append(dropped[c.Node], c)
	}
	for _, n := range g.Nodes {
		p := &parts{node: n}
		for _, s := range n.Seen {
			p.add(s)
		}
		for _, f := range n.Facts {
			p.fact(f)
		}
		for _, c := range dropped[n.ID] {
			p.conflict(c)
		}
		for _, e := range out[n.ID] {
			p.edge(e, g.Node(e.To))
		}
		if len(p.list) == 0 {
			continue
		}
		p.list[0].Findings = slices.Clone(n.Findings)
		p.list[0].Root = g.Root == n.ID || slices.Contains(g.Subjects, n.ID)
		for _, s := range p.list {
			r.Sightings = append(r.Sightings, *s)
		}
	}
	return r
}

// parts are the sightings that one node is made of.
type parts struct {
	node *Node
	list []*Sighting
}

func (p *parts) add(at Seen) *Sighting {
	s := &Sighting{Component: Component{Kind: p.node.Kind, Keys: p.node.Keys}, Also: p.node.Also, Basis: at.Basis, Where: at.Place,
		Lines: map[string]int{}, Mentioned: p.node.Mentioned, Settled: true}
	if s.Keys == (Keys{}) {
		s.Name = p.node.Name
	}
	p.list = append(p.list, s)
	return s
}

// slot finds the sighting that can have stated something at a place: of the
// same file, collector and basis, the last one that begins before it and is
// still free; failing that it makes one.
func (p *parts) slot(at Seen, free func(*Sighting) bool) *Sighting {
	var best *Sighting
	sameSource := false
	for _, s := range p.list {
		if s.Basis != at.Basis || s.Where.Path != at.Path || s.Where.By != at.By || s.Mentioned != p.node.Mentioned {
			continue
		}
		sameSource = true
		if !free(s) {
			continue
		}
		if best == nil || (s.Where.Line <= at.Line && cmp.Compare(s.Where.Line, best.Where.Line) > 0) {
			best = s
		}
	}
	if best != nil {
		return best
	}
	s := p.add(at)
	if sameSource {
		for _, old := range p.list { // the place must stay one that the node knows
			if old != s && old.Basis == at.Basis && old.Where.Path == at.Path && old.Where.By == at.By {
				s.Where = old.Where
				break
			}
		}
	} else {
		s.Mentioned = true
	}
	return s
}

func (p *parts) set(f Field, at Seen, put func(*Sighting)) {
	s := p.slot(at, func(s *Sighting) bool {
		return f.Empty(&s.Component) && s.Lines[f.Name] == 0 || f.Name == "name" && s.Keys == (Keys{})
	})
	put(s)
	if at.Line != s.Where.Line {
		s.Lines[f.Name] = at.Line
	}
}

func (p *parts) fact(fact Fact) {
	f, ok := FieldByName(fact.Field)
	if !ok {
		return
	}
	for _, at := range fact.Seen {
		if at.By != derivedBy {
			p.set(f, at, func(s *Sighting) { f.Copy(&s.Component, &p.node.Component) })
		}
	}
}

func (p *parts) conflict(c Conflict) {
	f, ok := FieldByName(c.Field)
	if !ok {
		return // an identity conflict follows from the keys
	}
	p.set(f, c.Dropped.Seen, func(s *Sighting) {
		if c.Field == "hashes" {
			s.Hashes = append(s.Hashes, Hash{c.Key, c.Dropped.Value})
		} else if err := f.SetText(&s.Component, c.Dropped.Value); err != nil {
			f.Clear(&s.Component)
		}
	})
}

func (p *parts) edge(e *Edge, to *Node) {
	if to == nil {
		return
	}
	target := Component{Kind: to.Kind, Keys: to.Keys}
	if to.Keys == (Keys{}) {
		target.Name = to.Name
	}
	notes := e.Notes
	for _, at := range e.Seen {
		if at.By == derivedBy {
			continue
		}
		s := p.slot(at, func(*Sighting) bool { return true })
		l := Link{Rel: e.Rel, To: target}
		if at.Line != s.Where.Line {
			l.Line = at.Line
		}
		s.Links = append(s.Links, l)
		last := &s.Links[len(s.Links)-1]
		for i, note := range notes {
			if i == 0 {
				last.Note = note
				continue
			}
			l.Note = note
			s.Links = append(s.Links, l)
		}
		notes = nil
	}
}
