package pipfilelock

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestHostile: what grows faster than the file, in time or in room, is cut off,
// and told where something is lost.
func TestHostile(t *testing.T) {
	if seen, reasons := locktest.Huge(t, &Collector, "Pipfile.lock", 100<<20); len(seen) > 0 || !strings.Contains(reasons, "larger than 16 MiB") {
		t.Errorf("%d sightings, %q", len(seen), reasons)
	}
	for name, c := range map[string]struct{ head, part, tail, reason string }{
		"depth":      {"{\"default\": ", "{\"a\":", "", "nested more than"},
		"values":     {"{\"default\": {\"a\": {\"hashes\": [", "1,", "1]}}}", ""},
		"hashes":     {"{\"default\": {\"a\": {\"version\": \"==1\", \"hashes\": [", "\"sha256:\",", "\"\"]}}}", "more than 1000 files"},
		"categories": {"{\"default\": {}, \"a\": {}", ", \"c\": {\"a\": {\"version\": \"==1\"}}", "}", ""},
	} {
		_, reasons := locktest.Hostile(t, &Collector, "Pipfile.lock", locktest.Fill(2<<20, c.head, c.part, c.tail))
		if !strings.Contains(reasons, c.reason) || len(reasons) > 100_000 {
			t.Errorf("%s: %.500s", name, reasons)
		}
	}
}
