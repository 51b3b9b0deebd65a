package hdf5

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// facts are what Keras says of a model that it wrote.
type facts struct {
	Version, Class      string
	Layers              map[string]int
	Parameters, Tensors int64
	Inputs              [][]*int
}

// TestOracle compares with what Keras says of the models that model/keras's
// testdata/oracle.py saved.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has keras, and name its folder")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "keras", "*.h5"))
	if len(names) == 0 {
		t.Skip("no models of Keras in " + dir)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { compare(t, name) })
	}
}

func compare(t *testing.T, name string) {
	var want facts
	text, err := os.ReadFile(name + ".json")
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(filepath.Dir(name)), filepath.Base(name)))
	if err != nil || len(seen) != 2 || len(seen[0].Findings) != 0 {
		t.Fatalf("%+v, %v", seen, err)
	}
	file, m := seen[0], seen[1].Component.Model
	if file.Model.Parameters != want.Parameters || tensors(file.Model.Tensors) != want.Tensors {
		t.Errorf("%+v, Keras says %+v", file.Model, want)
	}
	if strings.HasSuffix(name, ".weights.h5") {
		return
	}
	if m.Architecture != want.Class || m.Training.Versions[0].Value != want.Version || len(m.Inputs) != len(want.Inputs) {
		t.Errorf("%+v, Keras says %+v", m, want)
	}
	for _, p := range m.Operators {
		if n := want.Layers[p.Name]; p.Name != "InputLayer" && p.Value != jsonOf(n) {
			t.Errorf("%s layers of %s, Keras says %d", p.Value, p.Name, n)
		}
	}
	for i, p := range m.Inputs {
		if want := strings.ReplaceAll(jsonOf(want.Inputs[i]), "null", "?"); p.Shape != want {
			t.Errorf("input %+v, Keras says %s", p, want)
		}
	}
	if file.File.Scan.Verdict != sbom.Clean || m.Fingerprints.Content == "" && file.Model.Fingerprints.Content == "" {
		t.Errorf("%+v", file.File.Scan)
	}
}

func tensors(list []sbom.TensorType) (n int64) {
	for _, t := range list {
		n += t.Tensors
	}
	return n
}

func jsonOf(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
