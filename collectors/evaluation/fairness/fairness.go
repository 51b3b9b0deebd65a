// Package fairness reads measures of fairness in JSON: what the explainer of AIF360
// writes (https://github.com/Trusted-AI/AIF360, aif360/explainers/metric_json_explainer.py;
// one object, a list, or one a line), and the two tables of Fairlearn's MetricFrame,
// "overall" and "by_group", as pandas writes them (https://fairlearn.org).
//
// Neither names the model, so the values stand with the run. The group of a value is its
// slice.
//
// Not understood: tables of several sensitive features as pandas writes their tuples are
// kept as they stand; the What-If Tool, which keeps no report.
package fairness

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads measures of fairness.
var Collector = sbom.Collector{
	Name: "evaluation/fairness",
	Doc: "Fairness reports (AIF360 explainer, Fairlearn MetricFrame in JSON)\n\n" +
		"Measures of fairness, overall and by group.",
	Match:   []string{"*.json", "*fairness*.jsonl", "*aif360*.jsonl"},
	Sniff:   func(head []byte) bool { return explained.Match(head) || frame.Match(head) },
	Collect: collect,
}

var (
	explained = pattern.Lazy(`^\s*\[?\s*\{\s*"metric"\s*:\s*"[^"]{1,200}"\s*,\s*"message"\s*:\s*"`)
	frame     = pattern.Lazy(`^\s*\{\s*"(?:overall|by_group)"\s*:\s*[{\[]`)
	last      = pattern.Lazy(`:\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|nan|inf|-inf)\s*$`)
)

const maxLines = 10_000

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	own := []string{"*fairness*.json*", "*metricframe*.json", "*metric_frame*.json", "*aif360*.json*"}
	if !evaluation.Begins(f, own, func(head []byte) bool { return explained.Match(head) || frame.Match(head) }) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		return nil, nil
	}
	switch {
	case explained.MatchString(text):
		return explainer(f, text)
	case strings.Contains(text, `"by_group"`):
		return metricFrame(f, text)
	}
	return nil, nil
}

// explainer reads objects with a metric and a message that ends in its value.
func explainer(f *sbom.File, text string) ([]sbom.Sighting, error) {
	r := evaluation.New(f, "aif360-explanation", "aif360")
	root, err := jsonlines.Parse(text)
	list := evaluation.Items(root)
	if root.Is(jsonlines.Object) {
		list, err = nil, nil
		n := 0
		for line := range strings.Lines(text) {
			n++
			if v, failed := jsonlines.Parse(line); failed == nil && v.Is(jsonlines.Object) && n <= maxLines {
				list = append(list, v)
			}
		}
		if len(list) == 0 {
			list = []*jsonlines.Value{root}
		}
	}
	for _, v := range list {
		m := last.FindStringSubmatch(v.Get("message").Str())
		name := v.Get("metric").Str()
		if m == nil || name == "" || len(name) > evaluation.MaxText || len(r.Process.Metrics) >= evaluation.MaxMetrics {
			continue
		}
		r.Process.Metrics = append(r.Process.Metrics, sbom.Metric{Type: name, Value: m[1], Category: "fairness"})
		r.Parameter(name+".ideal", v.Get("ideal").Str())
	}
	if len(r.Process.Metrics) == 0 {
		return nil, err
	}
	seen, failed := r.Sightings()
	return seen, errors.Join(err, failed)
}

// metricFrame reads {"overall": {M: value}, "by_group": {M: {GROUP: value}}}, and likewise
// "difference" and "ratio".
func metricFrame(f *sbom.File, text string) ([]sbom.Sighting, error) {
	root, err := jsonlines.Parse(text)
	if !root.Get("by_group").Is(jsonlines.Object) {
		return nil, nil
	}
	r := evaluation.New(f, "fairlearn-metrics", "fairlearn")
	add := func(name, slice string, v *jsonlines.Value) {
		if n := evaluation.Number(v); n != "" && len(r.Process.Metrics) < evaluation.MaxMetrics && len(name)+len(slice) <= evaluation.MaxText {
			r.Process.Metrics = append(r.Process.Metrics, sbom.Metric{Type: name, Value: n, Slice: slice, Category: "fairness"})
		}
	}
	for _, table := range []string{"overall", "by_group", "difference", "ratio"} {
		for _, m := range evaluation.Members(root.Get(table)) {
			name := m.Key
			if table == "difference" || table == "ratio" {
				name += " " + table
			}
			add(name, "", m.Value)
			for _, group := range evaluation.Members(m.Value) {
				add(name, group.Key, group.Value)
			}
		}
	}
	if len(r.Process.Metrics) == 0 {
		return nil, err
	}
	seen, failed := r.Sightings()
	return seen, errors.Join(err, failed)
}
