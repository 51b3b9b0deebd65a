package csv

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle compares with pyarrow and pandas. Set MLBOM_ORACLE_FILES to the folder
// that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has pyarrow and pandas, and name its folder")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "csv", "*.json"))
	if len(names) == 0 {
		t.Fatal("the folder has no tables")
	}
	for _, name := range names {
		compareTable(t, filepath.Join(dir, "csv"), strings.TrimSuffix(filepath.Base(name), ".json"))
	}
	t.Logf("%d tables", len(names))
}

type said struct {
	Delimiter string
	Rows      int64
	Columns   []struct {
		Name, Type      string
		Nulls, Distinct int64
	}
}

func compareTable(t *testing.T, dir, name string) {
	text, err := os.ReadFile(filepath.Join(dir, name+".json"))
	var want said
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	f := sbom.NewFile(os.DirFS(dir), name)
	f.Settings.Profile = true
	seen, err := collect(t.Context(), f)
	if len(seen) == 0 || seen[0].File.Table.Rows == nil {
		t.Errorf("%s: got %+v, %v", name, seen, err)
		return
	}
	got := seen[0].File.Table
	if *got.Rows != want.Rows || len(got.Columns) != len(want.Columns) {
		t.Errorf("%s: %d rows of %d columns, want %d of %d; %v %v", name, *got.Rows, len(got.Columns), want.Rows, len(want.Columns), seen[0].Properties, err)
		return
	}
	for i, c := range got.Columns {
		w := want.Columns[i]
		if c.Name != w.Name || c.Type != w.Type && w.Type != "binary" || *c.Nulls != w.Nulls || *c.Distinct != w.Distinct && !c.AtLeast {
			t.Errorf("%s: column %q is %s with %d nulls and %d distinct values, want %+v; %v", name, c.Name, c.Type, *c.Nulls, *c.Distinct, w, seen[0].Properties)
		}
	}
}
