package carrier

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const maxProblems = 100 // of one document

// Builder makes a graph of the elements of a document.
type Builder struct {
	Path, By  string // where the document lies, and what reads it
	Graph     *sbom.Graph
	Items     []*Item
	NoSubject bool // the document says so
	Origin    sbom.Origin
	Source    *Source // of a document of ours that was made of one other document

	byID     map[string]*Item
	pairs    map[[2]sbom.ID]bool
	problems []sbom.Problem
	several  []string // subjects
	records  []sbom.Property
	told     map[string]bool // records that carriers tell
	ours     bool            // some of it is
}

// Item is an element on its way to a node.
type Item struct {
	Restored
	Own bool // with carriers: we wrote it
}

// NewBuilder makes an empty one.
func NewBuilder(path, by string) *Builder {
	return &Builder{Path: path, By: by, Graph: &sbom.Graph{}, byID: map[string]*Item{}, pairs: map[[2]sbom.ID]bool{}, told: map[string]bool{}}
}

// Problem notes what cannot be taken over.
func (b *Builder) Problem(format string, args ...any) {
	if len(b.problems) < maxProblems {
		b.problems = append(b.problems, sbom.Problem{Path: b.Path, By: b.By, Reason: fmt.Sprintf(format, args...)})
	}
}

// Here is the place of what a foreign document states.
func (b *Builder) Here() sbom.Seen {
	if b.Source != nil {
		return b.Source.Seen
	}
	return sbom.Seen{Place: sbom.Place{Path: b.Path, By: b.By}, Basis: sbom.Resolved}
}

// Item finds what has the identifier, or gives nil.
func (b *Builder) Item(id string) *Item { return b.byID[id] }

// Add makes the item of a component from its native reading and its named
// values; nil where the identifier is taken. The caller closes it.
func (b *Builder) Add(id, at string, c sbom.Component, named []sbom.Property) *Item {
	if b.byID[id] != nil {
		b.Problem("%s: the identifier %.100s stands twice; the first one counts", at, id)
		return nil
	}
	it := &Item{Restored: Restored{Node: &sbom.Node{ID: sbom.ID(id), Component: c}}, Own: b.Source != nil}
	var foreign []int
	for _, p := range named {
		if !IsMade(p.Name) {
			foreign = append(foreign, len(it.Properties))
			it.Properties = append(it.Properties, p)
			continue
		}
		it.Own, b.ours = true, true
		if err := it.Restore(p); err != nil {
			b.Problem("%s: the annotation %.60q cannot be read: %v", at, p.Name, err)
		}
	}
	for _, i := range foreign {
		if !it.Own {
			it.Properties[i].Name = Literal(it.Properties[i].Name)
		}
	}
	for _, c := range it.Conflicts {
		c.Node = it.ID
		b.Graph.Conflicts = append(b.Graph.Conflicts, c)
	}
	b.byID[id] = it
	b.Items = append(b.Items, it)
	return it
}

// Links makes the edges and records that carriers tell; prefix stands before
// identifiers in the document and not in carriers.
func (b *Builder) Links(prefix string) {
	b.finish(prefix)
	for _, it := range b.Items {
		for _, l := range it.Links {
			for _, id := range l.To {
				if to := b.find(prefix, id); to != nil {
					b.edge(it, to, l.Rel, l.Notes, l.Seen)
				}
			}
		}
	}
}

// Join makes the edge of a native relation, unless a carrier joined the two.
func (b *Builder) Join(from, to *Item, rel sbom.Rel, notes ...string) {
	if from == to || b.pairs[[2]sbom.ID{from.ID, to.ID}] {
		return
	}
	seen := []sbom.Seen{b.Here()}
	if from.Own {
		seen = slices.Clone(from.Seen)
	}
	notes = slices.DeleteFunc(notes, func(s string) bool { return s == "" })
	b.Graph.Edges = append(b.Graph.Edges, sbom.Edge{From: from.ID, To: to.ID, Rel: rel, Notes: notes, Seen: seen})
}

// Joined tells whether a carrier joined the two.
func (b *Builder) Joined(from, to *Item) bool { return b.pairs[[2]sbom.ID{from.ID, to.ID}] }

// Ours tells whether some of the document, as far as it is read, was written by us.
func (b *Builder) Ours() bool { return b.ours }

// Keep takes over a native statement as a record, unless a carrier tells it too.
func (b *Builder) Keep(r sbom.Record) {
	if b.told[saying(r)] {
		return
	}
	b.Graph.Records = append(b.Graph.Records, r)
}

// saying is what a record says, but for names, which can change.
func saying(r sbom.Record) string {
	return Text([]any{r.Part, r.Value, slices.DeleteFunc(slices.Clone(r.Refs), func(ref sbom.Reference) bool { return ref.Name != "" })})
}

func (b *Builder) edge(from, to *Item, rel sbom.Rel, notes []string, seen []sbom.Seen) {
	b.pairs[[2]sbom.ID{from.ID, to.ID}] = true
	b.Graph.Edges = append(b.Graph.Edges, sbom.Edge{From: from.ID, To: to.ID, Rel: rel, Notes: notes, Seen: seen})
}

// Subject makes the element what the document describes.
func (b *Builder) Subject(id string) {
	switch it := b.byID[id]; {
	case b.NoSubject:
	case it == nil:
		b.Problem("the document describes %.60q, which is not in it", id)
	case b.Graph.Root == "" || b.Graph.Root == it.ID:
		b.Graph.Root = it.ID
	case !slices.Contains(b.Graph.Subjects, it.ID):
		b.Graph.Subjects = append(b.Graph.Subjects, it.ID) // Report takes them and the root for the same
	}
}

// OfDocument reads a named value of the document itself; false where the name is
// none of ours.
func (b *Builder) OfDocument(p sbom.Property) bool {
	var problem sbom.Problem
	var source Source
	switch {
	case p.Name == Seen && json.Unmarshal([]byte(p.Value), &source) == nil:
		b.Source = &source
	case p.Name == Problem && json.Unmarshal([]byte(p.Value), &problem) == nil:
		b.Graph.Problems = append(b.Graph.Problems, problem)
	case p.Name == Subject && p.Value == "none":
		b.NoSubject = true
	case p.Name == Subject:
		b.several = append(b.several, p.Value)
	case strings.HasPrefix(p.Name, Record):
		b.records = append(b.records, p)
	default:
		return false
	}
	b.ours = true
	return true
}

// Creator notes who or what made a document that is not ours, at its place below
// the metadata of CycloneDX.
func (b *Builder) Creator(at string, value map[string]any) {
	if b.ours {
		return
	}
	maps.DeleteFunc(value, func(_ string, v any) bool { return v == "" })
	if name, _ := value["name"].(string); name != "" {
		b.Graph.Records = append(b.Graph.Records, sbom.Record{Part: "cyclonedx:metadata/" + at, Value: Text(value)})
	}
}

// find knows an identifier with the prefix or, where a carrier has all of it, as it is.
func (b *Builder) find(prefix, id string) *Item {
	if it := b.byID[prefix+id]; it != nil {
		return it
	}
	return b.byID[id]
}

// finish makes what OfDocument had to leave until all elements were known.
func (b *Builder) finish(prefix string) {
	for _, id := range b.several {
		if it := b.find(prefix, id); it != nil {
			b.Graph.Subjects = append(b.Graph.Subjects, it.ID)
		}
	}
	for _, p := range b.records {
		r, err := ReadRecord(p, func(id string) sbom.ID {
			if it := b.find(prefix, id); it != nil {
				return it.ID
			}
			return ""
		})
		if err != nil {
			b.Problem("the annotation %.60q cannot be read: %v", p.Name, err)
			continue
		}
		b.told[saying(r)] = true
		b.Graph.Records = append(b.Graph.Records, r)
	}
}

// Report gives the sightings that make the graph.
func (b *Builder) Report() sbom.Report {
	for _, it := range b.Items {
		b.Graph.Nodes = append(b.Graph.Nodes, it.Node)
	}
	slices.SortFunc(b.Graph.Nodes, func(x, y *sbom.Node) int { return strings.Compare(string(x.ID), string(y.ID)) })
	report := b.Graph.Report()
	report.Problems = append(report.Problems, b.problems...)
	report.Origin = b.Origin
	return report
}
