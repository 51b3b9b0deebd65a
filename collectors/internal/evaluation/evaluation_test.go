package evaluation

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// What a report names becomes a key only where that is sure, and tells no secret.
func TestNames(t *testing.T) {
	f := sbom.NewFile(fstest.MapFS{"out/r.json": {}, "m/config.json": {}, "data/a.csv": {}, "e/x.gguf": {}}, "out/r.json")
	for ref, want := range map[string]sbom.Keys{"m": {Path: "m/"}, "./e/x.gguf": {Path: "e/x.gguf"}, "org/m": {PURL: "pkg:huggingface/org/m"}, "data": {}, "/home/me/m": {}, "../../m": {}, "https://u:p@a.example/m?k=s": {}} {
		if c, ok := Named(f, ref, "main"); !ok || c.Keys != want {
			t.Errorf("model %s: %+v", ref, c)
		}
	}
	for ref, want := range map[string]sbom.Keys{"data/a.csv": {Path: "data/a.csv"}, "data/none.csv": {}, "org/d": {URL: "https://huggingface.co/datasets/org/d"}, "json": {}, "s3://u:p@b/k?x=y": {URL: "s3://b/k"}} {
		if c := Dataset(f, ref, "main"); c.Keys != want {
			t.Errorf("dataset %s: %+v", ref, c)
		}
	}
	for s, want := range map[string]string{"https://a.example/x#y": "https://a.example/x", "file:///etc": "", "x": "", "https://a b": ""} {
		if got := Address(s); got != want {
			t.Errorf("address %q: %q", s, got)
		}
	}
	for s, want := range map[string]string{"2026-01-02T03:04:05Z": "2026-01-02T03:04:05Z", "2026-01-02T03:04:05": "2026-01-02", "2026-01-02": "2026-01-02", "now": ""} {
		if got := Date(s); got != want {
			t.Errorf("date %q: %q", s, got)
		}
	}
}
