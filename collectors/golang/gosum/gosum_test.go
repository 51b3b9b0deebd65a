package gosum

import (
	"context"
	"io/fs"
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

const other = "h1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ="

func TestDoubles(t *testing.T) {
	app := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindApplication, Name: "m", Keys: sbom.Keys{Path: "./#go"}}, Where: sbom.Place{Path: "go.mod"}}
	for text, want := range map[string]int{
		line + line:                                   0,
		line + "example.com/a v1.0.0 " + other:        1,
		line + "example.com/a v1.0.1 " + other:        0,
		line + "example.com/a v1.0.0 h9:x":            0,
		line + "example.com/a v1.0.0/go.mod " + other: 0,
		strings.ReplaceAll(line, "0 h1", "0/go.mod h1") + "example.com/a v1.0.0/go.mod " + other: 1,
	} {
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"go.sum": {Data: []byte(text)}})
		r.Sightings = append(r.Sightings, app)
		g := sbom.Merge(r)
		if len(g.Nodes) != 1 || len(g.Nodes[0].Findings) != want {
			t.Errorf("%q: %+v, want %d findings", text, g.Nodes[0].Findings, want)
		}
	}
}

func TestCached(t *testing.T) {
	for sum, want := range map[string]int{other: 1, strings.Fields(line)[2]: 0, "nonsense": 0, "": 0} {
		f := sbom.NewFile(fstest.MapFS{"go.sum": {Data: []byte(line)}}, "go.sum")
		f.Caches = map[string]fs.FS{sbom.GoModules: fstest.MapFS{"cache/download/example.com/a/@v/v1.0.0.ziphash": {Data: []byte(sum + "\n")}}}
		seen, err := Collector.Collect(context.Background(), f)
		if err != nil || len(seen) != 1 || len(seen[0].Findings) != want {
			t.Errorf("%s: %v %+v", sum, err, seen)
		}
	}
}
