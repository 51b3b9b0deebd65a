// Package litgpt reads LitGPT's configurations: the checkpoint, the data module, and
// the hyperparameters.
//
// A checkpoint in "checkpoints/org/name" is the repository org/name of the hub, where
// the tree has no such folder: so "litgpt download" lays them out, and "litgpt
// finetune" fetches what is not there. A data module without a repository of its own
// argument is a name without a key.
//
// Not understood: what command lines override.
//
// Source: Lightning-AI/litgpt, config_hub and litgpt/utils.py (extend_checkpoint_dir, auto_download_checkpoint).
package litgpt

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/collectors/internal/recipe"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the configurations.
var Collector = sbom.Collector{
	Name:    "training/litgpt",
	Doc:     "LitGPT's configurations (*.yaml with a data module of litgpt)\n\nThe checkpoint, the data, and the hyperparameters.",
	Match:   []string{"*.yml", "*.yaml"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, err := recipe.Open(f, "litgpt", "litgpt.data.")
	if r == nil {
		return nil, nil
	}
	v := r.Doc
	module := v.Get("data", "class_path")
	if !strings.HasPrefix(module.Text(), "litgpt.data.") {
		return nil, nil
	}
	r.Line = module.Line()
	dir := v.Get("checkpoint_dir")
	if id, ok := strings.CutPrefix(dir.Text(), "checkpoints/"); ok && strings.Count(id, "/") == 1 {
		if _, here := mlcalls.Output(f, dir.Text()); !here {
			if to, ok := mlcalls.Model(f, id, ""); ok {
				r.Named(to, dir.Line())
			}
		} else {
			r.Base(dir, "", false)
		}
	} else {
		r.Base(dir, "", false)
	}
	args := v.Get("data", "init_args")
	switch {
	case args.Get("repo_id").Text() != "":
		r.Add(recipe.Data{Ref: args.Get("repo_id").Text(), Line: args.Get("repo_id").Line(), How: module.Text()})
	case args.Get("json_path").Text() != "":
		r.Add(recipe.Data{Ref: args.Get("json_path").Text(), Line: args.Get("json_path").Line(), How: module.Text()})
	default:
		r.Put(sbom.Component{Kind: sbom.KindDataset, Group: "litgpt", Name: strings.TrimPrefix(module.Text(), "litgpt.data.")}, recipe.Data{Line: module.Line()})
	}
	if model := v.Get("model_name"); model.Text() != "" && dir.Text() == "" {
		r.Activity = sbom.ActivityTraining
	}
	r.Makes(v.Get("out_dir").Text(), "")
	r.Scalars("", v, "checkpoint_dir", "out_dir", "access_token")
	for _, part := range []string{"train", "eval", "data.init_args", "optimizer.init_args"} {
		r.Scalars(part+".", v.Get(strings.Split(part, ".")...), "repo_id", "json_path", "download_dir", "access_token")
	}
	return r.Sightings(), err
}
