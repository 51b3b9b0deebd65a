package sbom

import (
	"slices"
	"strings"
	"testing"
)

// TestTitles: what a card calls a repository of the hub is its title, not another
// name of it; another id is a conflict.
func TestTitles(t *testing.T) {
	commit := strings.Repeat("a", 40)
	for _, keys := range []Keys{
		{Path: "m/", PURL: HuggingFaceModel("org/name", commit)},
		{Path: "m/", PURL: HuggingFaceModelAt("https://hub.example", "org/name", commit)},
		{Path: "m/", URL: "https://huggingface.co/datasets/org/name/tree/" + commit},
		{Path: "m/", URL: "https://huggingface.co/org/name"},
	} {
		model := func(name string, k Keys, basis Basis) Sighting {
			return Sighting{Component: Component{Kind: KindModel, Name: name, Keys: k}, Basis: basis, Where: Place{Path: "m/" + name, By: "test"}}
		}
		g := Merge(Report{Sightings: []Sighting{model("org/name", keys, Resolved), model("My Model", Keys{Path: "m/"}, Declared), model("other/model", Keys{Path: "m/"}, Declared)}})
		n := g.Nodes[0]
		if n.Name != "org/name" || len(g.Conflicts) != 1 || g.Conflicts[0].Dropped.Value != "other/model" || !slices.Contains(n.Properties, Property{"mlbom:title", "My Model"}) {
			t.Errorf("%v: %q, %+v, %v", keys, n.Name, g.Conflicts, n.Properties)
		}
		if !slices.ContainsFunc(n.Facts, func(f Fact) bool { return f.Field == "properties" && f.Seen[0].Path == "m/My Model" }) {
			t.Errorf("%+v", n.Facts)
		}
		plain := Merge(Report{Sightings: []Sighting{model("a", Keys{Path: "m/"}, Resolved), model("My Model", Keys{Path: "m/"}, Declared)}})
		if len(plain.Conflicts) != 1 {
			t.Errorf("%+v", plain.Conflicts)
		}
	}
}
