package hub

import (
	_ "embed"
	"strings"
	"sync"
)

// The ids that well-known datasets had before the hub gave every dataset a
// namespace, and those that it redirects to: one pair a line. Sources: the changes
// by which libraries took over the new ids (transformers #29679 and #49017, setfit
// #649, lm-evaluation-harness #3159, datasets #5096), and the hub's own redirects.
// A name that is not here may be anything, and stays as it is.
//
//go:embed renamed.txt
var renamedTable string

var renamed = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(renamedTable) {
		if f := strings.Fields(line); len(f) == 2 {
			all[f[0]] = f[1]
		}
	}
	return all
})

// Renamed gives the id that the hub redirects a dataset's id to, in the hub's
// spelling; an id that it does not know comes back as it is.
func Renamed(id string) string {
	if now, ok := renamed()[strings.ToLower(id)]; ok {
		return now
	}
	return id
}
