// Package hftrainer reads what the Trainer of Hugging Face's transformers leaves of a
// run: trainer_state.json, training_args.json, and all_results.json with its sisters
// (train_results.json, eval_results.json, predict_results.json, test_results.json).
//
// The run is a process whose key is the folder. It produces the model of the folder,
// where the folder holds one; of a checkpoint's folder model/hfconfig reads the
// trainer's state as the model's own training.
//
// Not understood: the log of each step, of which the last of each number counts;
// training_args.bin, a pickle, which model/pytorch reads; files of these names that
// other programs write.
//
// Source: huggingface/transformers, src/transformers/trainer_callback.py
// (TrainerState), trainer_pt_utils.py (save_metrics).
package hftrainer

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name:    "training/hftrainer",
	Doc:     "Runs of Hugging Face's Trainer (trainer_state.json, all_results.json)\n\nHow long a model was trained, what came out at the end, and what was best.",
	Match:   []string{"trainer_state.json", "training_args.json", "all_results.json", "train_results.json", "eval_results.json", "predict_results.json", "test_results.json"},
	Collect: collect,
}

const (
	maxValues = 500
	maxValue  = 300 // bytes of a value
)

var secret = pattern.Lazy(`(?i)token$|token_|api_key|password|secret`)

// run is one run as it is read.
type run struct {
	sbom.Sighting
	file *sbom.File
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := jsonlines.Parse(text)
	if !v.Is(jsonlines.Object) {
		return nil, nil // whose it is, nobody can say
	}
	r := &run{file: f}
	r.Kind, r.Keys.Path, r.Basis, r.Where.Line = sbom.KindProcess, f.Dir(), sbom.Declared, 1
	r.Name = "run in " + strings.TrimSuffix(f.Dir(), "/")
	r.Process = &sbom.Process{Type: "run", Tool: "transformers"}
	var is bool
	switch path.Base(strings.ToLower(f.Path)) {
	case "trainer_state.json":
		is, r.Process.Activity = r.state(v), sbom.ActivityTraining
	case "training_args.json":
		is, r.Process.Activity = r.arguments(v), sbom.ActivityTraining
	default:
		is = r.results(v)
	}
	if !is {
		return nil, nil
	}
	if model, ok := r.model(); ok {
		r.Links = []sbom.Link{{Rel: sbom.Produces, To: model}}
	}
	return append([]sbom.Sighting{r.Sighting}, r.hint(v)...), err
}

func (r *run) parameter(name string, v *jsonlines.Value) {
	if !v.Is(jsonlines.Number) && !v.Is(jsonlines.String) && !v.Is(jsonlines.Bool) || v.Text == "" || len(v.Text) > maxValue || len(r.Process.Parameters) >= maxValues || secret.MatchString(name) || path.IsAbs(v.Text) {
		return
	}
	r.Process.Parameters = append(r.Process.Parameters, sbom.Property{Name: name, Value: v.Text})
}

// state reads the trainer's state: the log's last value of each number.
func (r *run) state(v *jsonlines.Value) bool {
	if v.Get("log_history") == nil && v.Get("global_step") == nil {
		return false
	}
	for _, key := range []string{"epoch", "global_step", "max_steps", "num_train_epochs", "total_flos", "train_batch_size", "num_input_tokens_seen", "eval_steps", "logging_steps", "save_steps", "best_metric", "best_global_step"} {
		r.parameter(key, v.Get(key))
	}
	if best := v.Get("best_model_checkpoint").Str(); best != "" && len(best) <= maxValue {
		r.Properties = append(r.Properties, sbom.Property{Name: "mlbom:hftrainer:best_model_checkpoint", Value: path.Base(best)})
	}
	last, order := map[string]*jsonlines.Value{}, []string{}
	if log := v.Get("log_history"); log != nil {
		for _, entry := range log.Items {
			for _, m := range entry.Members {
				if m.Value.Is(jsonlines.Number) && !state[m.Key] && len(order) < maxValues {
					if last[m.Key] == nil {
						order = append(order, m.Key)
					}
					last[m.Key] = m.Value
				}
			}
		}
	}
	for _, key := range order {
		r.metric(key, last[key])
	}
	return true
}

// state are numbers of the log that say where the run was.
var state = map[string]bool{"epoch": true, "step": true, "learning_rate": true, "grad_norm": true}

// metric takes a number by the prefix that says on what it was measured.
func (r *run) metric(key string, v *jsonlines.Value) {
	if speed(key) {
		r.parameter(key, v)
		return
	}
	m := sbom.Metric{Type: key, Value: v.Text, Split: "train"}
	if key == "loss" {
		m.Name = "loss of the last step that was logged"
	}
	for _, p := range []string{"eval", "predict", "test", "train"} {
		if rest, ok := strings.CutPrefix(key, p+"_"); ok {
			m.Type, m.Split = rest, p
			break
		}
	}
	if len(r.Process.Metrics) < maxValues {
		r.Process.Metrics = append(r.Process.Metrics, m)
	}
}

// speed tells what says how fast it ran and not how good it is.
func speed(key string) bool {
	return strings.HasSuffix(key, "_per_second") || strings.HasSuffix(key, "_runtime") || strings.HasSuffix(key, "_samples") || strings.Contains(key, "_mem_") || strings.HasSuffix(key, "total_flos") || strings.Contains(key, "jit_")
}

var result = pattern.Lazy(`^(?:train|eval|predict|test)_`)

// results reads numbers by name; without one of the trainer's prefixes they are another program's.
func (r *run) results(v *jsonlines.Value) bool {
	ours := 0
	for _, m := range v.Members {
		if !m.Value.Is(jsonlines.Number) {
			return false
		}
		if result.MatchString(m.Key) {
			ours++
		}
	}
	if ours == 0 {
		return false
	}
	for _, m := range v.Members {
		if m.Key == "epoch" || m.Key == "total_flos" || m.Key == "step" {
			r.parameter(m.Key, m.Value)
			continue
		}
		r.metric(m.Key, m.Value)
	}
	return true
}

// arguments reads the arguments of the trainer.
func (r *run) arguments(v *jsonlines.Value) bool {
	if v.Get("learning_rate") == nil && v.Get("output_dir") == nil && v.Get("num_train_epochs") == nil {
		return false
	}
	for _, m := range v.Members {
		if m.Key != "output_dir" && m.Key != "logging_dir" && m.Key != "run_name" {
			r.parameter(m.Key, m.Value)
		}
	}
	return true
}

// model is that of the folder, where it holds one.
func (r *run) model() (sbom.Component, bool) {
	for _, name := range []string{"config.json", "adapter_config.json", "modules.json", "model.safetensors", "pytorch_model.bin"} {
		if info, err := fs.Stat(r.file.FS, path.Join(path.Dir(r.file.Path), name)); err == nil && info.Mode().IsRegular() {
			return sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: r.file.Dir()}}, true
		}
	}
	return sbom.Component{}, false
}

// hint gives the folder's model the results that stand beside it; those of the state
// are read by model/hfconfig.
func (r *run) hint(v *jsonlines.Value) []sbom.Sighting {
	if v.Get("log_history") != nil || len(r.Links) == 0 {
		return nil
	}
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: r.file.Dir()}}, Basis: sbom.Declared, Hint: true, Where: sbom.Place{Line: 1}}
	s.Model = &sbom.Model{}
	for _, m := range r.Process.Metrics {
		if m.Split != "train" {
			s.Model.Metrics = append(s.Model.Metrics, m)
		}
	}
	for _, p := range r.Process.Parameters {
		if !speed(p.Name) {
			s.Model.Training.Hyperparameters = append(s.Model.Training.Hyperparameters, p)
		}
	}
	return []sbom.Sighting{s}
}
