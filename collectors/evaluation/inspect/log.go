package inspect

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

func (l *log) read() ([]sbom.Sighting, error) {
	l.run = evaluation.New(l.f, "inspect-log", strings.TrimSpace("inspect_ai "+scalar(l.eval.Path("packages", "inspect_ai"))))
	l.run.Line = max(l.at(l.eval), 1)
	p, stats := &l.run.Process, l.root.Get("stats")
	p.Started, p.Ended = evaluation.Time(scalar(stats.Get("started_at"))), evaluation.Time(scalar(stats.Get("completed_at")))
	if p.Started == "" {
		p.Started = evaluation.Time(scalar(l.eval.Get("created")))
	}
	p.Status = scalar(l.root.Get("status"))
	l.settings()
	l.model = l.measured(scalar(l.eval.Get("model")), l.eval.Get("model_args"), l.at(l.eval.Get("model")))
	l.services()
	l.data()
	if scores := l.root.Path("results", "scores"); scores.Is(jsonlines.Array) {
		for _, s := range scores.Items {
			l.score(s)
		}
	}
	return l.run.Sightings()
}

// settings keeps what the run was told, and what ran it.
func (l *log) settings() {
	for _, key := range []string{"task", "task_version", "task_registry_name", "task_id", "run_id", "eval_id", "eval_set_id", "solver"} {
		l.run.Parameter(key, scalar(l.eval.Get(key)))
	}
	for _, key := range []string{"task_args", "config", "model_generate_config", "model_args"} {
		if v := l.eval.Get(key); v.Is(jsonlines.Object) {
			for _, m := range v.Members {
				if m.Key != "model_path" {
					l.run.Parameter(key+"."+m.Key, scalar(m.Value))
				}
			}
		}
	}
	if v := l.eval.Get("packages"); v.Is(jsonlines.Object) {
		for _, m := range v.Members {
			l.run.Environment(m.Key, scalar(m.Value))
		}
	}
	l.run.Environment("sandbox", scalar(l.eval.Path("sandbox", "type")))
	revision := l.eval.Get("revision")
	l.run.Parameter("revision.commit", scalar(revision.Get("commit")))
	l.run.Parameter("revision.dirty", scalar(revision.Get("dirty")))
	l.run.Parameter("revision.origin", evaluation.Address(scalar(revision.Get("origin"))))
}

// services links to the address that answered, and to the models in other roles.
func (l *log) services() {
	if at := evaluation.Address(scalar(l.eval.Get("model_base_url"))); at != "" && l.model != nil {
		l.model.Served(at, l.at(l.eval.Get("model_base_url")))
	}
	roles := l.eval.Get("model_roles")
	if !roles.Is(jsonlines.Object) {
		return
	}
	for _, m := range roles.Members {
		list := []*jsonlines.Value{m.Value}
		if m.Value.Is(jsonlines.Array) {
			list = m.Value.Items
		}
		for _, one := range list {
			if to, ok := l.named(scalar(one.Get("model"))); ok {
				l.run.Link(sbom.Consumes, to, m.Key, l.at(one))
			}
		}
	}
}

// named is a model in another role than that of the one that is measured.
func (l *log) named(name string) (sbom.Component, bool) {
	provider, ref, ok := strings.Cut(name, "/")
	if ok && (provider == "hf" || provider == "vllm" || provider == "sglang") {
		return evaluation.Named(l.f, ref, "")
	}
	if !ok {
		ref = name
	}
	return sbom.Component{Kind: sbom.KindModel, Name: ref}, ref != "" && len(ref) <= evaluation.MaxText
}

func (l *log) data() {
	set := l.eval.Get("dataset")
	name, location := scalar(set.Get("name")), scalar(set.Get("location"))
	to := evaluation.Dataset(l.f, location, "")
	if location == "" || to.Name == "" {
		to = sbom.Component{Kind: sbom.KindDataset, Name: name}
	}
	l.run.Parameter("dataset.samples", scalar(set.Get("samples")))
	if len(to.Name) <= evaluation.MaxText {
		l.model.On(to, sbom.RoleBenchmark, l.at(set))
	}
}

// score reads the metrics of one scorer. An error of them all stands beside them.
func (l *log) score(s *jsonlines.Value) {
	metrics := s.Get("metrics")
	if !metrics.Is(jsonlines.Object) {
		return
	}
	filter := scalar(s.Get("scorer"))
	if name := scalar(s.Get("name")); name != "" && name != filter {
		filter += "/" + name
	}
	if reducer := scalar(s.Get("reducer")); reducer != "" {
		filter += " by " + reducer
	}
	set := l.eval.Get("dataset")
	stderr := scalar(metrics.Path("stderr", "value"))
	for _, m := range metrics.Members {
		if m.Key == "stderr" && len(metrics.Members) == 2 {
			continue
		}
		v := sbom.Metric{Type: m.Key, Value: scalar(m.Value.Get("value")), Task: scalar(l.eval.Get("task")), Filter: filter, TaskOf: scalar(l.eval.Get("task_version")),
			Samples: scalar(s.Get("scored_samples")), Date: l.run.Process.Started, Dataset: evaluation.Dataset(l.f, scalar(set.Get("location")), "").Name, DatasetOf: scalar(set.Get("name"))}
		if v.Samples == "" {
			v.Samples = scalar(l.root.Path("results", "completed_samples"))
		}
		if len(metrics.Members) == 2 {
			v.StdErr = stderr
		}
		l.model.Metric(v, l.at(m.Value))
	}
}
