package gosum

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "go.sum", []byte("a v1.0.0 h2:x\n\n a  v1 h1:\r\n"), []byte("<<<<<<< HEAD\n"))
}

const line = "example.com/a v1.0.0 h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

func TestHintsAlone(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"go.sum": {Data: []byte(line)}})
	if len(r.Sightings) != 1 || !r.Sightings[0].Hint {
		t.Fatalf("want one hint, got %+v", r.Sightings)
	}
	if g := sbom.Merge(r); len(g.Nodes) != 0 {
		t.Errorf("a sum alone made a component: %+v", g.Nodes)
	}
}

func TestHintJoins(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"go.sum": {Data: []byte(line)}})
	r.Sightings = append(r.Sightings, sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindLibrary, Name: "example.com/a", Keys: sbom.Keys{PURL: sbom.GoModule("example.com/a", "v1.0.0")}},
		Basis:     sbom.Declared,
		Where:     sbom.Place{Path: "go.mod", Line: 3},
	})
	g := sbom.Merge(r)
	if len(g.Nodes) != 1 || g.Nodes[0].Package == nil || len(g.Nodes[0].Package.Integrity) != 1 {
		t.Errorf("the sum did not join its module: %+v", g.Nodes)
	}
}

func TestBounds(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"go.sum": {Data: []byte(strings.Repeat("\n", maxLines+5))}})
	if len(r.Problems) != 1 || r.Problems[0].Line != maxLines+1 {
		t.Errorf("problems on a file over the bound: %+v", r.Problems)
	}
	r = sbomtest.Collect(t, &Collector, fstest.MapFS{"go.sum": {Data: []byte(strings.Repeat("x\n", 1000))}})
	if len(r.Problems) != maxProblems {
		t.Errorf("%d problems, want %d", len(r.Problems), maxProblems)
	}
}
