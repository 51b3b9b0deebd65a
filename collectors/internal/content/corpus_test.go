package content

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestCorpus says what is found in the files of MLBOM_CORPUS.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		t.Skip("set MLBOM_CORPUS to a folder to see what is found in its files")
	}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		r, err := Examine(context.Background(), sbom.NewFile(os.DirFS(root), filepath.ToSlash(rel)))
		if err != nil {
			t.Errorf("%s: %v", rel, err)
		}
		if r.Kind != "" || len(r.Findings) > 0 {
			t.Log(describe(rel, r))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
