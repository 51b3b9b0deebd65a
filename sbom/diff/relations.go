package diff

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// tie is a relation in the words of graph A where its ends are paired.
type tie struct {
	from, to string
	rel      sbom.Rel
}

// name is what both graphs call a node.
func (c *comparison) name(s *side, id sbom.ID) string {
	i, ok := s.at[id]
	switch {
	case !ok:
		return "?" + string(id)
	case s.mate[i] < 0 && s == c.b:
		return "+" + string(id)
	case s.mate[i] < 0:
		return "-" + string(id)
	case s == c.b:
		return "=" + string(c.a.ID(s.mate[i]))
	}
	return "=" + string(id)
}

// ties gives the relations with their notes. Which components a new or a gone one
// depends on, and what contains it, follows from its being new or gone.
func (c *comparison) ties(s *side) map[tie]*sbom.Edge {
	all := map[tie]*sbom.Edge{}
	for i := range s.Edges {
		e := &s.Edges[i]
		t := tie{c.name(s, e.From), c.name(s, e.To), e.Rel}
		paired := btoi(strings.HasPrefix(t.from, "=")) + btoi(strings.HasPrefix(t.to, "="))
		if paired == 0 || paired == 1 && slices.Contains([]sbom.Rel{sbom.Contains, sbom.DependsOn, sbom.Consumes, sbom.Produces, sbom.Describes}, e.Rel) {
			continue
		}
		all[t] = e
	}
	return all
}

func (c *comparison) relations() {
	before, after := c.ties(c.a), c.ties(c.b)
	for t, e := range before {
		other := after[t]
		if other == nil {
			c.relation(c.a, e, true)
			continue
		}
		if c.strange || e.Rel == sbom.DependsOn && c.ranged(e.To) {
			continue // the range is told as a pin
		}
		if gone, came := apart(notes(e), notes(other)); len(gone)+len(came) > 0 {
			c.r.add(Change{Kind: Relation, A: c.end(c.a, e.From), B: c.end(c.b, other.From), Field: string(e.Rel), To: c.end(c.b, other.To),
				Before: far(c.end(c.a, e.To), gone), After: far(c.end(c.b, other.To), came)})
		}
	}
	for t, e := range after {
		if before[t] == nil {
			c.relation(c.b, e, false)
		}
	}
}

// ranged tells whether other ranges of a component are stated.
func (c *comparison) ranged(id sbom.ID) bool {
	i, ok := c.a.at[id]
	if !ok || c.a.mate[i] < 0 {
		return false
	}
	f, _ := sbom.FieldByName("package.requirements")
	return !f.Equal(&c.a.Nodes[i].Component, &c.b.Nodes[c.a.mate[i]].Component)
}

// relation notes one that only one side has. Its values are the far ends.
func (c *comparison) relation(s *side, e *sbom.Edge, gone bool) {
	ch := Change{Kind: Relation, Field: string(e.Rel), To: c.end(s, e.To)}
	if gone {
		ch.Before = far(ch.To, notes(e))
	} else {
		ch.After = far(ch.To, notes(e))
	}
	i, known := s.at[e.From]
	switch {
	case known && s.mate[i] >= 0 && s == c.a:
		ch.A, ch.B = component(s.Nodes[i]), component(c.b.Nodes[s.mate[i]])
	case known && s.mate[i] >= 0:
		ch.A, ch.B = component(c.a.Nodes[s.mate[i]]), component(s.Nodes[i])
	case gone:
		ch.A = c.end(s, e.From)
	default:
		ch.B = c.end(s, e.From)
	}
	c.r.add(ch)
}

// far says what a relation leads to, and how.
func far(to *Component, notes []string) string {
	if len(notes) > 0 {
		return to.Name + " (" + strings.Join(notes, ", ") + ")"
	}
	return to.Name
}

// end is the component at an end of a relation.
func (c *comparison) end(s *side, id sbom.ID) *Component {
	if i, ok := s.at[id]; ok {
		return component(s.Nodes[i])
	}
	return &Component{ID: id, Name: string(id)}
}

// notes are those that say how one stands to the other; how documents nest is no note.
func notes(e *sbom.Edge) []string {
	return sorted(slices.DeleteFunc(slices.Clone(e.Notes), func(n string) bool { return n == sbom.Assembly || n == "" }))
}
