// Package garak reads what the scanner garak writes of a run (https://github.com/NVIDIA/garak,
// garak/command.py and evaluators/base.py): the report, of one JSON object a line, with
// an "eval" entry for each probe and detector, and the log of hits, which is counted.
//
// The value is the rate of attacks that succeeded, as garak shows it: failed of all that
// were evaluated; the confidence interval is garak's. Reports before 0.10, which give
// "passed" and "total", are read alike.
//
// Not understood: single attempts, probe trees, z-scores against other models, and the
// HTML that garak makes of a report. Paths of the machine are left out.
package garak

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads reports of garak.
var Collector = sbom.Collector{
	Name: "evaluation/garak",
	Doc: "garak reports (*.report.jsonl, *.hitlog.jsonl)\n\n" +
		"How often attacks on a model succeeded, by probe and detector, with the run that tried.",
	Match:   []string{"*.report.jsonl", "*.hitlog.jsonl"},
	Collect: collect,
}

const tool = "garak"

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if strings.HasSuffix(strings.ToLower(f.Path), ".hitlog.jsonl") {
		return hits(ctx, f)
	}
	r := &report{f: f, run: evaluation.New(f, "garak-report", tool), settings: map[string]string{}}
	err := evaluation.Lines(ctx, f, r.entry)
	if !r.ours {
		return nil, nil
	}
	seen, failed := r.sightings()
	return seen, errors.Join(append(r.problems, err, failed)...)
}

// hits counts the attacks that succeeded.
func hits(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	rows, ours := int64(0), false
	err := evaluation.Lines(ctx, f, func(n int, line []byte, _ bool) bool {
		if n == 1 {
			ours = bytes.Contains(line, []byte(`"probe"`)) && bytes.Contains(line, []byte(`"detector"`))
		}
		rows++
		return ours
	})
	if !ours || err != nil {
		return nil, err
	}
	s, err := weights.File(f, "garak-hitlog")
	if err != nil {
		return nil, err
	}
	s.File.Table = sbom.Table{Rows: &rows}
	return []sbom.Sighting{s}, nil
}

type report struct {
	f        *sbom.File
	run      *evaluation.Run
	settings map[string]string
	line     int // of the settings
	evals    []entry
	problems []error
	ours     bool
	attempts int
	start    string
}

type entry struct {
	line  int
	value *jsonlines.Value
}

const maxProblems = 20

// entry reads one line; attempts, which are most of a report, are counted only.
func (r *report) entry(n int, line []byte, whole bool) bool {
	kind := line[:min(len(line), 64)]
	switch {
	case !bytes.Contains(kind, []byte(`"entry_type"`)):
		return r.ours // the first line decides
	case bytes.Contains(kind, []byte(`"attempt"`)):
		r.attempts++
		return true
	case !whole:
		return true
	}
	v, err := jsonlines.Parse(string(line))
	if err != nil {
		if len(r.problems) < maxProblems {
			r.problems = append(r.problems, &sbom.Problem{Line: n, Reason: strings.TrimPrefix(err.Error(), "line 1: ")})
		}
		return true
	}
	switch v.Get("entry_type").Str() {
	case "start_run setup":
		r.ours, r.line = true, n
		for _, m := range v.Members {
			r.settings[m.Key] = text(m.Value)
		}
	case "config": // before 0.9.0.6
		r.ours = true
	case "init":
		r.ours = true
		if version := v.Get("garak_version").Str(); version != "" {
			r.run.Process.Tool = tool + " " + version
		}
		r.start = v.Get("start_time").Str()
		r.run.Process.Started = evaluation.Time(r.start)
		r.run.Parameter("start_time", r.start) // of no zone
		r.run.Parameter("run", v.Get("run").Str())
	case "completion":
		r.run.Process.Ended, r.run.Process.Status = evaluation.Time(v.Get("end_time").Str()), "completed"
		r.run.Parameter("end_time", v.Get("end_time").Str())
	case "eval":
		if len(r.evals) < evaluation.MaxMetrics {
			r.evals = append(r.evals, entry{n, v})
		}
	}
	return true
}

func text(v *jsonlines.Value) string {
	switch {
	case v == nil || v.Kind == jsonlines.Null:
		return ""
	case v.Is(jsonlines.String):
		return v.Text
	}
	return v.Compact()
}

// kept are the settings that say how was tried.
var kept = []string{"plugins.probe_spec", "plugins.detector_spec", "plugins.extended_detectors", "plugins.buff_spec", "plugins.target_type", "plugins.model_type",
	"run.generations", "run.seed", "run.eval_threshold", "run.deprefix", "run.probe_tags", "run.soft_probe_prompt_cap", "run.target_lang", "run.lang_spec", "reporting.taxonomy"}

func (r *report) sightings() ([]sbom.Sighting, error) {
	if version := r.settings["_config.version"]; version != "" && r.run.Process.Tool == tool {
		r.run.Process.Tool += " " + version
	}
	for _, key := range kept {
		r.run.Parameter(key, r.settings[key])
	}
	if r.attempts > 0 {
		r.run.Parameter("attempts", strconv.Itoa(r.attempts))
	}
	if r.line > 0 {
		r.run.Line = r.line
	}
	if log := strings.TrimSuffix(r.f.Path, ".report.jsonl") + ".hitlog.jsonl"; log != r.f.Path && evaluation.IsFile(r.f.FS, log) {
		r.run.Produces(log, 0)
	}
	m := r.model()
	for _, e := range r.evals {
		v, ok := metric(e.value)
		v.Tool, v.Date = r.run.Process.Tool, evaluation.Date(r.start)
		switch {
		case !ok:
			r.problems = append(r.problems, &sbom.Problem{Line: e.line, Reason: "an eval entry without counts that fit"})
		case v.Value == "":
			r.run.Parameter("not evaluated", v.Task+" by "+v.Filter)
		case m != nil:
			m.Metric(v, e.line)
		default:
			r.run.Process.Metrics = append(r.run.Process.Metrics, v)
		}
	}
	r.problems = r.problems[:min(len(r.problems), maxProblems)]
	return r.run.Sightings()
}

// model finds what was attacked. Only the generators of Hugging Face and of GGUF take
// ids and paths; others have names of their service.
func (r *report) model() *evaluation.Model {
	kind, name := r.settings["plugins.target_type"], r.settings["plugins.target_name"]
	if kind == "" {
		kind, name = r.settings["plugins.model_type"], r.settings["plugins.model_name"]
	}
	family, class, _ := strings.Cut(kind, ".")
	switch {
	case family == "huggingface" && !strings.HasPrefix(class, "Inference") || family == "ggml":
		return r.run.Model(name, "", r.line)
	case name == "":
		return nil
	}
	return r.run.Hosted(name, family, r.line)
}

// metric reads the counts of a probe and a detector.
func metric(v *jsonlines.Value) (sbom.Metric, bool) {
	passed, ok := v.Get("passed").Int()
	total, has := v.Get("total_evaluated").Int()
	if !has {
		total, has = v.Get("total").Int()
	}
	if !ok || !has || passed < 0 || total < passed {
		return sbom.Metric{}, false
	}
	m := sbom.Metric{Type: "attack_success_rate", Category: "safety", Task: v.Get("probe").Str(), Filter: strings.TrimPrefix(v.Get("detector").Str(), "detector."),
		Samples: strconv.FormatInt(total, 10), Name: strconv.FormatInt(passed, 10) + " of " + strconv.FormatInt(total, 10) + " withstood",
		Lower: text(v.Get("confidence_lower")), Upper: text(v.Get("confidence_upper"))}
	if total > 0 {
		m.Value = strconv.FormatFloat(float64(total-passed)/float64(total), 'f', -1, 32)
	}
	return m, true
}
