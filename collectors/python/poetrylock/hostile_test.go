package poetrylock

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestHostile: what grows faster than the file, in time or in room, is cut off,
// and told where something is lost.
func TestHostile(t *testing.T) {
	if seen, reasons := locktest.Huge(t, &Collector, "poetry.lock", 100<<20); len(seen) > 0 || !strings.Contains(reasons, "larger than 16 MiB") {
		t.Errorf("%d sightings, %q", len(seen), reasons)
	}
	for name, c := range map[string]struct{ head, part, tail, reason string }{
		"edges":    {"[metadata]\nlock-version = \"2.1\"\n[[package]]\nname = \"a\"\nversion = \"1\"\n[[package]]\nname = \"b\"\nversion = \"1\"\n[package.dependencies]\n", "x = \"*\"\n", "", "stands twice"},
		"versions": {"[metadata]\nlock-version = \"2.1\"\n", "[[package]]\nname = \"a\"\nversion = \"1\"\n[package.dependencies]\na = \"<2\"\n", "", "locked more than 100 times"},
		"ranges":   {"[metadata]\nlock-version = \"2.1\"\n[[package]]\nname = \"a\"\nversion = \"1\"\n[[package]]\nname = \"a\"\nversion = \"2\"\n[package.dependencies]\na = \"", ">1,", "<2\"\n", ""},
		"extras":   {"[metadata]\nlock-version = \"2.1\"\n[[package]]\nname = \"a\"\nversion = \"1\"\n[extras]\nx = [", "\"a\",", "]\n", "dependencies; the rest is left out"},
	} {
		_, reasons := locktest.Hostile(t, &Collector, "poetry.lock", locktest.Fill(2<<20, c.head, c.part, c.tail))
		if !strings.Contains(reasons, c.reason) || len(reasons) > 100_000 {
			t.Errorf("%s: %.500s", name, reasons)
		}
	}
}
