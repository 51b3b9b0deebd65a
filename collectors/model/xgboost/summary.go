package xgboost

import (
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept.
const (
	maxText     = 1024 // bytes
	maxFeatures = 10_000
	maxKept     = 64
)

// summary is what a model says, apart from its trees.
type summary struct {
	found    bool
	form     string // "json", "ubjson", "binary"
	version  []string
	features []string
	types    []string
	facts    []sbom.Property // of learner_model_param and the like
}

// wanted are values that are kept, by the end of their path.
var wanted = map[string]string{
	"learner.objective.name":                                             "objective",
	"learner.gradient_booster.name":                                      "booster",
	"learner.gradient_booster.model.gbtree_model_param.num_trees":        "num_trees",
	"learner.gradient_booster.gbtree.model.gbtree_model_param.num_trees": "num_trees",
	"learner.learner_model_param.base_score":                             "base_score",
	"learner.learner_model_param.num_class":                              "num_class",
	"learner.learner_model_param.num_feature":                            "num_feature",
	"learner.learner_model_param.num_target":                             "num_target",
}

// take keeps a value of the model. In a list, path ends with the list's name.
func (s *summary) take(path, value string) {
	if strings.HasPrefix(path, "learner.") {
		s.found = true
	}
	if len(value) > maxText {
		return
	}
	switch {
	case path == "version" && len(s.version) < 3:
		s.version = append(s.version, value)
	case path == "learner.feature_names" && len(s.features) < maxFeatures:
		s.features = append(s.features, value)
	case path == "learner.feature_types" && len(s.types) < maxFeatures:
		s.types = append(s.types, value)
	case strings.HasPrefix(path, "learner.attributes.") && len(s.facts) < maxKept:
		s.facts = append(s.facts, sbom.Property{Name: "attribute." + strings.TrimPrefix(path, "learner.attributes."), Value: value})
	case wanted[path] != "":
		s.facts = append(s.facts, sbom.Property{Name: wanted[path], Value: value})
	}
}

func (s *summary) fact(name string) string {
	for _, p := range s.facts {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// tasks of objectives, where the name says it.
func task(objective string) string {
	switch prefix, _, _ := strings.Cut(objective, ":"); prefix {
	case "binary", "multi":
		return "tabular-classification"
	case "reg", "count", "survival":
		return "tabular-regression"
	case "rank":
		return "ranking"
	}
	return ""
}

func (s *summary) describe(m *sbom.Sighting) {
	m.Properties = append(m.Properties, sbom.Property{Name: "xgboost:form", Value: s.form})
	model := m.Component.Model
	if model == nil {
		return
	}
	model.Library = "xgboost"
	model.Architecture = s.fact("booster")
	model.Task = task(s.fact("objective"))
	model.Hyperparameters = s.facts
	if len(s.version) > 0 {
		model.Training.Versions = []sbom.Property{{Name: "xgboost", Value: strings.Join(s.version, ".")}}
	}
	for i, name := range s.features {
		p := sbom.Port{Name: name}
		if len(s.types) == len(s.features) {
			p.Format = s.types[i]
		}
		model.Inputs = append(model.Inputs, p)
	}
	if n := s.fact("num_feature"); len(s.features) == 0 && n != "" && n != "0" {
		model.Inputs = []sbom.Port{{Shape: fmt.Sprintf("[?,%s]", n)}}
	}
}
