// Package lmeval reads what lm-evaluation-harness writes
// (https://github.com/EleutherAI/lm-evaluation-harness, lm_eval/loggers and
// lm_eval/evaluator.py): the results of one run, from version 0.2 on, and the samples
// beside them. The values go to the model that the report names: the one of the tree
// that its path leads to, or the one on the hub, at the commit that "model_sha" states.
// A run of a model that is not named keeps its values itself.
//
// The split is the one that the harness takes: the test split, or else the validation
// split. That a metric is better when it is higher is the rule, so the others are told.
//
// Not understood: what a task does (its prompts, code and filters stay in the report),
// samples beyond their number, and the cache and tracker of a run.
package lmeval

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads results of lm-evaluation-harness.
var Collector = sbom.Collector{
	Name: "evaluation/lmeval",
	Doc: "lm-evaluation-harness results (results_*.json, samples_*.jsonl)\n\n" +
		"What was measured on which model: tasks with their datasets, splits and shots, values\n" +
		"with their errors, the run with its settings and environment.",
	Match:   []string{"*.json", "samples_*.jsonl"},
	Sniff:   func(head []byte) bool { return begins.Match(head) },
	Collect: collect,
}

// begins is how the harness begins its results, whatever their name.
var begins = pattern.Lazy(`^\s*\{\s*"results"\s*:\s*\{`)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if strings.HasSuffix(strings.ToLower(f.Path), ".jsonl") {
		return samples(ctx, f)
	}
	if !evaluation.Begins(f, []string{"results_*.json", "results.json", "*eval_results*.json"}, begins.Match) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, `"results"`) || !strings.Contains(text, `"versions"`) {
		return nil, ours(text, err)
	}
	root, err := jsonlines.Parse(text)
	if !is(root) {
		if err != nil && begins.MatchString(text[:min(len(text), sbom.HeadSize)]) {
			return nil, err
		}
		return nil, nil
	}
	r := &report{root: root}
	seen, failed := r.read(f)
	return seen, errors.Join(err, failed)
}

// ours gives the error of a file that would be the harness's.
func ours(text string, err error) error {
	if err != nil && begins.MatchString(text) {
		return err
	}
	return nil
}

// is tells whether a document has the harness's shape; other tools write results.json,
// too.
func is(root *jsonlines.Value) bool {
	results := root.Get("results")
	if !results.Is(jsonlines.Object) || !root.Get("versions").Is(jsonlines.Object) || root.Get("config_general") != nil {
		return false
	}
	for _, m := range results.Members {
		if !m.Value.Is(jsonlines.Object) {
			return false
		}
	}
	return root.Get("config").Is(jsonlines.Object) || root.Get("configs").Is(jsonlines.Object)
}
