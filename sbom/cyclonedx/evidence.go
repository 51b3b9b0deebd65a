package cyclonedx

import (
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
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
	found := slices.DeleteFunc(slices.Clone(n.Licenses), func(l sbom.License) bool { return !l.Concluded })
	return &cdx.Evidence{Identity: e.identity(n), Occurrences: some(e.occurrences(n)), Licenses: e.licenses(found)}
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
	if len(list) == 0 && !stated(n, "name") {
		return nil // nobody said what it is called
	}
	if len(list) == 0 {
		list = append(list, e.identified(n, cdx.EvidenceIdentityFieldTypeName, n.Name))
	}
	if !e.since(cdx.SpecVersion1_6) {
		return &cdx.EvidenceIdentityChoice{Identity: &list[0]}
	}
	return &cdx.EvidenceIdentityChoice{Identities: &list}
}

// stated tells whether somebody said what the node has in a field; else it only
// follows from something.
func stated(n *sbom.Node, field string) bool {
	return slices.ContainsFunc(n.Facts, func(f sbom.Fact) bool {
		return f.Field == field && slices.ContainsFunc(f.Seen, func(s sbom.Seen) bool { return s.By != "derived" })
	})
}

func (e *encoder) identified(n *sbom.Node, field cdx.EvidenceIdentityFieldType, value string) cdx.EvidenceIdentity {
	floor := sbom.Observed
	if field == cdx.EvidenceIdentityFieldTypeHash && n.File != nil && n.File.Asserted {
		floor = sbom.Resolved // the bytes were not read for it
	}
	best := max(n.Seen[0].Basis, floor)
	var methods []cdx.EvidenceIdentityMethod
	var tools []cdx.BOMReference
	for _, s := range n.Seen {
		s.Basis = max(s.Basis, floor)
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
// licenses".
func (e *encoder) occurrences(n *sbom.Node) []cdx.EvidenceOccurrence {
	t := carrier.RowsOf(n)
	var list []cdx.EvidenceOccurrence
	for _, row := range t {
		o := cdx.EvidenceOccurrence{Location: row.Path}
		if row.Path == "" {
			continue // the schema demands a location
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
		if row.Entry {
			o.AdditionalContext += seenHere
		}
		if len(row.Fields) > 0 {
			o.AdditionalContext += ": " + strings.Join(row.Fields, ", ")
		}
		list = append(list, o)
	}
	return list
}

// readOccurrences reads our own words; ok is false where others wrote them.
func readOccurrences(ev *cdx.Evidence) (rows []carrier.Row, ok bool) {
	if ev == nil {
		return nil, false
	}
	for _, o := range each(ev.Occurrences) {
		basis, rest, found := strings.Cut(o.AdditionalContext, " by ")
		r := carrier.Row{Seen: sbom.Seen{Place: sbom.Place{Path: o.Location}}}
		if !found || r.Basis.UnmarshalText([]byte(basis)) != nil {
			return nil, false
		}
		head, fields, _ := strings.Cut(rest, ": ")
		r.By, r.Entry = strings.CutSuffix(head, seenHere)
		if fields != "" {
			r.Fields = strings.Split(fields, ", ")
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
