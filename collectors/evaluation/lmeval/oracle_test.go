package lmeval

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/sbom"
)

// table asks the harness for the table that it shows of results.
const table = `
import json, sys
from lm_eval.utils import make_table
d = json.load(open(sys.argv[1]))
rows = [[c.strip() for c in line.strip("|").split("|")] for line in make_table(d).splitlines()[2:]]
print(json.dumps(rows))
`

// TestOracle holds the values against the harness's own table: task, version, filter,
// shots, metric, value and error. Set MLBOM_ORACLE_LMEVAL to a Python that has lm_eval
// (--no-deps) and what its lm_eval.utils imports, and MLBOM_CORPUS to a folder of
// results of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_LMEVAL")
	if python == "" {
		t.Skip("MLBOM_ORACLE_LMEVAL is not set: name a Python that has lm_eval")
	}
	tree := fstest.MapFS{}
	archive, err := txtar.ParseFile("testdata/runs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		tree[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	rows := compareTables(t, python, tree)
	if dir := os.Getenv("MLBOM_CORPUS"); dir != "" {
		rows += compareTables(t, python, os.DirFS(dir))
	}
	if rows == 0 {
		t.Error("nothing was compared")
	}
	t.Logf("%d rows are equal", rows)
}

func compareTables(t *testing.T, python string, tree fs.FS) (compared int) {
	t.Helper()
	temp := t.TempDir() + "/results.json"
	err := fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".json") {
			return err
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(tree, name))
		if len(seen) == 0 {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		if err == nil {
			err = os.WriteFile(temp, data, 0o600)
		}
		if err != nil {
			return err
		}
		out, err := exec.Command(python, "-c", table, temp).Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		var want [][]string
		if err := json.Unmarshal(out, &want); err != nil {
			return err
		}
		compared += compareRows(t, name, seen, want)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return compared
}

func compareRows(t *testing.T, name string, seen []sbom.Sighting, want [][]string) int {
	t.Helper()
	var got []sbom.Metric
	for _, s := range seen {
		if s.Model != nil {
			got = append(got, s.Model.Metrics...)
		}
		if s.Process != nil {
			got = append(got, s.Process.Metrics...)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d values, the harness shows %d", name, len(got), len(want))
	}
	task := ""
	for _, row := range want { // task, version, filter, shots, metric, direction, value, sign, error; what repeats is left out
		if row[0] != "" {
			task = strings.TrimLeft(row[0], " -")
		}
		at := slices.IndexFunc(got, func(m sbom.Metric) bool {
			filter := m.Filter
			if filter == "" && row[2] == "none" {
				filter = "none"
			}
			return (m.Task == task || m.Name == task) && m.Type == row[4] && filter == row[2] && same(m.Value, row[6]) && (row[1] == "" || row[1] == m.TaskOf || row[1] == "N/A" || m.TaskOf == "" || same(m.TaskOf, row[1])) &&
				(row[3] == "" || row[3] == m.Shots) && (row[8] == "" || row[8] == "N/A" && m.StdErr == "" || same(m.StdErr, row[8]))
		})
		if at < 0 {
			t.Errorf("%s: no value for %q", name, row)
			continue
		}
		got = slices.Delete(got, at, at+1)
	}
	return len(want)
}

// same compares to the digits that the table shows.
func same(value, shown string) bool {
	a, err := strconv.ParseFloat(value, 64)
	b, failed := strconv.ParseFloat(shown, 64)
	if err != nil || failed != nil {
		return value == shown
	}
	return a-b < 6e-5 && b-a < 6e-5 || a != a && b != b
}
