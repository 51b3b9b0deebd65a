package carrier

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Records, and the subjects of a document that has several, go by these names.
const (
	Record  = "mlbom:record:" // + part
	Subject = "mlbom:subject" // "none" of a document without one; else an identifier
)

// Source says where all of a document that was made of one other document comes
// from: the one place that everything in its graph was seen at, and what names
// that document in BOM-Links. It goes by the name Seen of the document itself, and
// stands for the places of all components.
type Source struct {
	Seen sbom.Seen `json:"seen"`
	Base string    `json:"base,omitempty"`
}

// Importers are the decoders, as they name themselves in places.
var Importers = []string{"cyclonedx", "spdx"}

// SourceOf gives the one place that a graph was read from, a document; false
// where there are several, or it is none.
func SourceOf(g *sbom.Graph) (Source, bool) {
	if len(g.Nodes) == 0 {
		return Source{}, true
	}
	if len(g.Nodes[0].Seen) == 0 {
		return Source{}, false
	}
	at := g.Nodes[0].Seen[0]
	only := func(list []sbom.Seen) bool { return len(list) == 1 && list[0] == at }
	for _, n := range g.Nodes {
		odd := func(f sbom.Fact) bool { return !only(f.Seen) && !(derived(f.Seen) && f.Field != "name") }
		if !only(n.Seen) || slices.ContainsFunc(n.Facts, odd) || len(n.Findings) > 0 {
			return Source{}, false
		}
	}
	for i := range g.Edges {
		if e := &g.Edges[i]; !only(e.Seen) && !Derived(e) {
			return Source{}, false
		}
	}
	return Source{Seen: at}, at.Line == 0 && at.Offset == 0 && slices.Contains(Importers, at.By)
}

// Derived tells whether an edge follows from the others, so that no document
// needs it.
func Derived(e *sbom.Edge) bool { return derived(e.Seen) }

func derived(list []sbom.Seen) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(s sbom.Seen) bool { return s.By != "derived" })
}

// Stated is the graph without the facts that follow from it.
func Stated(g *sbom.Graph) *sbom.Graph {
	out := *g
	out.Nodes = slices.Clone(g.Nodes)
	for i, n := range g.Nodes {
		if !slices.ContainsFunc(n.Facts, func(f sbom.Fact) bool { return derived(f.Seen) }) {
			continue
		}
		node := *n
		if n.Model != nil {
			m := *n.Model
			node.Model = &m
		}
		node.Facts = nil
		for _, f := range n.Facts {
			if field, ok := sbom.FieldByName(f.Field); ok && derived(f.Seen) {
				field.Clear(&node.Component)
			} else {
				node.Facts = append(node.Facts, f)
			}
		}
		out.Nodes[i] = &node
	}
	return &out
}

// written is a record in a document: components by their identifiers.
type written struct {
	Value string      `json:"value"`
	Refs  []reference `json:"refs,omitempty"`
}

type reference struct {
	At   string `json:"at"`
	Name string `json:"name,omitempty"`
	To   string `json:"to,omitempty"`
}

// OfDocument gives what a document says of itself in named values: problems,
// subjects where there is not one, and the records that have no native place.
func (x *Index) OfDocument(ids map[sbom.ID]string, records []sbom.Record) []sbom.Property {
	var list []sbom.Property
	add := func(name, value string) { list = append(list, sbom.Property{Name: name, Value: value}) }
	if x.Source != nil {
		add(Seen, Text(x.Source))
	}
	if x.Root() == nil {
		add(Subject, "none")
	}
	for _, id := range x.Graph.Subjects {
		if to, ok := ids[id]; ok {
			add(Subject, to)
		}
	}
	for _, p := range x.Graph.Problems {
		add(Problem, Text(p))
	}
	for _, r := range records {
		w := written{Value: r.Value}
		for _, ref := range r.Refs {
			w.Refs = append(w.Refs, reference{At: ref.At, Name: ref.Name, To: ids[ref.Node]})
		}
		add(Record+r.Part, Text(w))
	}
	return list
}

// ReadRecord reads such a value; node gives the node of an identifier.
func ReadRecord(p sbom.Property, node func(string) sbom.ID) (sbom.Record, error) {
	var w written
	r := sbom.Record{Part: strings.TrimPrefix(p.Name, Record)}
	if err := json.Unmarshal([]byte(p.Value), &w); err != nil {
		return r, err
	}
	r.Value = w.Value
	for _, ref := range w.Refs {
		to := sbom.Reference{At: ref.At, Name: ref.Name}
		if ref.To != "" {
			if to.Node = node(ref.To); to.Node == "" {
				to.Name = ref.To
			}
		}
		r.Refs = append(r.Refs, to)
	}
	return r, nil
}

// Token makes a step of a JSON pointer.
func Token(s string) string {
	return "/" + strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// Set puts a text where the pointer leads in a JSON value as Go reads it, and
// tells whether there is a text.
func Set(v any, pointer, text string) bool {
	steps := strings.Split(pointer, "/")[1:]
	for i, step := range steps {
		last := i == len(steps)-1
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		switch at := v.(type) {
		case map[string]any:
			if _, isText := at[step].(string); last && isText {
				at[step] = text
				return true
			}
			v = at[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(at) {
				return false
			}
			if _, isText := at[n].(string); last && isText {
				at[n] = text
				return true
			}
			v = at[n]
		default:
			return false
		}
	}
	return false
}

// References takes the references out of a JSON value: is tells what the text
// at a place is, given the last two keys. The texts become empty in the value.
func References(v any, above, key string, is func(above, key, text string) (sbom.Reference, bool)) []sbom.Reference {
	var refs []sbom.Reference
	var walk func(v any, above, key, at string, put func(string))
	walk = func(v any, above, key, at string, put func(string)) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(v[k], key, k, at+Token(k), func(s string) { v[k] = s })
			}
		case []any:
			for i := range v {
				walk(v[i], above, key, at+"/"+strconv.Itoa(i), func(s string) { v[i] = s })
			}
		case string:
			if ref, ok := is(above, key, v); ok && at != "" {
				ref.At = at
				refs = append(refs, ref)
				put("")
			}
		}
	}
	walk(v, above, key, "", nil)
	return refs
}

// Makers are the people, organisations and tools that the records say made the
// document, for formats that list them.
func (x *Index) Makers() (parties []sbom.Party, tools []string) {
	for _, r := range x.Graph.Records {
		at, ok := strings.CutPrefix(r.Part, "cyclonedx:metadata/")
		var v struct{ Name, Email, Version string }
		if !ok || json.Unmarshal([]byte(r.Value), &v) != nil || v.Name == "" {
			continue
		}
		switch at {
		case "authors", "manufacturer", "manufacture", "supplier":
			parties = append(parties, sbom.Party{Name: v.Name, Email: v.Email, Person: at == "authors"})
		case "tools/components", "tools/services":
			if v.Version != "" {
				v.Name += "-" + v.Version
			}
			tools = append(tools, v.Name)
		}
	}
	return parties, tools
}
