package verify

import (
	"crypto/sha256"
	"fmt"

	"github.com/mlbom/mlbom/sbom"
)

// stub is a pointer where bytes should be.
func (c *comparison) stub(f sbom.TreeFile, oid string, d sbom.Digest, want *State) {
	right := d.SHA256() != "" && d.SHA256() == pointerTo(f.SHA256, f.Size)
	if right && c.seen.fast {
		c.result.Counts[Same]++
		c.stands++
		return
	}
	note := "it is a pointer to the right bytes"
	if !right {
		note = "it is a pointer to other bytes: " + oid
		if oid == f.SHA256 {
			note = "it is a pointer to the right bytes that is not as git-lfs writes it"
		}
	}
	e := c.entry(Pointer, OfFile, f.Path, note)
	e.Want, e.Got = want, &State{Hashes: d.Hashes, Size: d.Size}
	c.differs(e)
}

// pointer gives what a pointer in the tree names. What else names the digest of a file
// (metadata of a download) says nothing of the bytes that lie here.
func (c *comparison) pointer(name string) (oid string, ok bool) {
	if d, here := c.seen.Files[name]; here && d.Size > maxPointer {
		return "", false
	}
	for _, n := range c.now[name] {
		if isPointer(n) {
			return n.Keys.SHA256, true
		}
	}
	return "", false
}

const maxPointer = 1024 // bytes: what git-lfs takes for a pointer

func isPointer(n *sbom.Node) bool {
	return n.Kind == sbom.KindFile && n.File != nil && n.File.Asserted && n.Keys.SHA256 != ""
}

// pointerTo is the digest of the pointer to some bytes, as git-lfs writes it.
func pointerTo(sum string, size int64) string {
	text := fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", sum, size)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
}
