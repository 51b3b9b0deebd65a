package cyclonedx

import (
	"encoding/json"
	"maps"
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

// gather finds what the graph has no field for, and the names in it.
func (r *reader) gather(d *document) map[string]any {
	r.own = map[string]bool{}
	for _, it := range r.items {
		for _, l := range it.left {
			names(l.Value, r.own)
		}
	}
	rest := maps.Clone(d.all) // without what is read by other means, which is most of it
	for _, key := range []string{"components", "services", "dependencies"} {
		delete(rest, key)
	}
	top, _ := plainJSON(rawText(rest)).(map[string]any)
	if m, ok := top["metadata"].(map[string]any); ok {
		modernTools(m)
	}
	for _, p := range recordParts {
		for _, v := range valuesAt(top, p) {
			names(v, r.own)
		}
	}
	return top
}

// records takes over what gather found.
func (r *reader) records(d *document, top map[string]any) {
	if top == nil {
		return
	}
	ours := slices.ContainsFunc(valuesAt(top, part{toolsPart, true}), isOurTool)
	for _, p := range recordParts {
		for _, v := range valuesAt(top, p) {
			if !r.ours(p.at, v, ours) {
				r.g.Records = append(r.g.Records, r.record(p.at, v))
			}
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
	if slices.Sort(left); len(left) > 0 && !(ours && r.source == nil && slices.Equal(left, []string{"citations"})) {
		r.problem("these parts of the document are not taken over: %s", strings.Join(left, ", "))
	}
}

// says tells whether a value is more than null or empty.
func says(v any) bool {
	text := jsonText(v)
	return text != "null" && text != "[]" && text != "{}" && text != `""`
}

func plainJSON(data []byte) any { return carrier.Plain(data) }

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
	case "formulation":
		return r.source == nil && ownFormula(v)
	case "metadata/properties":
		return r.ofDocument(sbom.Property{Name: textOf(m["name"]), Value: textOf(m["value"])})
	case "metadata/tools/components":
		return byUs && (isOurTool(v) || strings.HasPrefix(textOf(m["bom-ref"]), collectorRef))
	case "compositions":
		aggregate := textOf(m["aggregate"])
		if byUs && r.source == nil && r.settled(aggregate, m) {
			return true // made anew from the packages
		}
		list, _ := m["assemblies"].([]any)
		whole := byUs && len(m) == 2 && len(list) == 1 && (textOf(list[0]) == string(r.g.Root) || textOf(list[0]) == unknownRef)
		if whole && r.source != nil {
			return aggregate == "incomplete" && slices.ContainsFunc(r.g.Problems, func(p sbom.Problem) bool { return !strings.HasPrefix(p.Reason, saysIncomplete) })
		}
		if strings.HasPrefix(aggregate, "incomplete") && !byUs {
			r.problem(saysIncomplete+" (%s)", aggregate)
		}
		return whole && (aggregate == "unknown" || aggregate == "incomplete") // made anew from the problems
	}
	return false
}

// settled tells whether a composition says what the packages that it lists say
// of themselves.
func (r *reader) settled(aggregate string, m map[string]any) bool {
	list, _ := m["dependencies"].([]any)
	if len(m) != 2 || len(list) == 0 {
		return false
	}
	for _, ref := range list {
		it := r.byRef[textOf(ref)]
		if it == nil || !slices.Contains(it.props, cdx.Property{Name: carrier.Field + "package.dependencies", Value: aggregate}) {
			return false
		}
	}
	return true
}

// isOurTool knows the program that wrote a document.
func isOurTool(v any) bool {
	m, _ := v.(map[string]any)
	return textOf(m["bom-ref"]) == toolRef || textOf(m["publisher"]) == oldVendor
}

func (r *reader) ofDocument(p sbom.Property) bool {
	var problem sbom.Problem
	switch {
	case p.Name == carrier.Seen:
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

func (r *reader) record(at string, v any) sbom.Record {
	refs := r.references(v, "", lastStep(at))
	return sbom.Record{Part: recordPrefix + at, Value: jsonText(v), Refs: refs}
}

// references takes the references out of a value that stands under two keys.
func (r *reader) references(v any, above, key string) []sbom.Reference {
	return carrier.References(v, above, key, func(above, key, text string) (sbom.Reference, bool) {
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
		return sbom.Reference{Name: text}, r.own[text]
	})
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
