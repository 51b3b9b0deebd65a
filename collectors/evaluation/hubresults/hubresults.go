// Package hubresults reads the results that a repository on the Hugging Face hub keeps
// in .eval_results/*.yaml, and the eval.yaml by which a dataset says that it is a
// benchmark (https://huggingface.co/docs/hub/eval-results,
// https://github.com/huggingface/hub-docs/blob/main/eval_results.yaml).
//
// Results belong to the model of the folder above .eval_results. A result has the name
// of no metric: its type is the task's id. What the setup was ("notes") stands as its
// arguments. An entry without a dataset or a value is a problem.
//
// Left out on purpose: verifyToken, a seal that the hub alone can check.
package hubresults

import (
	"context"
	"errors"
	"path"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the hub's files of results.
var Collector = sbom.Collector{
	Name: "evaluation/hubresults",
	Doc: "Hugging Face evaluation results (.eval_results/*.yaml, eval.yaml)\n\n" +
		"Results of the model of the repository, with their benchmarks and sources; what a\n" +
		"benchmark's dataset says of its tasks.",
	Match:   []string{".eval_results/*.yaml", ".eval_results/*.yml", "eval.yaml"},
	Collect: collect,
}

const maxEntries = 5000

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	inside := path.Base(path.Dir(f.Path)) == ".eval_results"
	root, err := yamllines.Parse(text)
	switch {
	case inside:
		seen, failed := results(f, root)
		return seen, errors.Join(err, failed)
	case root.Get("evaluation_framework").IsScalar() && root.Get("tasks").IsList():
		return benchmark(f, root), err
	}
	return nil, nil // of another tool
}

// results reads a list of entries; each may lie under "data".
func results(f *sbom.File, root *yamllines.Value) ([]sbom.Sighting, error) {
	items := root.Items()
	if root.IsMap() {
		items = []*yamllines.Value{root}
	}
	var seen []sbom.Sighting
	var problems []error
	for i, item := range items {
		if i == maxEntries {
			problems = append(problems, &sbom.Problem{Line: item.Line(), Reason: "too many results; the rest is not read"})
			break
		}
		if data := item.Get("data"); data.IsMap() {
			item = data
		}
		s, ok := result(f, item)
		if !ok {
			problems = append(problems, &sbom.Problem{Line: item.Line(), Reason: "want a result with dataset.id, dataset.task_id and value"})
			continue
		}
		seen = append(seen, s)
	}
	return seen, errors.Join(problems...)
}

func result(f *sbom.File, v *yamllines.Value) (sbom.Sighting, bool) {
	set, source := v.Get("dataset"), v.Get("source")
	id, task, value := text(set.Get("id")), text(set.Get("task_id")), text(v.Get("value"))
	if id == "" || task == "" || value == "" {
		return sbom.Sighting{}, false
	}
	m := sbom.Metric{Type: task, Value: value, Task: task, Dataset: id, Revision: text(set.Get("revision")), Date: evaluation.Date(text(v.Get("date"))),
		Args: text(v.Get("notes")), SourceURL: text(source.Get("url")), SourceName: text(source.Get("name"))}
	for _, key := range []string{"org", "user"} {
		if m.SourceName == "" {
			m.SourceName = text(source.Get(key))
		}
	}
	s := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: sbom.DirOf(path.Dir(f.Path))}, Model: &sbom.Model{Metrics: []sbom.Metric{m}}},
		Basis:     sbom.Declared, Where: sbom.Place{Line: v.Line()}}
	if to, ok := hub.Dataset(id, m.Revision); ok {
		s.Links = []sbom.Link{{Rel: sbom.EvaluatedOn, To: to, Note: sbom.RoleBenchmark, Line: set.Get("id").Line()}}
	}
	return s, true
}

// benchmark reads what a dataset says of itself as a benchmark.
func benchmark(f *sbom.File, root *yamllines.Value) []sbom.Sighting {
	c := sbom.Component{Kind: sbom.KindDataset, Keys: sbom.Keys{Path: f.Dir()}, Name: text(root.Get("name")), Description: text(root.Get("description")), Dataset: &sbom.Dataset{}}
	keep := func(name, value string) {
		if value != "" && len(c.Properties) < maxEntries {
			c.Properties = append(c.Properties, sbom.Property{Name: "mlbom:eval:" + name, Value: value})
		}
	}
	keep("framework", text(root.Get("evaluation_framework")))
	for i, task := range root.Get("tasks").Items() {
		if i == maxEntries {
			break
		}
		id := text(task.Get("id"))
		keep("task", id)
		for _, key := range []string{"config", "split", "revision"} {
			if id != "" {
				keep("task."+id+"."+key, text(task.Get(key)))
			}
		}
	}
	return []sbom.Sighting{{Component: c, Basis: sbom.Declared, Hint: true, Where: sbom.Place{Line: root.Get("evaluation_framework").Line()}}}
}

func text(v *yamllines.Value) string {
	if s := v.Text(); len(s) <= evaluation.MaxText {
		return s
	}
	return ""
}
