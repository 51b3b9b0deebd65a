// Package hfconfig reads the configuration of one model as the Hugging Face
// libraries and those near them write it: config.json (transformers, timm,
// Diffusers' parts, open_clip, MLC), generation_config.json, what quantisers write
// beside it, what processors need, and the state of a training by transformers.
//
// Many projects have a config.json: one that is not of a model gives nothing.
// config.json and mlc-chat-config.json establish a model in their folder; the others
// add to one. In a
// folder with nothing of a model but its configuration the model has the property
// mlbom:weights, and among tests or templates it is no model.
//
// "_name_or_path" says from where weights were loaded, before training as well
// as after a plain download. It is no name of this model: it becomes an inferred
// base, and a path of somebody's machine is dropped.
//
// Not understood: what processors compute, labels (id2label), and configurations
// in Python.
//
// Sources: the documentation of transformers (PretrainedConfig,
// GenerationConfig, quantization_config of each method, TrainerState), of timm
// (pretrained_cfg), open_clip, MLC LLM, AutoGPTQ, AutoAWQ and NVIDIA ModelOpt.
package hfconfig

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name: "model/hfconfig",
	Doc: "Hugging Face configuration (config.json and its sisters)\n\nArchitecture, context length, quantisation of every method, hyper-parameters, what\n" +
		"processors and generation are set to, state and results of a training, the base that\nweights were loaded from, and code that loading the model would run.",
	Match: []string{"config.json", "generation_config.json", "*processor_config.json", "open_clip_config.json", "mlc-chat-config.json",
		"quantize_config.json", "quant_config.json", "hf_quant_config.json", "trainer_state.json"},
	Collect: collect,
}

// form is one name of a file: by which keys it is what the name says, of which
// one is enough, and who reads it.
type form struct {
	marks []string
	read  func(d *draft, v *jsonlines.Value)
}

type draft struct {
	*hfmodel.Draft
	loader string // the library that the folder is for, where its files say so
}

func formOf(name string) form {
	switch name {
	case "config.json":
		return form{[]string{"model_type", "architectures", "auto_map", "_name_or_path", "transformers_version", "torch_dtype", "quantization_config", "_diffusers_version", "pretrained_cfg"}, (*draft).config}
	case "generation_config.json":
		return form{[]string{"transformers_version", "_from_model_config", "eos_token_id", "bos_token_id", "max_new_tokens", "max_length", "temperature", "do_sample"}, (*draft).generation}
	case "open_clip_config.json":
		return form{[]string{"model_cfg"}, (*draft).openCLIP}
	case "mlc-chat-config.json":
		return form{[]string{"model_type", "quantization", "model_config"}, (*draft).mlc}
	case "quantize_config.json":
		return form{[]string{"bits", "group_size"}, (*draft).autoGPTQ}
	case "quant_config.json":
		return form{[]string{"w_bit", "q_group_size"}, func(d *draft, v *jsonlines.Value) { d.quantization(v, "awq") }}
	case "hf_quant_config.json":
		return form{[]string{"quantization"}, (*draft).modelOpt}
	case "trainer_state.json":
		return form{[]string{"log_history", "global_step"}, (*draft).trainer}
	}
	return form{[]string{"auto_map", "processor_class", "image_processor_type", "feature_extractor_type", "image_mean", "do_resize", "sampling_rate", "chat_template"}, (*draft).processor}
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	name := strings.ToLower(path.Base(f.Path))
	if name == "config.json" && sentencePart(f) {
		return nil, nil // of a module that computes: model/sentencetransformers reads it
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	root, err := jsonlines.Parse(text)
	form := formOf(name)
	if !slices.ContainsFunc(form.marks, func(key string) bool { return root.Get(key) != nil }) {
		if err != nil && (name != "config.json" || hfmodel.HasWeights(f.FS, path.Dir(f.Path))) {
			return nil, err
		}
		return nil, nil // some other program's file
	}
	d := &draft{hfmodel.In(hfmodel.Owner(f)), hfmodel.Loader(f.FS, path.Dir(f.Path))}
	form.read(d, root)
	if name == "config.json" || name == "mlc-chat-config.json" {
		return d.Settle(f), err
	}
	return d.Done(true), err
}

// sentencePart tells whether the folder is one that modules.json names, such as
// "1_Pooling".
func sentencePart(f *sbom.File) bool {
	number, _, ok := strings.Cut(path.Base(path.Dir(f.Path)), "_")
	return ok && number != "" && strings.Trim(number, "0123456789") == "" && hfmodel.Exists(f.FS, path.Join(path.Dir(path.Dir(f.Path)), "modules.json")) &&
		!hfmodel.HasWeights(f.FS, path.Dir(f.Path))
}
