package v3

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// Records hold the elements of a foreign document that the graph has no place
// for, by their class: "spdx3:security_Vulnerability".
const recordPrefix = "spdx3:"

// nodeClasses are those whose elements are components.
var nodeClasses = []string{"ai_AIPackage", "dataset_DatasetPackage", "software_Package", "software_File"}

// madeClasses are those of which we write elements of our own.
var madeClasses = strings.Fields(`Person Organization SoftwareAgent Tool CreationInfo SpdxDocument software_Sbom Relationship LifecycleScopedRelationship build_Build
	simplelicensing_LicenseExpression expandedlicensing_CustomLicense`)

// collections describe what is in the document.
var collections = []string{"SpdxDocument", "software_Sbom", "Bom", "Bundle"}

// records takes over what the graph has no place for.
func (r *reader) records() {
	for _, id := range r.order {
		o := r.world[id]
		k := kind(o)
		switch {
		case r.Item(id) != nil || k == "" || r.Ours() && r.made3(id, k):
		case o["relationshipType"] != nil && !r.more[id]:
		default:
			r.record(id, k, o)
		}
	}
}

// made3 tells whether an element of a document of our own is one that every
// such document has.
func (r *reader) made3(id, class string) bool {
	return slices.Contains(madeClasses, class) && (r.prefix != "" && strings.HasPrefix(id, r.prefix) || id == creationID || strings.HasSuffix(id, "#"+refPrefix+"SBOM"))
}

// record keeps one element; what stands inside it and has an identifier is a
// record of its own.
func (r *reader) record(id, class string, o object) {
	v := r.flat(o, true)
	refs := carrier.References(v, "", "", func(_, key, text string) (sbom.Reference, bool) {
		switch {
		case (key == "spdxId" || key == "@id") && text == id:
			return sbom.Reference{Name: text}, true
		case key == "type" || key == "locator" || key == "externalSpdxId" || !strings.Contains(text, ":"):
			return sbom.Reference{}, false
		}
		if it := r.Item(text); it != nil && !it.Mentioned {
			return sbom.Reference{Node: it.ID}, true
		}
		return sbom.Reference{Name: text}, r.world[text] != nil || r.imported[text]
	})
	r.Keep(sbom.Record{Part: recordPrefix + class, Value: carrier.Text(v), Refs: refs})
}

// flat copies a value, with identifiers for elements that stand inside it.
func (r *reader) flat(v any, outer bool) any {
	switch v := v.(type) {
	case object:
		if id := r.world.id(v); !outer && id != "" && r.world[id] != nil {
			return id
		}
		m := object{}
		for key, w := range v {
			m[key] = r.flat(w, false)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, w := range v {
			list[i] = r.flat(w, false)
		}
		return list
	}
	return v
}

// plainRelation tells whether an edge, or the licences of a component, say all of
// a relationship.
func (r *reader) plainRelation(o object) bool {
	if kind(o) != "Relationship" {
		return false
	}
	typ := str(o["relationshipType"])
	for key := range o {
		if !slices.Contains([]string{"type", "@type", "spdxId", "@id", "creationInfo", "from", "to", "relationshipType"}, key) && !(key == "comment" && typ == "other") &&
			!(key == "completeness" && str(o[key]) == "noAssertion") {
			return false
		}
	}
	from := r.world.id(o["from"])
	if it := r.Item(from); it == nil || it.Mentioned {
		return false
	}
	for _, v := range list(o["to"]) {
		id := r.world.id(v)
		if typ == "hasDeclaredLicense" || typ == "hasConcludedLicense" {
			if r.world.license(id, 0) == (sbom.License{}) {
				return false
			}
			continue
		}
		if it := r.Item(id); it == nil || it.Mentioned || id == from {
			return false
		}
	}
	d, known := directions[typ]
	return len(list(o["to"])) > 0 && (!known || relationTypes[d.rel] == typ || typ == "ancestorOf")
}
