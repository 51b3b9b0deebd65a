// Package llamafactory reads LLaMA-Factory's configurations in YAML: the model, the
// stage, the kind of fine-tuning, the datasets by the registry (data/dataset_info.json),
// and the hyperparameters.
//
// Not understood: registries on a hub ("REMOTE:..."); configurations in JSON; what
// command lines override; datasets that the registry of the tree does not have are
// named and have no key.
//
// Source: hiyouga/LLaMA-Factory, src/llamafactory/hparams.
package llamafactory

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/llamaregistry"
	"github.com/mlbom/mlbom/collectors/internal/recipe"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the configurations.
var Collector = sbom.Collector{
	Name:    "training/llamafactory",
	Doc:     "LLaMA-Factory's configurations (*.yaml with model_name_or_path and stage)\n\nThe base model, the datasets as the registry resolves them, and the hyperparameters.",
	Match:   []string{"*.yml", "*.yaml"},
	Collect: collect,
}

var (
	stages = []string{"pt", "sft", "rm", "ppo", "dpo", "kto", "orpo", "simpo"}
	apart  = []string{"model_name_or_path", "adapter_name_or_path", "dataset", "eval_dataset", "dataset_dir", "output_dir", "hub_model_id", "reward_model", "ref_model", "model_revision", "export_dir"}
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, err := recipe.Open(f, "LLaMA-Factory", "model_name_or_path", "stage")
	if r == nil {
		return nil, nil
	}
	v := r.Doc
	if v.Get("model_name_or_path").Text() == "" || !slices.Contains(stages, v.Get("stage").Text()) || v.Get("finetuning_type") == nil && v.Get("template") == nil && v.Get("dataset") == nil {
		return nil, nil
	}
	r.Line = v.Get("model_name_or_path").Line()
	if v.Get("stage").Text() == "pt" && v.Get("train_from_scratch").True() {
		r.Activity = sbom.ActivityTraining
	}
	r.Base(v.Get("model_name_or_path"), v.Get("model_revision").Text(), v.Get("trust_remote_code").True())
	for _, key := range []string{"adapter_name_or_path", "reward_model", "ref_model"} {
		r.Further(v.Get(key), strings.ReplaceAll(strings.TrimSuffix(key, "_name_or_path"), "_", " "))
	}
	known := registry(f, v.Get("dataset_dir").Text())
	for _, key := range []string{"dataset", "eval_dataset"} {
		names := v.Get(key).Texts()
		for _, list := range names {
			for name := range strings.SplitSeq(list, ",") {
				add(r, known, recipe.Data{Ref: strings.TrimSpace(name), Line: v.Get(key).Line(), Validation: key == "eval_dataset"})
			}
		}
	}
	r.Makes(v.Get("output_dir").Text(), v.Get("hub_model_id").Text())
	r.Scalars("", v, apart...)
	return r.Sightings(), err
}

// add adds what the registry has under a name, or the name alone.
func add(r *recipe.Recipe, known map[string]llamaregistry.Entry, d recipe.Data) {
	if d.Ref == "" {
		return
	}
	e, ok := known[d.Ref]
	if !ok {
		r.Put(sbom.Component{Kind: sbom.KindDataset, Group: "LLaMA-Factory", Name: d.Ref}, d)
		return
	}
	d.How, d.Config, d.Split = "as "+e.Name, e.Config, e.Split
	to := e.To
	if to.Kind == sbom.KindFile { // the registry makes a dataset of it
		to = sbom.Component{Kind: sbom.KindDataset, Name: e.Name, Keys: e.To.Keys}
	}
	r.Put(to, d)
}

// registry finds the folder of the registry as the program does, from the folder that
// it runs in: that of the configuration or one above.
func registry(f *sbom.File, dir string) map[string]llamaregistry.Entry {
	if dir == "" {
		dir = "data"
	}
	if path.IsAbs(dir) || strings.Contains(dir, "..") {
		return nil
	}
	for at := path.Dir(f.Path); ; at = path.Dir(at) {
		if known := llamaregistry.Load(f, path.Join(at, dir)); len(known) > 0 {
			return known
		}
		if at == "." || at == "/" {
			return nil
		}
	}
}
