// Package mteb reads results of the Massive Text Embedding Benchmark
// (https://github.com/embeddings-benchmark/mteb, mteb/results/task_result.py): one file a
// task, below RESULTS/MODEL/REVISION, of versions 1 and 2.
//
// The model is that of model_meta.json beside, or else of the two folders' names, in which
// mteb writes "org__name" for "org/name". A task is no id of the hub, so its dataset is
// known by the task's name. Of the scores the main one counts; results without one give
// all.
//
// Not understood: predictions, and the scores beside the main one.
package mteb

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads results of MTEB.
var Collector = sbom.Collector{
	Name: "evaluation/mteb",
	Doc: "MTEB results (results/MODEL/REVISION/TASK.json)\n\n" +
		"The main score of an embedding model on a task, by split and subset.",
	Match:   []string{"*.json"},
	Sniff:   func(head []byte) bool { return begins.Match(head) },
	Collect: collect,
}

var begins = pattern.Lazy(`^\s*\{[^{\[]{0,400}"(?:dataset_revision|mteb_version|mteb_dataset_name)"\s*:`)

const maxMeta = 1 << 20

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !evaluation.Begins(f, nil, begins.Match) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, `"mteb_version"`) {
		return nil, nil
	}
	root, err := jsonlines.Parse(text)
	if root.Get("mteb_version") == nil {
		return nil, nil
	}
	task := root.Get("task_name").Str()
	if task == "" {
		task = root.Get("mteb_dataset_name").Str()
	}
	if task == "" && root.Get("scores") == nil {
		return nil, err
	}
	if task == "" { // of version 1.2 to 1.20
		task = strings.TrimSuffix(path.Base(f.Path), ".json")
	}
	r := evaluation.New(f, "mteb-results", strings.TrimSpace("mteb "+root.Get("mteb_version").Str()))
	r.Parameter("evaluation_time", evaluation.Scalar(root.Get("evaluation_time")))
	r.Parameter("kg_co2_emissions", evaluation.Number(root.Get("kg_co2_emissions")))
	t := &result{run: r, model: model(r, f), common: sbom.Metric{Task: task, DatasetOf: task, Revision: evaluation.Scalar(root.Get("dataset_revision"))}}
	t.data(root)
	t.splits(root)
	seen, failed := r.Sightings()
	return seen, errors.Join(err, failed)
}

// model reads who was measured.
func model(r *evaluation.Run, f *sbom.File) *evaluation.Model {
	meta := f.Other(path.Join(path.Dir(f.Path), "model_meta.json"))
	if evaluation.IsFile(f.FS, meta.Path) {
		if text, err := meta.Text(); err == nil && len(text) <= maxMeta {
			v, _ := jsonlines.Parse(text)
			if name := v.Get("name").Str(); name != "" {
				return r.Model(name, v.Get("revision").Str(), 1)
			}
		}
	}
	revision := path.Base(path.Dir(f.Path))
	owner, name, ok := strings.Cut(path.Base(path.Dir(path.Dir(f.Path))), "__")
	if !ok || !sbom.IsCommit(revision) && revision != "no_revision_available" {
		return nil
	}
	if !sbom.IsCommit(revision) {
		revision = ""
	}
	return r.Model(owner+"/"+name, revision, 1)
}

type result struct {
	run    *evaluation.Run
	model  *evaluation.Model
	common sbom.Metric
}

func (t *result) data(root *jsonlines.Value) {
	to := sbom.Component{Kind: sbom.KindDataset, Name: t.common.Task, Version: t.common.Revision}
	if t.model != nil {
		t.model.On(to, sbom.RoleBenchmark, root.LineOf())
		return
	}
	t.run.Link(sbom.Consumes, to, sbom.RoleBenchmark, root.LineOf())
}

// splits reads {"scores": {"test": [{…}]}}, and of version 1.0 {"test": {…}}.
func (t *result) splits(root *jsonlines.Value) {
	if scores := root.Get("scores"); scores != nil {
		for _, split := range evaluation.Members(scores) {
			for _, subset := range evaluation.Items(split.Value) {
				t.scores(split.Key, evaluation.Scalar(subset.Get("hf_subset")), subset)
			}
		}
		return
	}
	for _, split := range evaluation.Members(root) {
		t.scores(split.Key, "", split.Value)
		for _, subset := range evaluation.Members(split.Value) {
			t.scores(split.Key, subset.Key, subset.Value)
		}
	}
}

func (t *result) scores(split, subset string, v *jsonlines.Value) {
	m := t.common
	m.Split, m.Config = split, subset
	if main := v.Get("main_score"); main.Is(jsonlines.Number) {
		m.Type, m.Value = "main_score", main.Text
		t.add(m, main.Line)
		return
	}
	for _, s := range evaluation.Members(v) {
		if m.Type, m.Value = s.Key, evaluation.Number(s.Value); m.Value != "" && s.Key != "evaluation_time" {
			t.add(m, s.Line)
		}
	}
}

func (t *result) add(m sbom.Metric, line int) {
	if t.model != nil {
		t.model.Metric(m, line)
	} else if len(t.run.Process.Metrics) < evaluation.MaxMetrics {
		t.run.Process.Metrics = append(t.run.Process.Metrics, m)
	}
}
