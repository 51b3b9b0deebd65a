package sbom

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// foundBy begins the names of the collectors that read BOMs found in the tree.
const foundBy = "bom/"

// Hearsay tells whether a BOM that was found in the tree speaks at the place.
// Its author may be anybody, so it adds and overrides nothing: of equal evidence
// it comes last, keys that other sources share are joined before its own, it
// pins no version that others leave open, and what it says to lie in a model
// does not count among the files that others saw there.
func (p Place) Hearsay() bool { return strings.HasPrefix(p.By, foundBy) }

// Names of properties for what another document judged.
const (
	toldFinding  = "bom:finding"
	toldConflict = "bom:conflict"
)

// OfItsDocument is the property with the name that a component has inside the one
// document that it was read from.
const OfItsDocument = "cdx:bom-ref"

// IsKept tells whether a property is called as decoders call what components of
// other tools say and the vocabulary has no field for: "cdx:evidence",
// "spdx:supplier". Encoders put such values at their own place again.
func IsKept(name string) bool { return keptWords.MatchString(name) }

var keptWords = regexp.MustCompile(`^(?:cdx|spdx):[A-Za-z][A-Za-z_-]*$`)

// ofComponents begin the records of such words.
var ofComponents = []string{"cyclonedx:component/", "cyclonedx:service/"}

var ofItsDocument = []string{OfItsDocument, "spdx:SPDXID", "spdx:spdxId"}

// Told gives a document's graph as the word of that document: one sighting of
// each component, at no place yet, on the given basis or a worse one. Findings
// and conflicts, which are judgements of whoever made the document, become
// properties. What follows from the graph is left out, except that where whole is
// true the subject contains what nothing else leads to. The keys of each node are
// what keys says.
func (g *Graph) Told(basis Basis, whole bool, keys func(*Node) Keys) Report {
	t := &telling{graph: g, basis: basis, whole: whole, keys: map[ID]Keys{}, out: map[ID][]*Edge{}, conflicts: map[ID][]Conflict{}}
	for _, n := range g.Nodes {
		t.keys[n.ID] = keys(n)
	}
	for i := range g.Edges {
		t.out[g.Edges[i].From] = append(t.out[g.Edges[i].From], &g.Edges[i])
	}
	for _, c := range g.Conflicts {
		t.conflicts[c.Node] = append(t.conflicts[c.Node], c)
	}
	r := Report{Sightings: make([]Sighting, 0, len(g.Nodes)), Problems: g.Problems, Records: g.recordsReport()}
	for _, n := range g.Nodes {
		r.Sightings = append(r.Sightings, t.sighting(n))
	}
	if basis < Declared {
		return t.records(r)
	}
	r.Records = slices.DeleteFunc(r.Records, func(record Record) bool { return t.retold(&r, record) })
	return t.records(r)
}

// records gives what the records refer to by its keys.
func (t *telling) records(r Report) Report {
	for _, record := range r.Records {
		for i := range record.Refs {
			ref := &record.Refs[i]
			if k, ok := t.keys[ref.Node]; ok && ref.Name == "" {
				ref.Keys, ref.Of, ref.Path = k, "", ""
			}
		}
	}
	return r
}

type telling struct {
	graph     *Graph
	basis     Basis
	whole     bool
	keys      map[ID]Keys
	out       map[ID][]*Edge
	conflicts map[ID][]Conflict
}

func (t *telling) sighting(n *Node) Sighting {
	s := Sighting{Component: Component{Kind: n.Kind, Keys: t.keys[n.ID]}, Also: n.Also, Basis: t.basis, Mentioned: n.Mentioned, Root: t.subject(n.ID)}
	if len(n.Seen) > 0 {
		s.Basis = max(t.basis, n.Seen[0].Basis)
	}
	for _, fact := range n.Facts {
		if f, ok := FieldByName(fact.Field); ok && stated(fact.Seen) {
			f.Copy(&s.Component, &n.Component)
		}
	}
	s.Properties = slices.DeleteFunc(slices.Clone(s.Properties), func(p Property) bool { return slices.Contains(ofItsDocument, p.Name) })
	for i, p := range s.Properties {
		if t.basis >= Declared && IsKept(p.Name) { // what its makers put at other places is not for ours
			s.Properties[i].Name = "bom:" + p.Name
		}
	}
	for _, f := range n.Findings {
		s.Properties = append(s.Properties, Property{toldFinding, fmt.Sprintf("%s: %s (%s)", f.Rule, f.Message, f.Where)})
	}
	for _, c := range t.conflicts[n.ID] {
		s.Properties = append(s.Properties, Property{toldConflict, fmt.Sprintf("%s: %q at %s, not %q at %s", c.Field, c.Kept.Value, c.Kept.Place, c.Dropped.Value, c.Dropped.Place)})
	}
	for _, e := range t.out[n.ID] {
		if to := t.graph.Node(e.To); to != nil && (stated(e.Seen) || t.whole && t.subject(n.ID) && e.Rel == Contains) {
			s.Links = append(s.Links, t.links(e, to)...)
		}
	}
	return s
}

func (t *telling) subject(id ID) bool {
	return id == t.graph.Root || slices.Contains(t.graph.Subjects, id)
}

func (t *telling) links(e *Edge, to *Node) []Link {
	target := Component{Kind: to.Kind, Keys: t.keys[to.ID]}
	if target.Keys == (Keys{}) {
		target.Name = to.Name
	}
	links := []Link{{Rel: e.Rel, To: target}}
	for i, note := range e.Notes {
		if i > 0 {
			links = append(links, links[0])
		}
		links[i].Note = note
	}
	return links
}

// retold makes a property of a record of a component's own words.
func (t *telling) retold(r *Report, record Record) bool {
	for _, prefix := range ofComponents {
		key, ok := strings.CutPrefix(record.Part, prefix)
		if !ok {
			continue
		}
		for _, ref := range record.Refs {
			if i, ok := searchNodes(t.graph.Nodes, ref.Node); ref.At == "/of" && ok {
				r.Sightings[i].Properties = append(r.Sightings[i].Properties, Property{"bom:cdx:" + key, record.Value})
			}
		}
		return true
	}
	return false
}

// stated tells whether somebody said it, and it does not only follow.
func stated(seen []Seen) bool {
	return slices.ContainsFunc(seen, func(s Seen) bool { return s.By != derivedBy })
}
