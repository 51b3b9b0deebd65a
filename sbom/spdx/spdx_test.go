package spdx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

func meta() sbom.Meta {
	return sbom.Meta{Time: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), ToolVersion: "1.0", Authors: []sbom.Party{{Name: "Ada \"A\" L", Email: "ada@example.org", Person: true}}}
}

func encode(t testing.TB, g *sbom.Graph) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, g, meta(), Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encodeYAML(t testing.TB, g *sbom.Graph) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, g, meta(), Options{YAML: true}); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(schema.FormatSPDXYAML, "2.3", b.Bytes()); err != nil {
		t.Fatalf("%v\n%s", err, b.Bytes())
	}
	return b.Bytes()
}

func encodeTags(t testing.TB, g *sbom.Graph) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, g, meta(), Options{Tags: true}); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(schema.FormatSPDXTag, "2.3", b.Bytes()); err != nil {
		t.Fatalf("%v\n%s", err, b.Bytes())
	}
	return b.Bytes()
}

func back(t testing.TB, data []byte) *sbom.Graph {
	t.Helper()
	r, err := Decode(data, "bom.spdx.json")
	if err != nil {
		t.Fatal(err)
	}
	return sbom.Merge(r)
}

func render(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// difference shows the first lines that differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			from := max(i-6, 0)
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i, strings.Join(w[from:min(i+6, len(w))], "\n"), strings.Join(g[from:min(i+6, len(g))], "\n"))
		}
	}
	return fmt.Sprintf("%d and %d lines", len(w), len(g))
}

// TestRandomGraphsComeBack holds the document against the schema and against
// the graph's own inverse.
func TestRandomGraphsComeBack(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 5))
		g := sbom.Merge(sbomtest.Random(rng, 3+rng.IntN(40)))
		data := encode(t, g)
		if err := schema.Validate(schema.FormatSPDX, "2.3", data); err != nil {
			t.Fatalf("%d: %v", seed, err)
		}
		want := render(sbom.Merge(g.Report()))
		if got := render(back(t, data)); got != want {
			t.Fatalf("%d: the graph changes on its way:\n%s", seed, difference(want, got))
		}
		if got := render(back(t, encodeYAML(t, g))); got != want {
			t.Fatalf("%d: the graph changes on its way through YAML:\n%s", seed, difference(want, got))
		}
		if got := render(back(t, encodeTags(t, g))); got != want {
			t.Fatalf("%d: the graph changes on its way through tag-value:\n%s", seed, difference(want, got))
		}
	}
}

// TestManyAlike: ids that are the same in the letters that SPDX has stay apart.
func TestManyAlike(t *testing.T) {
	var r sbom.Report
	const n = 500
	for i := range n {
		name := strings.Repeat("é", i%7) + fmt.Sprint("\x01", strings.Repeat("ß", i/7))
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: sbom.Component{Kind: sbom.KindLibrary, Name: name, Keys: sbom.Keys{URL: "é" + name}}, Where: sbom.Place{Path: "a"}})
	}
	g := sbom.Merge(r)
	if len(g.Nodes) != n {
		t.Fatal(len(g.Nodes))
	}
	data := encode(t, g)
	if err := schema.Validate(schema.FormatSPDX, "2.3", data); err != nil {
		t.Fatal(err)
	}
	if got := back(t, data); len(got.Nodes) != n {
		t.Errorf("%d of %d come back", len(got.Nodes), n)
	}
}
