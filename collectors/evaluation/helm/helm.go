// Package helm reads a run of HELM (https://github.com/stanford-crfm/helm,
// helm/benchmark/run_spec.py and metrics/statistic.py): run_spec.json, with the statistics
// in stats.json beside it. A model has the name that HELM gives it. Values on changed
// inputs are of robustness or of fairness where the perturbation says so.
//
// Not understood: single instances, prices, and statistics that count tokens and time.
package helm

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads runs of HELM.
var Collector = sbom.Collector{
	Name: "evaluation/helm",
	Doc: "HELM runs (run_spec.json, stats.json)\n\n" +
		"The scenario, how the model was asked, and the mean of each statistic by split and\n" +
		"perturbation.",
	Match:   []string{"run_spec.json"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil || !strings.Contains(text, `"adapter_spec"`) {
		return nil, nil
	}
	root, err := jsonlines.Parse(text)
	adapter, scenario := root.Get("adapter_spec"), root.Get("scenario_spec")
	if !adapter.Is(jsonlines.Object) || !scenario.Is(jsonlines.Object) {
		return nil, err
	}
	r := evaluation.New(f, "helm-run", "helm")
	r.Given = true
	r.Parameter("name", root.Get("name").Str())
	r.Parameter("scenario", scenario.Get("class_name").Str())
	for _, m := range evaluation.Members(scenario.Get("args")) {
		r.Parameter("scenario."+m.Key, evaluation.Scalar(m.Value))
	}
	for _, m := range evaluation.Members(adapter) {
		if m.Key != "model" && m.Key != "instructions" {
			r.Parameter(m.Key, evaluation.Scalar(m.Value))
		}
	}
	provider, _, _ := strings.Cut(adapter.Get("model_deployment").Str(), "/")
	m := r.Hosted(adapter.Get("model").Str(), provider, adapter.Get("model").LineOf())
	name := scenario.Get("class_name").Str()
	if groups := root.Get("groups").Strings(); len(groups) > 0 {
		name = groups[0]
	}
	if m != nil && name != "" {
		m.On(sbom.Component{Kind: sbom.KindDataset, Name: name[strings.LastIndex(name, ".")+1:]}, sbom.RoleBenchmark, scenario.LineOf())
	}
	failed := stats(r, m, f, root)
	seen, over := r.Sightings()
	return seen, errors.Join(err, failed, over)
}

// counted begin the names of statistics that measure the run and not the model.
var counted = []string{"num_", "inference_", "training_", "finish_reason", "prompt_", "logprob", "max_prob", "batch_size", "estimated_"}

func stats(r *evaluation.Run, m *evaluation.Model, f *sbom.File, spec *jsonlines.Value) error {
	other := f.Other(path.Join(path.Dir(f.Path), "stats.json"))
	if !evaluation.IsFile(f.FS, other.Path) {
		return nil
	}
	r.Produces(other.Path, 0)
	text, err := other.Text()
	if err != nil {
		return &sbom.Problem{Path: other.Path, Reason: err.Error()}
	}
	list, err := jsonlines.Parse(text)
	task, _, _ := strings.Cut(spec.Get("name").Str(), ",model=")
	for _, s := range evaluation.Items(list) {
		stat(m, task, evaluation.Scalar(spec.Path("adapter_spec", "max_train_instances")), s)
	}
	var p *sbom.Problem
	if errors.As(err, &p) {
		p.Path = other.Path
	}
	return err
}

func stat(m *evaluation.Model, task, shots string, s *jsonlines.Value) {
	name := s.Path("name", "name").Str()
	for _, begin := range counted {
		if strings.HasPrefix(name, begin) {
			return
		}
	}
	v := sbom.Metric{Type: name, Value: evaluation.Number(s.Get("mean")), Task: task, Split: s.Path("name", "split").Str(), Shots: shots}
	if change := s.Path("name", "perturbation"); change.Is(jsonlines.Object) {
		v.Slice = change.Get("name").Str()
		for _, kind := range []string{"robustness", "fairness"} {
			if is, _ := change.Get(kind).Bool(); is {
				v.Category = kind
			}
		}
	}
	m.Metric(v, 0)
}
