package datapackage

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// reference gives a value that stands in place, or in a file of the folder that is
// named in its place.
func (p *pkg) reference(v *jsonlines.Value, what, name string) *jsonlines.Value {
	at := v.Str()
	if at == "" {
		return v
	}
	local, ok := datadesc.Local(at)
	switch {
	case datadesc.CleanURL(at) != "":
		p.Property(what, name+": "+datadesc.CleanURL(at), v.Line)
		return nil
	case datadesc.Escapes(at):
		p.Finding(sbom.RulePathEscape, v.Line, "the %s of resource %q, %q, leaves the folder", what, name, markdown.Clip(at, datadesc.MaxWord))
		return nil
	case !ok:
		return nil
	}
	full := path.Join(p.file.Dir(), local)
	p.Property(what, name+": "+full, v.Line)
	tree, err := datadesc.Tree(p.file.Other(full))
	if err != nil {
		p.problem(v.Line, "the %s of resource %q, %s, cannot be read: %v", what, name, full, err)
	}
	if tree != nil && tree.Is(jsonlines.Object) {
		moved := *tree
		moved.Line = v.Line // lines of another file are none of this one
		return &moved
	}
	return nil
}

// schema makes features of the fields, and properties of keys.
func (p *pkg) schema(r *jsonlines.Value, name string) {
	v := p.reference(r.Get("schema"), "schema", name)
	if !v.Is(jsonlines.Object) {
		return
	}
	own := r.Get("schema").Str() == ""
	d, known := p.Section(), map[string]bool{}
	for _, f := range datadesc.List(v.Get("fields")) {
		line := v.Line
		if own {
			line = f.Line
		}
		field := markdown.Clip(datadesc.Word(f.Get("name")), datadesc.MaxWord)
		if field == "" {
			p.problem(line, "a field of resource %q has no name", name)
			continue
		}
		if known[field] {
			p.problem(line, "two fields of resource %q have the name %q", name, field)
		}
		known[field] = true
		if p.fields++; p.fields > maxFields {
			p.problem(line, "more than %d fields; the rest is not read", maxFields)
			return
		}
		d.Features = append(d.Features, p.feature(f, name, field))
		p.Mark("dataset.features", line)
		p.constraints(f, name+"/"+field, line)
		p.meaning(f, name+"/"+field)
	}
	if keys := datadesc.Words(v.Get("primaryKey")); len(keys) > 0 {
		p.Property("key", name+": "+strings.Join(keys, ", "), v.Line)
	}
	if keys := datadesc.Words(r.Get("primaryKey")); len(keys) > 0 {
		p.Property("key", name+": "+strings.Join(keys, ", "), r.Line)
	}
	for _, k := range datadesc.List(v.Get("foreignKeys")) {
		to := datadesc.Word(k.Path("reference", "resource"))
		if to == "" {
			to = name
		}
		if len(datadesc.Words(k.Get("fields"))) == 0 {
			continue
		}
		p.Property("reference", name+"/"+strings.Join(datadesc.Words(k.Get("fields")), ",")+" -> "+to+"/"+strings.Join(datadesc.Words(k.Path("reference", "fields")), ","), v.Line)
	}
	if missing := v.Get("missingValues"); missing != nil {
		p.Property("missing-values", name+": "+missing.Compact(), v.Line)
	}
}

func (p *pkg) feature(f *jsonlines.Value, config, name string) sbom.Feature {
	x := sbom.Feature{Config: config, Name: name, Type: markdown.Clip(datadesc.Word(f.Get("type")), datadesc.MaxWord)}
	if format := datadesc.Word(f.Get("format")); x.Type != "" && format != "" && format != "default" {
		x.Type += "(" + markdown.Clip(format, datadesc.MaxWord) + ")"
	}
	for _, key := range []string{"description", "title"} {
		if text := datadesc.Word(f.Get(key)); x.Description == "" && !card.Placeholder(text) {
			x.Description = markdown.Clip(datadesc.Tidy(text), datadesc.MaxWord)
		}
	}
	const maxLabels = 1000
	for _, list := range []*jsonlines.Value{f.Get("categories"), f.Path("constraints", "enum")} {
		for _, c := range datadesc.List(list) {
			text := datadesc.Word(c)
			if c.Is(jsonlines.Object) {
				text = first(c, "label", "value")
			}
			if text != "" && len(text) <= datadesc.MaxWord && len(x.Labels) < maxLabels {
				x.Labels = append(x.Labels, text)
			}
		}
		if len(x.Labels) > 0 {
			break
		}
	}
	return x
}

// meaning keeps the title of a field that has a description too, and the class of an
// ontology that it stands for.
func (p *pkg) meaning(f *jsonlines.Value, name string) {
	title, described := f.Get("title"), !card.Placeholder(datadesc.Word(f.Get("description")))
	if text := datadesc.Word(title); described && !card.Placeholder(text) && text != datadesc.Word(f.Get("name")) && text != datadesc.Word(f.Get("description")) {
		p.Property("field-title", name+": "+text, title.Line)
	}
	if class := f.Get("rdfType"); datadesc.Word(class) != "" {
		p.Property("rdf-type", name+" = "+datadesc.Word(class), class.Line)
	}
}

// constraints keeps the rules on a field's values.
func (p *pkg) constraints(f *jsonlines.Value, name string, line int) {
	var list []string
	c := f.Get("constraints")
	if !c.Is(jsonlines.Object) {
		return
	}
	for _, m := range c.Members {
		if m.Key != "enum" {
			list = append(list, m.Key+"="+markdown.Clip(m.Value.Compact(), datadesc.MaxWord))
		}
	}
	if len(list) > 0 {
		p.Property("constraint", name+": "+strings.Join(list, " "), line)
	}
}
