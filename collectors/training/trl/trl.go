// Package trl reads recipes in YAML of TRL's scripts, of transformers' own, and of
// those that are made like them (alignment-handbook, Open R1): model_name_or_path with
// dataset_name, dataset_mixer or dataset_mixture, and the arguments of the trainer.
//
// Not understood: settings of settings, which are left out; what command lines override.
//
// Source: huggingface/trl (trl/scripts/utils.py), huggingface/alignment-handbook
// (src/alignment/configs.py), huggingface/open-r1 (src/open_r1/configs.py).
package trl

import (
	"context"

	"github.com/mlbom/mlbom/collectors/internal/recipe"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the recipes.
var Collector = sbom.Collector{
	Name:    "training/trl",
	Doc:     "Recipes of TRL, alignment-handbook and transformers' scripts (*.yaml)\n\nThe base model with its revision, what it is trained and evaluated on, and the hyperparameters.",
	Match:   []string{"*.yml", "*.yaml"},
	Collect: collect,
}

// apart are the keys that have a place of their own.
var apart = []string{"model_name_or_path", "model_revision", "dataset_name", "dataset_config", "dataset_config_name", "dataset_mixer", "dataset_mixture", "dataset_splits", "dataset_configs", "datasets",
	"output_dir", "hub_model_id", "chat_template", "train_file", "validation_file", "test_file", "adapter_name_or_path", "reward_model_path", "teacher_model_name_or_path", "system_prompt"}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, err := recipe.Open(f, "trl", "model_name_or_path")
	if r == nil {
		return nil, nil
	}
	v := r.Doc
	mixed := v.Get("dataset_mixer").IsMap() || v.Get("dataset_mixture").IsMap() || v.Get("datasets").IsList()
	if v.Get("model_name_or_path").Text() == "" || !mixed && v.Get("dataset_name") == nil && v.Get("train_file") == nil || v.Get("stage") != nil || v.Get("base_model") != nil {
		return nil, nil // LLaMA-Factory's, axolotl's
	}
	trusted := v.Get("trust_remote_code").True()
	r.Line = v.Get("model_name_or_path").Line()
	r.Base(v.Get("model_name_or_path"), v.Get("model_revision").Text(), trusted)
	named(r)
	mixture(r, v)
	for _, key := range []string{"train_file", "validation_file", "test_file"} {
		file := v.Get(key)
		r.Add(recipe.Data{Ref: file.Text(), Line: file.Line(), Validation: key != "train_file"})
	}
	r.Further(v.Get("adapter_name_or_path"), "adapter")
	r.Further(v.Get("reward_model_path"), "reward model")
	r.Further(v.Get("teacher_model_name_or_path"), "teacher")
	r.Makes(v.Get("output_dir").Text(), v.Get("hub_model_id").Text())
	r.Scalars("", v, apart...)
	return r.Sightings(), err
}

// named reads dataset_name with the names of its splits: the one of tests is only
// used where the trainer evaluates.
func named(r *recipe.Recipe) {
	v := r.Doc
	name := v.Get("dataset_name")
	config := v.Get("dataset_config").Text()
	if config == "" {
		config = v.Get("dataset_config_name").Text()
	}
	d := recipe.Data{Ref: name.Text(), Revision: v.Get("dataset_revision").Text(), Config: config, Split: v.Get("dataset_train_split").Text(), Line: name.Line()}
	r.Add(d)
	strategy := v.Get("eval_strategy").Text()
	if strategy == "" {
		strategy = v.Get("evaluation_strategy").Text()
	}
	if test := v.Get("dataset_test_split"); test.Text() != "" && strategy != "" && strategy != "no" {
		d.Split, d.Line, d.Validation = test.Text(), test.Line(), true
		r.Add(d)
	}
}

// mixture reads the three forms of several datasets: {id: weight} with the splits of
// all beside it, {datasets: [{id, config, split}]}, and [{path, name, split}].
func mixture(r *recipe.Recipe, v *yamllines.Value) {
	splits := v.Get("dataset_splits").Texts()
	for i, e := range v.Get("dataset_mixer").Entries() {
		config := ""
		if all := v.Get("dataset_configs").Texts(); i < len(all) {
			config = all[i]
		}
		d := recipe.Data{Ref: e.Key, Config: config, Line: e.Line, How: "weight " + e.Value.Text()}
		if len(splits) == 0 {
			r.Add(d)
		}
		for _, s := range splits {
			d.Split, d.Validation = s, recipe.Part(s)
			r.Add(d)
		}
	}
	for _, list := range []*yamllines.Value{v.Get("dataset_mixture", "datasets"), v.Get("datasets")} {
		for _, d := range list.Items() {
			at := d.Get("id")
			if at == nil {
				at = d.Get("path")
			}
			config := d.Get("config").Text()
			if config == "" {
				config = d.Get("name").Text()
			}
			split := d.Get("split").Text()
			r.Add(recipe.Data{Ref: at.Text(), Revision: d.Get("revision").Text(), Config: config, Split: split, Line: at.Line(), Validation: recipe.Part(split)})
		}
	}
}
