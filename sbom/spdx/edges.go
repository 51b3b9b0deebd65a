package spdx

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/common"

	"github.com/mlbom/mlbom/sbom"
)

// directions of relationships: what they mean in the vocabulary, and whether
// from the second element to the first. Other types are relations of their own,
// "spdx:TYPE".
var directions = map[string]struct {
	rel  sbom.Rel
	back bool
}{
	common.TypeRelationshipDependsOn: {sbom.DependsOn, false}, common.TypeRelationshipDependencyOf: {sbom.DependsOn, true},
	common.TypeRelationshipContains: {sbom.Contains, false}, common.TypeRelationshipContainedBy: {sbom.Contains, true},
	common.TypeRelationshipDescendantOf: {sbom.DerivedFrom, false}, common.TypeRelationshipAncestorOf: {sbom.DerivedFrom, true},
	common.TypeRelationshipVariantOf: {sbom.VariantOf, false}, "GENERATED_FROM": {sbom.DerivedFrom, false}, "GENERATES": {sbom.DerivedFrom, true},
	"DEV_DEPENDENCY_OF": {sbom.DependsOn, true}, "OPTIONAL_DEPENDENCY_OF": {sbom.DependsOn, true}, "BUILD_DEPENDENCY_OF": {sbom.DependsOn, true},
	"TEST_DEPENDENCY_OF": {sbom.DependsOn, true}, "RUNTIME_DEPENDENCY_OF": {sbom.DependsOn, true}, "PROVIDED_DEPENDENCY_OF": {sbom.DependsOn, true},
	"DATA_FILE_OF": {sbom.Contains, true}, "PACKAGE_OF": {sbom.Contains, true},
}

type relationship struct {
	From    string `json:"spdxElementId"`
	To      string `json:"relatedSpdxElement"`
	Type    string `json:"relationshipType"`
	Comment string `json:"comment"`
}

const documentID = "SPDXRef-DOCUMENT"

// relate makes the edges: carriers first, then what nothing joins yet.
func (r *reader) relate(doc *document) {
	for _, it := range r.items {
		for _, l := range it.Links {
			for _, id := range l.To {
				if to := r.byID["SPDXRef-"+id]; to != nil {
					r.edge(it, to, l.Rel, l.Notes, l.Seen)
				}
			}
		}
	}
	for _, id := range doc.Describes {
		r.describe(id)
	}
	for _, raw := range doc.Relationships {
		var rel relationship
		if err := json.Unmarshal(raw, &rel); err != nil {
			r.problem("the relationship %.100s cannot be read: %v", raw, err)
			continue
		}
		r.relation(rel)
	}
	for _, it := range r.items {
		for _, id := range it.files {
			r.relation(relationship{From: string(it.ID), To: id, Type: common.TypeRelationshipContains})
		}
	}
}

func (r *reader) relation(rel relationship) {
	switch {
	case rel.Type == common.TypeRelationshipDescribe && rel.From == documentID:
		r.describe(rel.To)
		return
	case rel.Type == common.TypeRelationshipDescribeBy && rel.To == documentID:
		r.describe(rel.From)
		return
	}
	from, to := r.byID[rel.From], r.byID[rel.To]
	if outside := rel.To == "NONE" || rel.To == noAssertion || strings.HasPrefix(rel.To, "DocumentRef-"); from != nil && outside {
		from.Properties = append(from.Properties, sbom.Property{Name: foreignPrefix + rel.Type, Value: rel.To})
		return
	}
	if from == nil || to == nil {
		r.problem("the relationship %.60s %.40s %.60s is not taken over: one of the two is no package or file of the document", rel.From, rel.Type, rel.To)
		return
	}
	d, known := directions[rel.Type]
	switch {
	case known:
	case rel.Type == common.TypeRelationshipOther && rel.Comment != "":
		d.rel, rel.Comment = sbom.Rel(rel.Comment), ""
	default:
		d.rel = sbom.Rel(foreignPrefix + rel.Type)
	}
	if d.back {
		from, to = to, from
	}
	if from == to || r.pairs[[2]sbom.ID{from.ID, to.ID}] {
		return
	}
	seen := []sbom.Seen{r.here()}
	if from.own {
		seen = slices.Clone(from.Seen)
	}
	var notes []string
	if rel.Comment != "" {
		notes = []string{rel.Comment}
	}
	r.edge(from, to, d.rel, notes, seen)
}

// describe makes the one described element the root.
func (r *reader) describe(id string) {
	switch it := r.byID[id]; {
	case r.noSubject:
	case it == nil:
		r.problem("the document describes %.60q, which is not in it", id)
	case r.g.Root == "" || r.g.Root == it.ID:
		r.g.Root = it.ID
	default:
		r.problem("the document describes more than one element; %q is taken for its subject", r.g.Root)
	}
}

func (r *reader) edge(from, to *item, rel sbom.Rel, notes []string, seen []sbom.Seen) {
	r.pairs[[2]sbom.ID{from.ID, to.ID}] = true
	r.g.Edges = append(r.g.Edges, sbom.Edge{From: from.ID, To: to.ID, Rel: rel, Notes: notes, Seen: seen})
}
