package gomod

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestUnpackedReplacesNothing: what replaces in a module of a module cache counts
// for its authors alone, and nobody asks its sums.
func TestUnpackedReplacesNothing(t *testing.T) {
	const text = "module example.com/m\n\ngo 1.20\n\nrequire example.com/a v1.2.3\n\nreplace example.com/a => ../a\n"
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"example.com/m@v1.0.0/go.mod": {Data: []byte(text)}})
	kept := false
	for _, s := range r.Sightings {
		if len(s.Findings) > 0 {
			t.Errorf("findings %v", s.Findings)
		}
		for _, l := range s.Links {
			if l.To.Keys.PURL != "pkg:golang/example.com/a@v1.2.3" {
				t.Errorf("link to %+v", l.To)
			}
		}
		for _, p := range s.Properties {
			kept = kept || p.Name == gomanifest.Property("replace")
		}
	}
	if !kept {
		t.Error("the statement is lost")
	}
}
