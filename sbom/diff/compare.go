package diff

import (
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Compare tells what changed from a to b. It changes neither.
func Compare(a, b *sbom.Graph) *Result {
	strange := otherTools(a, b)
	c := &comparison{pairing: match(a, b, strange), strange: strange, r: &Result{Changes: []Change{}}}
	c.r.ComponentsA, c.r.ComponentsB = len(a.Nodes), len(b.Nodes)
	c.trees[0], c.none[0] = listed(c.a)
	c.trees[1], c.none[1] = listed(c.b)
	c.said = [2]map[string]bool{c.saidBy(c.a), c.saidBy(c.b)}
	c.unsaid = map[Unsaid]int{}
	for i, n := range a.Nodes {
		j := c.a.mate[i]
		if j < 0 {
			c.r.add(Change{Kind: Removed, A: component(n)})
			continue
		}
		c.r.Paired++
		c.pair(i, j)
	}
	for j, n := range b.Nodes {
		if c.b.mate[j] < 0 {
			c.r.add(Change{Kind: Added, B: component(n)})
		}
	}
	c.files()
	c.relations()
	c.findings()
	c.conflicts()
	c.problems()
	c.statements()
	c.tree()
	c.tellUnsaid()
	c.r.sort()
	return c.r
}

// comparison is one run of Compare.
type comparison struct {
	*pairing
	r       *Result
	strange bool               // different tools wrote the documents
	said    [2]map[string]bool // fields and name spaces that a side gives at all
	unsaid  map[Unsaid]int
	trees   [2]map[string]string // content of each path, where a document lists its tree
	none    [2]string            // why it does not
	// explained are nodes of A of which another version says that other bytes are no wonder.
	known, explained map[int]bool
}

func component(n *sbom.Node) *Component {
	c := &Component{ID: n.ID, Kind: n.Kind, Name: n.Name, Version: versionOf(n), Path: n.Keys.Path, Named: n.Mentioned}
	if c.Name == "" {
		c.Name = strings.TrimSuffix(n.Keys.Path, "/")
	}
	c.Name = cut(c.Name)
	return c
}

// pair tells what changed in one component.
func (c *comparison) pair(i, j int) {
	x, y := c.a.Nodes[i], c.b.Nodes[j]
	c.identity(x, y)
	c.version(x, y)
	c.digests(i, j)
	if x.Service != nil || y.Service != nil {
		c.service(x, y)
	}
	c.fields(x, y)
	c.properties(x, y)
}

// changed notes a change of a component that is in both graphs.
func (c *comparison) changed(kind Kind, x, y *sbom.Node, field, before, after, direction string) {
	c.r.add(Change{Kind: kind, A: component(x), B: component(y), Field: field, Before: before, After: after, Direction: direction, Follows: follows(kind, field, x, y)})
}

// identity compares names and what a component is known by.
func (c *comparison) identity(x, y *sbom.Node) {
	if x.Kind != y.Kind && !(c.strange && (class(x.Kind) == "software" || class(y.Kind) == "software")) {
		c.changed(Fact, x, y, "kind", string(x.Kind), string(y.Kind), "")
	}
	if x.Mentioned != y.Mentioned && !c.strange {
		c.changed(Fact, x, y, "presence", presence(x), presence(y), "")
	}
	if before, _ := splitPURL(x.Keys.PURL); true {
		if after, _ := splitPURL(y.Keys.PURL); before != "" && after != "" && before != after {
			c.changed(Renamed, x, y, "purl", before, after, "")
		}
	}
	if x.Keys.URL != "" && y.Keys.URL != "" && x.Keys.URL != y.Keys.URL && !c.strange {
		c.changed(Renamed, x, y, "url", x.Keys.URL, y.Keys.URL, "")
	}
	gone, came := apart(paths(x), paths(y))
	if len(gone) > 0 && len(came) > 0 || (x.Kind == sbom.KindFile || y.Kind == sbom.KindFile) && len(paths(x)) > 0 && len(paths(y)) > 0 && len(gone)+len(came) > 0 {
		c.changed(Renamed, x, y, "path", strings.Join(gone, ", "), strings.Join(came, ", "), "")
	}
}

func presence(n *sbom.Node) string {
	if n.Mentioned {
		return "named by others only"
	}
	return "seen"
}

// apart gives what only one of two sorted lists has. What stands twice counts twice.
func apart(a, b []string) (gone, came []string) {
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			gone, a = append(gone, a[0]), a[1:]
		case len(a) == 0 || b[0] < a[0]:
			came, b = append(came, b[0]), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return gone, came
}
