package sbom

import (
	"bytes"
	"slices"
	"strings"
)

// titleProperty is what a repository's own files call it beside its id.
const titleProperty = "mlbom:title"

// titles takes the names out of the conflicts that are titles of a repository of the
// hub: of org/name a card says "My Model", which contradicts nothing. They become
// properties. A name that is an id itself ("other/model") is a conflict.
func (n *Node) titles(conflicts []Conflict) []Conflict {
	if n.Name == "" || n.Name != hubID(n.Keys) {
		return conflicts
	}
	return slices.DeleteFunc(conflicts, func(c Conflict) bool {
		title := c.Dropped.Value
		if c.Field != "name" || strings.Contains(title, "/") || c.Dropped.Hearsay() {
			return false
		}
		if p := (Property{titleProperty, title}); !slices.Contains(n.Properties, p) {
			n.Properties = append(slices.Clone(n.Properties), p)
			slices.SortFunc(n.Properties, func(a, b Property) int { return bytes.Compare(jsonOf(a), jsonOf(b)) }) // as lists are joined
		}
		n.seenAlso("properties", c.Dropped.Seen)
		return true
	})
}

// seenAlso notes one more place of a field.
func (n *Node) seenAlso(field string, at Seen) {
	fact := Fact{Field: field, Seen: []Seen{at}}
	n.Facts = slices.DeleteFunc(n.Facts, func(f Fact) bool {
		if f.Field == field {
			fact.Seen = append(fact.Seen, f.Seen...)
		}
		return f.Field == field
	})
	n.addFact(fact)
}

// hubID is the id of the repository of the hub that the keys name: "org/name".
func hubID(k Keys) string {
	id, ok := strings.CutPrefix(k.PURL, "pkg:huggingface/")
	if ok {
		id, _, _ = strings.Cut(id, "?")
		id, _, _ = strings.Cut(id, "@")
		return id
	}
	if id, ok = strings.CutPrefix(k.URL, "https://huggingface.co/"); !ok {
		return ""
	}
	id, _, _ = strings.Cut(id, "/tree/")
	return strings.TrimPrefix(strings.TrimPrefix(id, "datasets/"), "spaces/")
}
