package spdx

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// asFile tells whether a node that a document of SPDX 2 had for a file has all
// that the format demands of one, and nothing that it has no field for.
func asFile(n *sbom.Node) bool {
	sha1 := slices.ContainsFunc(n.Hashes, func(h sbom.Hash) bool { return h.Alg == "SHA-1" && hexDigits.MatchString(h.Value) })
	return n.Kind == sbom.KindFile && sha1 && n.Name != "" && n.Version == "" && n.Keys.PURL == "" && n.CPE == "" && len(n.Refs) == 0 &&
		n.Supplier == (sbom.Party{}) && n.Manufacturer == (sbom.Party{}) && oneProperty(n, idProperty) != ""
}

// fileOf writes a node as a file, with the annotations of a package.
func (e *encoder) fileOf(p *v2_3.Package, n *sbom.Node) map[string]any {
	var all map[string]any
	data, _ := json.Marshal(p)
	_ = json.Unmarshal(data, &all)
	f := map[string]any{"SPDXID": all["SPDXID"], "fileName": n.Name, "checksums": all["checksums"], "copyrightText": all["copyrightText"], "licenseConcluded": all["licenseConcluded"]}
	lay(f, e.fieldsOf(n, "files"))
	return f
}

// rereadFile gives what a reader finds in a file without its annotations.
func rereadFile(f map[string]any, licenses map[string]sbom.License) sbom.Component {
	var read v2_3.File
	if fenced(json.RawMessage(carrier.Text(f)), &read) != nil {
		return sbom.Component{}
	}
	return readFile(&read, licenses)
}

// withFields gives a package as the document will have it.
func withFields(p *v2_3.Package, fields map[string]any) *v2_3.Package {
	var all map[string]any
	data, err := json.Marshal(p)
	if err != nil || json.Unmarshal(data, &all) != nil {
		return p
	}
	lay(all, fields)
	var read v2_3.Package
	if fenced(json.RawMessage(carrier.Text(all)), &read) != nil {
		return nil
	}
	read.Annotations = nil
	return &read
}

// any tells whether something goes back to its native place.
func (r *restored) any() bool {
	return len(r.lists) > 0 || len(r.document) > 0 || len(r.files) > 0 || slices.ContainsFunc(r.fields, func(f map[string]any) bool { return f != nil })
}

// inject writes what is restored into the document, and keeps the order of keys.
func (r *restored) inject(data []byte) ([]byte, error) {
	top, err := members(data)
	if err != nil {
		return nil, err
	}
	for _, key := range []string{"name", "comment"} {
		if v := str(r.document[key]); v != "" {
			top = put(top, key, carrier.Text(v))
		}
	}
	if info, _ := r.document["creationInfo"].(map[string]any); info != nil {
		have, err := members(top.get("creationInfo"))
		if err != nil {
			return nil, err
		}
		for _, key := range []string{"comment", "licenseListVersion"} {
			if v := str(info[key]); v != "" {
				have = put(have, key, carrier.Text(v))
			}
		}
		top = put(top, "creationInfo", string(have.text()))
	}
	if top, err = r.packages(top); err != nil {
		return nil, err
	}
	lists := map[string][]any{"files": anyOf(r.files)}
	for name, list := range r.lists {
		lists[name] = list
	}
	for _, name := range append([]string{"files"}, recordLists...) {
		if list := lists[name]; len(list) > 0 {
			top = put(top, name, joined(top.get(name), list))
		}
	}
	return top.text(), nil
}

func anyOf(list []map[string]any) []any {
	var all []any
	for _, v := range list {
		all = append(all, v)
	}
	return all
}

// joined is a list in JSON with more elements.
func joined(list []byte, more []any) string {
	have := bytes.TrimSuffix(bytes.TrimSpace(list), []byte("]"))
	text := carrier.Text(more)
	if len(bytes.TrimSpace(have)) <= 1 {
		return text
	}
	return string(have) + "," + text[1:]
}

// packages lays the fields over the packages.
func (r *restored) packages(top ordered) (ordered, error) {
	var list []json.RawMessage
	if raw := top.get("packages"); raw == nil || json.Unmarshal(raw, &list) != nil {
		return top, nil
	}
	for i, fields := range r.fields {
		if fields == nil {
			continue
		}
		p, err := members(list[i])
		if err != nil {
			return nil, err
		}
		var all map[string]any
		if err := json.Unmarshal(list[i], &all); err != nil {
			return nil, err
		}
		lay(all, fields)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			p = put(p, name, carrier.Text(all[name]))
		}
		list[i] = p.text()
	}
	var b bytes.Buffer
	for i, raw := range list {
		b.WriteByte("[,"[min(i, 1)])
		b.Write(raw)
	}
	b.WriteByte(']')
	return put(top, "packages", b.String()), nil
}

// ordered is an object of JSON whose keys keep their order.
type ordered []member

type member struct {
	key   string
	value json.RawMessage
}

func members(data []byte) (ordered, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var o ordered
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: key.(string)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, err
		}
		o = append(o, m)
	}
	return o, nil
}

func (o ordered) get(key string) []byte {
	for _, m := range o {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// put sets a value where the key is, or at the end.
func put(o ordered, key, value string) ordered {
	for i := range o {
		if o[i].key == key {
			o[i].value = json.RawMessage(value)
			return o
		}
	}
	return append(o, member{key, json.RawMessage(value)})
}

func (o ordered) text() []byte {
	var b bytes.Buffer
	for i, m := range o {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(carrier.Text(m.key))
		b.WriteByte(':')
		b.Write(m.value)
	}
	if len(o) == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes()
}
