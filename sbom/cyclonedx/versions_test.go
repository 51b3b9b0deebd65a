package cyclonedx

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
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

func said(g *sbom.Graph, o Options) error {
	return sbomtest.Through(g, func(w io.Writer) error { return Encode(w, g, sbom.Meta{}, o) }, Decode)
}
