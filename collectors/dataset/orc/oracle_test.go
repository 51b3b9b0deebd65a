package orc

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// told is what pyarrow says of a file; see testdata/oracle.py.
type told struct {
	Error   string
	Fields  [][2]string // name, type
	Rows    int64
	Stripes int
	Nulls   []int64
}

// TestOracle compares with what pyarrow reads. Set MLBOM_ORACLE_FILES to the folder that
// testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has pyarrow, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "orc.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the Python that filled the folder has no pyarrow")
	}
	files := map[string]told{}
	if err == nil {
		err = json.Unmarshal(data, &files)
	}
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for name, want := range files {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		compare(t, name, want)
	}
	t.Logf("%d files", len(files))
}

func compare(t *testing.T, name string, want told) {
	r, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		t.Fatal(err)
	}
	got := &tail{size: info.Size()}
	err = got.read(r, 1<<30)
	if want.Error != "" {
		t.Logf("%s: pyarrow says %.100s; here %v", name, want.Error, err)
		return
	}
	table := got.table()
	if err != nil || got.rows != want.Rows || got.stripeRows != want.Rows || got.stripes != want.Stripes || len(table.Columns) != len(want.Fields) || got.beyond != 0 {
		t.Errorf("%s: %v, %d rows, %d stripes, %d columns; pyarrow has %d, %d, %d", name, err, got.rows, got.stripes, len(table.Columns), want.Rows, want.Stripes, len(want.Fields))
		return
	}
	for i, c := range table.Columns {
		if w := want.Fields[i]; c.Name != w[0] || c.Type != w[1] || c.Nulls != nil && *c.Nulls != want.Nulls[i] && !strings.HasPrefix(c.Type, "sparse_union") { // Arrow's have no nulls of their own
			t.Errorf("%s: column %s: %s, nulls %v; pyarrow has %v and %d", name, c.Name, c.Type, c.Nulls, w, want.Nulls[i])
		}
	}
}
