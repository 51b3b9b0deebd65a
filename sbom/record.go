package sbom

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Record is a statement of a document that the vocabulary has no field for, in
// the words of the document's format: a vulnerability, an annotation, a
// composition, a workflow. It stays what it is through every merge, and its
// references follow the components that they name.
type Record struct {
	// Part is the format and the place: "cyclonedx:vulnerabilities",
	// "cyclonedx:declarations/claims", "spdx:snippets".
	Part string `json:"part"`
	// Value is one JSON value with sorted keys; the texts at Refs are empty.
	Value string      `json:"value"`
	Refs  []Reference `json:"refs,omitempty"` // by At
}

// Reference is a text in a Record that names a component or, where Name is set,
// something inside the records.
type Reference struct {
	At   string `json:"at"` // JSON pointer (RFC 6901) into Value
	Name string `json:"name,omitempty"`
	Node ID     `json:"node,omitempty"`
	// Kind and Keys know the component again where its id has changed; a graph
	// leaves them out.
	Kind Kind   `json:"kind,omitempty"`
	Keys Keys   `json:"keys,omitzero"`
	Of   string `json:"of,omitempty"`   // without keys: the component's name
	Path string `json:"path,omitempty"` // and where it was seen
}

func compareRecords(a, b Record) int {
	return cmp.Or(strings.Compare(a.Part, b.Part), strings.Compare(a.Value, b.Value), slices.CompareFunc(a.Refs, b.Refs, compareReferences))
}

func compareReferences(a, b Reference) int {
	return cmp.Or(strings.Compare(a.At, b.At), strings.Compare(a.Name, b.Name), strings.Compare(string(a.Node), string(b.Node)))
}

// records resolves the references and drops doubles. A reference to what is not
// in the graph keeps the id as its name.
func (g *Graph) records(list []Record) {
	if len(list) == 0 {
		return
	}
	index := g.keyIndex()
	for _, r := range list {
		refs := slices.Clone(r.Refs)
		for i := range refs {
			refs[i] = g.resolve(refs[i], index)
		}
		r.Refs = refs
		g.Records = append(g.Records, r)
	}
	unify(g.Records)
	g.Records = slices.CompactFunc(sorted(g.Records, compareRecords), func(a, b Record) bool { return compareRecords(a, b) == 0 })
}

// unify gives records that say the same, but for what they call themselves, one
// name: the first of them. Where that makes others the same, these too, so that
// the order in which documents are joined does not matter.
func unify(list []Record) {
	same := make([]string, len(list)) // what a record says, but for its own name and those of others
	for i := range list {
		same[i] = list[i].Part + "\x00" + withoutName(list[i].Value)
	}
	for range maxUnified {
		names := map[string]string{} // of what is said
		said := make([]string, len(list))
		for i := range list {
			said[i] = same[i] + "\x00" + string(jsonOf(slices.DeleteFunc(slices.Clone(list[i].Refs), isOwnName)))
			if name := list[i].name(); name != "" && (names[said[i]] == "" || name < names[said[i]]) {
				names[said[i]] = name
			}
		}
		renamed := map[string]string{}
		for i := range list {
			switch name, to := list[i].name(), names[said[i]]; {
			case to == "" || name == to:
			case name == "":
				list[i].Value = withName(list[i].Value)
				list[i].Refs = sorted(append(list[i].Refs, Reference{At: ownName, Name: to}), compareReferences)
			default:
				renamed[name] = to
			}
		}
		if len(renamed) == 0 {
			return
		}
		for i := range list {
			for j, ref := range list[i].Refs {
				if to := renamed[ref.Name]; to != "" {
					list[i].Refs[j].Name = to
				}
			}
		}
	}
}

// maxUnified bounds how deep statements can speak of statements and be one.
const maxUnified = 64

const ownName = "/bom-ref" // where a record says what it is called

func isOwnName(r Reference) bool { return r.At == ownName && r.Name != "" }

// name is what the record calls itself.
func (r Record) name() string {
	for _, ref := range r.Refs {
		if isOwnName(ref) {
			return ref.Name
		}
	}
	return ""
}

// withoutName drops the place of the name from an object.
func withoutName(value string) string {
	m := objectOf(value)
	if m == nil || m[ownName[1:]] == nil {
		return value
	}
	delete(m, ownName[1:])
	return string(jsonOf(m))
}

// withName gives an object the place of a name.
func withName(value string) string {
	m := objectOf(value)
	if m == nil {
		return value
	}
	m[ownName[1:]] = json.RawMessage(`""`)
	return string(jsonOf(m))
}

func objectOf(value string) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal([]byte(value), &m) != nil {
		return nil
	}
	return m
}

// WithoutUnusedNames drops what records call themselves where nothing refers to
// it, in a document that others never refer to.
func (r Report) WithoutUnusedNames() Report {
	used := map[string]bool{}
	for _, record := range r.Records {
		for _, ref := range record.Refs {
			used[ref.Name] = used[ref.Name] || !isOwnName(ref)
		}
	}
	r.Records = slices.Clone(r.Records)
	for i, record := range r.Records {
		if name := record.name(); name != "" && !used[name] {
			r.Records[i].Value = withoutName(record.Value)
			r.Records[i].Refs = slices.DeleteFunc(slices.Clone(record.Refs), isOwnName)
		}
	}
	return r
}

func (g *Graph) resolve(ref Reference, index map[string]ID) Reference {
	if ref.Name != "" {
		return Reference{At: ref.At, Name: ref.Name}
	}
	for _, k := range keyNames(ref.Kind, ref.Keys) {
		if id, ok := index[k]; ok {
			return Reference{At: ref.At, Node: id}
		}
	}
	if ref.Keys == (Keys{}) && ref.Kind != "" {
		ref.Node = mentionID(ref.Kind, ref.Path, ref.Of)
	}
	if g.Node(ref.Node) != nil {
		return Reference{At: ref.At, Node: ref.Node}
	}
	return Reference{At: ref.At, Name: string(ref.Node)}
}

// keyIndex knows the nodes by all their keys.
func (g *Graph) keyIndex() map[string]ID {
	index := map[string]ID{}
	for _, n := range g.Nodes {
		for _, keys := range append([]Keys{n.Keys}, n.Also...) {
			for _, k := range keyNames(n.Kind, keys) {
				if _, taken := index[k]; !taken {
					index[k] = n.ID
				}
			}
		}
	}
	return index
}

// keyNames are the keys in one space, the strongest first.
func keyNames(kind Kind, k Keys) []string {
	var names []string
	if k.PURL != "" {
		names = append(names, canonical(k.PURL))
	}
	for _, key := range [][2]string{{"sha256", k.SHA256}, {"url", k.URL}, {"path", k.Path}} {
		if key[1] != "" {
			names = append(names, class(kind)+"\x00"+key[0]+"\x00"+key[1])
		}
	}
	return names
}

// report gives the records with the keys of what they name.
func (g *Graph) recordsReport() []Record {
	var list []Record
	for _, r := range g.Records {
		r.Refs = slices.Clone(r.Refs)
		for i, ref := range r.Refs {
			if n := g.Node(ref.Node); n != nil && ref.Name == "" {
				r.Refs[i].Kind, r.Refs[i].Keys = n.Kind, n.Keys
				if n.Keys == (Keys{}) {
					r.Refs[i].Of, r.Refs[i].Path = n.Name, n.Seen[0].Path
				}
			}
		}
		list = append(list, r)
	}
	return list
}
