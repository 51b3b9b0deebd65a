// Package sentencetransformers reads the configuration of Sentence Transformers,
// and of SetFit, which builds on it: modules.json, which lists the modules of a
// model, the settings of each module, and config_sentence_transformers.json with
// the versions, the prompts and how two results are compared.
//
// A module with weights of its own is a model in its folder; the others only
// compute, and their settings are hyper-parameters ("pooling.pooling_mode_mean_tokens").
//
// Not understood: routers, whose modules are settings here.
//
// Source: the documentation of sentence-transformers (SentenceTransformer, models)
// and of setfit.
package sentencetransformers

import (
	"context"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name: "model/sentencetransformers",
	Doc: "Sentence Transformers (modules.json and its sisters)\n\nThe modules of the model and what each is set to, prompts, similarity, versions, and\n" +
		"modules that are code of the model.",
	Match:   []string{"modules.json", "config_sentence_transformers.json", "sentence_*_config.json", "config_setfit.json", "*_*/config.json"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	name := strings.ToLower(path.Base(f.Path))
	over := path.Dir(path.Dir(f.Path))
	if name == "config.json" && (!numbered(f) || !hfmodel.Exists(f.FS, path.Join(over, "modules.json"))) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := jsonlines.Parse(text)
	d := hfmodel.New(f)
	switch {
	case name == "modules.json":
		if !v.Is(jsonlines.Array) || len(v.Items) == 0 || v.Items[0].Get("type") == nil || v.Items[0].Get("idx") == nil {
			return nil, nil // of another program
		}
		modules(d, v, f.FS)
		return d.Settle(f), err
	case name == "config_sentence_transformers.json":
		settings(d, v, f.FS)
	case name == "config_setfit.json":
		d.Library("setfit", v.LineOf())
		d.Numbers("setfit.", v)
	case name == "config.json":
		d = hfmodel.In(sbom.DirOf(path.Dir(f.Path)))
		_, kind, _ := strings.Cut(path.Base(path.Dir(f.Path)), "_")
		d.Numbers(strings.ToLower(kind)+".", v)
	default:
		d.Numbers("", v)
	}
	if len(d.Model.Hyperparameters) == 0 && d.Model.Library == "" {
		return nil, err
	}
	return d.Done(true), err
}

// numbered tells whether the file is in a folder such as "1_Pooling".
func numbered(f *sbom.File) bool {
	n, _, ok := strings.Cut(path.Base(path.Dir(f.Path)), "_")
	return ok && n != "" && strings.Trim(n, "0123456789") == ""
}

// modules reads modules.json.
func modules(d *hfmodel.Draft, v *jsonlines.Value, tree fs.FS) {
	library(d, tree, v.Line)
	for i, item := range v.Items[:min(len(v.Items), hfmodel.MaxParts)] {
		kind := item.Get("type")
		if kind.Str() == "" {
			continue
		}
		d.Param("module."+strconv.Itoa(i), kind.Str(), kind.Line)
		if !strings.HasPrefix(kind.Str(), "sentence_transformers.") {
			d.Runs(kind.Str(), kind.Line, "the module "+kind.Str()+" is no part of sentence-transformers")
		}
		at := item.Get("path")
		folder := path.Join(d.Dir, at.Str())
		if at.Str() == "" {
			continue
		}
		if !fs.ValidPath(folder) || !strings.HasPrefix(folder+"/", strings.TrimPrefix(d.Dir, "./")) {
			d.Find(sbom.RulePathEscape, at.Line, "the module "+at.Str()+" is outside of the folder")
			continue
		}
		if hfmodel.HasWeights(tree, folder) {
			part := sbom.Component{Kind: sbom.KindModel, Name: path.Base(folder), Keys: sbom.Keys{Path: folder + "/"}}
			d.Links = append(d.Links, sbom.Link{Rel: sbom.Contains, To: part, Note: kind.Str(), Line: at.Line})
		}
	}
}

// library names the library, which is another where SetFit's settings lie there.
func library(d *hfmodel.Draft, tree fs.FS, line int) {
	if hfmodel.Loader(tree, d.Dir) == "sentence-transformers" {
		d.Library("sentence-transformers", line)
	}
}

// settings reads config_sentence_transformers.json.
func settings(d *hfmodel.Draft, v *jsonlines.Value, tree fs.FS) {
	if v.Get("__version__") == nil && v.Get("similarity_fn_name") == nil && v.Get("prompts") == nil {
		return
	}
	library(d, tree, v.Line)
	if all := v.Get("__version__"); all.Is(jsonlines.Object) {
		for _, m := range all.Members {
			d.Version(strings.ReplaceAll(m.Key, "_", "-"), m.Value)
		}
	}
	d.Numbers("", v)
	d.Numbers("prompt.", v.Get("prompts"))
}
