package profile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/profile"
)

// imported is what the server has of a graph, once all that it asks for was checked.
func imported(t *testing.T, g *sbom.Graph) *deptracktest.Imported {
	t.Helper()
	if err := judge(g, "1.6"); err != nil {
		t.Fatal(err)
	}
	data, _, err := written(g, "1.6")
	if err != nil {
		t.Fatal(err)
	}
	im, err := deptracktest.Import(data)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func file(path string) *sbom.Node {
	return &sbom.Node{ID: sbom.ID("file:" + path), Component: sbom.Component{Kind: sbom.KindFile, Name: path[strings.LastIndex(path, "/")+1:], Keys: sbom.Keys{Path: path}}}
}

// TestShards: ten thousand files of one name, in folders and below a long path.
func TestShards(t *testing.T) {
	deep := strings.Repeat("a-folder-of-a-long-name/", 30)
	root := &sbom.Node{ID: "app:./", Component: sbom.Component{Kind: sbom.KindApplication, Name: "app", Version: "1"}}
	g := &sbom.Graph{Root: root.ID, Nodes: []*sbom.Node{root}}
	for i := range 10_000 {
		g.Nodes = append(g.Nodes, file(fmt.Sprintf("%s%04d/model.safetensors", []string{"m/", deep, deep + "x/", "ä/😀/"}[i%4], i/4)))
	}
	started := time.Now()
	made := profile.Make(g, nil)
	if d := time.Since(started); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
	if len(made.Nodes) != len(g.Nodes) {
		t.Fatalf("%d nodes of %d", len(made.Nodes), len(g.Nodes))
	}
	im := imported(t, g)
	if im.Name != "app" || len(im.Components) != 10_000 {
		t.Fatalf("%s has %d components", im.Name, len(im.Components))
	}
	for _, c := range im.Components {
		if c.Name != "model.safetensors" || !c.Has("mlbom", "path", "") {
			t.Fatalf("%s/%s: %v", c.Group, c.Name, c.Properties)
		}
		if short := strings.HasPrefix(c.Ref, "file:m/"); short && "file:"+c.Group+"/"+c.Name != c.Ref {
			t.Fatalf("%s is in %s", c.Ref, c.Group)
		}
	}
}

// TestAlike: what has one name and nothing else stays apart, and says where it lies.
func TestAlike(t *testing.T) {
	node := func(id, path string, kind sbom.Kind) *sbom.Node {
		return &sbom.Node{ID: sbom.ID(id), Component: sbom.Component{Kind: kind, Name: "x", CPE: "no cpe " + id, Keys: sbom.Keys{Path: path}}}
	}
	g := &sbom.Graph{Nodes: []*sbom.Node{node("a", "one/", sbom.KindModel), node("b", "two/", sbom.KindModel), node("c", "", sbom.KindDataset), node("d", "", sbom.KindLibrary), node("e", "one/", sbom.KindModel)}}
	var got []string
	for _, c := range imported(t, g).Components {
		got = append(got, strings.TrimPrefix(c.Group+"/"+c.Name, "/"))
	}
	slices.Sort(got)
	if want := []string{"c/x", "d/x", "one/x", "two/x", "x"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestSubject: the model that the document is about is a component too, with its facts.
func TestSubject(t *testing.T) {
	model := &sbom.Node{ID: "model:./", Component: sbom.Component{Kind: sbom.KindModel, Name: "m", Version: "1", Licenses: []sbom.License{{ID: "MIT"}}, Model: &sbom.Model{Task: "text-generation", Formats: []string{"gguf"}}}, Findings: []sbom.Finding{{Rule: sbom.RuleNoHash, Where: sbom.Place{Path: "a.json", Line: 3}}}}
	base := &sbom.Node{ID: "pkg:huggingface/o/b@abc", Component: sbom.Component{Kind: sbom.KindModel, Name: "o/b", Version: "abc", Keys: sbom.Keys{PURL: "pkg:huggingface/o/b@abc"}}}
	g := &sbom.Graph{Root: model.ID, Nodes: []*sbom.Node{model, base}, Edges: []sbom.Edge{{From: model.ID, To: base.ID, Rel: sbom.DerivedFrom}}, Problems: []sbom.Problem{{Path: "x", Reason: "broken"}}}
	im := imported(t, g)
	at := slices.IndexFunc(im.Components, func(c deptracktest.Component) bool { return c.Name == "m" })
	if at < 0 || len(im.Components) != 2 || im.Name != "m" || im.Version != "1" {
		t.Fatalf("%+v", im)
	}
	c := im.Components[at]
	for name, value := range map[string]string{"model:task": "text-generation", "model:format": "gguf", "model:license": "MIT", "model:base": "pkg:huggingface/o/b@abc",
		"finding:missing-hash": "medium", "finding:missing-hash:at": "a.json:3: No digest ties the component to its bytes", "incomplete": "places that could not be read: 1"} {
		if !c.Has("mlbom", name, value) {
			t.Errorf("%s is not %q: %v", name, value, c.Properties)
		}
	}
	if c.Type != "MACHINE_LEARNING_MODEL" || !slices.Equal(c.Licenses, []string{"MIT"}) {
		t.Errorf("%+v", c)
	}
}

// TestNothing: a graph of nothing has a subject still.
func TestNothing(t *testing.T) {
	if im := imported(t, &sbom.Graph{}); im.Name != "unknown" || len(im.Components) != 0 {
		t.Errorf("%+v", im)
	}
}

// TestBounds: more findings and properties than one component may have are cut, and told.
func TestBounds(t *testing.T) {
	n := file("m/a.pkl")
	n.File = &sbom.FileFacts{Format: "pickle", Scan: sbom.Scan{Verdict: sbom.Malicious}}
	for i := range 2000 {
		n.Findings = append(n.Findings, sbom.Finding{Rule: sbom.RuleUnsafeCall, Message: fmt.Sprint("call ", i)})
		n.Properties = append(n.Properties, sbom.Property{Name: fmt.Sprint("own:", i), Value: "1"}, sbom.Property{Name: "mlbom:tree:file", Value: fmt.Sprint(i)})
	}
	g := &sbom.Graph{Nodes: []*sbom.Node{n}}
	var lost []string
	profile.Make(g, func(id sbom.ID, field string) {
		if id == n.ID && !slices.Contains(lost, field) {
			lost = append(lost, field)
		}
	})
	slices.Sort(lost)
	if !slices.Contains(lost, "findings") || !slices.Contains(lost, "properties") {
		t.Errorf("told: %v", lost)
	}
	c := imported(t, g).Components[0]
	if len(c.Properties) != 500 || !c.Has("mlbom", "scan:verdict", "malicious") || !c.Has("mlbom", "file:format", "pickle") || !c.Has("mlbom", "finding:unsafe-call", "critical") {
		t.Errorf("%d properties: %v", len(c.Properties), c.Properties[:30])
	}
}
