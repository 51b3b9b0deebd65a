package delta

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// read asks the library deltalake what a table is now.
const read = `
import json, sys
from deltalake import DeltaTable
for name in sys.stdin.read().split("\n"):
    if name:
        try:
            t = DeltaTable(name)
            print(json.dumps({"version": str(t.version()), "files": len(t.file_uris()), "columns": [f.name for f in t.schema().fields]}))
        except Exception as e:
            print(json.dumps({"refused": str(e) or repr(e)}))
`

// write has the library write tables: grown, with partitions, written anew, and with rows
// taken out.
const write = `
import sys
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
at = sys.argv[1] + "/"
t = pa.table({"id": [1, 2, 3], "day": ["a", "b", "b"], "tags": [["x"], None, []], "of": [{"p": 1.5}, None, None]})
write_deltalake(at + "grown", t, name="birds", description="What was seen.")
write_deltalake(at + "grown", t, mode="append")
write_deltalake(at + "parts", t, partition_by=["day"], configuration={"delta.appendOnly": "false"})
write_deltalake(at + "anew", t)
write_deltalake(at + "anew", t.select(["id"]), mode="overwrite", schema_mode="overwrite")
write_deltalake(at + "fewer", t, partition_by=["day"])
DeltaTable(at + "fewer").delete("day = 'b'")
`

// TestOracle compares with the library deltalake. Set MLBOM_ORACLE_DELTALAKE to a Python
// that has it and pyarrow, and MLBOM_CORPUS to a folder of tables of your own; their data need not be there.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_DELTALAKE")
	if python == "" {
		t.Skip("MLBOM_ORACLE_DELTALAKE is not set: name a Python that has the package deltalake")
	}
	dir := os.Getenv("MLBOM_CORPUS")
	tables, last := tablesIn(dir)
	if len(tables) == 0 {
		dir = t.TempDir()
		if out, err := exec.Command(python, "-c", write, dir).CombinedOutput(); err != nil {
			t.Fatalf("the library writes no tables: %v\n%.2000s", err, out)
		}
		tables, last = tablesIn(dir)
	}
	tree := os.DirFS(dir)
	ask := exec.Command(python, "-c", read)
	ask.Dir, ask.Stdin = dir, strings.NewReader(strings.Join(tables, "\n"))
	out, err := ask.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(tables) || len(tables) == 0 {
		t.Fatalf("%d answers for %d tables: %v", len(lines), len(tables), err)
	}
	same := 0
	for i, at := range tables {
		var want struct {
			Version, Refused string
			Files            int
			Columns          []string
		}
		if err := json.Unmarshal([]byte(lines[i]), &want); err != nil {
			t.Fatal(err)
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(tree, last[at]))
		if want.Refused != "" {
			t.Logf("%s: refused by the library (%.100s); here %d sightings, %v", at, want.Refused, len(seen), err)
			continue
		}
		var columns []string
		files := 0
		for _, s := range seen {
			if s.Kind == sbom.KindFile && s.Basis == sbom.Resolved {
				files++
			}
		}
		if len(seen) > 0 && seen[0].Dataset != nil {
			for _, f := range seen[0].Dataset.Features {
				columns = append(columns, f.Name)
			}
		}
		if len(seen) == 0 || seen[0].Version != want.Version || files != want.Files || !slices.Equal(columns, want.Columns) {
			t.Errorf("%s: %d files, columns %q, %v; want %+v", at, files, columns, err, want)
			continue
		}
		same++
	}
	if same == 0 {
		t.Error("the library accepts no table")
	}
	t.Logf("%d tables, %d equal", len(tables), same)
}

// tablesIn gives the tables of a folder, and of each the last commit.
func tablesIn(dir string) (tables []string, last map[string]string) {
	last = map[string]string{}
	if dir == "" {
		return nil, last
	}
	_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && Collector.Matches(name) && commitName.MatchString(path.Base(name)) {
			at := path.Dir(path.Dir(name))
			if last[at] == "" {
				tables = append(tables, at)
			}
			last[at] = name
		}
		return nil
	})
	return tables, last
}
