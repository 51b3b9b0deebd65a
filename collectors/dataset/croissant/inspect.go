package croissant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

const (
	maxShown  = 200 // bytes of a name in a message
	maxJoined = 100 // sources of one record set
)

// inspect notes what the specification demands and the document lacks, as far
// as it stands in the way of reading it.
func (d *document) inspect() {
	if !d.Is(d.node, "dataset") {
		d.problem(d.node.Line, "the document uses Croissant's vocabulary, but its @type is %s and not sc:Dataset", d.typeWords(d.node))
	}
	if v := d.All(d.node, "conformsto"); len(v) == 0 && len(d.parts)+len(d.sets) > 0 && d.usesNew() {
		d.problem(d.node.Line, "the document uses the vocabulary of Croissant 1.0, but has no conformsTo that says so: readers take it for 0.8")
	}
	if name, _ := d.Text(d.node, "name", "title"); name == "" {
		d.problem(d.node.Line, "the dataset has no name")
	}
	for _, p := range d.parts {
		d.know(p.id, p.name)
	}
	for _, r := range d.sets {
		d.know(r.id, r.name)
		for _, f := range r.fields { // 0.8 refers to "set/field", later versions to ids
			name, _ := d.Text(f.node, "name")
			d.know(d.ID(f.node), name, r.id+"/"+f.label, r.name+"/"+f.label)
		}
	}
	d.findOrigins()
	for _, p := range d.parts {
		d.inspectPart(p)
	}
	for _, r := range d.sets {
		d.inspectSet(r)
	}
}

// usesNew tells whether a context names the name space of version 1.0 and later.
func (d *document) usesNew() bool {
	return slices.ContainsFunc(d.Contexts, func(iri string) bool { return strings.HasSuffix(iri, croissantIRI+"/") })
}

func (d *document) know(names ...string) {
	for _, n := range names {
		if n != "" {
			d.known[n] = true
		}
	}
}

func (d *document) inspectPart(p *part) {
	line := p.node.Line
	if p.kind == "" {
		d.problem(line, "%s in the distribution has @type %s, and not cr:FileObject or cr:FileSet", p.title(), d.typeWords(p.node))
		return
	}
	what := map[string]string{"fileobject": "file", "fileset": "file set"}[p.kind]
	if p.id == "" {
		d.problem(line, "a %s in the distribution has neither @id nor name", what)
		return
	}
	d.inspectID(p.node)
	if p.format == "" {
		d.problem(line, "%s %s has no encodingFormat", what, p.title())
	}
	if p.kind == "fileobject" && p.url == "" && len(p.in) == 0 {
		d.problem(line, "file %s has no contentUrl, and is in no container", p.title())
	}
	if p.kind == "fileset" && len(d.All(p.node, "includes")) == 0 {
		d.problem(line, "file set %s has no includes", p.title())
	}
	for _, in := range p.in {
		if !d.knows(in) {
			d.problem(line, "%s %s is contained in %s, which the document does not have", what, p.title(), quoted(in))
		}
	}
}

func (d *document) inspectSet(r *recordSet) {
	title := quoted(r.name)
	if !d.Is(r.node, "recordset") {
		d.problem(r.node.Line, "record set %s has @type %s, and not cr:RecordSet", title, d.typeWords(r.node))
	}
	if r.name == "" {
		d.problem(r.node.Line, "a record set has neither @id nor name")
	}
	d.inspectID(r.node)
	inline := len(d.All(r.node, "data")) > 0
	for _, f := range r.fields {
		title := quoted(r.name + "/" + f.label)
		if !d.Is(f.node, "field") {
			d.problem(f.node.Line, "field %s has @type %s, and not cr:Field", title, d.typeWords(f.node))
		}
		if f.label == "" || strings.HasSuffix(f.label, "/") {
			d.problem(f.node.Line, "a field of record set %s has neither @id nor name", quoted(r.name))
		}
		d.inspectID(f.node)
		d.inspectSources(f.node, title, inline || f.parts)
		d.inspectShape(f.node, title)
	}
	d.inspectWords(r)
	d.inspectJoin(r)
}

// inspectWords looks for words of Croissant that the context gives to schema.org, for
// it does not define them: a reader that follows the context does not see them.
func (d *document) inspectWords(r *recordSet) {
	nodes := []*jsonld.Value{r.node}
	for _, f := range r.fields {
		nodes = append(nodes, f.node)
	}
	for _, n := range nodes {
		for _, m := range members(n) {
			switch prefix, name, _ := d.Split(n, m.Key); name {
			case "source", "dataType", "field", "subField", "references", "repeated", "data":
				if prefix == "sc:" && !d.known["word "+name] {
					d.know("word " + name)
					d.problem(m.Line, "the context does not define %q as a word of Croissant", m.Key)
				}
			}
		}
	}
}

// inspectJoin looks whether fields that are taken from several places are tied to
// each other by references.
func (d *document) inspectJoin(r *recordSet) {
	var from []string
	joined := map[string]bool{}
	for _, f := range r.fields {
		if strings.Contains(f.label, "/") {
			continue // parts come along with the field that they are in
		}
		for _, v := range d.All(f.node, "source") {
			place := d.origin(d.sourceID(v))
			if place != "" && !slices.Contains(from, place) && len(from) < maxJoined {
				from = append(from, place)
			}
			for _, to := range d.All(f.node, "references") {
				joined[place], joined[d.origin(d.sourceID(to))] = true, true
			}
		}
		for _, parent := range d.All(f.node, "parentfield") {
			for _, v := range d.All(parent, "source", "references") {
				joined[d.origin(d.sourceID(v))] = true
			}
		}
	}
	for _, place := range from {
		if len(from) > 1 && !joined[place] {
			d.problem(r.node.Line, "record set %s takes its fields from several sources (%s) without a reference that joins them", quoted(r.name), markdown.Clip(strings.Join(from, ", "), maxShown))
			return
		}
	}
}

// origin gives the file, the file set or the record set in which a source lies.
func (d *document) origin(id string) string {
	id = strings.Trim(id, "#{}")
	if at, ok := d.origins[id]; ok {
		return at
	}
	head, _, _ := strings.Cut(id, "/")
	return cmp.Or(d.origins[head], id)
}

// findOrigins notes where each name leads.
func (d *document) findOrigins() {
	d.origins = map[string]string{}
	for _, p := range d.parts {
		d.origins[p.id], d.origins[p.name] = p.id, p.id
	}
	for _, r := range d.sets {
		for _, f := range r.fields {
			for _, name := range []string{d.ID(f.node), r.id + "/" + f.label, r.name + "/" + f.label} {
				if name != "" {
					d.origins[name] = r.id
				}
			}
		}
	}
	delete(d.origins, "")
}

var shape = pattern.Lazy(`^\(?\s*-?\d+\s*(,\s*-?\d+\s*)*,?\s*\)?$`)

func (d *document) inspectShape(f *jsonld.Value, title string) {
	array, _ := d.Text(f, "isarray")
	text, line := d.Text(f, "arrayshape")
	switch {
	case text == "":
	case !strings.EqualFold(array, "true"):
		d.problem(line, "field %s has an arrayShape, but is no array", title)
	case !shape.MatchString(text):
		d.problem(line, "the arrayShape %s of field %s is no list of numbers", quoted(text), title)
	}
}

// inspectSources looks at where a field's values come from; one that is free
// needs no source, as it has parts or its set has inline data.
func (d *document) inspectSources(f *jsonld.Value, title string, free bool) {
	sources := d.All(f, "source", "references")
	if len(d.All(f, "source", "value")) == 0 && !free {
		d.problem(f.Line, "field %s has neither a source nor a value", title)
	}
	for _, v := range d.All(f, "name", "description") {
		if v.Is(jsonlines.Number) || v.Is(jsonlines.Bool) {
			d.problem(v.Line, "a name or description of field %s is %s, and no text", title, v.Compact())
		}
	}
	for _, v := range sources {
		id := strings.Trim(d.sourceID(v), "#{}")
		head, _, _ := strings.Cut(id, "/")
		switch {
		case id == "":
			d.problem(v.Line, "a source of field %s names no file, file set or field", title)
		case !d.knows(id) && !(isText(v) && d.knows(head)):
			d.problem(v.Line, "a source of field %s is %s, which the document does not have", title, quoted(id))
		}
	}
}

func (d *document) knows(id string) bool { return d.known[id] || d.Has(id) }

// inspectID notes ids with spaces, by which nothing can refer to the node.
func (d *document) inspectID(v *jsonld.Value) {
	if id := d.ID(v); strings.ContainsAny(id, " \t\n") {
		d.problem(v.Get("@id").Line, "the @id %s has spaces in it", quoted(id))
	}
}

// quoted is a name in a message.
func quoted(name string) string { return fmt.Sprintf("%q", markdown.Clip(name, maxShown)) }

func (d *document) typeWords(v *jsonld.Value) string {
	var list []string
	for _, t := range d.All(v, "@type") {
		if len(list) < 5 {
			list = append(list, markdown.Clip(d.Ref(t), maxShown))
		}
	}
	if len(list) == 0 {
		return "missing"
	}
	return strings.Join(list, ", ")
}
