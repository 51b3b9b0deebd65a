package hdf5

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// seen is what h5py reads of a file.
type seen struct {
	Objects map[string]struct {
		Attrs  map[string]any
		Shape  *[]uint64
		Size   int64
		Kind   *int
		Offset *int64
	}
	Links map[string][2]string
}

// TestOracle compares with what h5py reads of the files that testdata/oracle.py of model/hdf5
// wrote; MLBOM_CORPUS names a folder of more files with their JSON beside them.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py of model/hdf5 with a Python that has h5py, and name its folder")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "hdf5", "*.h5"))
	if len(names) == 0 {
		t.Skip("no files of h5py in " + dir)
	}
	if more := os.Getenv("MLBOM_CORPUS"); more != "" {
		list, _ := filepath.Glob(filepath.Join(more, "*.h5"))
		names = append(names, list...)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { compare(t, name) })
	}
}

func compare(t *testing.T, name string) {
	text, err := os.ReadFile(name + ".json")
	if err != nil {
		t.Skip(err)
	}
	var want seen
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	got := open(t, name)
	objects := map[string]*Object{}
	for i := range got.Objects {
		objects[got.Objects[i].Path] = &got.Objects[i]
	}
	if n := len(want.Objects); n != len(objects) {
		t.Errorf("%d objects, h5py sees %d", len(objects), n)
	}
	byShape := 0
	for path, w := range want.Objects {
		o := objects[path]
		if o == nil {
			continue // under its other name
		}
		byShape++
		for name, value := range w.Attrs {
			same(t, o, path, name, value)
		}
		if (w.Kind != nil) != (o.Dataset != nil) {
			t.Errorf("%s: dataset %v", path, o.Dataset)
		} else if d := o.Dataset; d != nil {
			if w.Shape != nil && !slices.Equal(*w.Shape, d.Shape) || d.Null != (w.Shape == nil) || d.Type.Class != VarLen && d.Type.Size != w.Size || // of those h5py gives the size in memory
				w.Kind != nil && int(d.Type.Class) != *w.Kind && !d.Type.Text {
				t.Errorf("%s: %+v, h5py says %+v", path, d, w)
			}
			if w.Offset != nil && *w.Offset != got.Start-1 && d.Offset != *w.Offset { // none, where there is a user block
				t.Errorf("%s: at %d, h5py says %d", path, d.Offset, *w.Offset)
			}
		}
	}
	if byShape < len(want.Objects)*9/10 {
		t.Errorf("only %d of %d objects have the path that h5py gives", byShape, len(want.Objects))
	}
	for path, w := range want.Links {
		if !slices.Contains(got.Links, Link{path, w[0], w[1]}) {
			t.Errorf("no link %s to %s", path, w)
		}
	}
}

func same(t *testing.T, o *Object, path, name string, value any) {
	t.Helper()
	i := slices.IndexFunc(o.Attributes, func(a Attribute) bool { return a.Name == name })
	if i < 0 {
		t.Errorf("%s: no attribute %q", path, name)
		return
	}
	switch v := value.(type) {
	case string:
		if o.Text(name) != v {
			t.Errorf("%s: %s is %.40q, h5py says %.40q", path, name, o.Texts(name), v)
		}
	case []any:
		for k := range v {
			if len(o.Texts(name)) != len(v) || o.Texts(name)[k] != v[k] {
				t.Errorf("%s: %s is %.99q, h5py says %.99q", path, name, o.Texts(name), v)
				break
			}
		}
	}
}

func open(t *testing.T, name string) *File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, _ := f.Stat()
	got, err := Read(f, info.Size(), 256<<20)
	if err != nil {
		t.Error(err)
	}
	return got
}
