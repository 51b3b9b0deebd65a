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
