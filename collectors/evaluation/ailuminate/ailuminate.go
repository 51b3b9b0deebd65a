// Package ailuminate reads the records of MLCommons' modelbench, which runs AILuminate
// (https://github.com/mlcommons/modelbench, src/modelbench/record.py): the grades of a
// system by hazard, each with its estimate and bounds.
//
// A system under test has a name of modelbench's own. What ran it is kept but for the
// user's and the machine's names.
//
// Not understood: single items, journals, and the texts of the report.
package ailuminate

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads records of modelbench.
var Collector = sbom.Collector{
	Name: "evaluation/ailuminate",
	Doc: "MLCommons AILuminate records (JSON of modelbench)\n\n" +
		"Grades of a system by hazard, with estimates and bounds, and the benchmark's version.",
	Match:   []string{"*.json"},
	Sniff:   func(head []byte) bool { return begins.Match(head) },
	Collect: collect,
}

var begins = pattern.Lazy(`^\s*\{\s*"(?:_metadata|benchmark|score|run_uid)"\s*:`)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !evaluation.Begins(f, []string{"benchmark*record*.json", "*ailuminate*.json"}, begins.Match) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, `"hazard_scores"`) {
		return nil, nil
	}
	root, err := jsonlines.Parse(text)
	scores := evaluation.Items(root.Get("scores"))
	if one := root.Get("score"); one.Is(jsonlines.Object) {
		scores = append(scores, one)
	}
	if len(scores) == 0 {
		return nil, err
	}
	r := evaluation.New(f, "modelbench-record", "modelbench")
	r.Line = scores[0].LineOf()
	benchmark := root.Path("benchmark", "uid").Str()
	r.Parameter("benchmark", benchmark)
	r.Parameter("run_uid", root.Get("run_uid").Str())
	meta := root.Get("_metadata")
	r.Parameter("code.version", meta.Path("code", "source", "code_version").Str())
	r.Parameter("code.origin", evaluation.Address(meta.Path("code", "source", "origin").Str()))
	for _, key := range []string{"platform", "python"} {
		r.Environment(key, meta.Path("run", key).Str())
	}
	for _, m := range evaluation.Members(meta.Path("code", "libraries")) {
		r.Environment(m.Key, evaluation.Scalar(m.Value))
	}
	for _, s := range scores {
		score(r, s, benchmark)
	}
	seen, failed := r.Sightings()
	return seen, errors.Join(err, failed)
}

func score(r *evaluation.Run, s *jsonlines.Value, benchmark string) {
	sut := s.Path("sut", "uid")
	if sut == nil {
		sut = s.Get("sut")
	}
	m := r.Hosted(sut.Str(), "", sut.LineOf())
	if m == nil {
		return
	}
	if benchmark != "" {
		m.On(sbom.Component{Kind: sbom.KindDataset, Name: benchmark}, sbom.RoleBenchmark, s.LineOf())
	}
	date := evaluation.Date(s.Get("end_time").Str())
	grade(m, s, sbom.Metric{Task: benchmark, Date: date, Category: "safety"})
	hazards := s.Get("hazard_scores")
	for _, h := range evaluation.Members(hazards) {
		hazard(m, h.Value, h.Key, date)
	}
	for _, h := range evaluation.Items(hazards) {
		hazard(m, h, "", date)
	}
}

func hazard(m *evaluation.Model, h *jsonlines.Value, name, date string) {
	if uid := h.Path("hazard_definition", "uid").Str(); uid != "" {
		name = uid
	}
	v := sbom.Metric{Task: name, Date: date, Category: "safety", Samples: evaluation.Number(h.Get("num_scored_items"))}
	grade(m, h, v)
	in := h.Get("score")
	v.Type, v.Value = "safe_fraction", evaluation.Number(in.Get("estimate"))
	v.Lower, v.Upper = evaluation.Number(in.Get("lower")), evaluation.Number(in.Get("upper"))
	m.Metric(v, in.LineOf())
}

func grade(m *evaluation.Model, s *jsonlines.Value, v sbom.Metric) {
	v.Type, v.Value, v.Name = "grade", evaluation.Scalar(s.Get("text_grade")), evaluation.Scalar(s.Get("numeric_grade"))
	m.Metric(v, s.LineOf())
}
