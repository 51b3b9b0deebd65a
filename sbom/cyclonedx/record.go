package cyclonedx

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// recordPrefix begins the parts of records that stand in CycloneDX documents.
const recordPrefix = "cyclonedx:"

// part is a place of a document whose values are records. A list has one for
// each element.
type part struct {
	at   string
	list bool
}

// recordParts are the places, in the order of the schema.
var recordParts = []part{
	{"metadata/authors", true}, {"metadata/distributionConstraints", false}, {"metadata/licenses", false}, {"metadata/lifecycles", true}, {"metadata/manufacture", false},
	{"metadata/manufacturer", false}, {"metadata/properties", true}, {"metadata/supplier", false}, {"metadata/tools/components", true}, {"metadata/tools/services", true},
	{"externalReferences", true}, {"compositions", true}, {"vulnerabilities", true}, {"annotations", true}, {"formulation", true},
	{"declarations/assessors", true}, {"declarations/attestations", true}, {"declarations/claims", true}, {"declarations/evidence", true},
	{"declarations/targets/organizations", true}, {"declarations/targets/components", true}, {"declarations/targets/services", true}, {"declarations/affirmation", false},
	{"definitions/standards", true}, {"definitions/patents", true}, {"properties", true},
}

// read by other means, or without meaning in a document that is written anew.
var noRecords = []string{"$schema", "bomFormat", "specVersion", "serialNumber", "version", "components", "services", "dependencies",
	"metadata", "metadata/component", "metadata/timestamp", "metadata/tools", "declarations", "declarations/targets", "definitions"}

// records takes over what the graph has no field for.
func (r *reader) records(d *document) {
	top, _ := plainJSON(rawText(d.all)).(map[string]any)
	if top == nil {
		return
	}
	if m, ok := top["metadata"].(map[string]any); ok {
		modernTools(m)
	}
	ours := strings.Contains(string(d.all["metadata"]), `"`+toolRef+`"`)
	own := map[string]bool{}
	var found [][]any
	for _, p := range recordParts {
		values := valuesAt(top, p)
		values = slices.DeleteFunc(values, func(v any) bool { return r.ours(p.at, v, ours) })
		for _, v := range values {
			names(v, own)
		}
		found = append(found, values)
	}
	for i, p := range recordParts {
		for _, v := range found[i] {
			r.g.Records = append(r.g.Records, r.record(p.at, v, own))
		}
	}
	var left []string
	for _, prefix := range []string{"", "metadata/", "declarations/", "definitions/"} {
		at, _ := lookup(top, strings.TrimSuffix(prefix, "/")).(map[string]any)
		for key, v := range at {
			known := slices.Contains(noRecords, prefix+key) || slices.ContainsFunc(recordParts, func(p part) bool { return p.at == prefix+key })
			if !known && !says(v) {
				continue
			}
			if !known {
				left = append(left, prefix+key)
			}
		}
	}
	if slices.Sort(left); len(left) > 0 && !(ours && slices.Equal(left, []string{"citations"})) {
		r.problem("these parts of the document are not taken over: %s", strings.Join(left, ", "))
	}
}

// says tells whether a value is more than null or empty.
func says(v any) bool {
	text := jsonText(v)
	return text != "null" && text != "[]" && text != "{}" && text != `""`
}

// plainJSON reads JSON with its numbers as they are written.
func plainJSON(data []byte) any {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}

func lookup(v any, at string) any {
	if at == "" {
		return v
	}
	for key := range strings.SplitSeq(at, "/") {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// valuesAt gives the records of a place.
func valuesAt(top map[string]any, p part) []any {
	v := lookup(top, p.at)
	if !p.list {
		if !says(v) {
			return nil
		}
		return []any{v}
	}
	list, _ := v.([]any)
	return slices.DeleteFunc(slices.Clone(list), func(v any) bool { return !says(v) })
}

// modernTools makes components of the tools of versions before 1.5.
func modernTools(metadata map[string]any) {
	old, ok := metadata["tools"].([]any)
	if !ok {
		return
	}
	var list []any
	for _, v := range old {
		t, _ := v.(map[string]any)
		if t == nil {
			continue
		}
		c := map[string]any{"type": "application"}
		for key, v := range t {
			if key == "vendor" {
				key = "publisher"
			}
			c[key] = v
		}
		if name, _ := c["name"].(string); name == "" {
			c["name"] = first(textOf(c["publisher"]), "unknown")
		}
		list = append(list, c)
	}
	metadata["tools"] = map[string]any{"components": list}
}

func textOf(v any) string { s, _ := v.(string); return s }

// ours tells whether we write the value anew in every document, and reads it
// where it says something of the document.
func (r *reader) ours(at string, v any, byUs bool) bool {
	m, _ := v.(map[string]any)
	switch at {
	case "metadata/properties":
		return r.ofDocument(sbom.Property{Name: textOf(m["name"]), Value: textOf(m["value"])})
	case "metadata/tools/components":
		ref := textOf(m["bom-ref"])
		return byUs && (ref == toolRef || strings.HasPrefix(ref, collectorRef))
	case "compositions":
		aggregate := textOf(m["aggregate"])
		list, _ := m["assemblies"].([]any)
		whole := len(m) == 2 && len(list) == 1 && (textOf(list[0]) == string(r.g.Root) || textOf(list[0]) == unknownRef)
		if strings.HasPrefix(aggregate, "incomplete") && !(byUs && whole) {
			r.problem("the document says that it is not complete (%s)", aggregate)
		}
		return whole && (aggregate == "unknown" || aggregate == "incomplete") // made anew from the problems
	}
	return false
}

func (r *reader) ofDocument(p sbom.Property) bool {
	var problem sbom.Problem
	switch {
	case p.Name == carrier.Problem && json.Unmarshal([]byte(p.Value), &problem) == nil:
		r.g.Problems = append(r.g.Problems, problem)
	case p.Name == carrier.Subject:
		if it := r.byRef[p.Value]; it != nil {
			r.g.Subjects = append(r.g.Subjects, it.ID)
		}
	case strings.HasPrefix(p.Name, carrier.Record):
		record, err := carrier.ReadRecord(p, func(ref string) sbom.ID {
			if it := r.byRef[ref]; it != nil {
				return it.ID
			}
			return ""
		})
		if err != nil {
			r.problem("the property %.60q cannot be read: %v", p.Name, err)
			return true
		}
		r.g.Records = append(r.g.Records, record)
	default:
		return false
	}
	return true
}

// names collects the bom-refs inside a value.
func names(v any, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		if ref := textOf(v["bom-ref"]); ref != "" {
			into[ref] = true
		}
		for _, member := range v {
			names(member, into)
		}
	case []any:
		for _, member := range v {
			names(member, into)
		}
	}
}

func (r *reader) record(at string, v any, own map[string]bool) sbom.Record {
	refs := carrier.References(v, "", lastStep(at), func(above, key, text string) (sbom.Reference, bool) {
		it := r.byRef[text]
		if it == nil && text == r.serial {
			it = r.byRef[string(r.g.Root)] // some call the document what it describes
		}
		switch {
		case key == "bom-ref":
			return sbom.Reference{Name: text}, true
		case !schema.IsReference(above, key):
			return sbom.Reference{}, false
		case it != nil && text != "":
			return sbom.Reference{Node: it.ID}, true
		}
		return sbom.Reference{Name: text}, own[text]
	})
	return sbom.Record{Part: recordPrefix + at, Value: jsonText(v), Refs: refs}
}

func lastStep(at string) string { return at[strings.LastIndexByte(at, '/')+1:] }

// timeOf is when the document says that it was made.
func timeOf(d *document) time.Time {
	var m cdx.Metadata
	_ = json.Unmarshal(d.all["metadata"], &struct {
		Timestamp *string `json:"timestamp"`
	}{&m.Timestamp})
	t, err := time.Parse(time.RFC3339, m.Timestamp)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
