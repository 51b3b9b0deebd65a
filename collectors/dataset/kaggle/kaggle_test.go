package kaggle

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/dataset-metadata.json", []byte(`{"id": "a/b", "title": "T", "licenses": [{"name": "CC0-1.0"}], "resources": [{"path": "../x", "schema": {"fields": [{"name": "a"}]}}]}`))
}

func FuzzKernel(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/kernel-metadata.json", []byte(`{"id": "a/b", "code_file": "x.py", "dataset_sources": ["a/c", 1], "model_sources": ["a/b/c/d/1"]}`))
}

// The licence names are those of Kaggle's documentation (docs/datasets_metadata.md,
// docs/models_metadata.md).
func TestLicenses(t *testing.T) {
	for name, want := range map[string]string{"CC0-1.0": "CC0-1.0", "CC-BY-SA-4.0": "CC-BY-SA-4.0", "GPL-2.0": "GPL-2.0-only", "ODbL-1.0": "ODbL-1.0", "CC-BY-NC-SA-4.0": "CC-BY-NC-SA-4.0",
		"CC-BY-SA-3.0": "CC-BY-SA-3.0", "ODC-BY-1.0": "ODC-By-1.0", "CC-BY-4.0": "CC-BY-4.0", "PDDL": "PDDL-1.0", "CC-BY-3.0": "CC-BY-3.0", "Apache 2.0": "Apache-2.0", "MIT": "MIT",
		"CC-BY-3.0-IGO": "CC-BY-3.0-IGO", "GPL-3.0": "GPL-3.0-only", "AGPL-3.0": "AGPL-3.0-only", "BSD-3-Clause": "BSD-3-Clause", "CC-BY-NC-4.0": "CC-BY-NC-4.0", "CDLA-Permissive-1.0": "CDLA-Permissive-1.0"} {
		r := read(t, "dataset-metadata.json", `{"id": "own/name", "title": "A title", "licenses": [{"name": "`+name+`"}]}`)
		if l := r.Sightings[0].Component.Licenses; len(l) != 1 || l[0].ID != want || len(r.Problems) != 0 {
			t.Errorf("%s: %+v %v", name, l, r.Problems)
		}
	}
	for _, name := range []string{"copyright-authors", "DbCL-1.0", "other", "World Bank", "EU ODP Legal Notice", "reddit-api"} {
		if l := read(t, "dataset-metadata.json", `{"id": "own/name", "title": "A title", "licenses": [{"name": "`+name+`"}]}`).Sightings[0].Component.Licenses; len(l) != 1 || l[0].Name != name {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func read(t *testing.T, name, text string) sbom.Report {
	t.Helper()
	return sbomtest.Collect(t, &Collector, fstest.MapFS{"d/" + name: &fstest.MapFile{Data: []byte(text)}})
}

// Each is refused by Kaggle's own program.
func TestProblems(t *testing.T) {
	for text, want := range map[string]string{
		`{"id": "a/b-c", "title": "INSERT_TITLE_HERE", "licenses": [{"name": "MIT"}]}`:                             "template",
		`{"id": "a/INSERT_SLUG_HERE", "title": "A title", "licenses": [{"name": "MIT"}]}`:                          "no dataset of Kaggle",
		`{"id": "USERNAME_PLACEHOLDER/b-c", "title": "A title", "licenses": [{"name": "MIT"}]}`:                    "no dataset of Kaggle",
		`{"id": "your-username/b-c", "title": "A title", "licenses": [{"name": "MIT"}]}`:                           "no dataset of Kaggle",
		`{"id": "a/b-c", "title": "A title", "licenses": []}`:                                                      "exactly one",
		`{"id": "a/b-c", "title": "A title"}`:                                                                      "exactly one",
		`{"id": "a/b-c", "title": "A title", "licenses": [{"name": "MIT"}, {"name": "CC0-1.0"}]}`:                  "exactly one",
		`{"id": "b-c", "title": "A title", "licenses": [{"name": "MIT"}]}`:                                         "OWNER/NAME",
		`{"id": "a/b-c", "title": "A title", "licenses": [{"name": "MIT"}], "resources": [{"path": "../../etc"}]}`: "leaves the folder",
		`{"id": "a/b-c", "title": "A title", "licenses": [{"name": "MIT"}]`:                                        "not JSON",
	} {
		r := read(t, "dataset-metadata.json", text)
		if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Reason, want) || len(r.Sightings) != 1 {
			t.Errorf("%s: %+v", text, r.Problems)
		}
	}
	if r := read(t, "dataset-metadata.json", `{"info": {"fields": []}}`); len(r.Sightings)+len(r.Problems) != 0 {
		t.Errorf("another's file: %+v", r)
	}
	if r := read(t, "dataset-metadata.json", `{"fields": []}`); len(r.Sightings)+len(r.Problems) != 0 {
		t.Errorf("another's file: %+v", r)
	}
}

// TestLimits: what Kaggle's program refuses by length, number or kind.
func TestLimits(t *testing.T) {
	const licensed = `, "licenses": [{"name": "MIT"}]`
	const model = `{"ownerSlug": "a", "slug": "b-c", "title": "A title", "description": "D"`
	const instance = `{"ownerSlug": "a", "modelSlug": "b", "instanceSlug": "c", "framework": "other", "licenseName": "MIT"`
	const kernel = `{"id": "a/b-c", "code_file": "x.py", "language": "python", "kernel_type": "script"`
	long := strings.Repeat("ä", 50)
	for _, c := range []struct{ name, text, want string }{
		{"dataset-metadata.json", `{"id": "a/b-c", "title": "Short"` + licensed + `}`, "title of 6 to 50 characters; this one has 5"},
		{"dataset-metadata.json", `{"id": "a/b-c", "title": "` + long + `"` + licensed + `}`, ""},
		{"dataset-metadata.json", `{"id": "a/b-c", "title": "` + long + `a"` + licensed + `}`, "this one has 51"},
		{"dataset-metadata.json", `{"id": "a/b-c", "title": "A title", "subtitle": "Too short"` + licensed + `}`, "subtitle of 20 to 80 characters; this one has 9"},
		{"dataset-metadata.json", `{"id": "a/b-c", "title": "A title", "subtitle": ""` + licensed + `}`, ""},
		{"dataset-metadata.json", `{"id": "a/b-c", "title": "A title", "resources": [{"path": "x.csv"}, {"path": "x.csv"}]` + licensed + `}`, "each path once"},
		{"dataset-metadata.json", `{"id": "a/other", "title": "A title"` + licensed + `}`, ""},
		{"dataset-metadata.json", `{"id": "none/unknown", "title": "A title"` + licensed + `}`, ""},
		{"dataset-metadata.json", `{"datasetSlug": "b-c", "ownerUser": "a", "title": "Iris"` + licensed + `}`, ""},
		{"model-metadata.json", model + `, "isPrivate": false}`, ""},
		{"model-metadata.json", model + `, "isPrivate": "yes"}`, "true or false"},
		{"model-metadata.json", model + `}`, `asks for "isPrivate"`},
		{"model-instance-metadata.json", instance + `, "trainingData": ["a/b"], "fineTunable": true}`, ""},
		{"model-instance-metadata.json", instance + `, "fineTunable": "yes"}`, "true or false"},
		{"model-instance-metadata.json", instance + `, "trainingData": "a/b"}`, "list of training data"},
		{"kernel-metadata.json", kernel + `, "title": "Four"}`, "5 characters or more; this one has 4"},
		{"kernel-metadata.json", kernel + `, "title": "Fives", "docker_image_pinning_type": "latest"}`, ""},
		{"kernel-metadata.json", kernel + `, "title": "Fives", "docker_image_pinning_type": "never"}`, "original or latest"},
	} {
		r := read(t, c.name, c.text)
		if c.want == "" && len(r.Problems) > 0 || c.want != "" && (len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Reason, c.want)) || len(r.Sightings) == 0 {
			t.Errorf("%s: %+v, want %q", c.text, r.Problems, c.want)
		}
	}
	for text, want := range map[string]string{`"a/other"`: "https://www.kaggle.com/datasets/a/other", `"none/unknown"`: "https://www.kaggle.com/datasets/none/unknown", `"a/INSERT_SLUG_HERE"`: ""} {
		if s := read(t, "dataset-metadata.json", `{"id": `+text+`, "title": "A title"`+licensed+`}`).Sightings[0]; s.Keys.URL != want {
			t.Errorf("%s: %q", text, s.Keys.URL)
		}
	}
}

// What "kaggle datasets metadata" downloads stands in "info", and says some things thrice.
func TestDownloaded(t *testing.T) {
	r := read(t, "dataset-metadata.json", `{"info": {"datasetId": 9, "datasetSlug": "Meta-b", "ownerUser": "ann", "usabilityRating": 0.5, "hasTitle": true, "title": "Meta", "titleNullable": "Meta",
 "ownerUserNullable": "ann", "licenses": [{"name": "CC0-1.0"}], "keywords": ["a"], "isPrivate": true}}`)
	if len(r.Sightings) != 1 || len(r.Problems) != 0 {
		t.Fatalf("%+v", r)
	}
	s := r.Sightings[0]
	if s.Name != "Meta" || s.Group != "ann" || s.Keys.URL != "https://www.kaggle.com/datasets/ann/meta-b" || len(s.Component.Licenses) != 1 || len(s.Tags) != 1 || len(s.Properties) != 3 {
		t.Errorf("%+v", s)
	}
}
