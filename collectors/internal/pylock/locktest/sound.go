package locktest

import (
	"encoding/json"
	"errors"
	"os"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var credentials = pattern.Lazy(`://[^/@\s"]*:[^/@\s"]*@`)

// Sound reads every file of the corpus and holds what comes out against what has
// to be so of any lock: every package stands in a line and has a key, a link leads
// to what was read, credentials are gone, and what could not be read names a line
// or the file.
func Sound(t T, c *sbom.Collector, patterns ...string) {
	t.Helper()
	files, things, problems := 0, 0, 0
	for _, name := range Locks(t, patterns...) {
		seen, err := Read(c, name)
		for _, p := range sbom.Problems(err) {
			t.Logf("%s:%d: %s", name, p.Line, p.Reason)
			problems++
		}
		var unreadable *sbom.Problem
		if len(seen) == 0 && !errors.As(err, &unreadable) {
			t.Errorf("%s: nothing was read, and no reason is given: %v", name, err)
		}
		sound(t, name, seen)
		files, things = files+1, things+len(seen)
	}
	t.Logf("%d files of %s, %d sightings, %d problems", files, os.Getenv("MLBOM_CORPUS_PYTHON"), things, problems)
}

func sound(t T, name string, seen []sbom.Sighting) {
	known := map[sbom.Keys]bool{}
	for _, s := range seen {
		known[s.Keys] = true
	}
	for _, s := range seen {
		if s.Where.Line == 0 {
			t.Errorf("%s: %s %s has no line", name, s.Kind, s.Name)
		}
		if s.Keys == (sbom.Keys{}) && len(s.Findings) == 0 {
			t.Errorf("%s:%d: %s has no key, and no finding that says why", name, s.Where.Line, s.Name)
		}
		for _, l := range s.Links {
			if l.To.Keys != (sbom.Keys{}) && !known[l.To.Keys] {
				t.Errorf("%s:%d: a link leads to %+v, which was not read", name, l.Line, l.To.Keys)
			}
		}
	}
	text, err := json.Marshal(seen)
	if found := credentials.Find(text); err != nil || found != nil {
		t.Errorf("%s: credentials are left: %q, %v", name, found, err)
	}
}
