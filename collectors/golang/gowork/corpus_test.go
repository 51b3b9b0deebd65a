package gowork

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/modfile"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestCorpus: each real go.work is read, and each member linked. The files are no
// part of the module: MLBOM_CORPUS names the folder that holds them.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus: %v", err)
	}
	files, members := 0, 0
	_ = fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name) != "go.work" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		work, err := modfile.ParseWork(name, text, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		tree := fstest.MapFS{"go.work": {Data: text}}
		for _, u := range work.Use {
			tree[path.Join(u.Path, "go.mod")] = &fstest.MapFile{Data: []byte("module example.com/m/" + path.Clean(u.Path) + "\n")}
		}
		r := sbomtest.Collect(t, &Collector, tree)
		if len(r.Problems) > 0 {
			t.Errorf("%s: %v", name, r.Problems)
		}
		for _, s := range r.Sightings {
			for _, l := range s.Links {
				if l.Rel == sbom.Contains && strings.HasPrefix(l.To.Name, "example.com/m") {
					members++
				}
			}
		}
		files++
		members -= len(work.Use)
		return nil
	})
	if members != 0 {
		t.Errorf("%d members more or less than the files name", members)
	}
	t.Logf("%d files", files)
}
