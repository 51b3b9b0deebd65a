package pycode

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestCorpus says what is told of the Python files of MLBOM_CORPUS.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		t.Skip("set MLBOM_CORPUS to a folder to see what is told of its Python files")
	}
	files, told := 0, 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(name, ".py") {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		src, err := sbom.DecodeText(data)
		if err != nil {
			return nil
		}
		files++
		doings := Look(src)
		if len(doings) > 0 {
			told++
		}
		for _, d := range doings {
			t.Logf("%s:%d: %s", name, d.Line, d.What)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d files", told, files)
}
