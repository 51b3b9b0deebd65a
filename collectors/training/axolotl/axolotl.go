// Package axolotl reads configurations of Axolotl: the base model, the datasets with
// their parts and prompts, the adapter, and all plain settings.
//
// Not understood: datasets within a mixture by weights of a curriculum; settings of
// settings, which are left out; what command lines override.
//
// Source: axolotl-ai-cloud/axolotl, src/axolotl/utils/schemas (config.py, datasets.py).
package axolotl

import (
	"context"

	"github.com/mlbom/mlbom/collectors/internal/recipe"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the configurations.
var Collector = sbom.Collector{
	Name:    "training/axolotl",
	Doc:     "Axolotl's configurations (*.yml with base_model and datasets)\n\nThe base model, what it is trained and tested on, the adapter and the hyperparameters.",
	Match:   []string{"*.yml", "*.yaml"},
	Collect: collect,
}

// apart are the keys that have a place of their own.
var apart = []string{"base_model", "base_model_config", "tokenizer_config", "datasets", "test_datasets", "pretraining_dataset", "output_dir", "hub_model_id", "revision_of_model", "dataset_prepared_path", "chat_template_jinja"}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, err := recipe.Open(f, "axolotl", "base_model", "dataset")
	if r == nil {
		return nil, nil
	}
	v := r.Doc
	some := v.Get("datasets").IsList() || v.Get("pretraining_dataset") != nil || v.Get("rl_datasets").IsList()
	if v.Get("base_model").Text() == "" || !some || v.Get("merge_method") != nil || v.Get("slices") != nil || v.Get("stage") != nil {
		return nil, nil // mergekit's, LLaMA-Factory's
	}
	trusted := v.Get("trust_remote_code").True()
	r.Line = v.Get("base_model").Line()
	r.Base(v.Get("base_model"), v.Get("revision_of_model").Text(), trusted)
	for _, key := range []string{"datasets", "pretraining_dataset", "test_datasets"} {
		list := v.Get(key)
		if list.IsScalar() {
			r.Add(recipe.Data{Ref: list.Text(), Line: list.Line(), How: key})
		}
		for _, d := range list.Items() {
			add(r, d, key == "test_datasets")
		}
	}
	r.Further(v.Get("lora_model_dir"), "adapter to go on with")
	r.Further(v.Get("base_model_reference"), "reference")
	r.Makes(v.Get("output_dir").Text(), v.Get("hub_model_id").Text())
	r.Scalars("", v, apart...)
	return r.Sightings(), err
}

// add reads {path, name, split, type, ds_type, data_files, revision}, or a name alone.
func add(r *recipe.Recipe, d *yamllines.Value, validation bool) {
	if d.IsScalar() {
		r.Add(recipe.Data{Ref: d.Text(), Line: d.Line(), Validation: validation})
		return
	}
	path := d.Get("path")
	how := ""
	if t := d.Get("type"); t.IsScalar() {
		how = "type " + t.Text()
	}
	for _, file := range d.Get("data_files").Texts() {
		if how += ", file " + file; len(how) > 300 {
			break
		}
	}
	r.Add(recipe.Data{Ref: path.Text(), Revision: d.Get("revision").Text(), Config: d.Get("name").Text(), Split: d.Get("split").Text(), How: how,
		Line: path.Line(), Trusted: d.Get("trust_remote_code").True(), Validation: validation})
}
