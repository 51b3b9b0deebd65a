package spdx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// Records hold the parts of a foreign document that the graph has no place for,
// by the name of the list that they stand in. What the document says of itself is
// one record, of documentPart.
const (
	recordPrefix = "spdx:"
	documentPart = recordPrefix + "document"
)

// recordLists are the lists whose elements are records, in the order in which
// they can be written again: those that others refer to first.
var recordLists = []string{"externalDocumentRefs", "hasExtractedLicensingInfos", "snippets", "relationships", "annotations", "revieweds"}

// records takes over what the graph has no place for.
func (r *reader) records(doc *document) {
	for _, list := range recordLists {
		if list == "relationships" || list == "hasExtractedLicensingInfos" && r.Ours() {
			continue // those of a document of our own are made for the packages
		}
		var all []json.RawMessage
		if raw := doc.all[list]; raw != nil && json.Unmarshal(raw, &all) != nil {
			r.Problem("%s is no list", list)
		}
		for i, raw := range all {
			c, ok := carried(raw)
			if list == "annotations" && ok && carrier.IsMade(c.Name) {
				continue
			}
			r.record(list, raw, fmt.Sprint(list, "/", i))
		}
	}
	if !r.Ours() {
		r.itself(doc)
	}
}

// record keeps one object.
func (r *reader) record(list string, raw json.RawMessage, at string) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v map[string]any
	if dec.Decode(&v) != nil || v == nil {
		r.Problem("%s is no object", at)
		return
	}
	refs := carrier.References(v, "", "", func(_, key, text string) (sbom.Reference, bool) {
		switch key {
		case "SPDXID":
			return sbom.Reference{Name: text}, text != "" && list == "snippets"
		case "snippetFromFile", "reference", "spdxElementId", "relatedSpdxElement":
			if it := r.Item(text); it != nil {
				return sbom.Reference{Node: it.ID}, true
			}
			return sbom.Reference{Name: text}, r.snippets[text]
		}
		return sbom.Reference{}, false
	})
	r.Keep(sbom.Record{Part: recordPrefix + list, Value: carrier.Text(v), Refs: refs})
}

// itself keeps what the document says of itself, with what it describes.
func (r *reader) itself(doc *document) {
	v, info := map[string]any{}, map[string]any{}
	for _, key := range []string{"name", "comment"} {
		if s := text(doc.all[key]); s != "" {
			v[key] = s
		}
	}
	var creation map[string]json.RawMessage
	_ = json.Unmarshal(doc.all["creationInfo"], &creation)
	for _, key := range []string{"comment", "licenseListVersion"} {
		if s := text(creation[key]); s != "" {
			info[key] = s
		}
	}
	if len(info) > 0 {
		v["creationInfo"] = info
	}
	if len(v) == 0 {
		return
	}
	var refs []sbom.Reference
	var described []any
	for _, id := range r.described() {
		refs = append(refs, sbom.Reference{At: "/documentDescribes/" + strconv.Itoa(len(described)), Node: id})
		described = append(described, "")
	}
	if described != nil {
		v["documentDescribes"] = described
	}
	r.Graph.Records = append(r.Graph.Records, sbom.Record{Part: documentPart, Value: carrier.Text(v), Refs: refs})
}

func (r *reader) described() []sbom.ID {
	if r.Graph.Root == "" {
		return nil
	}
	return append([]sbom.ID{r.Graph.Root}, r.Graph.Subjects...)
}

// known tells whether the text names something that a relationship of the
// document can speak of.
func (r *reader) known(id string) bool {
	switch id {
	case documentID, "NONE", noAssertion:
		return true
	}
	return r.Item(id) != nil || r.snippets[id] || strings.HasPrefix(id, "DocumentRef-")
}
