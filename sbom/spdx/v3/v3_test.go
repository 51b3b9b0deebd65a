package v3

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
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
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 5))
		g := sbom.Merge(sbomtest.Random(rng, 3+rng.IntN(40)))
		want, got := sbomtest.JSON(sbom.Merge(g.Report())), sbomtest.JSON(back(t, encode(t, g)))
		if got != want {
			t.Fatalf("%d: the graph changes on its way:\n%s", seed, sbomtest.Difference(want, got))
		}
	}
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
