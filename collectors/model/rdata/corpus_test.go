package rdata

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestCorpus walks real files of R: MLBOM_CORPUS names their folder.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("MLBOM_CORPUS")
	if dir == "" {
		t.Skip("MLBOM_CORPUS is not set: name a folder of .rds, .rda or .RData files")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.[rR]d*"))
	for _, name := range names {
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(dir), filepath.Base(name)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(seen[0].Findings) > 0 {
			t.Errorf("%s: %+v", name, seen[0].Findings)
		}
		t.Log(filepath.Base(name), len(seen), seen[0].Properties, seen[0].File.Scan.Verdict)
	}
}
