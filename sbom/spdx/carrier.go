package spdx

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Names of annotations that the encoder makes; CycloneDX documents have
// properties of the same names.
const (
	fieldCarrier     = "mlbom:field:" // + name: the value, where the native place loses it
	keyCarrier       = "mlbom:key:"   // + purl, sha256, url, path, also
	kindCarrier      = "mlbom:kind"
	seenCarrier      = "mlbom:places"
	linkCarrier      = "mlbom:link"
	conflictCarrier  = "mlbom:conflict"
	findingCarrier   = "mlbom:finding"
	mentionedCarrier = "mlbom:mentioned"
	problemCarrier   = "mlbom:problem"
	subjectCarrier   = "mlbom:subject" // "none": what the document describes is what nothing leads to
)

func jsonText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// places says where a node was seen and where each of its fields is stated.
type places struct {
	Seen  []sbom.Seen `json:"seen"`
	Facts []statement `json:"facts,omitempty"`
}

// statement groups the fields that the same places state.
type statement struct {
	Fields []string    `json:"fields"`
	Seen   []sbom.Seen `json:"seen,omitempty"` // none: as the node
}

func packPlaces(n *sbom.Node) places {
	p := places{Seen: n.Seen}
	at := map[string]int{}
	for _, f := range n.Facts {
		seen := f.Seen
		if slices.Equal(seen, n.Seen) {
			seen = nil
		}
		key := jsonText(seen)
		i, ok := at[key]
		if !ok {
			i = len(p.Facts)
			at[key] = i
			p.Facts = append(p.Facts, statement{Seen: seen})
		}
		p.Facts[i].Fields = append(p.Facts[i].Fields, f.Field)
	}
	return p
}

// unpack gives the places back, the facts in the order of the vocabulary.
func (p places) unpack(n *sbom.Node) {
	n.Seen = p.Seen
	byField := map[string][]sbom.Seen{}
	for _, s := range p.Facts {
		if s.Seen == nil {
			s.Seen = slices.Clone(p.Seen)
		}
		for _, f := range s.Fields {
			byField[f] = s.Seen
		}
	}
	for _, f := range sbom.Fields() {
		if seen, ok := byField[f.Name]; ok {
			n.Facts = append(n.Facts, sbom.Fact{Field: f.Name, Seen: seen})
		}
	}
}

// link is a group of edges with what a relationship does not say.
type link struct {
	Rel   sbom.Rel    `json:"rel"`
	Notes []string    `json:"notes,omitempty"`
	Seen  []sbom.Seen `json:"seen,omitempty"`
	To    []string    `json:"to"` // SPDX identifiers
}

// carriers are what reading the package back does not give.
func (e *encoder) carriers(n *sbom.Node, back *sbom.Component) []sbom.Property {
	var list []sbom.Property
	add := func(name, value string) { list = append(list, sbom.Property{Name: name, Value: value}) }
	if back.Kind != n.Kind {
		add(kindCarrier, string(n.Kind))
	}
	for _, k := range []struct{ name, have, want string }{{"purl", back.Keys.PURL, n.Keys.PURL}, {"sha256", "", n.Keys.SHA256}, {"url", "", n.Keys.URL}, {"path", "", n.Keys.Path}} {
		if k.have != k.want {
			add(keyCarrier+k.name, k.want)
		}
	}
	for _, k := range n.Also {
		add(keyCarrier+"also", jsonText(k))
	}
	for _, f := range sbom.Fields() {
		if !f.Equal(&n.Component, back) {
			add(fieldCarrier+f.Name, f.Text(&n.Component))
		}
	}
	if n.Mentioned {
		add(mentionedCarrier, "true")
	}
	add(seenCarrier, jsonText(packPlaces(n)))
	for _, l := range e.links(n) {
		add(linkCarrier, jsonText(l))
	}
	last := ""
	for _, f := range n.Findings {
		if f.Rule != last {
			r, _ := sbom.RuleByID(f.Rule)
			add(findingCarrier+":"+f.Rule, string(r.Severity))
			last = f.Rule
		}
		add(findingCarrier, jsonText(f))
	}
	for _, c := range e.g.Conflicts {
		if c.Node == n.ID {
			c.Node = ""
			add(conflictCarrier, jsonText(c))
		}
	}
	return list
}

// links groups the edges whose relationship does not tell all.
func (e *encoder) links(n *sbom.Node) []link {
	at := map[string]int{}
	var list []link
	for _, edge := range e.out[n.ID] {
		_, typed := relations[edge.Rel]
		if typed && len(edge.Notes) == 0 && slices.Equal(edge.Seen, n.Seen) && e.pairs[[2]sbom.ID{edge.From, edge.To}] == 1 {
			continue
		}
		l := link{Rel: edge.Rel, Notes: edge.Notes, Seen: edge.Seen}
		key := jsonText(l)
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, l)
		}
		list[i].To = append(list[i].To, e.ids[edge.To])
	}
	return list
}
