// Package mergekit reads mergekit_config.yml, the recipe that mergekit leaves
// beside a model that it merged of others: the method, its parameters, and each
// parent, with its revision and the adapter laid upon it.
//
// Not understood: what the parameters of single layers mean; they are counted.
//
// Source: arcee-ai/mergekit (mergekit/config.py, common.py: ModelReference is
// "model[@revision][+adapter[@revision]]").
package mergekit

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name:    "model/mergekit",
	Doc:     "Merged models (mergekit_config.yml)\n\nThe method of a merge, its parameters, and the models that went into it.",
	Match:   []string{"mergekit_config.yml", "mergekit_config.yaml", "mergekit_moe_config.yml"},
	Collect: collect,
}

const (
	maxParents = 200
	maxDepth   = 12
)

// recipe is a configuration while it is read.
type recipe struct {
	*hfmodel.Draft
	seen []string
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := yamllines.Parse(text)
	r := &recipe{Draft: hfmodel.New(f)}
	method := v.Get("merge_method")
	r.Param("merge.method", method.Text(), method.Line())
	for _, key := range []string{"dtype", "out_dtype", "tokenizer_source", "gate_mode"} {
		r.Param("merge."+key, v.Get(key).Text(), v.Get(key).Line())
	}
	r.parameters("merge.", v.Get("parameters"))
	r.parents(v, 0)
	if len(r.Links) == 0 && len(r.Model.Hyperparameters) == 0 {
		return nil, err
	}
	return r.Done(true), err
}

func (r *recipe) parameters(prefix string, v *yamllines.Value) {
	for _, e := range v.Entries() {
		switch {
		case e.Value.Text() != "":
			r.Param(prefix+e.Key, e.Value.Text(), e.Line)
		case e.Value.Len() > 0:
			r.Param(prefix+e.Key, strconv.Itoa(e.Value.Len())+" values by layer", e.Line)
		}
	}
}

// parents finds the models that are named anywhere: of the whole, of slices, as
// the base, as experts, as the source of the tokenizer.
func (r *recipe) parents(v *yamllines.Value, depth int) {
	if depth > maxDepth {
		return
	}
	for _, item := range v.Items() {
		r.parents(item, depth+1)
	}
	for _, e := range v.Entries() {
		switch e.Key {
		case "model", "base_model", "source_model":
			r.parent(e.Value, e.Line)
		case "tokenizer_source", "parameters":
		default:
			r.parents(e.Value, depth+1)
		}
	}
}

// parent reads one reference: a text, or {model: {path, revision}, lora: ...}.
func (r *recipe) parent(v *yamllines.Value, line int) {
	if v.IsMap() {
		at := v.Get("model")
		if at.IsMap() {
			r.base(at.Get("path").Text(), at.Get("revision").Text(), "merge", line)
		} else {
			r.base(at.Text(), "", "merge", line)
		}
		lora := v.Get("lora")
		r.base(lora.Get("path").Text(), lora.Get("revision").Text(), "merge", line)
		r.base(v.Get("path").Text(), v.Get("revision").Text(), "merge", line)
		return
	}
	for one := range strings.SplitSeq(v.Text(), "+") {
		name, revision, _ := strings.Cut(one, "@")
		r.base(name, revision, "merge", line)
	}
}

func (r *recipe) base(name, revision, note string, line int) {
	key := name + "@" + revision
	if name == "" || len(r.seen) == maxParents || slices.Contains(r.seen, key) {
		return
	}
	r.seen = append(r.seen, key)
	n := len(r.Links)
	if r.Base(name, revision, note, line); len(r.Links) == n {
		r.Param("merge.parent."+strconv.Itoa(len(r.seen)), name, line) // a folder of the machine that merged
	}
}
