package lmeval

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// notMetrics are the keys among a task's values that are none.
var notMetrics = map[string]bool{"alias": true, "name": true, "sample_len": true, "sample_count": true, "samples": true}

// tasks reads the values of all tasks, and of the groups that are not among them.
func (r *report) tasks(f *sbom.File) {
	done := map[string]bool{}
	for _, in := range []string{"results", "groups"} {
		for _, m := range members(r.root.Get(in)) {
			if !done[m.Key] && m.Value.Is(jsonlines.Object) {
				done[m.Key] = true
				r.task(f, m)
			}
		}
	}
	for _, m := range members(r.root.Get("group_subtasks")) {
		if list := m.Value.Strings(); len(list) > 0 {
			r.run.Parameter(m.Key+".subtasks", strings.Join(list, ", "))
		}
	}
}

// task reads one task: "acc" or "acc,none" with "acc_stderr" or "acc_stderr,none".
func (r *report) task(f *sbom.File, task jsonlines.Member) {
	common := r.common(f, task)
	for _, v := range members(task.Value) {
		name, filter, _ := strings.Cut(v.Key, ",")
		if notMetrics[name] || strings.HasSuffix(name, "_stderr") || v.Value.Is(jsonlines.Null) {
			continue
		}
		m := common
		m.Type, m.Value = name, scalar(v.Value)
		if filter != "none" {
			m.Filter = filter
		}
		if m.Value == "N/A" || strings.TrimSpace(m.Value) == "" {
			continue
		}
		errorKey := name + "_stderr"
		if filter != "" {
			errorKey += "," + filter
		}
		if e := scalar(task.Value.Get(errorKey)); e != "N/A" {
			m.StdErr = e
		}
		if better, stated := r.root.Path("higher_is_better", task.Key, name).Bool(); stated && !better {
			r.run.Parameter(task.Key+"."+name+".higher_is_better", "false")
		}
		if n := scalar(task.Value.Path("sample_count", name)); n != "" {
			m.Samples = n
		}
		r.add(m, v.Line)
	}
}

func (r *report) add(m sbom.Metric, line int) {
	if r.model != nil {
		r.model.Metric(m, line)
		return
	}
	if list := &r.run.Process.Metrics; len(*list) < evaluation.MaxMetrics && len(m.Value) <= evaluation.MaxText {
		*list = append(*list, m)
	}
}

// common is what all values of a task share, and links to the task's dataset.
func (r *report) common(f *sbom.File, task jsonlines.Member) sbom.Metric {
	name, config := task.Key, r.root.Path("configs", task.Key)
	m := sbom.Metric{Task: name, Category: "quality", Date: r.run.Process.Started, Tool: r.run.Process.Tool,
		TaskOf: first(scalar(r.root.Path("versions", name)), scalar(config.Path("metadata", "version"))),
		Shots:  first(scalar(r.root.Path("n-shot", name)), scalar(config.Get("num_fewshot")), scalar(r.root.Path("config", "num_fewshot"))),
		Config: config.Get("dataset_name").Str(), Split: first(config.Get("test_split").Str(), config.Get("validation_split").Str()),
		Samples: first(scalar(r.root.Path("n-samples", name, "effective")), scalar(task.Value.Get("sample_len")))}
	if alias := strings.TrimLeft(task.Value.Get("alias").Str(), " -"); alias != name {
		m.Name = alias
	}
	if of := scalar(r.root.Path("n-samples", name, "original")); of != "" && of != m.Samples { // a part was measured
		r.run.Parameter(name+".samples.original", of)
	}
	if m.TaskOf == "N/A" || m.TaskOf == "Yaml" {
		m.TaskOf = ""
	}
	kwargs := config.Get("dataset_kwargs")
	if split := config.Get("fewshot_split").Str(); split != "" {
		r.run.Parameter(name+".fewshot_split", split)
	}
	for _, key := range []string{"output_type", "repeats"} {
		if v := scalar(config.Get(key)); v != "" && v != "1" {
			r.run.Parameter(name+"."+key, v)
		}
	}
	ref := config.Get("dataset_path").Str()
	line := config.Get("dataset_path").LineOf()
	m.Dataset, m.Revision = ref, kwargs.Get("revision").Str()
	if files := kwargs.Get("data_files"); files != nil {
		r.files(f, files)
	}
	to := evaluation.Dataset(f, ref, m.Revision)
	if to.Name != ref {
		m.Dataset = to.Name
	}
	r.on(to, line)
	return m
}

// files links to files of data that a loader was given.
func (r *report) files(f *sbom.File, v *jsonlines.Value) {
	for _, name := range v.Strings() {
		r.on(evaluation.Dataset(f, name, ""), v.Line)
	}
	for _, m := range members(v) {
		for _, name := range m.Value.Strings() {
			r.on(evaluation.Dataset(f, name, ""), m.Line)
		}
	}
}

func (r *report) on(to sbom.Component, line int) {
	if r.model != nil {
		r.model.On(to, sbom.RoleBenchmark, line)
		return
	}
	r.run.Link(sbom.Consumes, to, sbom.RoleBenchmark, line)
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
