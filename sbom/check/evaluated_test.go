package check

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

const (
	commitA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	commitB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// report says what a report of an evaluation does of a model.
func report(keys sbom.Keys, tested string, properties ...sbom.Property) sbom.Sighting {
	s := sbom.Sighting{Where: sbom.Place{Path: "r.json", Line: 3, By: "evaluation/test"}, Mentioned: keys.Path == ""}
	s.Kind, s.Name, s.Keys, s.Properties = sbom.KindModel, "x", keys, properties
	s.Model = &sbom.Model{Metrics: []sbom.Metric{{Type: "acc", Value: "1", Tested: tested}}}
	return s
}

// The model that was measured is held against the one that is here, by all that a
// report may state of it; where it states nothing, nothing is said.
func TestOtherModel(t *testing.T) {
	purl := "pkg:huggingface/o/m"
	digest, template := strings.Repeat("1", 64), strings.Repeat("2", 64)
	at := func(version string) sbom.Sighting {
		return model("m/", func(s *sbom.Sighting) { s.Keys.PURL = purl + version })
	}
	weights := model("m/", func(s *sbom.Sighting) {
		s.Model = &sbom.Model{Parameters: 150, Tensors: []sbom.TensorType{{DType: "F32", Tensors: 1, Parameters: 100}, {DType: "BOOL", Tensors: 1, Parameters: 50}},
			ChatTemplates: []sbom.ChatTemplate{{SHA256: template}}}
		s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: digest}}
	})
	property := func(name, value string) sbom.Sighting {
		return report(sbom.Keys{Path: "m/"}, "", sbom.Property{Name: name, Value: value})
	}
	for name, c := range map[string]struct {
		all  []sbom.Sighting
		want int
	}{
		"same commit":            {[]sbom.Sighting{at("@" + commitA), report(sbom.Keys{PURL: purl + "@" + commitA}, commitA)}, 0},
		"another commit":         {[]sbom.Sighting{at("@" + commitA), report(sbom.Keys{PURL: purl + "@" + commitB}, commitB)}, 1},
		"both":                   {[]sbom.Sighting{at("@" + commitA), report(sbom.Keys{PURL: purl + "@" + commitB}, commitB), report(sbom.Keys{PURL: purl + "@" + commitA}, commitA)}, 0},
		"another model":          {[]sbom.Sighting{at("@" + commitA), report(sbom.Keys{PURL: "pkg:huggingface/o/n@" + commitB}, commitB)}, 0},
		"no commit here":         {[]sbom.Sighting{at(""), report(sbom.Keys{PURL: purl + "@" + commitB}, commitB)}, 0},
		"none stated":            {[]sbom.Sighting{at("@" + commitA), report(sbom.Keys{PURL: purl}, "")}, 0},
		"a tag":                  {[]sbom.Sighting{at("@" + commitA), report(sbom.Keys{PURL: purl}, "v1")}, 0},
		"of the folder":          {[]sbom.Sighting{at("@" + commitA), report(sbom.Keys{Path: "m/"}, commitB)}, 1},
		"same digest":            {[]sbom.Sighting{weights, report(sbom.Keys{Path: "m/"}, digest)}, 0},
		"another digest":         {[]sbom.Sighting{weights, report(sbom.Keys{Path: "m/"}, template)}, 1},
		"same template":          {[]sbom.Sighting{weights, property(sbom.TestedTemplate, template)}, 0},
		"another template":       {[]sbom.Sighting{weights, property(sbom.TestedTemplate, digest)}, 1},
		"parameters":             {[]sbom.Sighting{weights, property(sbom.TestedParameters, "100")}, 0},
		"parameters of layers":   {[]sbom.Sighting{weights, property(sbom.TestedParameters, "110")}, 0},
		"of another model":       {[]sbom.Sighting{weights, property(sbom.TestedParameters, "160")}, 1},
		"of a much smaller one":  {[]sbom.Sighting{weights, property(sbom.TestedParameters, "60")}, 1},
		"parameters not a count": {[]sbom.Sighting{weights, property(sbom.TestedParameters, "7B")}, 0},
	} {
		got := findings(t, c.all...)
		got = slices.DeleteFunc(got, func(s string) bool { return !strings.HasPrefix(s, sbom.RuleOtherModel) })
		if len(got) != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
