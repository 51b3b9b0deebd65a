// Package torchtune reads torchtune's configurations: the checkpoint that a recipe
// begins with, the datasets with their sources, the components of model, loss and
// optimizer, and the hyperparameters.
//
// A dataset component without a source has the one that torchtune's code gives it by
// default (0.4 to 0.6); the link says so. A checkpoint is a folder that
// "tune download" filled, and is no key: the name of a repository stands in a comment.
//
// Not understood: references between values ("${output_dir}") beyond leaving them out;
// what command lines override.
//
// Source: pytorch/torchtune, recipes/configs and torchtune/datasets.
package torchtune

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/recipe"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the configurations.
var Collector = sbom.Collector{
	Name:    "training/torchtune",
	Doc:     "torchtune's configurations (*.yaml with _component_)\n\nThe checkpoint, the datasets, and the hyperparameters of a recipe.",
	Match:   []string{"*.yml", "*.yaml"},
	Collect: collect,
}

// sources are what dataset components load by default.
var sources = map[string]string{
	"alpaca_dataset": "tatsu-lab/alpaca", "alpaca_cleaned_dataset": "yahma/alpaca-cleaned", "wikitext_dataset": "EleutherAI/wikitext_document_level",
	"grammar_dataset": "liweili/c4_200m", "cnn_dailymail_articles_dataset": "ccdv/cnn_dailymail", "the_cauldron_dataset": "HuggingFaceM4/the_cauldron",
	"llava_instruct_dataset": "liuhaotian/LLaVA-Instruct-150K", "slimorca_dataset": "Open-Orca/SlimOrca-Dedup", "samsum_dataset": "Samsung/samsum",
	"stack_exchange_paired_dataset": "lvwerra/stack-exchange-paired", "hh_rlhf_helpful_dataset": "RLHFlow/HH-RLHF-Helpful-standard",
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, err := recipe.Open(f, "torchtune", "_component_", "torchtune")
	if r == nil {
		return nil, nil
	}
	v := r.Doc
	point := v.Get("checkpointer")
	if v.Get("dataset") == nil || !strings.HasPrefix(v.Get("model", "_component_").Text()+v.Get("checkpointer", "_component_").Text(), "torchtune.") {
		return nil, nil // an evaluation, a quantisation, another's
	}
	r.Line = 1
	if dir := point.Get("checkpoint_dir"); dir.Text() != "" && !strings.Contains(dir.Text(), "$") {
		checkpoint(r, dir)
	}
	datasets(r, v.Get("dataset"), false)
	datasets(r, v.Get("dataset_val"), true)
	out := point.Get("output_dir").Text()
	if strings.Contains(out, "$") {
		out = v.Get("output_dir").Text()
	}
	r.Makes(out, "")
	r.Scalars("", v, "output_dir", "hub_model_id", "device", "log_dir")
	for _, part := range []string{"model", "optimizer", "lr_scheduler", "loss", "tokenizer"} {
		r.Scalars(part+".", v.Get(part), "path", "merges_file", "checkpoint_dir")
	}
	return r.Sightings(), err
}

// checkpoint names the folder that the weights are taken from.
func checkpoint(r *recipe.Recipe, dir *yamllines.Value) {
	if strings.HasPrefix(dir.Text(), "/") || strings.HasPrefix(dir.Text(), "~") {
		at := strings.TrimSuffix(strings.TrimSuffix(dir.Text(), "/"), "/original") // Meta's own form, beside Hugging Face's
		r.Named(sbom.Component{Kind: sbom.KindModel, Name: path.Base(at)}, dir.Line())
		return
	}
	r.Base(dir, "", false)
}

// datasets reads one component, or a list of them.
func datasets(r *recipe.Recipe, v *yamllines.Value, validation bool) {
	list := v.Items()
	if v.IsMap() {
		list = []*yamllines.Value{v}
	}
	for _, d := range list {
		component := d.Get("_component_").Text()
		name := component[strings.LastIndexByte(component, '.')+1:]
		entry := recipe.Data{Ref: d.Get("source").Text(), Config: d.Get("name").Text(), Split: d.Get("split").Text(), Line: d.Get("_component_").Line(), How: name, Validation: validation}
		if entry.Config == "" {
			entry.Config = d.Get("subset").Text()
		}
		switch file := d.Get("data_files"); {
		case file.Text() != "" && !strings.Contains(entry.Ref, "/"): // "json" and the like read a file
			entry.Ref = file.Text()
		case entry.Ref == "" && sources[name] != "":
			entry.Ref = sources[name]
			entry.How = name + ", its default source"
		}
		r.Add(entry)
	}
}
