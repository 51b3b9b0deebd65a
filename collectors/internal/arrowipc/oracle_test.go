package arrowipc

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// told is what pyarrow says of a file; see collectors/dataset/arrow/testdata/oracle.py.
type told struct {
	Error  string
	Fields [][3]any // name, type, nullable
	Rows   int64
	Groups int
	Nulls  []int64
}

// TestOracle compares with what pyarrow reads. Set MLBOM_ORACLE_FILES to the folder that
// collectors/dataset/arrow/testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run collectors/dataset/arrow/testdata/oracle.py with a Python that has pyarrow, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "arrow.json"))
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
	got, err := Read(r, info.Size())
	if want.Error != "" {
		t.Logf("%s: pyarrow says %.100s; here %v", name, want.Error, err)
		return true
	}
	if err != nil || got.Rows != want.Rows || got.Batches != want.Groups || len(got.Schema.Fields) != len(want.Fields) {
		t.Errorf("%s: %v, %d rows, %d batches, %d columns; pyarrow has %d, %d, %d", name, err, got.Rows, got.Batches, len(got.Schema.Fields), want.Rows, want.Groups, len(want.Fields))
		return false
	}
	ok := true
	for i, f := range got.Schema.Fields {
		if w := want.Fields[i]; f.Name != w[0] || plainNames(f.Type.String()) != plainNames(w[1].(string)) || f.Nullable != w[2] || got.Nulls[i] != want.Nulls[i] {
			t.Errorf("%s: column %s: %s %v, %d nulls; pyarrow has %v and %d nulls", name, f.Name, f.Type.String(), f.Nullable, got.Nulls[i], w, want.Nulls[i])
			ok = false
		}
	}
	return ok
}

var otherName = regexp.MustCompile(` \('[^']*'\)`)

// plainNames leaves out the names of a map's parts, which pyarrow tells of a stream and
// not of a file.
func plainNames(s string) string { return otherName.ReplaceAllString(s, "") }
