package uvlock

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
	"github.com/mlbom/mlbom/sbom"
)

// TestHuge: a lock that is larger than any real one says so, and takes no more
// room than the largest that is read.
func TestHuge(t *testing.T) {
	seen, reasons := locktest.Huge(t, &Collector, "uv.lock", 100<<20)
	if len(seen) > 0 || !strings.Contains(reasons, "larger than 16 MiB") {
		t.Errorf("%d sightings, %q", len(seen), reasons)
	}
}

const begun = "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://a.example.org\" }\n"

// TestShapes: texts of 16 MiB that would take far more room or time than their
// size are cut off where they stand, and what stands before is read.
func TestShapes(t *testing.T) {
	const signs = "equals signs; the rest is left out"
	for name, c := range map[string]struct {
		head, part, tail string
		reason           string
		packages         int // at the least
	}{
		"packages":   {"version = 1\n", "[[package]]\n", "", "has no name", 0},
		"one name":   {"version = 1\n", "[[package]]\nname = \"a\"\n", "", "locked more than 100 times", 100},
		"depth":      {begun + "[x]\ny = ", "[", "", signs, 1},
		"inline":     {begun + "[x]\ny = ", "{a=", "", signs, 1},
		"key":        {begun + "[x]\n", "a.", "a = 1", signs, 1},
		"edges":      {begun + "[x]\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = { registry = \"x\" }\ndependencies = [", "{name=\"a\"},", "]\n", signs, 1},
		"long edge":  {begun + "dependencies = [{ name = \"a\", marker = \"", "extra == '1' or ", "extra == '2'\" }]\n", "", 1},
		"long name":  {begun + "dependencies = [{ name = \"", "a", "\" }]\n", "leads to no package", 1},
		"many rests": {begun, "[[package]]\n=\n", "", "too much of the file is broken", 1},
	} {
		seen, reasons := locktest.Hostile(t, &Collector, "uv.lock", locktest.Fill(16<<20, c.head, c.part, c.tail))
		n := 0
		for _, s := range seen {
			if s.Kind == sbom.KindLibrary {
				n++
			}
		}
		if !strings.Contains(reasons, c.reason) || n < c.packages || len(reasons) > 100_000 {
			t.Errorf("%s: %d packages, %.500s", name, n, reasons)
		}
	}
}
