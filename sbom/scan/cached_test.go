package scan

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCached: of the cache of the hub nothing is shown but what was named, and the
// links of a snapshot lead to its blobs.
func TestCached(t *testing.T) {
	hub := t.TempDir()
	one, two := strings.Repeat("1", 40), strings.Repeat("2", 40)
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(hub, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("models--a--b/refs/main", one)
	write("models--a--b/blobs/x", "x")
	write("models--a--b/snapshots/"+two+"/own", "y")
	write("models--c--d/refs/main", one)
	write("models--a--b/snapshots/"+one+"/copy", "z")
	if err := os.Symlink("../../blobs/x", filepath.Join(hub, "models--a--b/snapshots", one, "link")); err != nil {
		t.Skip(err)
	}
	for dir, want := range map[string]string{
		"models--a--b/snapshots/" + one: "models--a--b/refs/main models--a--b/snapshots/" + one + "/copy models--a--b/snapshots/" + one + "/link",
		"models--a--b":                  "models--a--b/blobs/x models--a--b/refs/main models--a--b/snapshots/" + one + "/copy models--a--b/snapshots/" + one + "/link models--a--b/snapshots/" + two + "/own",
		"models--a--b/refs":             "main",
	} {
		tree, closer, err := Open(filepath.Join(hub, dir))
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		err = fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				files = append(files, name)
			}
			return err
		})
		slices.Sort(files)
		if got := strings.Join(files, " "); err != nil || got != want {
			t.Errorf("%s shows %s, %v\nwant %s", dir, got, err, want)
		}
		if strings.HasSuffix(dir, one) {
			data, err := fs.ReadFile(tree, "models--a--b/snapshots/"+one+"/link")
			if err != nil || string(data) != "x" {
				t.Errorf("%q, %v", data, err)
			}
			for _, name := range []string{"models--c--d/refs/main", "models--a--b/snapshots/" + two + "/own"} {
				if _, err := tree.Open(name); err == nil {
					t.Errorf("%s can be opened", name)
				}
			}
		}
		closer.Close()
	}
}
