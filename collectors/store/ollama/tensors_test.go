package ollama

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestTensors: an image of tensors has a blob for each of them, and all are one
// model; one that another image has too is a model that both contain.
func TestTensors(t *testing.T) {
	image := func(digits ...string) *fstest.MapFile {
		var layers []string
		for _, d := range digits {
			layers = append(layers, fmt.Sprintf(`{"mediaType":"application/vnd.ollama.image.tensor","digest":"sha256:%s","size":1,"name":"x/%s"}`, strings.Repeat(d, 64), d))
		}
		return &fstest.MapFile{Data: fmt.Appendf(nil, `{"schemaVersion":2,"config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"sha256:%s","size":2},"layers":[%s]}`,
			strings.Repeat("f", 64), strings.Join(layers, ","))}
	}
	tree := fstest.MapFS{"manifests/registry.ollama.ai/me/a/latest": image("1", "2", "3"), "manifests/registry.ollama.ai/me/b/latest": image("3", "4"),
		"blobs/sha256-" + strings.Repeat("f", 64): {Data: []byte("{}")}}
	for _, d := range []string{"1", "2", "3", "4"} {
		tree["blobs/sha256-"+strings.Repeat(d, 64)] = &fstest.MapFile{Data: []byte(d)}
	}
	r := sbomtest.Collect(t, &Collector, tree)
	want := map[string]int{"me/a": 2, "me/b": 1}
	for _, s := range r.Sightings {
		if s.Kind != sbom.KindModel || s.Name == "" {
			continue
		}
		shared := 0
		for _, l := range s.Links {
			if l.Rel == sbom.Contains && l.To.Kind == sbom.KindModel && l.To.Keys.Path == "blobs/sha256-"+strings.Repeat("3", 64) {
				shared++
			}
		}
		if len(s.Also) != want[s.Name] || shared != 1 {
			t.Errorf("%s: %+v, %d shared", s.Name, s.Also, shared)
		}
		delete(want, s.Name)
	}
	if len(want) > 0 {
		t.Error(want, r.Problems)
	}
}

// TestDraft: the draft model of an image is a model in it, and none of its weights.
func TestDraft(t *testing.T) {
	sum := func(d string) string { return strings.Repeat(d, 64) }
	tree := fstest.MapFS{"blobs/sha256-" + sum("1"): {Data: []byte("1")}, "blobs/sha256-" + sum("2"): {Data: []byte("2")}, "blobs/sha256-" + sum("f"): {Data: []byte("{}")},
		"manifests/registry.ollama.ai/me/a/latest": {Data: fmt.Appendf(nil, `{"schemaVersion":2,"config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"sha256:%s","size":2},
"layers":[{"mediaType":"application/vnd.ollama.image.draft","digest":"sha256:%s","size":1},{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:%s","size":1}]}`, sum("f"), sum("2"), sum("1"))}}
	for _, s := range sbomtest.Collect(t, &Collector, tree).Sightings {
		if s.Kind != sbom.KindModel || s.Name == "" {
			continue
		}
		if len(s.Also) != 1 || s.Also[0].Path != "blobs/sha256-"+sum("1") || len(s.Links) != 3 {
			t.Errorf("%+v %+v", s.Also, s.Links)
		}
	}
}
