package sbom

import (
	"slices"
	"strings"
)

// nameFirst puts first who calls a model as the hub does: that is the name that others
// know it by, before titles of cards, names in headers and stems of files.
func nameFirst(holders []*entry, k Keys) []*entry {
	known := hubID(k)
	i := slices.IndexFunc(holders, func(e *entry) bool {
		return known != "" && e.comp.Kind == KindModel && strings.EqualFold(e.comp.Name, known)
	})
	if i < 1 {
		return holders
	}
	return slices.Concat(holders[i:i+1], holders[:i], holders[i+1:])
}
