package collectors_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
)

// lineage gives the one edge from the model at the root to its base.
func lineage(t *testing.T, tree fstest.MapFS) (sbom.Edge, *sbom.Graph) {
	t.Helper()
	r, err := scan.Run(context.Background(), tree, collectors.All(), scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	var found []sbom.Edge
	for _, e := range g.Edges {
		if e.Rel == sbom.DerivedFrom {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("edges %+v, problems %+v", found, g.Problems)
	}
	return found[0], g
}

// TestLineage: what a card, an adapter, a merge and a configuration say of one base
// is one edge, with all notes and places, and the commit that one of them names.
func TestLineage(t *testing.T) {
	commit := strings.Repeat("a", 40)
	e, g := lineage(t, fstest.MapFS{
		"README.md":                 {Data: []byte("---\nbase_model: org/base\nbase_model_relation: finetune\ntags:\n- base_model:adapter:org/base\n---\n# M\n")},
		"config.json":               {Data: []byte(`{"model_type": "llama", "_name_or_path": "org/base"}`)},
		"adapter_config.json":       {Data: []byte(`{"peft_type": "LORA", "base_model_name_or_path": "org/base", "revision": "` + commit + `"}`)},
		"mergekit_config.yml":       {Data: []byte("merge_method: linear\nmodels:\n  - model: org/base\n")},
		"quantize_config.json":      {Data: []byte(`{"bits": 4, "group_size": 128, "model_name_or_path": "org/base"}`)},
		"adapter_model.safetensors": {Data: []byte("\x08\x00\x00\x00\x00\x00\x00\x00{}      ")},
	})
	if to := g.Node(e.To); to.Keys.PURL != "pkg:huggingface/org/base@"+commit {
		t.Errorf("the base is %+v", to.Keys)
	}
	if !slices.Equal(e.Notes, []string{"adapter", "finetune", "merge"}) {
		t.Errorf("notes %q", e.Notes)
	}
	var places []string
	for _, s := range e.Seen {
		places = append(places, s.Path)
	}
	for _, file := range []string{"README.md", "config.json", "adapter_config.json", "mergekit_config.yml", "quantize_config.json"} {
		if !slices.Contains(places, file) {
			t.Errorf("the edge is not seen in %s: %+v", file, e.Seen)
		}
	}
}

// TestLineageOfCache: a model in the hub's cache is its repository at the commit. The
// base that it names without one may be the snapshot beside it, and may be another:
// nobody says so.
func TestLineageOfCache(t *testing.T) {
	one, two := strings.Repeat("1", 40), strings.Repeat("2", 40)
	e, g := lineage(t, fstest.MapFS{
		"models--org--base/refs/main":                                  {Data: []byte(one)},
		"models--org--base/snapshots/" + one + "/config.json":          {Data: []byte(`{"model_type": "llama"}`)},
		"models--org--tuned/refs/main":                                 {Data: []byte(two)},
		"models--org--tuned/snapshots/" + two + "/adapter_config.json": {Data: []byte(`{"peft_type": "LORA", "base_model_name_or_path": "org/base"}`)},
	})
	if from, to := g.Node(e.From), g.Node(e.To); from.Keys.PURL != "pkg:huggingface/org/tuned@"+two || to.Name != "org/base" {
		t.Errorf("%+v -> %+v", from.Keys, to.Keys)
	}
}

// TestTemplate: one chat template in three places is one component.
func TestTemplate(t *testing.T) {
	r, err := scan.Run(context.Background(), fstest.MapFS{
		"a/config.json":           {Data: []byte(`{"model_type": "llama"}`)},
		"a/tokenizer_config.json": {Data: []byte(`{"chat_template": "{{ messages }}", "eos_token": "x"}`)},
		"b/config.json":           {Data: []byte(`{"model_type": "llama"}`)},
		"b/chat_template.jinja":   {Data: []byte("{{ messages }}")},
		"c/config.json":           {Data: []byte(`{"model_type": "llama"}`)},
		"c/processor_config.json": {Data: []byte(`{"chat_template": {"default": "{{ messages }}"}}`)},
	}, collectors.All(), scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	var templates []*sbom.Node
	for _, n := range g.Nodes {
		if n.File != nil && n.File.Format == "chat-template" {
			templates = append(templates, n)
		}
	}
	owners := 0
	for _, e := range g.Edges {
		if len(templates) > 0 && e.To == templates[0].ID && e.Rel == sbom.Contains {
			owners++
		}
	}
	if len(templates) != 1 || owners != 3 || len(g.Conflicts) != 0 {
		t.Errorf("%d templates in %d models, conflicts %+v", len(templates), owners, g.Conflicts)
	}
}
