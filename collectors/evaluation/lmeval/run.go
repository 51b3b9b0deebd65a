package lmeval

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

// told are the keys of the configuration that are not kept as they stand: places on
// the machine, and what has a field.
var told = map[string]bool{"model_args": true, "use_cache": true, "batch_sizes": true, "description_dict": true, "no_cache": true,
	"decontamination_ngrams_path": true}

// paths are the arguments that say where something lies on the machine.
var paths = map[string]bool{"pretrained": true, "peft": true, "delta": true, "model": true, "path": true, "model_path": true, "tokenizer": true,
	"base_url": true, "tokenizer_path": true, "cache_dir": true, "download_dir": true, "offload_folder": true}

// settings keeps what the run was told.
func (r *report) settings() {
	for _, m := range members(r.root.Get("config")) {
		if told[m.Key] || m.Key == "model_num_parameters" && count(m.Value) == "" {
			continue
		}
		if inner := members(m.Value); inner != nil && m.Key != "gen_kwargs" && m.Key != "metadata" {
			continue // the training configuration that gpt-neox writes here
		}
		r.run.Parameter(m.Key, scalar(m.Value))
	}
	for _, a := range r.args {
		if !paths[a.Name] {
			r.run.Parameter("model_args."+a.Name, a.Value)
		}
	}
	for _, key := range []string{"git_hash", "upper_git_hash", "model_source", "system_instruction_sha", "chat_template_sha", "fewshot_as_multiturn",
		"total_evaluation_time_seconds", "max_length", "eval_git_hash"} {
		r.run.Parameter(key, scalar(r.root.Get(key)))
	}
	for _, m := range members(r.root.Get("task_hashes")) {
		r.run.Parameter(m.Key+".task_hash", m.Value.Str())
	}
}

// environments are the lines of the environment's report that tell what computed.
var environments = map[string]string{"OS": "os", "Python version": "python", "PyTorch version": "torch", "Python platform": "platform",
	"CUDA runtime version": "cuda", "Nvidia driver version": "driver", "Model name": "cpu"}

// environment reads PyTorch's report on the machine, "Name: value" a line.
func (r *report) environment() {
	if v := r.root.Get("transformers_version"); v.Is(jsonlines.String) {
		r.run.Environment("transformers", v.Text)
	}
	if v := r.root.Get("lm_eval_version"); v.Is(jsonlines.String) {
		r.run.Environment("lm_eval", v.Text)
	}
	for line := range strings.Lines(r.root.Get("pretty_env_info").Str()) {
		line = strings.TrimSpace(line)
		if pinned, ok := strings.CutPrefix(line, "[pip3] "); ok {
			if name, version, ok := strings.Cut(pinned, "=="); ok && name != "torch" {
				r.run.Environment(name, version)
			}
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		gpu := strings.HasPrefix(name, "GPU ")
		if name == "GPU models and configuration" { // of one: "GPU 0: NVIDIA L4"
			_, value, ok = strings.Cut(value, ": ")
			value = strings.TrimSpace(value)
		}
		switch {
		case !ok || value == "" || value == "N/A" || strings.HasPrefix(value, "Could not"):
		case gpu:
			r.run.Environment("gpu", value)
		case environments[name] != "":
			r.run.Environment(environments[name], value)
		}
	}
}
