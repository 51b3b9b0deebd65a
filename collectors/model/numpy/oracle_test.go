package numpy

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// told is what NumPy says of an array.
type told struct {
	DType  string
	Shape  []int64
	Item   int64
	Bytes  int64
	Fields []string
}

// TestOracle compares with what NumPy says of arrays that it wrote. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has numpy, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "arrays.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]told{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, want := range all {
		is, err := read(context.Background(), sbom.NewFile(os.DirFS(dir), name))
		if err != nil || len(is.problems) > 0 || len(is.findings) > 0 || is.scan.Verdict != sbom.Clean || len(is.arrays) != len(want) {
			t.Errorf("%s: %+v, %v", name, is, err)
			continue
		}
		for _, a := range is.arrays {
			w := want[a.name]
			var fields []string
			for _, f := range a.Fields {
				fields = append(fields, f.Name)
			}
			size, ok := a.DataSize()
			if w.DType != "" && a.DType != w.DType || !slices.Equal(a.Shape, w.Shape) || a.ItemSize != w.Item || size != w.Bytes || !ok || !slices.Equal(fields, w.Fields) {
				t.Errorf("%s %s: got %+v, want %+v", name, a.name, a, w)
			}
			n++
		}
	}
	t.Logf("%d arrays in %d files", n, len(all))
}
