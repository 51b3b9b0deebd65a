// Package carrier holds the named values by which a document of any format says
// what the format has no place for, and by which it is read back: properties in
// CycloneDX, annotations in SPDX. The names are the same in all.
package carrier

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// The names. Other names below "mlbom:" are facts that collectors state.
const (
	Field     = "mlbom:field:" // + name: the value, where the native place loses it
	Key       = "mlbom:key:"   // + purl, sha256, url, path, also
	Kind      = "mlbom:kind"
	Seen      = "mlbom:seen"
	Linked    = "mlbom:link"
	Contested = "mlbom:conflict"
	Finding   = "mlbom:finding" // and Finding + ":" + rule: its severity, for people
	Mentioned = "mlbom:mentioned"
	Problem   = "mlbom:problem" // of the document
)

// IsMade tells whether the name is one of those that Of makes.
func IsMade(name string) bool {
	switch name {
	case Kind, Seen, Linked, Contested, Finding, Mentioned, Problem, Subject:
		return true
	}
	return strings.HasPrefix(name, Field) || strings.HasPrefix(name, Key) || strings.HasPrefix(name, Finding+":") || strings.HasPrefix(name, Record)
}

// Literal is the name that a property of a foreign document goes by. One that is
// called as decoders call what they keep would be taken for that.
func Literal(name string) string {
	if sbom.IsKept(name) {
		return "literal:" + name
	}
	return name
}

// Text gives the JSON of a value on one line, without escapes for HTML.
func Text(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Link is a group of edges with what a native relation does not say.
type Link struct {
	Rel   sbom.Rel    `json:"rel"`
	Notes []string    `json:"notes,omitempty"`
	Seen  []sbom.Seen `json:"seen,omitempty"`
	To    []string    `json:"to"` // identifiers of the document
}

// Links groups the edges that are not plain, which are those that the reader
// takes for what they are without a carrier.
func Links(edges []*sbom.Edge, ids map[sbom.ID]string, plain func(*sbom.Edge) bool) []Link {
	at := map[string]int{}
	var list []Link
	for _, edge := range edges {
		if plain(edge) {
			continue
		}
		l := Link{Rel: edge.Rel, Notes: edge.Notes, Seen: edge.Seen}
		key := Text(l)
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, l)
		}
		list[i].To = append(list[i].To, ids[edge.To])
	}
	return list
}

// contest is a conflict on the node that carries it.
type contest struct {
	Field   string     `json:"field"`
	Key     string     `json:"key,omitempty"`
	Kept    sbom.Claim `json:"kept"`
	Dropped sbom.Claim `json:"dropped"`
}

// Of gives what the native reading, back, does not give of the node. Places are
// left out where seen is true: the document tells them otherwise.
func Of(n *sbom.Node, back *sbom.Component, seen bool, links []Link, conflicts []sbom.Conflict) []sbom.Property {
	var list []sbom.Property
	add := func(name, value string) { list = append(list, sbom.Property{Name: name, Value: value}) }
	if back.Kind != n.Kind {
		add(Kind, string(n.Kind))
	}
	for _, k := range []struct{ name, have, want string }{{"purl", back.Keys.PURL, n.Keys.PURL}, {"sha256", back.Keys.SHA256, n.Keys.SHA256},
		{"url", back.Keys.URL, n.Keys.URL}, {"path", back.Keys.Path, n.Keys.Path}} {
		if k.have != k.want {
			add(Key+k.name, k.want)
		}
	}
	for _, k := range n.Also {
		add(Key+"also", Text(k))
	}
	for _, f := range sbom.Fields() {
		if !f.Equal(&n.Component, back) {
			add(Field+f.Name, f.Text(&n.Component))
		}
	}
	if n.Mentioned {
		add(Mentioned, "true")
	}
	if !seen {
		add(Seen, Text(RowsOf(n)))
	}
	for _, l := range links {
		add(Linked, Text(l))
	}
	last := ""
	for _, f := range n.Findings {
		if f.Rule != last {
			r, _ := sbom.RuleByID(f.Rule)
			add(Finding+":"+f.Rule, string(r.Severity))
			last = f.Rule
		}
		add(Finding, Text(f))
	}
	for _, c := range conflicts {
		add(Contested, Text(contest{c.Field, c.Key, c.Kept, c.Dropped}))
	}
	return list
}

// Plainly gives the properties of a node that stand in a document under their own
// names, among the named values, and adds them to what its reader finds.
func Plainly(n *sbom.Node, back *sbom.Component) []sbom.Property {
	var list []sbom.Property
	for _, p := range n.Properties {
		if p.Name != "" && !IsMade(p.Name) {
			list = append(list, p)
		}
	}
	back.Properties = append(back.Properties, list...)
	return list
}

// Restored is a node on its way back, with what is not in the node itself.
type Restored struct {
	*sbom.Node
	Rows      []Row // of places; see Fill
	Links     []Link
	Conflicts []sbom.Conflict // without their node
}

// Restore takes one carrier, which wins over the native reading. A value that
// cannot be read is an error and changes nothing but its own field.
func (r *Restored) Restore(p sbom.Property) (err error) {
	if name, ok := strings.CutPrefix(p.Name, Field); ok {
		return r.field(name, p.Value)
	}
	switch p.Name {
	case Key + "purl":
		r.Keys.PURL = p.Value
	case Key + "sha256":
		r.Keys.SHA256 = p.Value
	case Key + "url":
		r.Keys.URL = p.Value
	case Key + "path":
		r.Keys.Path = p.Value
	case Key + "also":
		err = add(p.Value, &r.Also)
	case Kind:
		r.Kind = sbom.Kind(p.Value)
	case Mentioned:
		r.Mentioned = p.Value == "true"
	case Seen:
		r.Rows = nil
		err = json.Unmarshal([]byte(p.Value), &r.Rows)
	case Linked:
		err = add(p.Value, &r.Links)
	case Finding:
		err = add(p.Value, &r.Findings)
	case Contested:
		var c contest
		if err = json.Unmarshal([]byte(p.Value), &c); err == nil {
			r.Conflicts = append(r.Conflicts, sbom.Conflict{Field: c.Field, Key: c.Key, Kept: c.Kept, Dropped: c.Dropped})
		}
	}
	return err
}

func add[T any](text string, list *[]T) error {
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return err
	}
	*list = append(*list, v)
	return nil
}

func (r *Restored) field(name, value string) error {
	f, known := sbom.FieldByName(name)
	if !known {
		return fmt.Errorf("there is no field %q", name)
	}
	f.Clear(&r.Component)
	if value == "" {
		return nil
	}
	err := f.SetText(&r.Component, value)
	if err != nil {
		f.Clear(&r.Component)
	}
	return err
}

// Close makes sure that the node, and each of its values, has a place: here
// where nothing else is said.
func (r *Restored) Close(here sbom.Seen) {
	Fill(r.Node, r.Rows)
	if r.Kind == "" {
		r.Kind = sbom.KindLibrary
	}
	if len(r.Seen) == 0 {
		r.Seen = []sbom.Seen{here}
	}
	stated := map[string][]sbom.Seen{}
	for _, f := range r.Facts {
		stated[f.Field] = f.Seen
	}
	r.Facts = nil
	for _, f := range sbom.Fields() {
		if f.Empty(&r.Component) {
			continue
		}
		seen := stated[f.Name]
		if len(seen) == 0 {
			seen = slices.Clone(r.Seen[:1])
		}
		r.Facts = append(r.Facts, sbom.Fact{Field: f.Name, Seen: seen})
	}
}
