package spdx

import (
	"bytes"
	"fmt"
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

// TestRandomGraphsComeBack holds the document against the schema and against
// the graph's own inverse, in JSON, YAML and tag-value.
func TestRandomGraphsComeBack(t *testing.T) {
	for name, test := range map[string]struct {
		format  string
		options Options
	}{"json": {schema.FormatSPDX, Options{}}, "yaml": {schema.FormatSPDXYAML, Options{YAML: true}}, "tag-value": {schema.FormatSPDXTag, Options{Tags: true}}} {
		t.Run(name, func(t *testing.T) {
			sbomtest.Graphs(t, 5, func(g *sbom.Graph, tenth bool) error {
				if test.options.YAML && !tenth {
					return nil // which reads as slowly as it validates
				}
				var b bytes.Buffer
				if err := Encode(&b, g, meta(), test.options); err != nil {
					return err
				}
				if err := schema.Validate(test.format, "2.3", b.Bytes()); tenth && err != nil {
					return err
				}
				r, err := Decode(b.Bytes(), "bom.spdx")
				if err != nil {
					return err
				}
				return sbomtest.Comes(g, sbom.Merge(r))
			})
		})
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
