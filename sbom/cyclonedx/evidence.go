package cyclonedx

import (
	"cmp"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

// confidence is fixed per basis: it ranks, and measures nothing.
func confidence(b sbom.Basis) *float32 {
	c := float32(0.4)
	switch b {
	case sbom.Observed:
		c = 1
	case sbom.Resolved:
		c = 0.9
	case sbom.Declared:
		c = 0.7
	}
	return &c
}

func technique(s sbom.Seen, field cdx.EvidenceIdentityFieldType) cdx.EvidenceIdentityTechnique {
	if s.Path == "" {
		return cdx.EvidenceIdentityTechniqueOther // a person's word, not a file's
	}
	switch s.Basis {
	case sbom.Observed:
		if field == cdx.EvidenceIdentityFieldTypeHash {
			return cdx.EvidenceIdentityTechniqueHashComparison
		}
		return cdx.EvidenceIdentityTechniqueBinaryAnalysis
	case sbom.Resolved, sbom.Declared:
		return cdx.EvidenceIdentityTechniqueManifestAnalysis
	}
	if field == cdx.EvidenceIdentityFieldTypeName {
		return cdx.EvidenceIdentityTechniqueFilename
	}
	return cdx.EvidenceIdentityTechniqueOther
}

func (e *encoder) evidence(n *sbom.Node) *cdx.Evidence {
	if len(n.Seen) == 0 {
		return nil
	}
	return &cdx.Evidence{Identity: e.identity(n), Occurrences: some(e.occurrences(n))}
}

// identity says how it is known what the component is.
func (e *encoder) identity(n *sbom.Node) *cdx.EvidenceIdentityChoice {
	var list []cdx.EvidenceIdentity
	if n.Keys.PURL != "" {
		list = append(list, e.identified(n, cdx.EvidenceIdentityFieldTypePURL, n.Keys.PURL))
	}
	if n.Keys.SHA256 != "" {
		list = append(list, e.identified(n, cdx.EvidenceIdentityFieldTypeHash, n.Keys.SHA256))
	}
	if len(list) == 0 {
		list = append(list, e.identified(n, cdx.EvidenceIdentityFieldTypeName, n.Name))
	}
	if !e.since(cdx.SpecVersion1_6) {
		return &cdx.EvidenceIdentityChoice{Identity: &list[0]}
	}
	return &cdx.EvidenceIdentityChoice{Identities: &list}
}

func (e *encoder) identified(n *sbom.Node, field cdx.EvidenceIdentityFieldType, value string) cdx.EvidenceIdentity {
	best := n.Seen[0].Basis
	var methods []cdx.EvidenceIdentityMethod
	var tools []cdx.BOMReference
	for _, s := range n.Seen {
		best = min(best, s.Basis)
		m := cdx.EvidenceIdentityMethod{Technique: technique(s, field), Confidence: confidence(s.Basis), Value: s.By}
		known := slices.ContainsFunc(methods, func(o cdx.EvidenceIdentityMethod) bool {
			return o.Technique == m.Technique && *o.Confidence == *m.Confidence && o.Value == m.Value
		})
		if !known {
			methods = append(methods, m)
		}
		if ref := cdx.BOMReference(collectorRef + printed(s.By)); s.By != "" && !slices.Contains(tools, ref) {
			tools = append(tools, ref)
		}
	}
	id := cdx.EvidenceIdentity{Field: field, Confidence: confidence(best), Methods: some(methods), Tools: some(tools)}
	if e.since(cdx.SpecVersion1_6) {
		id.ConcludedValue = value
	}
	return id
}

func printed(s string) string { return strings.Map(printable, s) }

const (
	seenHere  = ", seen here"
	maxOffset = 1 << 53 // what a JSON number carries
)

// occurrences are the places of the node and its facts, in words that
// readOccurrence knows again: "declared by model/modelcard, seen here: name,
// licenses". XML as the library writes it has room for the location alone.
func (e *encoder) occurrences(n *sbom.Node) []cdx.EvidenceOccurrence {
	t := tableOf(n)
	var list []cdx.EvidenceOccurrence
	for _, row := range t {
		o := cdx.EvidenceOccurrence{Location: row.Path}
		if row.Path == "" {
			continue // the schema demands a location
		}
		if e.xml {
			if !slices.Contains(list, o) {
				list = append(list, o)
			}
			continue
		}
		if !e.since(cdx.SpecVersion1_6) { // line and context came with 1.6
			if !slices.Contains(list, o) {
				list = append(list, o)
			}
			continue
		}
		if row.Line > 0 {
			line := row.Line
			o.Line = &line
		}
		if row.Offset > 0 && row.Offset < maxOffset {
			offset := int(row.Offset)
			o.Offset = &offset
		}
		o.AdditionalContext = row.Basis.String() + " by " + row.By
		if row.seen {
			o.AdditionalContext += seenHere
		}
		if len(row.fields) > 0 {
			o.AdditionalContext += ": " + strings.Join(row.fields, ", ")
		}
		list = append(list, o)
	}
	return list
}

// row is one place with what it says of a node.
type row struct {
	sbom.Seen
	seen   bool // it is one of the node's places, not of a single fact
	fields []string
}

// tableOf turns the facts of a node around: by place.
func tableOf(n *sbom.Node) []row {
	at := map[sbom.Seen]int{}
	var rows []row
	find := func(s sbom.Seen) *row {
		i, ok := at[s]
		if !ok {
			i = len(rows)
			at[s] = i
			rows = append(rows, row{Seen: s})
		}
		return &rows[i]
	}
	for _, s := range n.Seen {
		find(s).seen = true
	}
	for _, f := range n.Facts {
		for _, s := range f.Seen {
			r := find(s)
			r.fields = append(r.fields, f.Field)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return compareSeen(a.Seen, b.Seen) })
	return rows
}

// fill is the inverse of tableOf.
func fill(n *sbom.Node, rows []row) {
	slices.SortStableFunc(rows, func(a, b row) int { return compareSeen(a.Seen, b.Seen) })
	by := map[string][]sbom.Seen{}
	for _, r := range rows {
		if r.seen && !slices.Contains(n.Seen, r.Seen) {
			n.Seen = append(n.Seen, r.Seen)
		}
		for _, f := range r.fields {
			by[f] = append(by[f], r.Seen)
		}
	}
	for _, f := range sbom.Fields() {
		if seen := by[f.Name]; len(seen) > 0 {
			n.Facts = append(n.Facts, sbom.Fact{Field: f.Name, Seen: slices.Compact(seen)})
		}
	}
}

func compareSeen(a, b sbom.Seen) int {
	return cmp.Or(cmp.Compare(a.Basis, b.Basis), strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset), strings.Compare(a.By, b.By))
}

// readOccurrences reads our own words; ok is false where others wrote them.
func readOccurrences(ev *cdx.Evidence) (rows []row, ok bool) {
	if ev == nil {
		return nil, false
	}
	for _, o := range each(ev.Occurrences) {
		basis, rest, found := strings.Cut(o.AdditionalContext, " by ")
		r := row{Seen: sbom.Seen{Place: sbom.Place{Path: o.Location}}}
		if !found || r.Basis.UnmarshalText([]byte(basis)) != nil {
			return nil, false
		}
		head, fields, _ := strings.Cut(rest, ": ")
		r.By, r.seen = strings.CutSuffix(head, seenHere)
		if fields != "" {
			r.fields = strings.Split(fields, ", ")
		}
		if o.Line != nil {
			r.Line = *o.Line
		}
		if o.Offset != nil {
			r.Offset = int64(*o.Offset)
		}
		rows = append(rows, r)
	}
	return rows, len(rows) > 0
}
