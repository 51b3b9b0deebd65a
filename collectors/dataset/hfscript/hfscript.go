// Package hfscript reads the loading scripts of dataset repositories of the Hugging
// Face hub: NAME/NAME.py with a class of datasets.GeneratorBasedBuilder or
// ArrowBasedBuilder, which datasets before version 4 ran to load the dataset
// (https://huggingface.co/docs/datasets/v3.6.0/dataset_script). Nothing is run: the
// text is read by pysource.
//
// A script belongs to the dataset of its folder where its name is the folder's, or
// where a README or a dataset_infos.json lies beside it. That it runs code when it is
// loaded is a finding. Carried are what it gives to datasets.DatasetInfo
// (description, citation, homepage, licence, features), the version, the splits,
// and addresses of constants with URL in their name, with a SHA-256 beside one.
//
// Not understood: features that differ between configurations (none is taken),
// addresses that are put together while it runs, which file goes to which split.
package hfscript

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/pycode"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads loading scripts.
var Collector = sbom.Collector{
	Name: "dataset/hfscript",
	Doc: "Loading scripts of Hugging Face datasets (NAME/NAME.py)\n\n" +
		"That loading the dataset runs a script, and what the script says of licence, citation,\n" +
		"features, splits and sources; the script is read and never run.",
	Match:   []string{"*.py"},
	Collect: collect,
}

// maxSource bounds a script, in bytes: the largest known are below 1 MB.
const maxSource = 2 << 20

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !besideCard(f) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, "BasedBuilder") || !strings.Contains(text, "datasets") || len(text) > maxSource {
		return nil, nil
	}
	m := pysource.Parse(text)
	class := builder(m)
	if class == nil {
		return nil, nil
	}
	s := &script{Draft: datafacts.New(sbom.KindDataset, "hfscript", sbom.Keys{Path: f.Dir()}, class.Line), module: m}
	s.runner = &pysource.Runner{Tree: f.FS, File: f.Path, Called: s.called}
	s.runner.Run(m)
	s.constants()
	s.features()
	s.versions()
	base := path.Base(f.Path)
	s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleDatasetCode, Where: sbom.Place{Line: class.Line},
		Message: fmt.Sprintf("loading the dataset runs %s, class %s", base, class.Name)})
	file, err := weights.File(f, "python")
	if err != nil {
		return []sbom.Sighting{s.Sighting}, err
	}
	for _, d := range pycode.Look(text) {
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleSuspicious, Message: "the code " + d.What, Where: sbom.Place{Line: d.Line}})
	}
	s.Link(sbom.Contains, sbom.Component{Kind: sbom.KindFile, Name: base, Keys: file.Keys}, "code", class.Line)
	return []sbom.Sighting{s.Sighting, file}, s.Err()
}

// besideCard tells whether a script can be that of its folder's dataset.
func besideCard(f *sbom.File) bool {
	dir, stem := path.Dir(f.Path), strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
	if strings.EqualFold(path.Base(dir), stem) {
		return true
	}
	for _, name := range []string{"README.md", "dataset_infos.json"} {
		if _, err := fs.Stat(f.FS, path.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// builder finds the class that builds the dataset.
func builder(m *pysource.Module) *pysource.Stmt {
	for s := range pysource.All(m.Body) {
		if s.Kind != pysource.Class {
			continue
		}
		for _, base := range s.Exprs {
			switch m.Qualified(base) {
			case "datasets.GeneratorBasedBuilder", "datasets.ArrowBasedBuilder", "datasets.BeamBasedBuilder",
				"datasets.builder.GeneratorBasedBuilder", "datasets.builder.ArrowBasedBuilder", "nlp.GeneratorBasedBuilder":
				return s
			}
		}
	}
	return nil
}

type script struct {
	*datafacts.Draft
	module *pysource.Module
	runner *pysource.Runner
}

// called takes what the script gives to the library.
func (s *script) called(c pysource.Found) {
	name := c.Name[strings.LastIndex(c.Name, ".")+1:]
	switch name {
	case "DatasetInfo":
		s.info(c)
	case "SplitGenerator":
		s.split(c)
	case "BuilderConfig":
		if v, ok := named(c, "name"); ok {
			s.Property("config", v.Text, c.Line)
		}
	}
}

func named(c pysource.Found, key string) (pysource.Value, bool) {
	v, ok := (pysource.Value{Kind: pysource.DictValue, Items: c.Named}).Get(key)
	return v, ok && v.Kind == pysource.TextValue
}

func (s *script) info(c pysource.Found) {
	d := s.Dataset
	if v, ok := named(c, "description"); ok {
		s.Set("description", &s.Description, v.Text, v.Line)
	}
	if v, ok := named(c, "citation"); ok {
		s.Set("dataset.citation", &d.Citation, v.Text, v.Line)
	}
	if v, ok := named(c, "homepage"); ok {
		s.Ref("website", v.Text, v.Line)
	}
	if v, ok := named(c, "license"); ok && len(s.Component.Licenses) == 0 {
		s.License(v.Text, v.Line)
	}
}

// split reads the name of a part: a text, or datasets.Split.TRAIN.
func (s *script) split(c pysource.Found) {
	name := ""
	if v, ok := named(c, "name"); ok {
		name = v.Text
	} else if len(c.Args) > 0 && c.Args[0].Kind == pysource.TextValue {
		name = c.Args[0].Text
	}
	if c.Expr != nil && name == "" {
		positional, keywords := c.Expr.Args()
		for _, e := range append(positional, keywords...) {
			if e.Kind == pysource.Keyword && e.Name == "name" {
				e = e.Parts[0]
			}
			if full := s.module.Qualified(e); strings.Contains(full, "Split.") {
				name = strings.ToLower(full[strings.LastIndex(full, ".")+1:])
			}
		}
	}
	s.Split(sbom.Split{Name: name}, c.Line)
}
