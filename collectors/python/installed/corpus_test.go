package installed

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestCorpus reads real metadata, each file under the path that it had where it was
// found. Set MLBOM_CORPUS to a folder with MANIFEST.tsv and what it names.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	manifest, err := os.ReadFile(filepath.Join(root, "MANIFEST.tsv"))
	if err != nil {
		t.Skipf("no corpus: %v", err)
	}
	files, packages := 0, 0
	for line := range strings.Lines(string(manifest)) {
		row := strings.Split(line, "\t")
		if len(row) < 5 || row[1] != "dist-info" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(root, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		name := row[4]
		if path.Ext(name) == ".metadata" { // a specimen of the format, without a folder
			name = path.Join(path.Dir(name), "specimen.dist-info", "METADATA")
		}
		if !Collector.Matches(name) {
			continue
		}
		files++
		seen, err := run(fstest.MapFS{name: {Data: data}}, name)
		for _, p := range sbom.Problems(err) {
			t.Logf("%s:%d: %s", name, p.Line, p.Reason)
		}
		if path.Base(name) == "RECORD" {
			continue // of whose package nothing is there
		}
		if len(seen) == 0 || seen[0].Name == "" || seen[0].Version == "" || seen[0].Keys == (sbom.Keys{}) {
			t.Errorf("%s: %+v", name, seen)
			continue
		}
		packages++
	}
	t.Logf("%d files, %d packages", files, packages)
	if files == 0 {
		t.Error("the corpus has no metadata of packages")
	}
}
