package pylocktoml

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestHostile: what grows faster than the file, in time or in room, is cut off,
// and told where something is lost.
func TestHostile(t *testing.T) {
	if seen, reasons := locktest.Huge(t, &Collector, "pylock.toml", 100<<20); len(seen) > 0 || !strings.Contains(reasons, "larger than 16 MiB") {
		t.Errorf("%d sightings, %q", len(seen), reasons)
	}
	for name, c := range map[string]struct{ head, part, tail, reason string }{
		"packages": {"lock-version = \"1.0\"\ncreated-by = \"x\"\n", "[[packages]]\nname = \"a\"\nversion = \"1\"\ndependencies = [{name = \"a\", version = \"2\"}]\n", "", "locked more than 100 times"},
		"marker":   {"lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"a\"\nmarker = \"", "(", "\"\n", "longer than"},
		"hashes":   {"lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"a\"\narchive = {url = \"https://e.org/a.zip\", hashes = {sha256 = \"", "a", "\"}}\n", "is not one"},
		"tool":     {"lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"a\"\ndirectory = {path = \"a\"}\n[packages.tool.x]\ny = \"", "https://u:p@e.org ", "\"\n", ""},
	} {
		_, reasons := locktest.Hostile(t, &Collector, "pylock.toml", locktest.Fill(2<<20, c.head, c.part, c.tail))
		if !strings.Contains(reasons, c.reason) || len(reasons) > 100_000 {
			t.Errorf("%s: %.500s", name, reasons)
		}
	}
}
