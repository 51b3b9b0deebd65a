package safetensors

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle compares with the file that the reference writer made. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has safetensors and numpy, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "reference.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := collectOne(t, "reference.safetensors", data)
	if err != nil || len(seen) != 2 || len(seen[0].Findings) != 0 {
		t.Fatalf("%+v, %v", seen, err)
	}
	m := seen[0].Component.Model
	want := []sbom.TensorType{{DType: "BOOL", Tensors: 1, Parameters: 5}, {DType: "F16", Tensors: 1, Parameters: 12}, {DType: "F32", Tensors: 2, Parameters: 7}}
	if m.Parameters != 24 || len(m.Tensors) != 3 || m.Tensors[0] != want[0] || m.Tensors[1] != want[1] || m.Tensors[2] != want[2] {
		t.Errorf("%+v", m)
	}
	if seen[1].Name != "Reference" || !sniff(data) {
		t.Errorf("%+v", seen[1])
	}
}
