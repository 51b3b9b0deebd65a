package hflocal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestOracle reads a folder that huggingface_hub downloaded into, which the script
// of store/hfcache makes. Set MLBOM_ORACLE_FILES to the folder that it filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py of store/hfcache with a Python that has huggingface_hub, and name its folder")
	}
	root, err := os.OpenRoot(filepath.Join(dir, "hublocal"))
	if os.IsNotExist(err) {
		t.Skip("testdata/oracle.py of store/hfcache did not run: it needs huggingface_hub")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r := sbomtest.Collect(t, &Collector, root.FS())
	files := 0
	for _, s := range r.Sightings {
		switch {
		case len(s.Findings) > 0:
			t.Errorf("%+v", s.Findings)
		case s.Kind == sbom.KindFile:
			files++
		case s.Version != strings.Repeat("1", 40) || s.Keys.Path != "./":
			t.Errorf("%+v", s)
		}
	}
	if files != 2 || len(r.Sightings) != 10 || len(r.Problems) != 0 {
		t.Errorf("%d files in %+v", files, r)
	}
}
