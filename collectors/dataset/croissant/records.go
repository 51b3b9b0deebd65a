package croissant

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the record sets of one dataset.
const (
	maxRecordSets = 5000
	maxFeatures   = 20000
	maxSplits     = 20000
	maxSubfields  = 8 // levels
)

// recordSet is one table of the dataset.
type recordSet struct {
	node   *jsonlines.Value
	id     string // its @id, else its name
	name   string // its name, else its @id
	splits bool   // it lists the splits of others
	fields []field
}

// field is one column, or a part of one.
type field struct {
	node  *jsonlines.Value
	label string // its name without that of the record set: "box/left" for a part
	parts bool   // it has parts
}

// readRecordSets lists the tables with their fields.
func (d *document) readRecordSets() []*recordSet {
	nodes := d.nodes(d.node, "recordset")
	if len(nodes) > maxRecordSets {
		d.problem(d.node.Line, "the dataset has %d record sets; only the first %d are read", len(nodes), maxRecordSets)
		nodes = nodes[:maxRecordSets]
	}
	var list []*recordSet
	seen := map[*jsonlines.Value]bool{}
	for _, n := range nodes {
		if !isObject(n) {
			d.problem(n.Line, "the dataset lists %s, which is no record set", quoted(literal(n)))
			continue
		}
		r := &recordSet{node: n, id: str(n.Get("@id"))}
		r.name, _ = d.text(n, "name")
		if r.id == "" {
			r.id = r.name
		}
		if r.name == "" {
			r.name = r.id
		}
		for _, t := range d.all(n, "datatype") {
			if _, name, ok := d.split(d.ref(t)); ok && name == "Split" {
				r.splits = true
			}
		}
		d.readFields(r, d.nodes(n, "field"), "", seen, 0)
		list = append(list, r)
	}
	return list
}

// label gives a field's name without that of its record set.
func (r *recordSet) label(d *document, field *jsonlines.Value) string {
	name, _ := d.text(field, "name")
	if name == "" {
		name = str(field.Get("@id"))
	}
	for _, prefix := range []string{r.id, r.name} {
		if rest, ok := strings.CutPrefix(name, prefix+"/"); ok && prefix != "" && rest != "" {
			return rest
		}
	}
	return name
}

// readFields adds the fields and their parts. References can make a ring, so a
// node counts once.
func (d *document) readFields(r *recordSet, nodes []*jsonlines.Value, parent string, seen map[*jsonlines.Value]bool, depth int) {
	for _, n := range nodes {
		label := r.label(d, n)
		switch {
		case !isObject(n):
			d.problem(n.Line, "a field of record set %s is no object", quoted(r.name))
			continue
		case seen[n]:
			d.problem(n.Line, "field %s stands in several places", quoted(label))
			continue
		case len(label) > maxWord || depth > maxSubfields || len(seen) >= maxFeatures:
			d.problem(n.Line, "field %s is not read: its name is too long, it lies too deep or there are too many", quoted(label))
			continue
		}
		seen[n] = true
		if parent != "" && !strings.HasPrefix(label, parent+"/") {
			label = parent + "/" + label
		}
		parts := d.nodes(n, "subfield")
		r.fields = append(r.fields, field{n, label, len(parts) > 0})
		d.readFields(r, parts, label, seen, depth+1)
	}
}

// records makes features of the fields, and splits of the record sets that list
// splits.
func (s *draft) records() {
	users := splitUsers(s.doc)
	for i, r := range s.doc.sets {
		if r.splits {
			s.splits(r, users[i])
			continue
		}
		s.features(r)
		var keys []string
		for _, k := range s.doc.all(r.node, "key") {
			keys = append(keys, strings.TrimPrefix(s.doc.ref(k), r.id+"/"))
		}
		if len(keys) > 0 && r.name != "" {
			s.property("key", r.name+": "+strings.Join(keys, ", "), r.node.Line)
		}
	}
}

// features adds the fields.
func (s *draft) features(r *recordSet) {
	d := s.section()
	for _, f := range r.fields {
		if f.label == "" || strings.HasSuffix(f.label, "/") {
			continue
		}
		d.Features = append(d.Features, sbom.Feature{Config: markdown.Clip(r.name, maxWord), Name: f.label, Type: s.typeOf(f)})
		s.mark("dataset.features", f.node.Line)
		for _, v := range s.doc.all(f.node, "references") {
			if to := s.doc.sourceID(v); to != "" && len(to) <= maxWord {
				s.property("reference", r.name+"/"+f.label+" -> "+to, f.node.Line)
			}
		}
	}
}

// typeOf gives a field's type: "sc:Text", "list<sc:Integer>",
// "array<sc:Float>[3,4]"; a field of parts without a type is a "struct".
func (s *draft) typeOf(of field) string {
	f := of.node
	var types []string
	for _, v := range s.doc.all(f, "datatype") {
		if t := s.doc.compact(s.doc.ref(v)); t != "" && len(t) <= maxWord {
			types = append(types, t)
			if base, ok := strings.CutPrefix(strings.ToLower(t), "sc:"); ok && strings.HasSuffix(base, "object") {
				s.modality(base, v.Line)
			}
		}
	}
	t := strings.Join(types, ", ")
	if t == "" && of.parts {
		t = "struct"
	}
	repeated, _ := s.doc.text(f, "repeated")
	array, _ := s.doc.text(f, "isarray")
	shape, _ := s.doc.text(f, "arrayshape")
	switch {
	case strings.EqualFold(array, "true") && shape != "" && len(shape) <= maxWord:
		return "array<" + t + ">[" + shape + "]"
	case strings.EqualFold(array, "true") || strings.EqualFold(repeated, "true"):
		return "list<" + t + ">"
	}
	return t
}

// sourceID gives the id that a source or a reference leads to.
func (d *document) sourceID(v *jsonlines.Value) string {
	if isText(v) {
		return d.ref(v)
	}
	for _, inner := range d.all(v, "field", "fileobject", "fileset", "recordset", "distribution") {
		return d.ref(inner)
	}
	return d.ref(v)
}

// splitUsers tells, by the index of a record set that lists splits, the names
// of the record sets with a field that refers to it.
func splitUsers(d *document) map[int][]string {
	at := map[string]int{}
	for i, r := range d.sets {
		if r.splits {
			at[r.id], at[r.name] = i, i
		}
	}
	users := map[int][]string{}
	for _, r := range d.sets {
		for _, f := range r.fields {
			for _, v := range d.all(f.node, "references") {
				to, _, _ := strings.Cut(d.sourceID(v), "/")
				whole := d.sourceID(v)
				i, ok := at[to]
				if !ok && strings.Contains(whole, "/") {
					i, ok = at[whole[:strings.LastIndex(whole, "/")]]
				}
				if n := users[i]; ok && (len(n) == 0 || n[len(n)-1] != r.name) {
					users[i] = append(n, r.name)
				}
			}
		}
	}
	return users
}

// splits reads the rows of a record set that lists splits, once for each of its
// users.
func (s *draft) splits(r *recordSet, users []string) {
	if len(users) == 0 {
		users = []string{""}
	}
	d := s.section()
	for _, row := range s.doc.all(r.node, "data") {
		name := splitName(row)
		for _, config := range users {
			if name != "" && len(name) <= maxWord && len(config) <= maxWord && len(d.Splits) < maxSplits {
				d.Splits = append(d.Splits, sbom.Split{Config: config, Name: name})
				s.mark("dataset.splits", row.Line)
			}
		}
	}
}

// splitName is the name in a row {"default_splits/split_name": "train"}; the
// other column of such rows is the address of a definition.
func splitName(row *jsonlines.Value) string {
	for _, m := range members(row) {
		key := m.Key[strings.LastIndex(m.Key, "/")+1:]
		if (key == "name" || key == "split_name" || key == "split") && str(m.Value) != "" {
			return str(m.Value)
		}
	}
	for _, m := range members(row) {
		if text := str(m.Value); text != "" && !strings.Contains(text, ":") {
			return text
		}
	}
	return ""
}
