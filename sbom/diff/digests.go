package diff

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// digestSets are the digests of a component by what they are over and how they were
// made. A package has those of all its files.
func digestSets(n *sbom.Node) map[string][]string {
	sets := map[string][]string{}
	put := func(key, value string) {
		if value != "" {
			sets[key] = append(sets[key], value)
		}
	}
	for _, h := range n.Hashes {
		put(h.Alg, h.Value)
	}
	put("SHA-256", fileKey(n))
	for _, r := range n.Refs {
		for _, h := range r.Hashes {
			put(h.Alg+" of "+r.URL, h.Value)
		}
	}
	if n.Package != nil {
		for _, sum := range n.Package.Integrity {
			i := strings.IndexAny(sum, ":-")
			put("integrity "+sum[:max(i, 0)], sum)
		}
	}
	if n.Model != nil {
		f := n.Model.Fingerprints
		put("content id", f.Content)
		put("header id", f.Header)
		put("shapes id", f.Shapes)
		put(signingRoot, f.Signing)
	}
	if n.Dataset != nil {
		put("root digest", n.Dataset.RootDigest)
	}
	for key := range sets {
		slices.Sort(sets[key])
		sets[key] = slices.Compact(sets[key])
	}
	return sets
}

func fileKey(n *sbom.Node) string {
	if n.Kind == sbom.KindFile {
		return n.Keys.SHA256
	}
	return ""
}

const signingRoot = "signing root"

// weight orders digests by how well a reader knows them.
var weight = []string{"SHA-256", "content id", "root digest", signingRoot, "header id", "shapes id"}

// digests tells of other bytes. Two sets of digests contradict each other where each
// has some that the other has not; where one has more, it only knows more.
func (c *comparison) digests(i, j int) {
	x, y := c.a.Nodes[i], c.b.Nodes[j]
	a, b := digestSets(x), digestSets(y)
	if len(a) == 0 && len(b) == 0 {
		return
	}
	var all []string
	for key := range a {
		all = append(all, key)
	}
	for key := range b {
		if a[key] == nil {
			all = append(all, key)
		}
	}
	slices.SortFunc(all, func(k, l string) int {
		return 2*(weightOf(k)-weightOf(l)) + strings.Compare(k, l)
	})
	var more, less []string
	for _, key := range all {
		gone, came := apart(a[key], b[key])
		if len(gone) > 0 && len(came) > 0 {
			kind := DigestChanged
			switch {
			case otherVersion(x, y) || c.isExplained(i) || c.isSource(x, y):
				kind = Content
			case key == signingRoot && c.trees[0] != nil && c.trees[1] != nil:
				kind = Fact // each file below it is told for itself
			}
			c.changed(kind, x, y, key, strings.Join(gone, ", "), strings.Join(came, ", "), "")
			return
		}
		if strings.Contains(key, " of ") && (a[key] == nil || b[key] == nil) {
			continue // another address, which is a fact
		}
		for _, v := range gone {
			less = append(less, key+" "+v)
		}
		for _, v := range came {
			more = append(more, key+" "+v)
		}
	}
	if len(more)+len(less) > 0 && !otherVersion(x, y) && !c.strange {
		c.changed(Digests, x, y, "digests", strings.Join(less, ", "), strings.Join(more, ", "), "")
	}
}

// filesOf are the files with a digest by path.
func filesOf(s *side) map[string]int {
	m := map[string]int{}
	for i, n := range s.Nodes {
		if n.Kind == sbom.KindFile && n.Keys.SHA256 != "" {
			for _, p := range paths(n) {
				m[p] = i
			}
		}
	}
	return m
}

// isSource tells whether a file is one of the tree's sources or settings, which both
// documents list, and no weights, data or anything else that somebody knows to read:
// such files change with every commit.
func (c *comparison) isSource(x, y *sbom.Node) bool {
	for side, n := range []*sbom.Node{x, y} {
		if _, ok := c.trees[side][n.Keys.Path]; n.Kind != sbom.KindFile || !ok {
			return false
		}
		if f := n.File; f != nil && (f.Format != "" || f.Scan.Verdict != "" || f.Table.Columns != nil) {
			return false
		}
	}
	return c.owned(c.a, x) && c.owned(c.b, y)
}

// owned tells whether the system itself, and no model or dataset in it, has the file.
func (c *comparison) owned(s *side, n *sbom.Node) bool {
	return !slices.ContainsFunc(s.parents[s.at[n.ID]], func(owner int) bool {
		k := s.Nodes[owner].Kind
		return k == sbom.KindModel || k == sbom.KindDataset
	})
}

func weightOf(key string) int {
	if i := slices.Index(weight, key); i >= 0 {
		return i
	}
	return len(weight)
}

// files tells of other bytes at a path, where the files that have them were not paired:
// one of several equal files changed.
func (c *comparison) files() {
	before, after := filesOf(c.a), filesOf(c.b)
	for path, i := range before {
		j, ok := after[path]
		x := c.a.Nodes[i]
		if !ok || c.a.mate[i] == j || x.Keys.SHA256 == c.b.Nodes[j].Keys.SHA256 {
			continue
		}
		kind := DigestChanged
		if c.ownersExplain(i, j) || c.isSource(x, c.b.Nodes[j]) {
			kind = Content
		}
		y := c.b.Nodes[j]
		ch := Change{Kind: kind, A: component(x), B: component(y), Field: "SHA-256", Before: x.Keys.SHA256, After: y.Keys.SHA256}
		ch.A.Path, ch.B.Path = path, path
		c.r.add(ch)
	}
}

// ownersExplain tells whether what contains both files has another version.
func (c *comparison) ownersExplain(i, j int) bool {
	return slices.ContainsFunc(c.a.parents[i], func(owner int) bool {
		return slices.Contains(c.b.parents[j], c.a.mate[owner]) && c.isExplained(owner)
	})
}
