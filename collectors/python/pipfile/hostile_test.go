package pipfile

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestHostile: what grows faster than the file, in time or in room, is cut off,
// and told where something is lost.
func TestHostile(t *testing.T) {
	if seen, reasons := locktest.Huge(t, &Collector, "Pipfile", 100<<20); len(seen) > 0 || !strings.Contains(reasons, "larger than 16 MiB") {
		t.Errorf("%d sightings, %q", len(seen), reasons)
	}
	for name, c := range map[string]struct{ head, part, tail, reason string }{
		"packages": {"[packages]\n", "a = \"*\"\n", "", "stands twice"},
		"keys":     {"[packages]\na = {version = \"", ">1,", "<2\"}\n", ""},
		"names":    {"[packages]\n\"", "a", "\" = \"*\"\n", "is no name of a package"},
	} {
		_, reasons := locktest.Hostile(t, &Collector, "Pipfile", locktest.Fill(16<<20, c.head, c.part, c.tail))
		if !strings.Contains(reasons, c.reason) || len(reasons) > 100_000 {
			t.Errorf("%s: %.500s", name, reasons)
		}
	}
}
