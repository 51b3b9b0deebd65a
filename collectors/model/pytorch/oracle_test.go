package pytorch

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// told is what PyTorch says of a file.
type told struct {
	Tensors    map[string][3]any // type, shape, elements
	Parameters int64
	Class      string   `json:"cls"`
	Inputs     []string `json:"inputs"`
	Epoch      string   `json:"epoch"`
}

// TestOracle compares with what PyTorch says of files that it wrote. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has torch, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "torch.json"))
	if os.IsNotExist(err) {
		t.Skip("no torch.json: testdata/oracle.py found no PyTorch")
	}
	var all struct {
		Version string
		Files   map[string]told
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for name, want := range all.Files {
		t.Run(name, func(t *testing.T) { compare(t, dir, name, want) })
	}
	t.Logf("PyTorch %s, %d files", all.Version, len(all.Files))
}

func compare(t *testing.T, dir, name string, want told) {
	f := sbom.NewFile(os.DirFS(dir), name)
	r, size, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	is := &found{file: f, r: r, size: size}
	if head := make([]byte, 64); true {
		r.ReadAt(head, 0)
		if isLegacy(head) {
			is.legacy(context.Background())
		} else {
			is.archive(context.Background())
		}
	}
	got := map[string][3]any{}
	for _, x := range is.facts.Tensors {
		shape := []any{}
		for _, d := range x.Shape {
			shape = append(shape, float64(d))
		}
		got[x.Name] = [3]any{string(x.Type), shape, float64(x.Elements())}
	}
	for key, w := range want.Tensors {
		if !reflect.DeepEqual(got[key], w) {
			t.Errorf("%s: got %v, want %v", key, got[key], w)
		}
		delete(got, key)
	}
	if len(got) > 0 || len(is.problems) > 0 {
		t.Errorf("tensors of which PyTorch does not know: %v; problems %v", got, is.problems)
	}
	seen, err := Collector.Collect(context.Background(), f)
	if err != nil || len(seen) != 2 {
		t.Fatalf("%v, %v", seen, err)
	}
	checkModel(t, seen, want)
}

func checkModel(t *testing.T, seen []sbom.Sighting, want told) {
	if m := seen[0].Component.Model; m == nil || m.Parameters != want.Parameters || m.Fingerprints.Header == "" {
		t.Errorf("got %+v, want %d parameters", m, want.Parameters)
	}
	if s := seen[0].File.Scan; s.Coverage != sbom.Complete || s.Verdict == sbom.Malicious {
		t.Errorf("scan %+v %+v", s, seen[0].Findings)
	}
	m := seen[1].Component.Model
	if m.Architecture != want.Class {
		t.Errorf("architecture %q, want %q", m.Architecture, want.Class)
	}
	var inputs []string
	for _, p := range m.Inputs {
		inputs = append(inputs, p.Name)
	}
	if !reflect.DeepEqual(inputs, want.Inputs) {
		t.Errorf("inputs %q, want %q", inputs, want.Inputs)
	}
	for _, p := range m.Training.Hyperparameters {
		if p.Name == "epoch" && p.Value != want.Epoch {
			t.Errorf("epoch %q, want %q", p.Value, want.Epoch)
		}
	}
}
