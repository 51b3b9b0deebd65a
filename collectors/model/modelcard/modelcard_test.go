package modelcard

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/README.md", []byte("---\nlicense: mit\npipeline_tag: x\n---\n# A\n- **Developed by:** B\n"), []byte("---\na: &a [*a]\ntags: *a\n---\n"))
}

func collectText(t *testing.T, name, text string) sbom.Report {
	t.Helper()
	return sbomtest.Collect(t, &Collector, fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}})
}

// The line of every fact is the line in the file, with any newline and a byte
// order mark.
func TestLines(t *testing.T) {
	text := "---\nlicense: mit\nbase_model:\n- a/b\npipeline_tag: fill-mask\n---\n# T\n\nA description of enough words.\n"
	for _, form := range []string{text, "\ufeff" + text, strings.ReplaceAll(text, "\n", "\r\n")} {
		r := collectText(t, "m/README.md", form)
		if len(r.Sightings) != 2 || len(r.Problems) != 0 {
			t.Fatalf("got %+v", r)
		}
		front, body := r.Sightings[0], r.Sightings[1]
		if front.Lines["licenses"] != 2 || front.Links[0].Line != 4 || front.Lines["model.task"] != 5 || body.Lines["name"] != 7 || body.Lines["description"] != 9 {
			t.Errorf("%q: lines %v, link %d, body %v", form[:4], front.Lines, front.Links[0].Line, body.Lines)
		}
		if front.Keys != (sbom.Keys{Path: "m/"}) {
			t.Errorf("keys = %+v", front.Keys)
		}
	}
}

// A model is not its own base.
func TestSelfReference(t *testing.T) {
	r := collectText(t, "README.md", "---\nmodel_name: org/model\nbase_model: [org/model, org/base]\npipeline_tag: fill-mask\n---\n")
	if links := r.Sightings[0].Links; len(links) != 1 || links[0].To.Name != "org/base" {
		t.Errorf("links = %+v", links)
	}
}

// A relation that nobody states stays open.
func TestRelation(t *testing.T) {
	for front, want := range map[string]string{
		"base_model: a/b": "", "base_model: [a/b, c/d]": "", "base_model: a/b\nbase_model_relation: quantized": "quantized",
		"base_model: a/b\ntags: ['base_model:adapter:a/b', 'base_model:a/b']": "adapter",
	} {
		r := collectText(t, "README.md", "---\n"+front+"\n---\n")
		if links := r.Sightings[0].Links; links[0].Note != want || !strings.HasPrefix(links[0].To.Keys.PURL, "pkg:huggingface/a/b") {
			t.Errorf("%q: links = %+v", front, links)
		}
	}
}

func TestLicenses(t *testing.T) {
	for front, want := range map[string][]sbom.License{
		"license: cc-by-nc-4.0":                              {{ID: "CC-BY-NC-4.0"}},
		"license: [mit, apache-2.0]":                         {{ID: "MIT"}, {ID: "Apache-2.0"}},
		"license: unknown":                                   nil,
		"license: other\nlicense_name: x":                    {{Name: "x"}},
		"license_name: x\nlicense_link: https://example.com": {{Name: "x", URL: "https://example.com"}},
	} {
		r := collectText(t, "README.md", "---\npipeline_tag: fill-mask\n"+front+"\n---\n")
		if got := r.Sightings[0].Component.Licenses; !slices.Equal(got, want) {
			t.Errorf("%q: %+v, want %+v", front, got, want)
		}
	}
}

func TestUTF16(t *testing.T) {
	text := "---\npipeline_tag: fill-mask\n---\n"
	data := []byte{0xff, 0xfe}
	for _, c := range []byte(text) {
		data = append(data, c, 0)
	}
	if r := collectText(t, "README.md", string(data)); len(r.Sightings) != 1 || r.Sightings[0].Model.Task != "fill-mask" {
		t.Errorf("got %+v", r)
	}
	if r := collectText(t, "README.md", "---\npipeline_tag: \xff\n---\n"); len(r.Problems) != 1 {
		t.Errorf("got %+v", r)
	}
}

// Nothing grows without bound.
func TestBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("---\npipeline_tag: x\nmodel-index:\n- name: n\n  results:\n")
	for range 6000 {
		b.WriteString("  - metrics:\n    - {type: a, value: 1}\n")
	}
	b.WriteString("---\n# T\n" + strings.Repeat("## Limitations\n"+strings.Repeat("word ", 3000)+"\n", 20))
	r := collectText(t, "README.md", b.String())
	if n := len(r.Sightings[0].Model.Metrics); n > maxMetrics {
		t.Errorf("%d metrics", n)
	}
	for _, s := range r.Sightings[1].Model.Considerations.Limitations {
		if len(s) > 5000 {
			t.Errorf("a text of %d bytes", len(s))
		}
	}
}
