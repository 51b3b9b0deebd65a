// Package bentoml reads the store of BentoML: model.yaml of a model
// (models/NAME/VERSION/model.yaml) and bento.yaml of a service built of models
// (bentos/NAME/VERSION/bento.yaml).
//
// Not understood: bentofile.yaml and service.py, from which a bento is built, and
// what a bento's environment installs, which stands in its own files of
// requirements.
//
// Source: bentoml/BentoML (src/bentoml/_internal/models/model.py,
// src/bentoml/_internal/bento/bento.py).
package bentoml

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name:    "store/bentoml",
	Doc:     "BentoML models and bentos (model.yaml, bento.yaml)\n\nFramework with versions, labels, what the model is called with, code in custom objects,\nand of a bento: the models that it serves.",
	Match:   []string{"model.yaml", "bento.yaml"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	if !strings.Contains(text, "bentoml_version") {
		return nil, nil // of another program
	}
	v, err := yamllines.Parse(text)
	if strings.EqualFold(path.Base(f.Path), "bento.yaml") {
		return bento(f, v), err
	}
	if v.Get("name").Text() == "" || !v.Get("context").IsMap() {
		return nil, err
	}
	d := hfmodel.New(f)
	model(d, f, v)
	return d.Done(false), err
}

// model reads model.yaml.
func model(d *hfmodel.Draft, f *sbom.File, v *yamllines.Value) {
	d.Text("name", &d.Name, v.Get("name").Text(), v.Get("name").Line())
	d.Text("version", &d.Component.Version, v.Get("version").Text(), v.Get("version").Line())
	d.Model.Formats = []string{"bentoml"}
	d.Mark("model.formats", v.Get("name").Line())
	released(d, v.Get("creation_time"))
	at := v.Get("context")
	framework := at.Get("framework_name")
	d.Library(framework.Text(), framework.Line())
	if framework.Text() == "" {
		module := v.Get("module")
		d.Library(strings.TrimPrefix(module.Text(), "bentoml."), module.Line())
	}
	for _, e := range at.Get("framework_versions").Entries() {
		d.VersionText(e.Key, e.Value.Text(), e.Line)
	}
	for _, key := range []string{"bentoml_version", "python_version"} {
		d.VersionText(strings.TrimSuffix(key, "_version"), at.Get(key).Text(), at.Get(key).Line())
	}
	for _, group := range []string{"options", "metadata"} {
		for _, e := range v.Get(group).Entries() {
			d.Param(group+"."+e.Key, e.Value.Text(), e.Line)
		}
	}
	for _, e := range v.Get("labels").Entries() {
		if text := e.Value.Text(); text != "" && len(text) <= 1000 {
			d.Properties = append(d.Properties, sbom.Property{Name: "mlbom:bentoml:label." + e.Key, Value: text})
		}
	}
	for _, e := range v.Get("signatures").Entries() {
		d.Param("signature."+e.Key, "batchable="+e.Value.Get("batchable").Text(), e.Line)
	}
	if name := "custom_objects.pkl"; hfmodel.Exists(f.FS, path.Join(path.Dir(f.Path), name)) {
		d.Runs(name, 1, "loading the model unpickles "+name+", which holds code")
	}
}

func released(d *hfmodel.Draft, v *yamllines.Value) {
	if text := strings.Replace(v.Text(), " ", "T", 1); len(text) >= 20 && text[10] == 'T' {
		d.Text("released", &d.Released, text, v.Line())
	}
}

// bento reads bento.yaml: an application that uses models, each named
// "name:version".
func bento(f *sbom.File, v *yamllines.Value) []sbom.Sighting {
	name, version := v.Get("name"), v.Get("version")
	if name.Text() == "" {
		return nil
	}
	s := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindApplication, Name: name.Text(), Version: version.Text(), Keys: sbom.Keys{Path: f.Dir()}},
		Basis:     sbom.Declared, Where: sbom.Place{Line: name.Line()}, Lines: map[string]int{"name": name.Line(), "version": max(1, version.Line())},
	}
	if s.Component.Version == "" {
		delete(s.Lines, "version")
	}
	for _, m := range v.Get("models").Items() {
		tag := m.Get("tag")
		if tag.Text() == "" {
			tag = m
		}
		if tag.Text() == "" || len(s.Links) == hfmodel.MaxParts {
			continue
		}
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Uses, To: served(f, tag.Text()), Line: tag.Line(), Note: m.Get("module").Text()})
	}
	if service := v.Get("service").Text(); service != "" && len(service) <= 1000 {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:bentoml:service", Value: service})
	}
	return []sbom.Sighting{s}
}

// served finds a model of a bento in the bento's own folder of models, or in the
// store beside that of bentos.
func served(f *sbom.File, tag string) sbom.Component {
	name, version, _ := strings.Cut(tag, ":")
	c := sbom.Component{Kind: sbom.KindModel, Name: name, Version: version}
	dir := path.Dir(f.Path)
	for _, store := range []string{path.Join(dir, "models"), path.Join(dir, "../../../models")} {
		at := path.Join(store, name, version)
		if fs.ValidPath(at) && version != "" && hfmodel.Exists(f.FS, path.Join(at, "model.yaml")) {
			c.Keys.Path = at + "/"
			return c
		}
	}
	return c
}
