package sbom

import "testing"

// TestModelName: the hub's name comes before a file's stem, which its bytes seem to
// state, and before the title of a card.
func TestModelName(t *testing.T) {
	const purl = "pkg:huggingface/org/nice-model@0123456789abcdef0123456789abcdef01234567"
	say := func(name string, basis Basis, at string) Sighting {
		return Sighting{Component: Component{Kind: KindModel, Name: name, Keys: Keys{Path: "m/"}}, Basis: basis, Where: Place{Path: at}}
	}
	hub := say("org/nice-model", Resolved, "refs/main")
	hub.Keys.PURL = purl
	g := Merge(Report{Sightings: []Sighting{say("nice-q4", Observed, "m/nice-q4.gguf"), say("Nice Model", Declared, "m/README.md"), hub}})
	if len(g.Nodes) != 1 || g.Nodes[0].Name != "org/nice-model" {
		t.Errorf("%+v", g.Nodes[0])
	}
}
