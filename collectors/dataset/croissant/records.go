package croissant

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
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
	node   *jsonld.Value
	id     string          // its @id, else its name
	name   string          // its name, else its @id
	splits bool            // it lists the splits of others
	rows   []*jsonld.Value // of inline data, as many as can be classes
	fields []field
}

// field is one column, or a part of one.
type field struct {
	node  *jsonld.Value
	label string // its name without that of the record set: "box/left" for a part
	parts bool   // it has parts
	notes bool   // it annotates the field or the record that it stands in
}

// readRecordSets lists the tables with their fields.
func (d *document) readRecordSets() []*recordSet {
	nodes := d.Nodes(d.node, "recordset")
	if len(nodes) > maxRecordSets {
		d.problem(d.node.Line, "the dataset has %d record sets; only the first %d are read", len(nodes), maxRecordSets)
		nodes = nodes[:maxRecordSets]
	}
	var list []*recordSet
	seen := map[*jsonld.Value]bool{}
	for _, n := range nodes {
		if !isObject(n) {
			d.problem(n.Line, "the dataset lists %s, which is no record set", quoted(jsonld.Literal(n)))
			continue
		}
		r := &recordSet{node: n, id: d.ID(n)}
		r.name, _ = d.Text(n, "name")
		if r.id == "" {
			r.id = r.name
		}
		if r.name == "" {
			r.name = r.id
		}
		for _, t := range d.All(n, "datatype") {
			if _, name, ok := d.Split(t, d.Ref(t)); ok && name == "Split" {
				r.splits = true
			}
		}
		if rows := d.All(n, "data"); !r.splits && len(rows) > 0 && len(d.inline) < maxEnumerations {
			r.rows = rows[:min(len(rows), maxLabels)]
			d.inline = append(d.inline, r)
		}
		d.readFields(r, d.Nodes(n, "field"), "", seen, 0)
		d.readNotes(r, n, "", seen, 0)
		list = append(list, r)
	}
	return list
}

// label gives a field's name without that of its record set.
func (r *recordSet) label(d *document, field *jsonld.Value) string {
	name, _ := d.Text(field, "name")
	if name == "" {
		name = d.ID(field)
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
func (d *document) readFields(r *recordSet, nodes []*jsonld.Value, parent string, seen map[*jsonld.Value]bool, depth int) {
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
		parts := d.Nodes(n, "subfield")
		r.fields = append(r.fields, field{node: n, label: label, parts: len(parts) > 0})
		d.readFields(r, parts, label, seen, depth+1)
		d.readNotes(r, n, label, seen, depth+1)
	}
}

// readNotes adds the annotations of a field or a record set (1.1), which are fields
// with values of their own.
func (d *document) readNotes(r *recordSet, of *jsonld.Value, label string, seen map[*jsonld.Value]bool, depth int) {
	from := len(r.fields)
	d.readFields(r, d.Nodes(of, "annotation"), label, seen, depth)
	for i := from; i < len(r.fields); i++ {
		r.fields[i].notes = true
	}
}

// records makes features of the fields, and splits of the record sets that list
// splits.
func (s *draft) records() {
	users := splitUsers(s.doc)
	for i, r := range s.doc.sets {
		s.about("record-set", r.name, r.node)
		if r.splits {
			s.splits(r, users[i])
			continue
		}
		s.features(r)
		var keys []string
		for _, k := range s.Doc.All(r.node, "key") {
			keys = append(keys, strings.TrimPrefix(s.Doc.Ref(k), r.id+"/"))
		}
		if len(keys) > 0 && r.name != "" {
			s.Property("key", r.name+": "+strings.Join(keys, ", "), r.node.Line)
		}
	}
}

// features adds the fields.
func (s *draft) features(r *recordSet) {
	d := s.Section()
	for _, f := range r.fields {
		if f.label == "" || strings.HasSuffix(f.label, "/") {
			continue
		}
		x := sbom.Feature{Config: markdown.Clip(r.name, maxWord), Name: f.label, Type: s.typeOf(f), Labels: s.labels(f)}
		if text, _ := s.Doc.Text(f.node, "description"); !card.Placeholder(text) && text != f.label {
			x.Description = markdown.Clip(datadesc.Tidy(text), maxWord)
		}
		d.Features = append(d.Features, x)
		s.Mark("dataset.features", f.node.Line)
		name := r.name + "/" + f.label
		for _, v := range s.Doc.All(f.node, "references") {
			if to := s.doc.sourceID(v); to != "" && len(to) <= maxWord {
				s.Property("reference", name+" -> "+to, f.node.Line)
			}
		}
		for _, v := range s.Doc.All(f.node, "equivalentproperty") {
			s.Property("equivalent-property", name+" = "+s.Doc.Compact(v, s.Doc.Ref(v)), v.Line)
		}
		for _, v := range s.Doc.All(f.node, "value") {
			s.Property("value", name+" = "+s.Words(v), v.Line)
		}
		if f.notes {
			s.Property("annotation", name, f.node.Line)
		}
	}
	if n := len(s.Doc.All(r.node, "data")); n > 0 {
		s.Property("inline-rows", r.name+": "+strconv.Itoa(n), r.node.Line)
	}
}

const (
	maxLabels       = 1000 // of one field
	maxEnumerations = 500  // record sets with inline data
)

// labels gives the classes of a field that refers to a record set with inline data:
// the values of the column that it refers to, or of the column of names beside one
// of numbers.
func (s *draft) labels(f field) []string {
	var list []string
	for _, v := range s.Doc.All(f.node, "references") {
		to := s.doc.sourceID(v)
		set, column := s.doc.enumeration(to)
		if set == nil {
			continue
		}
		for _, row := range set.rows {
			if len(list) >= maxLabels {
				return list
			}
			if text := className(row, to, column); text != "" && len(text) <= maxWord {
				list = append(list, text)
			}
		}
	}
	return list
}

// enumeration finds the record set with inline data that an id leads to, and the
// column in it.
func (d *document) enumeration(to string) (*recordSet, string) {
	for _, r := range d.inline {
		if column, ok := strings.CutPrefix(to, r.id+"/"); ok || to == r.id {
			return r, column
		}
	}
	return nil, ""
}

// className is the name of the class that one row of an enumeration tells.
func className(row *jsonld.Value, id, column string) string {
	value := row.Get(id)
	if value == nil {
		value = row.Get(column)
	}
	if value == nil || value.Is(jsonlines.Number) {
		for _, m := range members(row) {
			switch m.Key[strings.LastIndex(m.Key, "/")+1:] {
			case "name", "label", "value", "class_name":
				if text := str(m.Value); text != "" {
					return text
				}
			}
		}
	}
	return jsonld.Literal(value)
}

// typeOf gives a field's type: "sc:Text", "list<sc:Integer>",
// "array<sc:Float>[3,4]"; a field of parts without a type is a "struct".
func (s *draft) typeOf(of field) string {
	f := of.node
	var types []string
	for _, v := range s.Doc.All(f, "datatype") {
		if t := s.Doc.Compact(v, s.Doc.Ref(v)); t != "" && len(t) <= maxWord {
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
	repeated, _ := s.Doc.Text(f, "repeated")
	array, _ := s.Doc.Text(f, "isarray")
	shape, _ := s.Doc.Text(f, "arrayshape")
	switch {
	case strings.EqualFold(array, "true") && shape != "" && len(shape) <= maxWord:
		return "array<" + t + ">[" + strings.Trim(shape, "()") + "]"
	case strings.EqualFold(array, "true") || strings.EqualFold(repeated, "true"):
		return "list<" + t + ">"
	}
	return t
}

// sourceID gives the id that a source or a reference leads to.
func (d *document) sourceID(v *jsonld.Value) string {
	if isText(v) {
		return d.Ref(v)
	}
	for _, inner := range d.All(v, "field", "fileobject", "fileset", "recordset", "distribution") {
		return d.Ref(inner)
	}
	return d.Ref(v)
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
			for _, v := range d.All(f.node, "references") {
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
	d := s.Section()
	for _, row := range s.Doc.All(r.node, "data") {
		name := splitName(row)
		for _, config := range users {
			if name != "" && len(name) <= maxWord && len(config) <= maxWord && len(d.Splits) < maxSplits {
				d.Splits = append(d.Splits, sbom.Split{Config: config, Name: name})
				s.Mark("dataset.splits", row.Line)
			}
		}
	}
}

// splitName is the name in a row {"default_splits/split_name": "train"}; the
// other column of such rows is the address of a definition.
func splitName(row *jsonld.Value) string {
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
