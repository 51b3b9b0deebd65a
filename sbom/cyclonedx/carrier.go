package cyclonedx

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

// Names of properties that the encoder makes.
const (
	taxonomy = "cdx:ai-ml:"

	fieldCarrier       = "mlbom:field:" // + name: the value, where the native place loses it
	keyCarrier         = "mlbom:key:"   // + purl, sha256, url, path, also
	kindCarrier        = "mlbom:kind"
	seenCarrier        = "mlbom:seen"
	linkCarrier        = "mlbom:link"
	conflictCarrier    = "mlbom:conflict"
	findingCarrier     = "mlbom:finding"
	mentionedCarrier   = "mlbom:mentioned"
	problemCarrier     = "mlbom:problem"
	placeholderCarrier = "mlbom:placeholder"

	modelMirror   = "mlbom:model:" // + fact: see mirrors
	datasetMirror = "mlbom:dataset:"
	packageMirror = "mlbom:package:"
)

// made are the families of names, and single ones, that belong to the encoder.
// Other names below "mlbom:" are facts that collectors state.
func made() []string {
	return []string{fieldCarrier, keyCarrier, kindCarrier, seenCarrier, linkCarrier, conflictCarrier, findingCarrier, findingCarrier + ":",
		mentionedCarrier, problemCarrier, placeholderCarrier, modelMirror, datasetMirror, packageMirror}
}

// isMade tells whether the encoder owns the name.
func isMade(name string) bool {
	if !strings.HasPrefix(name, "mlbom:") {
		return false
	}
	return slices.ContainsFunc(made(), func(m string) bool { return name == m || strings.HasSuffix(m, ":") && strings.HasPrefix(name, m) })
}

func jsonText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "null"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// carriers are the properties that make the round trip whole: what reading the
// native component back does not give.
func (e *encoder) carriers(n *sbom.Node, back *sbom.Component, keys sbom.Keys, ev *cdx.Evidence) []cdx.Property {
	var list []cdx.Property
	add := func(name, value string) { list = append(list, cdx.Property{Name: name, Value: value}) }
	if back.Kind != n.Kind {
		add(kindCarrier, string(n.Kind))
	}
	for _, k := range []struct{ name, have, want string }{{"purl", keys.PURL, n.Keys.PURL}, {"sha256", keys.SHA256, n.Keys.SHA256}, {"url", keys.URL, n.Keys.URL}, {"path", keys.Path, n.Keys.Path}} {
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
	if !e.occurrencesCarry(n, ev) {
		add(seenCarrier, jsonText(packSeen(n)))
	}
	for _, l := range e.links(n) {
		add(linkCarrier, jsonText(l))
	}
	list = append(list, findings(n)...)
	for _, c := range e.conflicts[n.ID] {
		add(conflictCarrier, jsonText(contest{c.Field, c.Key, c.Kept, c.Dropped}))
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

func findings(n *sbom.Node) []cdx.Property {
	var list []cdx.Property
	var last string
	for _, f := range n.Findings {
		if f.Rule != last {
			r, _ := sbom.RuleByID(f.Rule)
			list = append(list, cdx.Property{Name: findingCarrier + ":" + f.Rule, Value: string(r.Severity)})
			last = f.Rule
		}
		list = append(list, cdx.Property{Name: findingCarrier, Value: jsonText(f)})
	}
	return list
}

// occurrencesCarry tells whether reading the occurrences gives the node's places.
func (e *encoder) occurrencesCarry(n *sbom.Node, ev *cdx.Evidence) bool {
	if e.xml || !e.since(cdx.SpecVersion1_6) {
		return false
	}
	rows, ok := readOccurrences(ev)
	if !ok {
		return false
	}
	var back sbom.Node
	fill(&back, rows)
	return reflect.DeepEqual(back.Seen, n.Seen) && sameFacts(back.Facts, n.Facts)
}

func sameFacts(a, b []sbom.Fact) bool {
	return slices.EqualFunc(a, b, func(x, y sbom.Fact) bool { return x.Field == y.Field && slices.Equal(x.Seen, y.Seen) })
}

// packed is the carrier of places: each once, with what it states.
type packed struct {
	sbom.Seen
	Entry  bool     `json:"entry,omitempty"` // one of the node's places, not of a single fact
	Fields []string `json:"fields,omitempty"`
}

func packSeen(n *sbom.Node) []packed {
	list := []packed{}
	for _, r := range tableOf(n) {
		list = append(list, packed{r.Seen, r.seen, r.fields})
	}
	return list
}

func unpackSeen(text string) (rows []row, err error) {
	var list []packed
	err = json.Unmarshal([]byte(text), &list)
	for _, p := range list {
		rows = append(rows, row{p.Seen, p.Entry, p.Fields})
	}
	return rows, err
}

// link is the carrier of relations that are more than a dependency.
type link struct {
	Rel   sbom.Rel    `json:"rel"`
	Notes []string    `json:"notes,omitempty"`
	Seen  []sbom.Seen `json:"seen,omitempty"`
	To    []string    `json:"to"`
}

// links groups the edges that dependsOn alone does not tell.
func (e *encoder) links(n *sbom.Node) []link {
	at := map[string]int{}
	var list []link
	for _, edge := range e.out[n.ID] {
		if e.plain(n, edge) {
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
		list[i].To = append(list[i].To, e.refs[edge.To])
	}
	return list
}

// plain tells whether the reader takes the edge for what it is without a
// carrier: the only edge between the two, a dependency or the nesting of a
// file, without notes, seen where the node is seen.
func (e *encoder) plain(n *sbom.Node, edge *sbom.Edge) bool {
	rel := sbom.DependsOn
	if e.parent[edge.To] == n.ID && n.ID != "" {
		rel = sbom.Contains
	}
	return edge.Rel == rel && len(edge.Notes) == 0 && len(n.Seen) == 1 && slices.Equal(edge.Seen, n.Seen) && e.parallel[[2]sbom.ID{edge.From, edge.To}] == 1
}
