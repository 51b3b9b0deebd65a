package pdmlock

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestHostile: what grows faster than the file, in time or in room, is cut off,
// and told where something is lost.
func TestHostile(t *testing.T) {
	if seen, reasons := locktest.Huge(t, &Collector, "pdm.lock", 100<<20); len(seen) > 0 || !strings.Contains(reasons, "larger than 16 MiB") {
		t.Errorf("%d sightings, %q", len(seen), reasons)
	}
	for name, c := range map[string]struct{ head, part, tail, reason string }{
		"versions": {"[metadata]\nlock_version = \"4.5\"\n", "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"a<2\"]\n", "", ""},
		"names":    {"[metadata]\nlock_version = \"4.5\"\n", "[[package]]\nname = \"a[b]\"\nversion = \"2\"\nmarker = \"x\"\ngroups = [\"a\", \"b\"]\n", "", ""},
		"edges":    {"[metadata]\nlock_version = \"4.5\"\n[[package]]\nname = \"a\"\nversion = \"1\"\n[[package]]\nname = \"b\"\nversion = \"1\"\ndependencies = [", "\"a\",", "]\n", "dependencies; the rest is left out"},
		"extras":   {"[metadata]\nlock_version = \"4.5\"\n[[package]]\nname = \"b\"\nversion = \"1\"\ndependencies = [\"a", "[", "\"]\n", "longer than 16384 bytes"},
	} {
		_, reasons := locktest.Hostile(t, &Collector, "pdm.lock", locktest.Fill(2<<20, c.head, c.part, c.tail))
		if !strings.Contains(reasons, c.reason) || len(reasons) > 100_000 {
			t.Errorf("%s: %.500s", name, reasons)
		}
	}
}
