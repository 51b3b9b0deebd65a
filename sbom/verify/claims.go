package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// agreement is how a component's digests compare with a file.
type agreement int

const (
	agrees agreement = iota
	disagrees
	open // no digest of the component could be made
)

func (c *comparison) verdict(k claim, d sbom.Digest) agreement {
	compared := false
	for _, h := range k.node.Hashes {
		for _, got := range d.Hashes {
			if got.Alg != h.Alg {
				continue
			}
			if !strings.EqualFold(got.Value, h.Value) {
				return disagrees
			}
			compared = true
		}
	}
	if f := k.node.File; f != nil && f.Size > 0 && k.node.Keys.Path != "" {
		if f.Size != d.Size {
			return disagrees
		}
		compared = compared || c.seen.fast
	}
	if key := k.node.Keys.SHA256; key != "" && d.SHA256() != "" {
		if key != d.SHA256() {
			return disagrees
		}
		compared = true
	}
	if !compared {
		return open
	}
	return agrees
}

// claimed holds what components say of files against the tree.
func (c *comparison) claimed() {
	for _, name := range slices.Sorted(maps.Keys(c.claims)) {
		if c.bad[name] {
			continue
		}
		d, here := c.seen.Files[name]
		if !here && c.seen.resolved != nil {
			var err error
			if d, err = c.seen.resolved(name); err != nil {
				c.gone(name, err)
				continue
			}
		}
		for _, k := range c.claims[name] {
			if c.claim(name, k, d) {
				break
			}
		}
	}
	c.searched()
}

// claim holds one component against a file, and tells whether something was said.
func (c *comparison) claim(name string, k claim, d sbom.Digest) bool {
	_, listed := c.files[name]
	switch c.verdict(k, d) {
	case agrees:
		if c.tree == nil {
			c.result.Counts[Same]++
		}
		return c.tree == nil
	case open:
		if c.tree == nil {
			c.add(c.entry(NotCovered, OfFile, name, "the BOM has no digest of it that could be made"))
			return true
		}
		return false
	}
	oid, stub := c.pointer(name)
	if stub && listed && oid == (sbom.Digest{Hashes: k.node.Hashes}).SHA256() {
		return false // a pointer when the BOM was made, and now
	}
	want := &State{Hashes: k.node.Hashes}
	if k.node.File != nil {
		want.Size = k.node.File.Size
	}
	status, notes := Changed, []string(nil)
	switch {
	case c.tree != nil:
		status, notes = Contradicted, []string{fmt.Sprintf("%s of the BOM has another digest or size than the file, which is as the BOM lists it", label(k.node))}
	case stub && oid == want.sha256():
		if c.seen.fast && d.SHA256() == pointerTo(oid, want.Size) {
			c.result.Counts[Same]++
			c.stands++
			return true
		}
		status, notes = Pointer, []string{"it is a pointer to the right bytes"}
	case stub:
		status, notes = Pointer, []string{"it is a pointer to other bytes: " + oid}
	}
	e := c.entry(status, OfFile, name, notes...)
	e.Want, e.Got = want, &State{Hashes: d.Hashes, Size: d.Size}
	c.differs(e)
	return true
}

func (s *State) sha256() string { return sbom.Digest{Hashes: s.Hashes}.SHA256() }

// gone is a file that a component has and that is not in the tree.
func (c *comparison) gone(name string, err error) {
	claims := c.claims[name]
	if _, listed := c.files[name]; listed || c.unreadable(name) {
		return
	}
	if c.seen.leftOut != nil && c.seen.leftOut(name, false) {
		return
	}
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		if c.tree == nil {
			c.add(c.entry(Unreadable, OfFile, name, cause(err).Error()))
		}
	case c.tree == nil && slices.ContainsFunc(claims, func(k claim) bool { return k.node.Kind == sbom.KindFile }):
		e := c.entry(Missing, OfFile, name)
		e.Want = &State{Hashes: claims[0].node.Hashes}
		c.differs(e)
	case slices.ContainsFunc(claims, func(k claim) bool { return k.observed && k.node.Kind == sbom.KindFile }):
		c.differs(c.entry(Contradicted, OfFile, name, "a component of the BOM lies there, its list of files does not have it, and nothing is here"))
	}
}

// searched looks for what has a digest and no path.
func (c *comparison) searched() {
	if len(c.loose) == 0 {
		return
	}
	by := map[string]string{}
	for name, d := range c.seen.Files {
		for _, h := range d.Hashes {
			by[h.Alg+h.Value] = name
		}
	}
	for _, k := range c.loose {
		found := ""
		for _, h := range k.node.Hashes {
			if name := by[h.Alg+strings.ToLower(h.Value)]; name != "" {
				found = name
			}
		}
		switch {
		case found != "":
			c.result.Counts[Same]++
			c.claims[found] = append(c.claims[found], k)
		case !c.Listed || k.node.Kind == sbom.KindFile:
			c.add(Entry{Status: Missing, Of: OfFile, Class: Weights, Components: []string{label(k.node)}, Want: &State{Hashes: k.node.Hashes},
				Notes: []string{"no file here has the digest that the BOM states, and the BOM does not say where it lies"}})
		}
	}
}
