package sbom

import (
	"fmt"
	"testing"
)

// BenchmarkMerge10000 joins 30 000 sightings of 10 000 packages: a lock, a
// manifest and an index name each.
func BenchmarkMerge10000(b *testing.B) {
	var r Report
	for i := range 10_000 {
		name := fmt.Sprint("package-", i)
		for _, by := range []string{"lock", "manifest", "index"} {
			s := Sighting{Component: Component{Kind: KindLibrary, Name: name, Version: "1.0", Keys: Keys{PURL: PyPI(name, "1.0")}, Licenses: []License{{ID: "MIT"}},
				Package: &Package{Groups: []string{"main"}}}, Basis: Resolved, Where: Place{Path: by, Line: i + 1, By: "python/" + by}}
			s.Links = []Link{{Rel: DependsOn, To: Component{Kind: KindLibrary, Keys: Keys{PURL: PyPI(fmt.Sprint("package-", (i+1)%10_000), "1.0")}}}}
			r.Sightings = append(r.Sightings, s)
		}
	}
	for b.Loop() {
		if g := Merge(r); len(g.Nodes) != 10_000 {
			b.Fatal(len(g.Nodes))
		}
	}
}
