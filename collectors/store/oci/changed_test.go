package oci

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestChanged: a template, a configuration, a manifest and an index that are not
// what their digests say are told of, though they can be read.
func TestChanged(t *testing.T) {
	tree := fstest.MapFS{"oci-layout": {Data: []byte("{}")}}
	put := func(kind string, content any) map[string]any {
		data, ok := content.([]byte)
		if !ok {
			data, _ = json.Marshal(content)
		}
		sum := sha256.Sum256(data)
		name := hex.EncodeToString(sum[:])
		tree["blobs/sha256/"+name] = &fstest.MapFile{Data: data}
		return map[string]any{"mediaType": kind, "digest": "sha256:" + name, "size": len(data)}
	}
	config := put("application/vnd.docker.ai.model.config.v0.1+json", map[string]any{"config": map[string]any{"format": "gguf"}})
	template := put("application/vnd.docker.ai.chat.template.jinja", []byte("{{ prompt }}\n"))
	manifest := put("application/vnd.oci.image.manifest.v1+json", map[string]any{"schemaVersion": 2, "config": config, "layers": []any{template}})
	index := put("application/vnd.oci.image.index.v1+json", map[string]any{"schemaVersion": 2, "manifests": []any{manifest}})
	data, _ := json.Marshal(map[string]any{"schemaVersion": 2, "manifests": []any{index}})
	tree["index.json"] = &fstest.MapFile{Data: data}
	for name, blob := range map[string]map[string]any{"nothing": nil, "template": template, "config": config, "manifest": manifest, "index": index} {
		var at string
		var before []byte
		if blob != nil {
			at = "blobs/sha256/" + strings.TrimPrefix(blob["digest"].(string), "sha256:")
			before = tree[at].Data
			tree[at].Data = append(bytes.Clone(before), ' ')
		}
		var got []string
		for _, s := range sbomtest.Collect(t, &Collector, tree).Sightings {
			for _, f := range s.Findings {
				if f.Rule == sbom.RuleDigest {
					got = append(got, f.Where.Path)
				}
			}
		}
		if blob == nil && len(got) > 0 || blob != nil && !slices.Equal(got, []string{at}) {
			t.Errorf("%s: %v, want %q", name, got, at)
		}
		if blob != nil {
			tree[at].Data = before
		}
	}
}

// TestTags: one artefact with two tags is one model, and the layout is it.
func TestTags(t *testing.T) {
	config := sha256.Sum256([]byte("{}"))
	manifest, _ := json.Marshal(map[string]any{"schemaVersion": 2, "layers": []any{}, "config": map[string]any{"mediaType": "application/vnd.docker.ai.model.config.v0.1+json", "digest": "sha256:" + hex.EncodeToString(config[:]), "size": 2}})
	sum := sha256.Sum256(manifest)
	var entries []any
	for _, tag := range []string{"v1", "latest", "v1"} {
		entries = append(entries, map[string]any{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:" + hex.EncodeToString(sum[:]), "size": len(manifest),
			"annotations": map[string]string{"org.opencontainers.image.ref.name": tag}})
	}
	index, _ := json.Marshal(map[string]any{"schemaVersion": 2, "manifests": entries})
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"m/oci-layout": {Data: []byte("{}")}, "m/index.json": {Data: index},
		"m/blobs/sha256/" + hex.EncodeToString(sum[:]): {Data: manifest}, "m/blobs/sha256/" + hex.EncodeToString(config[:]): {Data: []byte("{}")}})
	var refs []string
	for _, s := range r.Sightings {
		if s.Keys.Path != "m/" {
			t.Errorf("%+v", s.Keys)
		}
		for _, p := range s.Properties {
			if p.Name == "mlbom:oci:ref" {
				refs = append(refs, p.Value)
			}
		}
	}
	if !slices.Equal(refs, []string{"v1", "latest"}) {
		t.Error(refs, r.Problems)
	}
}
