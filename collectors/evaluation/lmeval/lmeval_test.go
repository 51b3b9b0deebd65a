package lmeval

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/results.json", []byte(`{"results":{"a":{"acc,none":1}},"versions":{},"config":{"model_args":"pretrained=a/b"}}`))
}

// A commit that the report states is that of the model that was tested.
func TestTested(t *testing.T) {
	commit := "0123456789abcdef0123456789abcdef01234567"
	for args, want := range map[string]sbom.Keys{
		`"pretrained=org/m,revision=v1"`:                        {PURL: "pkg:huggingface/org/m@" + commit},
		`"pretrained=gpt2"`:                                     {URL: "https://huggingface.co/gpt2/tree/" + commit},
		`{"pretrained":"./m"}`:                                  {Path: "m/"},
		`"pretrained=m,gguf_file=x.gguf"`:                       {Path: "m/x.gguf"},
		`"pretrained=/home/me/m"`:                               {},
		`"pretrained=../../../etc"`:                             {},
		`"pretrained=/c/models--o--n/snapshots/` + commit + `"`: {PURL: "pkg:huggingface/o/n@" + commit},
	} {
		text := `{"results":{"t":{"acc":1}},"versions":{},"config":{"model_args":` + args + `,"model_sha":"` + commit + `"}}`
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"a/results.json": {Data: []byte(text)}, "m/config.json": {Data: []byte("{}")}, "m/x.gguf": {}})
		model := r.Sightings[2]
		if model.Kind != sbom.KindModel || model.Keys != want || model.Mentioned != (want.Path == "") {
			t.Errorf("%s: %+v", args, model.Component)
		}
		for _, s := range r.Sightings {
			if s.Model != nil && s.Model.Metrics[0].Tested != commit && want.PURL != "" {
				t.Errorf("%s: tested %q", args, s.Model.Metrics[0].Tested)
			}
		}
	}
}
