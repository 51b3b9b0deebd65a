package hfcache

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestOracle reads a cache that huggingface_hub made. Set MLBOM_ORACLE_FILES to the
// folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has huggingface_hub, and name its folder")
	}
	root, err := os.OpenRoot(filepath.Join(dir, "hub"))
	if os.IsNotExist(err) {
		t.Skip("testdata/oracle.py did not run: it needs huggingface_hub")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r := sbomtest.Collect(t, &Collector, root.FS())
	var ids, digests []string
	for _, s := range r.Sightings {
		if id := s.Keys.PURL + s.Keys.URL; id != "" {
			ids = append(ids, id)
		}
		for _, h := range s.Hashes {
			digests = append(digests, h.Value[:8])
		}
		if len(s.Findings) != 0 {
			t.Errorf("%+v", s.Findings)
		}
	}
	slices.Sort(ids)
	one, two := strings.Repeat("1", 40), strings.Repeat("2", 40)
	want := []string{"https://huggingface.co/datasets/org/set/tree/" + one, "https://huggingface.co/gpt2/tree/" + one, "pkg:huggingface/org/name@" + one, "pkg:huggingface/org/name@" + two}
	if ids = slices.Compact(ids); !slices.Equal(ids, want) || !slices.Equal(digests, []string{"9bbcbf73", "f5a5fd42"}) || len(r.Problems) != 0 {
		t.Errorf("%q %q %+v", ids, digests, r.Problems)
	}
}
