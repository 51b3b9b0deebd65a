package diff

import (
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// versionOf is the version that a component states, or else that of its package URL.
func versionOf(n *sbom.Node) string {
	if n.Version != "" {
		return n.Version
	}
	_, version := splitPURL(n.Keys.PURL)
	return version
}

// otherVersion tells whether two components have different versions.
func otherVersion(x, y *sbom.Node) bool {
	_, a := splitPURL(x.Keys.PURL)
	_, b := splitPURL(y.Keys.PURL)
	field, _ := sbom.FieldByName("version")
	return a != b || !(field.Equal(&x.Component, &y.Component) || a != "" && (x.Version == "" || y.Version == ""))
}

// version tells of another version, or of one that is pinned or let loose.
func (c *comparison) version(x, y *sbom.Node) {
	if !otherVersion(x, y) {
		return
	}
	before, after := versionOf(x), versionOf(y)
	if before == after { // the version is that of before, and the package URL another one
		_, before = splitPURL(x.Keys.PURL)
		_, after = splitPURL(y.Keys.PURL)
	}
	named := x.Keys.PURL != "" || y.Keys.PURL != "" || x.Keys.URL != "" || y.Keys.URL != ""
	fixed := func(v string) bool { return v != "" && (sbom.IsCommit(v) || !mayMove(x, y)) }
	switch {
	case named && fixed(after) && !fixed(before):
		c.changed(Pin, x, y, "version", before, after, Pinned)
	case named && fixed(before) && !fixed(after):
		c.changed(Pin, x, y, "version", before, after, Loosened)
	default:
		c.changed(Version, x, y, "version", before, after, direction(x, before, after))
	}
}

// mayMove tells whether versions are branches and tags, of which only a commit stays
// the same: repositories of a hub.
func mayMove(x, y *sbom.Node) bool {
	return (x.Kind == sbom.KindModel || x.Kind == sbom.KindDataset) && x.Keys.Path == "" && y.Keys.Path == ""
}

// direction orders two versions where their ecosystem has an order: PEP 440 for
// Python, semantic versions, and dotted numbers.
func direction(n *sbom.Node, before, after string) string {
	if sbom.IsCommit(before) || sbom.IsCommit(after) {
		return ""
	}
	order := 0
	python := strings.HasPrefix(n.Keys.PURL, "pkg:pypi/") || strings.HasSuffix(n.Keys.Path, "#python")
	a, b := "v"+strings.TrimPrefix(before, "v"), "v"+strings.TrimPrefix(after, "v")
	if !python && semver.IsValid(a) && semver.IsValid(b) {
		order = semver.Compare(b, a)
	} else if python || numeric(before) && numeric(after) {
		v, err := pep440.Parse(before)
		w, err2 := pep440.Parse(after)
		if err == nil && err2 == nil {
			order = w.Compare(v)
		}
	}
	switch {
	case order > 0:
		return Up
	case order < 0:
		return Down
	}
	return ""
}

func numeric(v string) bool { return v != "" && strings.Trim(v, "0123456789.") == "" }

// isExplained tells whether other bytes of a pair follow from another version: its
// own, or of what contains it. A commit of the repository that all lies in explains
// nothing; a tag does.
func (c *comparison) isExplained(i int) bool {
	if c.known == nil {
		c.known, c.explained = map[int]bool{}, map[int]bool{}
	}
	return c.explains(i, 0)
}

const maxOwners = 16 // how many owners of owners are asked for their version

func (c *comparison) explains(i, depth int) bool {
	if c.known[i] || depth > maxOwners {
		return c.explained[i]
	}
	c.known[i] = true
	j := c.a.mate[i]
	if j < 0 {
		return false
	}
	x, y := c.a.Nodes[i], c.b.Nodes[j]
	yes := otherVersion(x, y) && versionOf(x) != "" && versionOf(y) != "" && !(commit(x) && commit(y))
	for _, owner := range c.a.parents[i] {
		yes = yes || slices.ContainsFunc(c.b.parents[j], func(o int) bool { return c.a.mate[owner] == o }) && c.explains(owner, depth+1)
	}
	c.explained[i] = yes
	return yes
}

// commit tells whether nothing but its repository gives the component its version, and
// no tag is on it.
func commit(n *sbom.Node) bool {
	if !sbom.IsCommit(versionOf(n)) {
		return false
	}
	for _, f := range n.Facts {
		if f.Field == "version" {
			return !slices.ContainsFunc(f.Seen, func(s sbom.Seen) bool { return s.Basis != sbom.Inferred })
		}
	}
	return false
}
