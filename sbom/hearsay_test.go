package sbom

import (
	"slices"
	"strings"
	"testing"
)

var (
	seenBy = func(path, by string, b Basis, c Component, links ...Link) Sighting {
		return Sighting{Component: c, Basis: b, Where: Place{Path: path, By: by}, Links: links}
	}
	told = func(path string, c Component, links ...Link) Sighting {
		return seenBy(path, "bom/bomfile", Declared, c, links...)
	}
)

const (
	commit = "0123456789012345678901234567890123456789"
	digest = "abababababababababababababababababababababababababababababababab"
)

// TestHearsayTakesNoIdentity: a purl in a found BOM does not come between the
// card and the weights of a folder, whatever digest it claims.
func TestHearsayTakesNoIdentity(t *testing.T) {
	weights := seenBy("m/w.gguf", "model/gguf", Observed, Component{Kind: KindModel, Name: "w", Keys: Keys{Path: "m/w.gguf", SHA256: digest}})
	card := seenBy("m/README.md", "model/modelcard", Declared, Component{Kind: KindModel, Name: "card", Keys: Keys{Path: "m/", PURL: "pkg:huggingface/o/m"}})
	thief := told("a.cdx.json", Component{Kind: KindModel, Name: "thief", Keys: Keys{PURL: "pkg:huggingface/evil/m@" + commit, SHA256: digest}})
	for _, list := range [][]Sighting{{weights, card, thief}, {thief, card, weights}} {
		g := Merge(Report{Sightings: list})
		n := g.Node("pkg:huggingface/o/m")
		if n == nil || n.Keys.SHA256 != digest || n.Name != "w" || len(g.Nodes) != 2 {
			t.Fatalf("nodes %s", jsonOf(g.Nodes))
		}
		if !slices.ContainsFunc(g.Conflicts, func(c Conflict) bool { return c.Field == "identity" }) {
			t.Errorf("the contest is not told: %+v", g.Conflicts)
		}
	}
	g := Merge(Report{Sightings: []Sighting{weights, thief}})
	if len(g.Nodes) != 1 || g.Nodes[0].Keys.Path != "m/w.gguf" || g.Nodes[0].Name != "w" {
		t.Errorf("what only the digest names has the purl of a BOM: %s", jsonOf(g.Nodes))
	}
}

func TestHearsayPinsNothing(t *testing.T) {
	card := seenBy("README.md", "model/modelcard", Declared, Component{Kind: KindModel, Name: "m", Keys: Keys{Path: "./"}},
		Link{Rel: DerivedFrom, To: Component{Kind: KindModel, Keys: Keys{PURL: "pkg:huggingface/o/base"}}})
	pin := told("bom.json", Component{Kind: KindModel, Name: "base", Keys: Keys{PURL: "pkg:huggingface/o/base@" + commit}})
	g := Merge(Report{Sightings: []Sighting{card, pin}})
	if n := g.Node("pkg:huggingface/o/base"); n == nil || !n.Mentioned {
		t.Errorf("nodes %s", jsonOf(g.Nodes))
	}
}

func TestHearsayComesLastOfItsBasis(t *testing.T) {
	keys := Keys{PURL: "pkg:pypi/a@1"}
	ours := seenBy("z/pyproject.toml", "python/pyproject", Declared, Component{Kind: KindLibrary, Keys: keys, Name: "a", Description: "ours"})
	theirs := told("a.json", Component{Kind: KindLibrary, Keys: keys, Name: "a", Description: "theirs"})
	for _, list := range [][]Sighting{{ours, theirs}, {theirs, ours}} {
		g := Merge(Report{Sightings: list})
		if n := g.Nodes[0]; n.Description != "ours" || n.Seen[0].Path != "z/pyproject.toml" || len(g.Conflicts) != 1 || g.Conflicts[0].Dropped.Value != "theirs" {
			t.Errorf("%s %+v", jsonOf(n), g.Conflicts)
		}
	}
}

// TestHearsayAddsNoWeights: a file that a BOM puts into our model changes neither
// its digest nor its size.
func TestHearsayAddsNoWeights(t *testing.T) {
	model := Keys{PURL: "pkg:huggingface/o/m@" + commit}
	file := Component{Kind: KindFile, Name: "w", Keys: Keys{Path: "m/w.safetensors"}, Hashes: []Hash{{"SHA-256", digest}},
		Model: &Model{Tensors: []TensorType{{"F32", 1, 10}}}, File: &FileFacts{Format: "safetensors"}}
	evil := Component{Kind: KindFile, Name: "e", Keys: Keys{Path: "urn:uuid:16d44a71-4482-5672-85ea-c105e5adab6f/e"}, Model: &Model{Tensors: []TensorType{{"F32", 1, 1000}}}, File: &FileFacts{Format: "safetensors"}}
	ours := seenBy("m/README.md", "model/modelcard", Declared, Component{Kind: KindModel, Name: "m", Keys: model, Model: &Model{}}, Link{Rel: Contains, To: Component{Kind: KindFile, Keys: file.Keys}})
	ours.Model = &Model{Task: "t"}
	list := []Sighting{ours, seenBy("m/w.safetensors", "model/safetensors", Observed, file), told("b.json", evil),
		told("b.json", Component{Kind: KindModel, Keys: model}, Link{Rel: Contains, To: Component{Kind: KindFile, Keys: evil.Keys}})}
	n := Merge(Report{Sightings: list}).Node(ID(model.PURL))
	if n.Model.Parameters != 10 || len(n.Hashes) != 1 || n.Hashes[0].Value != digest {
		t.Errorf("%s", jsonOf(n))
	}
}

func TestPathsOfOtherTreesComeLast(t *testing.T) {
	ours := seenBy("weights/w", "model/x", Observed, Component{Kind: KindFile, Name: "w", Keys: Keys{SHA256: digest, Path: "weights/w"}})
	theirs := told("b.json", Component{Kind: KindFile, Name: "w", Keys: Keys{SHA256: digest, Path: "urn:uuid:16d44a71-4482-5672-85ea-c105e5adab6f/w"}})
	if n := Merge(Report{Sightings: []Sighting{ours, theirs}}).Nodes[0]; n.Keys.Path != "weights/w" || len(n.Also) != 1 {
		t.Errorf("%s", jsonOf(n))
	}
}

// TestToldIsOneWord: whatever a document says of how it knows, it is told on one
// basis, without findings and conflicts of its own.
func TestToldIsOneWord(t *testing.T) {
	keys := Keys{PURL: "pkg:pypi/a@1"}
	a := seenBy("x", "y", Observed, Component{Kind: KindLibrary, Keys: keys, Description: "one"}, Link{Rel: DependsOn, To: Component{Kind: KindLibrary, Keys: Keys{PURL: "pkg:pypi/b@1"}}, Note: ">1"})
	a.Findings = []Finding{{Rule: RuleNoHash, Message: "m", Where: Place{Path: "x"}}}
	a.Root = true
	b := seenBy("z", "y", Inferred, Component{Kind: KindLibrary, Keys: keys, Description: "two"})
	c := seenBy("z", "y", Inferred, Component{Kind: KindLibrary, Keys: Keys{PURL: "pkg:pypi/c@1"}, Name: "c"})
	r := Merge(Report{Sightings: []Sighting{a, b, c}}).Told(Declared, true, func(n *Node) Keys { return n.Keys })
	if len(r.Sightings) != 3 || len(r.Problems) > 0 {
		t.Fatalf("%s", jsonOf(r))
	}
	s := r.Sightings[0]
	if !s.Root || s.Basis != Declared || s.Where != (Place{}) || len(s.Findings) > 0 || s.Description != "one" || s.Name != "" ||
		len(s.Links) != 2 || s.Links[0].Note != ">1" || s.Links[1].To.Keys.PURL != "pkg:pypi/c@1" {
		t.Errorf("%s", jsonOf(s))
	}
	var props []string
	for _, p := range s.Properties {
		props = append(props, p.Name+"="+p.Value)
	}
	if got := strings.Join(props, "; "); got != `bom:finding=missing-hash: m (x); bom:conflict=description: "one" at x, not "two" at z` {
		t.Errorf("properties %s", got)
	}
	if r.Sightings[1].Basis != Declared || !r.Sightings[1].Mentioned || r.Sightings[2].Basis != Inferred {
		t.Errorf("%s", jsonOf(r.Sightings))
	}
}
