package avro

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle compares with what fastavro reads. Set MLBOM_ORACLE_FILES to the folder that
// testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has fastavro, and name its folder")
	}
	text, err := os.ReadFile(filepath.Join(dir, "avro.json"))
	if err != nil {
		t.Skip("no avro.json: that Python has no fastavro")
	}
	var files []struct {
		File, Codec, Record string
		Columns             []string
		Nullable            []bool
		Rows                int64
	}
	if err := json.Unmarshal(text, &files); err != nil || len(files) < 6 {
		t.Fatal(len(files), err)
	}
	types := "bool int32 int64 float double binary string string dictionary<values=string, indices=int32, ordered=0> fixed_size_binary[4]"
	for _, want := range files {
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(filepath.Join(dir, "avro")), want.File))
		if err != nil || len(seen) == 0 {
			t.Errorf("%s: %v", want.File, err)
			continue
		}
		table := seen[0].File.Table
		var names []string
		var nullable []bool
		told := ""
		for i, c := range table.Columns {
			names, nullable = append(names, c.Name), append(nullable, c.Nullable)
			if i < 10 {
				told += " " + c.Type
			}
		}
		codec := table.Compression
		if codec == "" {
			codec = "null"
		}
		if table.Rows == nil || *table.Rows != want.Rows || codec != want.Codec || !slices.Equal(names, want.Columns) || !slices.Equal(nullable, want.Nullable) || told != " "+types {
			t.Errorf("%s: %s %q %v %q; want %+v", want.File, codec, names, nullable, told, want)
		}
	}
	t.Logf("%d files", len(files))
}
