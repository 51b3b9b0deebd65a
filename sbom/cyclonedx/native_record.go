package cyclonedx

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// placed is a record that has a native place in the document.
type placed struct {
	part
	value any
	names []string // references to names inside the records
}

// place sorts the records: those that the version has a place for, with their
// references written, and those that go to carriers.
func (e *encoder) place() (native []placed, rest []sbom.Record) {
	renamed := e.rename()
	single := map[string]bool{}
	said := plainJSON([]byte(jsonText(map[string]any{"metadata": e.stated()})))
	var records []sbom.Record
	for _, r := range e.Graph.Records {
		p, ok := e.native1(r, renamed)
		if slices.ContainsFunc(valuesAt(said.(map[string]any), p.part), func(v any) bool { return ok && reflect.DeepEqual(v, p.value) }) {
			continue // the caller says it too
		}
		if !ok || !p.list && single[p.at] {
			rest = append(rest, r)
			continue
		}
		single[p.at] = true
		native, records = append(native, p), append(records, r)
	}
	for { // a reference must lead to what is there
		defined := map[string]bool{}
		for _, p := range native {
			names(p.value, defined)
		}
		kept, keptRecords := native[:0:0], records[:0:0]
		for i, p := range native {
			if allIn(p.names, defined) {
				kept, keptRecords = append(kept, p), append(keptRecords, records[i])
			} else {
				rest = append(rest, records[i])
			}
		}
		if len(kept) == len(native) {
			return native, rest
		}
		native, records = kept, keptRecords
	}
}

func allIn(list []string, set map[string]bool) bool {
	for _, s := range list {
		if !set[s] {
			return false
		}
	}
	return true
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
	at, ok := strings.CutPrefix(r.Part, recordPrefix)
	p := placed{value: plainJSON([]byte(r.Value))}
	for _, known := range recordParts {
		if known.at == at {
			p.part = known
		}
	}
	if !ok || p.at == "" || p.value == nil {
		return p, false
	}
	var defines []string
	written := map[string]bool{}
	for _, ref := range r.Refs {
		to := e.refs[ref.Node]
		if ref.Name != "" {
			to = renamed[ref.Name]
			if lastStep(ref.At) == "bom-ref" {
				for e.defined[to] || slices.Contains(defines, to) {
					to += "+" // the input calls two things the same
				}
				defines = append(defines, to)
			} else {
				p.names = append(p.names, to)
			}
		}
		if to == "" || !carrier.Set(p.value, ref.At, to) {
			return p, false
		}
		written[to] = true
	}
	if p.at == "metadata/supplier" && e.meta.Supplier != (sbom.Party{}) {
		return p, false
	}
	loose := carrier.References(plainJSON([]byte(jsonText(p.value))), "", lastStep(p.at), func(above, key, text string) (sbom.Reference, bool) {
		return sbom.Reference{}, schema.IsReference(above, key) && !strings.HasPrefix(text, "urn:cdx:") && !written[text]
	})
	if len(loose) > 0 {
		return p, false
	}
	place := p.at
	if p.list {
		place += "/*"
	}
	if !schema.ValidPart(e.version.String(), place, []byte(jsonText(p.value))) {
		return p, false
	}
	if e.xml && !e.survivesXML(p) {
		return p, false
	}
	for _, name := range defines {
		e.defined[name] = true
	}
	return p, true
}

// wrapped gives the document that has nothing but the value.
func wrapped(p placed) any {
	v := p.value
	if p.list {
		v = []any{v}
	}
	steps := strings.Split(p.at, "/")
	for i := len(steps) - 1; i >= 0; i-- {
		v = map[string]any{steps[i]: v}
	}
	return v
}

// inject puts the records into a document in JSON, and keeps the order of keys.
func inject(data []byte, list []placed) ([]byte, error) {
	byPart := map[string][]any{}
	for _, p := range list {
		byPart[p.at] = append(byPart[p.at], p.value)
	}
	for _, p := range recordParts {
		values := byPart[p.at]
		if len(values) == 0 {
			continue
		}
		var add json.RawMessage
		if p.list {
			add = json.RawMessage(jsonText(values))
		} else {
			add = json.RawMessage(jsonText(values[0]))
		}
		var err error
		if data, err = put(data, strings.Split(p.at, "/"), add); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// member is a key of an object with its value.
type member struct {
	key   string
	value json.RawMessage
}

func members(data []byte) (list []member, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err = dec.Token(); err != nil {
		return nil, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: key.(string)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// put adds a value to an object: a list grows, a value that is there stays.
func put(data []byte, steps []string, add json.RawMessage) ([]byte, error) {
	list, err := members(data)
	if err != nil {
		return nil, err
	}
	at := -1
	for i, m := range list {
		if m.key == steps[0] {
			at = i
		}
	}
	if at < 0 {
		at = len(list)
		list = append(list, member{key: steps[0], value: json.RawMessage("{}")})
		if len(steps) == 1 {
			list[at].value = nil
		}
	}
	switch old := bytes.TrimSpace(list[at].value); {
	case len(steps) > 1:
		if list[at].value, err = put(old, steps[1:], add); err != nil {
			return nil, err
		}
	case len(old) == 0:
		list[at].value = add
	case old[0] == '[' && len(add) > 2:
		list[at].value = bytes.Join([][]byte{old[:len(old)-1], add[1:]}, []byte(","))
	}
	var b bytes.Buffer
	for i, m := range list {
		if i == 0 {
			b.WriteByte('{')
		} else {
			b.WriteByte(',')
		}
		b.WriteString(jsonText(m.key))
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
