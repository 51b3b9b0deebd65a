// Package accelerate reads on what a training runs: configurations of Hugging Face
// accelerate (compute_environment, distributed_type) and of DeepSpeed
// (zero_optimization). Each is a process that says its environment; which training
// it is for, nothing in them says.
//
// Not understood: DeepSpeed's settings below the first two levels; "auto", which the
// trainer fills.
//
// Source: huggingface/accelerate (commands/config/config_args.py), DeepSpeed's
// documentation of its configuration JSON.
package accelerate

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/recipe"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the configurations.
var Collector = sbom.Collector{
	Name:    "training/accelerate",
	Doc:     "Configurations of accelerate (*.yaml) and DeepSpeed (*.json)\n\nOn how many machines and processes a training runs, how it is divided, and in which precision.",
	Match:   []string{"*.yml", "*.yaml", "*.json"},
	Collect: collect,
}

const (
	maxConfig   = 256 << 10 // bytes
	maxSettings = 300
	maxValue    = 200 // bytes
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if strings.EqualFold(path.Ext(f.Path), ".json") {
		return deepspeed(f)
	}
	r, err := recipe.Open(f, "accelerate", "compute_environment", "distributed_type")
	if r == nil || r.Doc.Get("distributed_type").Text() == "" || r.Doc.Get("compute_environment").Text() == "" {
		return nil, nil
	}
	v := r.Doc
	r.Scalars("", v, "main_process_ip", "rdzv_backend", "ec2_instance_profile", "iam_role_name", "profile", "region", "sagemaker_inputs_file", "sagemaker_metrics_file", "tpu_name", "tpu_zone", "command_file", "commands")
	for _, part := range []string{"deepspeed_config", "fsdp_config", "megatron_lm_config", "fp8_config", "parallelism_config", "dynamo_config"} {
		r.Scalars(part+".", v.Get(part))
	}
	return process(f, "accelerate", v.Get("compute_environment").Line(), r.Parameters), err
}

// settings are DeepSpeed's own, of which a configuration has some.
var settings = []string{"train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "fp16", "bf16", "gradient_clipping", "optimizer", "activation_checkpointing"}

func deepspeed(f *sbom.File) ([]sbom.Sighting, error) {
	data, err := f.Bytes()
	if err != nil || len(data) > maxConfig || !strings.Contains(string(data), `"zero_optimization"`) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		return nil, nil
	}
	v, err := jsonlines.Parse(text)
	if !v.Get("zero_optimization").Is(jsonlines.Object) || !slices.ContainsFunc(settings, func(k string) bool { return v.Get(k) != nil }) {
		return nil, nil
	}
	var list []sbom.Property
	add := func(prefix string, of *jsonlines.Value) {
		for _, m := range of.Members {
			if x := m.Value; (x.Is(jsonlines.String) || x.Is(jsonlines.Number) || x.Is(jsonlines.Bool)) && x.Text != "auto" && len(x.Text) <= maxValue && len(list) < maxSettings && !strings.Contains(m.Key, "path") {
				list = append(list, sbom.Property{Name: prefix + m.Key, Value: x.Text})
			}
		}
	}
	add("", v)
	for _, m := range v.Members {
		if m.Value.Is(jsonlines.Object) {
			add(m.Key+".", m.Value)
			for _, inner := range m.Value.Members {
				if inner.Value.Is(jsonlines.Object) {
					add(m.Key+"."+inner.Key+".", inner.Value)
				}
			}
		}
	}
	return process(f, "deepspeed", v.Get("zero_optimization").Line, list), err
}

// process is what runs so; the environment is all that is said of it.
func process(f *sbom.File, tool string, line int, environment []sbom.Property) []sbom.Sighting {
	s := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: line}}
	s.Kind, s.Name, s.Keys.Path = sbom.KindProcess, "training as in "+path.Base(f.Path), f.Path+"#"+tool
	s.Process = &sbom.Process{Type: "stage", Activity: sbom.ActivityTraining, Tool: tool, Environment: environment}
	return []sbom.Sighting{s}
}
