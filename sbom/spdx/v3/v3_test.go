package v3

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

func encode(t testing.TB, g *sbom.Graph) []byte {
	t.Helper()
	m := sbom.Meta{Time: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), ToolVersion: "1.0", Authors: []sbom.Party{{Name: "Ada \"A\" L", Email: "ada@example.org", Person: true}}}
	var b bytes.Buffer
	if err := Encode(&b, g, m, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(schema.FormatSPDX, "3.0.1", b.Bytes()); err != nil {
		t.Fatalf("%v\n%.3000s", err, b.Bytes())
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
// the graph's own inverse.
func TestRandomGraphsComeBack(t *testing.T) {
	sbomtest.Graphs(t, 5, func(g *sbom.Graph, tenth bool) error {
		back, err := there(g, tenth)
		if err != nil {
			return err
		}
		return sbomtest.Comes(g, back)
	})
}

// there writes a graph and reads it.
func there(g *sbom.Graph, validate bool) (*sbom.Graph, error) {
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{}, Options{}); err != nil {
		return nil, err
	}
	if err := schema.Validate(schema.FormatSPDX, DefaultVersion, b.Bytes()); validate && err != nil {
		return nil, err
	}
	r, err := Decode(b.Bytes(), "bom.spdx.json")
	return sbom.Merge(r), err
}

// TestRandomDocumentsComeBack: a CycloneDX document is the same, byte by byte,
// after it was one of SPDX 3.
func TestRandomDocumentsComeBack(t *testing.T) {
	sbomtest.Graphs(t, 9, func(g *sbom.Graph, tenth bool) error {
		var first, again bytes.Buffer
		m := sbom.Meta{Serial: "urn:uuid:00000000-0000-4000-8000-000000000000"}
		if err := cyclonedx.Encode(&first, g, m, cyclonedx.Options{}); err != nil {
			return err
		}
		r, err := cyclonedx.Decode(first.Bytes(), "bom.cdx.json")
		if err != nil {
			return err
		}
		g = sbom.Merge(r)
		first.Reset()
		if err := cyclonedx.Encode(&first, sbom.Merge(g.Report()), m, cyclonedx.Options{}); err != nil {
			return err
		}
		back, err := there(g, tenth)
		if err != nil {
			return err
		}
		if err := cyclonedx.Encode(&again, back, m, cyclonedx.Options{}); err != nil {
			return err
		}
		if first.String() != again.String() {
			return errors.New(sbomtest.Difference(first.String(), again.String()))
		}
		return nil
	})
}

// TestOfficialExamples: each is read with all its elements and comes out valid.
func TestOfficialExamples(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/official/spdx/examples/*/*/spdx3.0/*.json")
	if len(files) == 0 {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(data, name)
		if err != nil {
			t.Fatal(err)
		}
		g := sbom.Merge(r)
		if strings.Contains(name, "/ai/") && len(g.Edges) == 0 {
			t.Errorf("%s: no edges", name)
		}
		for _, p := range g.Problems {
			if !strings.Contains(p.Reason, "more than one element") && !strings.Contains(p.Reason, "amendedBy") {
				t.Errorf("%s: %s", name, p.Reason)
			}
		}
		again := encode(t, g)
		if want, got := sbomtest.JSON(sbom.Merge(g.Report())), sbomtest.JSON(back(t, again)); got != want {
			t.Errorf("%s: the graph changes on its way:\n%s", name, sbomtest.Difference(want, got))
		}
	}
}

// TestNextVersion: a line in dialects is enough for another version.
func TestNextVersion(t *testing.T) {
	dialects["3.9"] = &dialect{version: "3.9", context: "https://spdx.org/rdf/3.9/spdx-context.jsonld"}
	defer delete(dialects, "3.9")
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: sbom.Component{Kind: sbom.KindModel, Name: "m", Keys: sbom.Keys{URL: "https://m"}}, Where: sbom.Place{Path: "a"}, Root: true}}})
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{}, Options{Version: "3.9"}); err != nil {
		t.Fatal(err)
	}
	if format, version, err := schema.Detect(b.Bytes()); format != schema.FormatSPDX || version != "3.9" || err != nil || !strings.Contains(b.String(), `"specVersion": "3.9"`) || strings.Contains(b.String(), "3.0.1") {
		t.Errorf("%s %s %v\n%s", format, version, err, b.Bytes())
	}
	r, err := Decode(b.Bytes(), "b")
	if err != nil {
		t.Fatal(err)
	}
	if err := sbomtest.Comes(g, sbom.Merge(r)); err != nil {
		t.Error(err)
	}
	if err := Encode(&b, g, sbom.Meta{}, Options{Version: "3.8"}); err == nil {
		t.Error("a version that nobody knows is written")
	}
}
