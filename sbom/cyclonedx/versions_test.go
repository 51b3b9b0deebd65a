package cyclonedx

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// TestEveryVersionSaysTheGraph: the graph of every official document comes back from
// every version that has properties, in JSON and XML.
func TestEveryVersionSaysTheGraph(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(official(t), "cyclonedx/test-resources/1.[4-7]/valid-*.json"))
	if len(files) < 160 {
		t.Fatalf("%d files", len(files))
	}
	for _, name := range some10(files) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(data, "in")
		if err != nil {
			t.Fatal(err)
		}
		g := sbom.Merge(r)
		for _, version := range []string{"1.3", "1.4", "1.5", "1.6", "1.7"} {
			for _, xml := range []bool{false, true} {
				if err := said(g, Options{Version: version, XML: xml}); err != nil {
					t.Errorf("%s to %s, XML %v: %.1000v", filepath.Base(name), version, xml, err)
				}
			}
		}
	}
}

// TestDigestOfReference: 1.2 has no digests of references, in XML nor in JSON, where its
// schema takes any member.
func TestDigestOfReference(t *testing.T) {
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindDataset, Name: "d", Keys: sbom.Keys{Path: "d/"},
		Refs: []sbom.Ref{{Type: "vcs", URL: "https://x.example/d", Hashes: []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("a", 64)}}}}}}
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{s}})
	for _, xml := range []bool{false, true} {
		var b bytes.Buffer
		lost := ""
		if err := Encode(&b, g, sbom.Meta{}, Options{Version: "1.2", XML: xml, Lost: func(_ sbom.ID, name string) { lost += name }}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "aaaa") || !strings.Contains(lost, "refs") {
			t.Errorf("XML %v: %s\nlost: %s", xml, b.String(), lost)
		}
		if err := schema.Validate(formats[xml], "1.2", b.Bytes()); err != nil {
			t.Errorf("a subject that nobody names, in 1.2: %v", err)
		}
		if err := said(g, Options{Version: "1.3", XML: xml}); err != nil {
			t.Errorf("a subject that nobody names, in 1.3: %v", err)
		}
	}
}

var formats = map[bool]string{false: "cyclonedx-json", true: "cyclonedx-xml"}

func said(g *sbom.Graph, o Options) error {
	return sbomtest.Through(g, func(w io.Writer) error { return Encode(w, g, sbom.Meta{}, o) }, Decode)
}
