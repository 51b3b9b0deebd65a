package vendor

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestCorpus: each real list is read; what is broken on purpose is told. The files
// are no part of the module: MLBOM_CORPUS names the folder that holds them.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus: %v", err)
	}
	tree := os.DirFS(root)
	_ = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !Collector.Matches(name) {
			return nil
		}
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(tree, name))
		t.Logf("%s: %d sightings, %v", name, len(seen), err)
		if broken := strings.Contains(name, "invalid"); broken != (err != nil) {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
}
