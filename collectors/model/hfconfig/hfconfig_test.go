package hfconfig

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/config.json") }

func FuzzTrainer(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/trainer_state.json") }

// TestFineTune: _name_or_path is no identity; the folder is a model of its own.
func TestFineTune(t *testing.T) {
	tree := fstest.MapFS{"m/config.json": {Data: []byte("{\"model_type\": \"llama\",\n\"_name_or_path\": \"org/base\"}")}}
	g := sbom.Merge(sbomtest.Collect(t, &Collector, tree))
	model := g.Node("model:m/")
	if model == nil || model.Keys.PURL != "" || model.Name == "org/base" || model.Model.Family != "llama" {
		t.Fatalf("the folder's model is %+v", model)
	}
	if len(g.Edges) != 1 || g.Edges[0].Rel != sbom.DerivedFrom || g.Node(g.Edges[0].To).Keys.PURL != "pkg:huggingface/org/base" || g.Edges[0].Seen[0].Line != 2 {
		t.Errorf("edges %+v", g.Edges)
	}
}

// TestOthers: a config.json of another program is nobody's model, and a path of
// a machine goes nowhere.
func TestOthers(t *testing.T) {
	for _, text := range []string{`{"port": 8080}`, `[1,2]`, `{"port": `, `"x"`, ``} {
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"config.json": {Data: []byte(text)}})
		if len(r.Sightings)+len(r.Problems) != 0 {
			t.Errorf("%q gives %+v", text, r)
		}
	}
	for _, from := range []string{"/home/anna/models/x", "./out", "C:\\\\Users\\\\anna\\\\m", "../x/y", "~/m/n", "checkpoint-500"} {
		text := `{"model_type": "bert", "_name_or_path": "` + from + `"}`
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"config.json": {Data: []byte(text)}})
		if len(r.Sightings) != 1 || len(r.Sightings[0].Links) != 0 {
			t.Errorf("%s gives %+v", from, r.Sightings)
		}
	}
}
