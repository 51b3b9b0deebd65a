package verify

import (
	"maps"
	"slices"
)

// dangerous reads in whole, in fast mode too, what is neither weights nor data: bytes of
// the same size can be another program, or another prompt. What a scan found in weights
// that runs code makes them such.
func (c *comparison) dangerous() {
	if !c.seen.fast {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.seen.Files)) {
		if c.seen.Files[name].SHA256() != "" || slices.Contains([]Class{Weights, Data, Other}, c.entry(Changed, OfFile, name).Class) {
			continue
		}
		d, err := c.seen.whole(name)
		if err != nil {
			delete(c.seen.Files, name)
			c.seen.Failed[name] = cause(err).Error()
			c.add(c.entry(Unreadable, OfFile, name, c.seen.Failed[name]))
			continue
		}
		c.seen.Files[name] = d
		c.seen.Bytes += d.Size
	}
}
