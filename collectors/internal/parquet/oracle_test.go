package parquet

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// told is what pyarrow says of a file; see collectors/dataset/parquet/testdata/oracle.py.
type told struct {
	Error  string
	Fields [][3]any // name, type, nullable
	Rows   int64
	Groups int
	By     string
	Nulls  []*int64 // of the leaves
}

// TestOracle compares with what pyarrow reads. Set MLBOM_ORACLE_FILES to the folder that
// collectors/dataset/parquet/testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run collectors/dataset/parquet/testdata/oracle.py with a Python that has pyarrow, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "parquet.json"))
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
	same := 0
	for name, want := range files {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		if compare(t, name, want) {
			same++
		}
	}
	t.Logf("%d of %d files are as pyarrow reads them", same, len(files))
}

func compare(t *testing.T, name string, want told) bool {
	r, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read(r, info.Size(), 1<<30)
	if want.Error != "" {
		if err == nil && !got.NoFooter && !strings.HasPrefix(want.Error, "Map keys") { // others read these
			t.Errorf("%s: no error, pyarrow says %s", name, want.Error)
			return false
		}
		return true
	}
	ok := err == nil && got.Rows == want.Rows && got.Groups == want.Groups && len(got.Fields) == len(want.Fields)
	if !ok {
		t.Errorf("%s: %v, %d rows, %d groups, %d columns; pyarrow has %d, %d, %d", name, err, got.Rows, got.Groups, len(got.Fields), want.Rows, want.Groups, len(want.Fields))
		return false
	}
	for i, f := range got.Fields {
		w := want.Fields[i]
		if f.Name != w[0] || f.Type.String() != w[1] || f.Nullable != w[2] {
			t.Errorf("%s: column %s: %s %v; pyarrow has %v", name, f.Name, f.Type, f.Nullable, w)
			ok = false
		}
	}
	for i, c := range got.Columns {
		if i >= len(want.Nulls) || want.Nulls[i] != nil && (c.NullsIn != got.Groups || *want.Nulls[i] != c.Nulls) { // it trusts some old writers less
			t.Errorf("%s: leaf %d: %d nulls stated by %d of %d; pyarrow has %v", name, i, c.Nulls, c.NullsIn, got.Groups, want.Nulls)
			ok = false
			break
		}
	}
	return ok
}
