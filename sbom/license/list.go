package license

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed ids.txt
var ids string // "ID [exception] [deprecated] [newer]", in order

// Entry is a line of the list.
type Entry struct {
	ID         string // in SPDX's own spelling
	Exception  bool   // stands after WITH, and is no licence by itself
	Deprecated bool
	Newer      bool // than the list that CycloneDX takes license.id from
}

var table = sync.OnceValue(func() map[string]Entry {
	all := map[string]Entry{}
	for line := range strings.Lines(ids) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		all[strings.ToLower(words[0])] = Entry{
			ID:        words[0],
			Exception: slices.Contains(words, "exception"), Deprecated: slices.Contains(words, "deprecated"), Newer: slices.Contains(words, "newer"),
		}
	}
	return all
})

// Find gives the entry of an id, whatever the case of s.
func Find(s string) (Entry, bool) {
	e, ok := table()[strings.ToLower(strings.TrimSpace(s))]
	return e, ok
}
