// Package mof reads the files in which a release of a model declares its components by
// the Model Openness Framework (https://isitopen.ai, https://github.com/lfai/model_openness_tool,
// schema/mof_schema.json), in any YAML file that begins with the framework's name.
//
// The model is that of the folder where the file is called MOF.yml, and the one on the
// hub that "huggingface" names; a file of a collection that names none is known by its
// name. A version such as "7B" is the size. The licence of the model is that of the
// distribution, else of its final parameters; those of code, data and documents are
// properties, and so is each component with its licence, "inherited" where it has none
// of its own.
//
// Left out on purpose: the descriptions of the components, which are the framework's own.
// Not understood: the class of openness, which no file states (the tool works it out
// of the components and of its own list of open licences).
package mof

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads declarations of the Model Openness Framework.
var Collector = sbom.Collector{
	Name: "model/mof",
	Doc: "Model Openness Framework (MOF.yml)\n\n" +
		"What a release of a model declares: producer, date, architecture, origin, and its\n" +
		"components with their licences and places.",
	Match:   []string{"*.yml", "*.yaml"},
	Sniff:   func(head []byte) bool { return begins.Match(head) },
	Collect: collect,
}

var (
	begins = pattern.Lazy(`^(?:\xef\xbb\xbf)?(?:---\s*|#[^\n]*\n|\s+)*framework:\s*\n\s+name:\s*['"]?Model Openness Framework`)
	size   = pattern.Lazy(`^\d+(?:\.\d+)?\s?[KkMmBbTt]$`)
	isDate = pattern.Lazy(`^\d{4}-\d{2}-\d{2}$`)
)

const maxComponents = 500

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !evaluation.Begins(f, []string{"mof.yml", "mof.yaml"}, begins.Match) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	root, err := yamllines.Parse(text)
	release := root.Get("release")
	if root.Get("framework", "name").Text() != "Model Openness Framework" || !release.IsMap() {
		return nil, nil
	}
	d := &declaration{f: f, release: release}
	d.Kind, d.Model, d.Basis, d.Where.Line, d.Lines = sbom.KindModel, &sbom.Model{}, sbom.Declared, release.Line(), map[string]int{}
	d.identity()
	d.facts(root)
	d.licenses()
	d.components()
	return []sbom.Sighting{d.Sighting}, err
}

type declaration struct {
	sbom.Sighting
	f       *sbom.File
	release *yamllines.Value
}

// identity gives the keys: the folder, and the model on the hub.
func (d *declaration) identity() {
	at := d.release.Get("huggingface")
	if to, ok := hub.Model(at.Text(), ""); ok && strings.Contains(at.Text(), to.Name) && strings.Contains(to.Name, "/") {
		d.Keys, d.Refs = to.Keys, to.Refs
	}
	if base := strings.ToLower(path.Base(d.f.Path)); base == "mof.yml" || base == "mof.yaml" {
		d.Keys.Path = d.f.Dir()
	}
	d.Mentioned = d.Keys.Path == ""
	d.set("name", &d.Name, d.release.Get("name"))
}

// set takes a text that says something.
func (d *declaration) set(field string, to *string, v *yamllines.Value) {
	if s := said(v); s != "" {
		*to, d.Lines[field] = s, v.Line()
	}
}

func said(v *yamllines.Value) string {
	s := strings.TrimSpace(v.Text())
	if hub.IsPlaceholder(s) || strings.EqualFold(s, "undisclosed") || len(s) > evaluation.MaxText {
		return ""
	}
	return s
}

func (d *declaration) property(name, value string) {
	if value != "" {
		d.Properties = append(d.Properties, sbom.Property{Name: "mlbom:mof:" + name, Value: value})
	}
}

func (d *declaration) facts(root *yamllines.Value) {
	r := d.release
	if v := r.Get("version"); size.MatchString(said(v)) {
		d.set("model.parameterSize", &d.Model.ParameterSize, v)
	} else {
		d.set("version", &d.Version, v)
	}
	if v := r.Get("date"); isDate.MatchString(said(v)) {
		d.set("released", &d.Released, v)
	}
	d.set("manufacturer", &d.Manufacturer.Name, r.Get("producer"))
	d.set("model.architecture", &d.Model.Architecture, r.Get("architecture"))
	d.property("type", said(r.Get("type")))
	d.property("contact", said(r.Get("contact")))
	d.property("framework", strings.TrimSpace(said(root.Get("framework", "version"))+" "+said(root.Get("framework", "date"))))
	if at := evaluation.Address(said(r.Get("repository"))); at != "" {
		d.ref("vcs", at, "")
	}
	if at := evaluation.Address(said(r.Get("huggingface"))); at != "" {
		d.ref("distribution", at, "")
	}
	if origin := said(r.Get("origin")); origin != "" && !strings.EqualFold(origin, d.Name) {
		to, _ := hub.Model(origin, "")
		if !strings.Contains(origin, "/") { // a bare word is no id of the hub
			to = sbom.Component{Kind: sbom.KindModel, Name: origin}
		}
		d.Links = append(d.Links, sbom.Link{Rel: sbom.DerivedFrom, To: to, Line: r.Get("origin").Line()})
	}
}

func (d *declaration) ref(kind, address, comment string) {
	for _, r := range d.Refs {
		if r.URL == address {
			return
		}
	}
	d.Refs = append(d.Refs, sbom.Ref{Type: kind, URL: address, Comment: comment})
}

// license reads a name, with the place of its text.
func license(name, at *yamllines.Value) (sbom.License, bool) {
	s := said(name)
	if s == "" || strings.EqualFold(s, "unlicensed") {
		return sbom.License{}, false
	}
	link := evaluation.Address(said(at))
	if id, ok := sbom.SPDXID(s); ok {
		return sbom.License{ID: id, URL: link}, true
	}
	if hflicense.Known(s) {
		if l, ok := hflicense.Parse(s, "", link); ok {
			return l, true
		}
	}
	l := sbom.ParseLicense(s)
	if l.URL == "" {
		l.URL = link
	}
	return l, true
}

func (d *declaration) licenses() {
	of := d.release.Get("license")
	for _, part := range []string{"distribution", "code", "data", "document"} {
		l, ok := license(of.Get(part, "name"), of.Get(part, "path"))
		if !ok {
			continue
		}
		if part == "distribution" {
			d.Licenses = append(d.Licenses, l)
			d.Lines["licenses"] = of.Get(part).Line()
		} else {
			d.property("license."+part, strings.TrimSpace(label(l)+" "+l.URL))
		}
		if file := said(of.Get(part, "path")); file != "" && evaluation.Address(file) == "" {
			d.property("license."+part+".path", file)
		}
	}
}

// label is a licence in one word or more.
func label(l sbom.License) string { return l.ID + l.Expression + l.Name }
