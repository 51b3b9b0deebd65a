package spdx

import (
	"encoding/json"
	"slices"

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

const (
	refPrefix  = "SPDXRef-"
	documentID = "SPDXRef-DOCUMENT"
)

// relate makes the edges: carriers first, then what nothing joins yet.
func (r *reader) relate(doc *document) {
	r.Links(refPrefix)
	for _, id := range doc.Describes {
		r.Subject(id)
	}
	for _, raw := range doc.Relationships {
		var rel relationship
		if err := json.Unmarshal(raw, &rel); err != nil {
			r.Problem("the relationship %.100s cannot be read: %v", raw, err)
			continue
		}
		r.relation(rel, raw)
	}
	for _, it := range r.Items {
		for _, id := range r.files[it] {
			r.relation(relationship{From: string(it.ID), To: id, Type: common.TypeRelationshipContains}, nil)
		}
	}
}

func (r *reader) relation(rel relationship, raw json.RawMessage) {
	switch {
	case rel.Type == common.TypeRelationshipDescribe && rel.From == documentID:
		r.Subject(rel.To)
		return
	case rel.Type == common.TypeRelationshipDescribeBy && rel.To == documentID:
		r.Subject(rel.From)
		return
	}
	from, to := r.Item(rel.From), r.Item(rel.To)
	if from == nil || to == nil || from == to {
		if raw != nil && r.known(rel.From) && r.known(rel.To) {
			r.record("relationships", raw, "relationships")
			return
		}
		r.Problem("the relationship %.60s %.40s %.60s is not taken over: one of the two is not in the document", rel.From, rel.Type, rel.To)
		return
	}
	if r.told(rel, from, to) {
		return
	}
	kind := ""
	d, known := directions[rel.Type]
	switch {
	case known && !slices.Contains(plainTypes, rel.Type):
		kind = foreignPrefix + rel.Type
	case known:
	case rel.Type == common.TypeRelationshipOther && rel.Comment != "":
		d.rel, rel.Comment = sbom.Rel(rel.Comment), ""
	default:
		d.rel = sbom.Rel(foreignPrefix + rel.Type)
	}
	if d.back {
		from, to = to, from
	}
	r.Join(from, to, d.rel, rel.Comment, kind)
}

// plainTypes say no more than the vocabulary does. Any other type that has a
// relation there is a note of the edge: "spdx:TEST_DEPENDENCY_OF".
var plainTypes = []string{common.TypeRelationshipDependsOn, common.TypeRelationshipDependencyOf, common.TypeRelationshipContains, common.TypeRelationshipContainedBy,
	common.TypeRelationshipDescendantOf, common.TypeRelationshipAncestorOf, common.TypeRelationshipVariantOf}
