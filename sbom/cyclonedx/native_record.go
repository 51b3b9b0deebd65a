package cyclonedx

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx/internal/xmlform"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// placed is a record that has a native place in the document.
type placed struct {
	part
	value any
	names []string // references to names inside the records
	key   string   // of a value of a component
	owner sbom.ID  // which this is
}

// place sorts the records: those that the version has a place for, with their
// references written, and those that go to carriers.
func (e *encoder) place() (native []placed) {
	defer e.regain()
	renamed := e.rename()
	single, parts := map[string]bool{}, map[string]int{}
	for _, r := range e.Graph.Records {
		parts[r.Part]++
	}
	said := plainJSON([]byte(jsonText(map[string]any{"metadata": e.stated()})))
	var records []sbom.Record
	for _, r := range e.Graph.Records {
		p, ok := e.native1(r, renamed)
		if slices.ContainsFunc(valuesAt(said.(map[string]any), p.part), func(v any) bool { return ok && reflect.DeepEqual(v, p.value) }) {
			continue // the caller says it too
		}
		several := !p.list && p.owner == "" && parts[r.Part] > 1 // of documents that were merged: none is that of all
		if once := p.at + "\x00" + string(p.owner); !ok || several || !p.list && single[once] || e.complete(p) {
			e.rest = append(e.rest, r)
			continue
		} else {
			single[once] = true
		}
		native, records = append(native, p), append(records, r)
	}
	return e.ofComponents(e.anchored(native, records))
}

// anchored keeps the records whose references to names lead to what is there.
func (e *encoder) anchored(native []placed, records []sbom.Record) ([]placed, []sbom.Record) {
	defined := map[string]int{} // how many records give a name
	users := map[string][]int{}
	gives := make([][]string, len(native))
	for i, p := range native {
		own := map[string]bool{}
		names(p.value, own)
		for name := range own {
			defined[name]++
			gives[i] = append(gives[i], name)
		}
		for _, name := range p.names {
			users[name] = append(users[name], i)
		}
	}
	out := make([]bool, len(native))
	var loose []int
	for i, p := range native {
		if !slices.ContainsFunc(p.names, func(name string) bool { return defined[name] == 0 }) {
			continue
		}
		out[i], loose = true, append(loose, i)
	}
	for len(loose) > 0 {
		i := loose[len(loose)-1]
		loose = loose[:len(loose)-1]
		for _, name := range gives[i] {
			if defined[name]--; defined[name] > 0 {
				continue
			}
			for _, user := range users[name] {
				if !out[user] {
					out[user], loose = true, append(loose, user)
				}
			}
		}
	}
	var kept []placed
	var keptRecords []sbom.Record
	for i, p := range native {
		if out[i] {
			e.rest = append(e.rest, records[i])
		} else {
			kept, keptRecords = append(kept, p), append(keptRecords, records[i])
		}
	}
	return kept, keptRecords
}

// ofComponents takes the values of components out of the list.
func (e *encoder) ofComponents(list []placed, records []sbom.Record) (others []placed) {
	for i, p := range list {
		if p.owner == "" {
			others = append(others, p)
			continue
		}
		key := p.key
		e.graft(p.owner, key, p.value)
		if e.graftOf[p.owner] == nil {
			e.graftOf[p.owner] = map[string]sbom.Record{}
		}
		e.graftOf[p.owner][key] = records[i]
	}
	return others
}

const toolsPart = "metadata/tools/components"

// oldTool makes of a component the tool of versions before 1.5.
func oldTool(v any) any {
	c, _ := v.(map[string]any)
	t := map[string]any{}
	for key, v := range c {
		switch key {
		case "type":
		case "publisher":
			t["vendor"] = v
		default:
			t[key] = v
		}
	}
	return t
}

// complete tells whether the value is the composition that we write anyway.
func (e *encoder) complete(p placed) bool {
	if p.at != "compositions" {
		return false
	}
	for _, c := range each(e.compositions()) {
		if reflect.DeepEqual(plainJSON([]byte(jsonText(c))), p.value) {
			return true
		}
	}
	return false
}

// rename gives each name inside records a reference that nothing else has.
func (e *encoder) rename() map[string]string {
	renamed := map[string]string{}
	for _, r := range e.Graph.Records {
		for _, ref := range r.Refs {
			if ref.Name == "" || renamed[ref.Name] != "" || lastStep(ref.At) != "bom-ref" {
				continue
			}
			name := strings.Map(printable, ref.Name)
			if strings.HasPrefix(name, "urn:cdx:") || strings.HasPrefix(name, collectorRef) {
				name = "ref:" + name
			}
			for e.taken[name] {
				name += "+"
			}
			e.taken[name] = true
			renamed[ref.Name] = name
		}
	}
	return renamed
}

// native1 writes the references of a record and asks whether the version takes it.
func (e *encoder) native1(r sbom.Record, renamed map[string]string) (placed, bool) {
	p := e.partOf(r)
	if p.at == "" || p.value == nil {
		return p, false
	}
	defines, written, ok := e.refer(&p, r, renamed)
	if ok && p.key != "" {
		box, _ := p.value.(map[string]any)
		p.value = box["value"]
		ok = p.value != nil && e.Node[p.owner] != nil && e.recordOf(e.Node[p.owner])+p.key == r.Part
	}
	if !ok || p.at == "metadata/supplier" && e.meta.Supplier != (sbom.Party{}) || e.hasLoose(p, written) || !e.takes(p) {
		return p, false
	}
	for _, name := range defines {
		e.defined[name] = true
	}
	return p, true
}

// partOf finds the place of a record; none where the format has none.
func (e *encoder) partOf(r sbom.Record) placed {
	at, ok := strings.CutPrefix(r.Part, recordPrefix)
	p := placed{value: plainJSON([]byte(r.Value))}
	if !ok {
		return p
	}
	for _, known := range recordParts {
		if known.at == at {
			p.part = known
		}
	}
	if at == toolsPart && !e.since(cdx.SpecVersion1_5) {
		p.part, p.value = part{"metadata/tools", true}, oldTool(p.value)
	}
	for _, of := range []string{componentPart, servicePart} {
		if key, ok := strings.CutPrefix(r.Part, of); ok && !fixed[key] {
			p.at, p.key = at, key
		}
	}
	return p
}

// refer writes the references; defines are the names that the record gives.
func (e *encoder) refer(p *placed, r sbom.Record, renamed map[string]string) (defines []string, written map[string]bool, ok bool) {
	written = map[string]bool{}
	for _, ref := range r.Refs {
		if p.key != "" && ref.At == "/of" {
			p.owner = ref.Node
			continue
		}
		to := e.refs[ref.Node]
		if ref.Name != "" {
			to = renamed[ref.Name]
		}
		if ref.Name != "" && lastStep(ref.At) == "bom-ref" {
			for (e.Source == nil || p.at != "formulation") && (e.defined[to] || slices.Contains(defines, to)) {
				to += "+" // the input calls two things the same
			}
			defines = append(defines, to)
		} else if ref.Name != "" {
			p.names = append(p.names, to)
		}
		if to == "" || !carrier.Set(p.value, ref.At, to) {
			return nil, nil, false
		}
		written[to] = true
	}
	return defines, written, true
}

// hasLoose tells whether the value has references to nothing that the document
// must not have. Those that are only noted stay in the words of one document.
func (e *encoder) hasLoose(p placed, written map[string]bool) bool {
	return len(carrier.References(plainJSON([]byte(jsonText(p.value))), "", lastStep(p.at), func(above, key, text string) (sbom.Reference, bool) {
		loose := schema.IsReference(above, key) && (e.Source == nil || schema.MustLead(above, key))
		return sbom.Reference{}, loose && !strings.HasPrefix(text, "urn:cdx:") && !written[text]
	})) > 0
}

// takes tells whether the version has room for the value at its place.
func (e *encoder) takes(p placed) bool {
	place := p.at
	if p.key != "" {
		place = e.placeOf(e.Node[p.owner]) + p.key
	}
	if p.list {
		place += "/*"
	}
	return schema.ValidPart(e.version.String(), place, []byte(jsonText(p.value))) && (!e.xml || e.survivesXML(place, p.value))
}

// survivesXML tells whether the value is the same on its way through XML.
func (e *encoder) survivesXML(place string, value any) bool {
	doc, _ := wrapped(place, value).(map[string]any)
	doc["bomFormat"], doc["specVersion"], doc["version"] = "CycloneDX", e.version.String(), 1
	data, left, err := xmlform.ToXML([]byte(jsonText(doc)), false)
	if err != nil || len(left) > 0 || !schema.ValidXML(e.version.String(), data) {
		return false
	}
	back, left, err := xmlform.ToJSON(data)
	if err != nil || len(left) > 0 {
		return false
	}
	v, there := dig(plainJSON(back), strings.Split(place, "/"))
	return there && sameJSON(v, value)
}

// sameJSON compares values; numbers by what they are.
func sameJSON(a, b any) bool {
	var x, y any
	return json.Unmarshal([]byte(jsonText(a)), &x) == nil && json.Unmarshal([]byte(jsonText(b)), &y) == nil && reflect.DeepEqual(x, y)
}

// dig follows keys; "*" is the one element of a list.
func dig(v any, steps []string) (any, bool) {
	for _, step := range steps {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			if step != "*" || len(at) != 1 {
				return nil, false
			}
			v = at[0]
		default:
			return nil, false
		}
	}
	return v, v != nil
}

// wrapped gives the document that has nothing but the value, and what must stand
// beside it in a component.
func wrapped(place string, v any) any {
	steps := strings.Split(place, "/")
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i] == "*" {
			v = []any{v}
			continue
		}
		m := map[string]any{steps[i]: v}
		if i == 2 && steps[0] == "components" {
			m["type"], m["name"] = "library", "x"
			if steps[i] == "versionRange" {
				m["isExternal"] = true
			} else {
				m["version"] = "1"
			}
		} else if i == 2 && steps[0] == "services" {
			m["name"] = "x"
		}
		v = m
	}
	return v
}
