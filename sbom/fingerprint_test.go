package sbom

import "testing"

// weightsIn is a file of weights with one print, and the model that contains it.
func weightsIn(path string, mark byte) []Sighting {
	content := [32]byte{mark}
	p := Print{Shape: [32]byte{mark, 1}, Header: [32]byte{mark, 2}, Content: &content}
	file := Component{Kind: KindFile, Name: "w", Keys: Keys{Path: path}, File: &FileFacts{Format: "safetensors", Prints: []Print{p}},
		Model: &Model{Tensors: []TensorType{{"F32", 1, 10}}}}
	where := Place{Path: path, By: "model/safetensors"}
	return []Sighting{
		{Component: file, Where: where},
		{Component: Component{Kind: KindModel, Keys: Keys{Path: DirOf(path), PURL: "pkg:huggingface/o/m@0123456789012345678901234567890123456789"}, Model: &Model{Formats: []string{"safetensors"}}}, Where: where,
			Links: []Link{{Rel: Contains, To: Component{Kind: KindFile, Keys: Keys{Path: path}}}}},
	}
}

// TestHearsayOfFingerprints: a BOM in the tree does not say which weights ours are.
func TestHearsayOfFingerprints(t *testing.T) {
	r := Report{Sightings: weightsIn("m/w", 1)}
	want := FingerprintsOf(r.Sightings[0].File.Prints)
	r.Sightings = append(r.Sightings, Sighting{Component: Component{Kind: KindModel, Keys: Keys{PURL: r.Sightings[1].Keys.PURL}, Model: &Model{Fingerprints: Fingerprints{Content: "evil", Header: "evil", Shapes: "evil"}}},
		Basis: Declared, Where: Place{Path: "b.json", By: "bom/bomfile"}})
	for _, n := range Merge(r).Nodes {
		if n.Kind == KindModel && n.Model.Fingerprints != want {
			t.Errorf("%+v, want %+v", n.Model.Fingerprints, want)
		}
	}
}

// TestCopiesAreTied: models of equal content id are variants of the first.
func TestCopiesAreTied(t *testing.T) {
	r := Report{}
	for _, path := range []string{"c/w", "a/w", "b/w"} {
		s := weightsIn(path, 1)
		s[1].Keys.PURL = ""
		r.Sightings = append(r.Sightings, s...)
	}
	other := weightsIn("d/w", 2)
	other[1].Keys.PURL = ""
	g := Merge(Report{Sightings: append(r.Sightings, other...)})
	var tied []string
	for _, e := range g.Edges {
		if e.Rel == VariantOf {
			tied = append(tied, string(e.From)+">"+string(e.To)+":"+e.Notes[0])
		}
	}
	if len(tied) != 2 || tied[0] != "model:b/>model:a/:same-weights" || tied[1] != "model:c/>model:a/:same-weights" {
		t.Errorf("%v", tied)
	}
	if got := len(Merge(g.Report()).Edges); got != len(g.Edges) {
		t.Errorf("taken apart and joined it has %d relations, not %d", got, len(g.Edges))
	}
}
