package gomod

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/mlbom/mlbom/sbom"
)

// corpus gives the files of real projects; they are no part of the module:
// MLBOM_CORPUS names the folder that holds them.
func corpus(t *testing.T) fs.FS {
	t.Helper()
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus: %v", err)
	}
	return os.DirFS(root)
}

// TestCorpus: each real go.mod is read without a problem, and each of its
// requirements is linked.
func TestCorpus(t *testing.T) {
	tree := corpus(t)
	files, requirements, sums := 0, 0, 0
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name) != "go.mod" {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		mod, err := modfile.ParseLax(name, text, nil)
		if err != nil {
			t.Logf("%s: %v", name, err)
			return nil
		}
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(tree, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		links := map[string]bool{}
		for _, l := range seen[0].Links {
			links[l.To.Name] = true
		}
		if len(links) != len(mod.Require) && len(mod.Replace) == 0 {
			t.Errorf("%s: %d links, %d requirements", name, len(links), len(mod.Require))
		}
		files, requirements = files+1, requirements+len(links)
		if strings.Contains(rules(seen[0].Findings), sbom.RuleNoHash) {
			sums++
			t.Logf("%s: %v", name, seen[0].Findings)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d requirements; %d files have modules without sums", files, requirements, sums)
}

// TestGolden: the files by which golang.org/x/mod tests its reader.
func TestGolden(t *testing.T) {
	tree := corpus(t)
	names, _ := fs.Glob(tree, "go-modfile-golden/*/modfile__testdata/*.*")
	if len(names) == 0 {
		t.Skip("the corpus has no golden files of golang.org/x/mod")
	}
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		_, want := modfile.Parse(name, text, func(_, version string) (string, error) { return version, nil })
		one := map[string]string{"go.mod": string(text)}
		seen, err := with(t, treeOf(one), nil, "go.mod")
		if len(seen) == 0 {
			t.Errorf("%s: nothing was read: %v", name, err)
		}
		if want == nil && err != nil {
			t.Logf("%s: %v", name, err)
		}
	}
	t.Logf("%d files", len(names))
}
