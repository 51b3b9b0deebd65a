package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// book is what a BOM says of a tree, by path.
type book struct {
	g      *sbom.Graph
	tree   *sbom.Tree // nil: the BOM has no list of files
	none   string     // why it has none
	part   string     // of the BOM, whose tree it lists; "" where that is the document's subject
	files  map[string]sbom.TreeFile
	links  map[string]string
	claims map[string][]claim
	loose  []claim // of what has a digest and no path
	owners map[sbom.ID][]*sbom.Node
	seenIn map[string][]*sbom.Node // components that a file speaks of
	places []*sbom.Node            // models, datasets and projects with a folder
	at     map[string][]*sbom.Node
	named  bool // by another program, which calls files by their names
}

// claim is what the BOM says of one file beside its list.
type claim struct {
	node     *sbom.Node
	observed bool // by the bytes, when the BOM was made by us
}

// ErrLists says that a BOM has lists of several trees.
var ErrLists = errors.New("the BOM lists the files of several trees; hold each tree against a BOM of its own")

// Exclude gives the patterns of what the BOM leaves out.
func Exclude(g *sbom.Graph) ([]string, error) {
	tree, _, err := listOf(g)
	if tree == nil {
		return nil, err
	}
	return tree.Exclude, err
}

// Algorithms names the digests other than SHA-256 that a BOM states of files, where
// listed holds for the path.
func Algorithms(g *sbom.Graph) []string {
	var all []string
	for _, n := range g.Nodes {
		if !claims(n) {
			continue
		}
		for _, h := range n.Hashes {
			if h.Alg != "SHA-256" && !slices.Contains(all, h.Alg) {
				all = append(all, h.Alg)
			}
		}
	}
	slices.Sort(all)
	return all
}

// listOf finds the list of files, and the folder in which a merge put its tree.
func listOf(g *sbom.Graph) (*sbom.Tree, string, error) {
	var tree *sbom.Tree
	var mount string
	for _, n := range g.Nodes {
		t, err := sbom.ReadTree(&n.Component)
		if err != nil {
			return nil, "", err
		}
		if t == nil {
			continue
		}
		if tree != nil {
			return nil, "", ErrLists
		}
		tree, mount = t, mounted.FindString(n.Keys.Path)
	}
	return tree, mount, nil
}

func hasTree(n *sbom.Node) bool {
	t, err := sbom.ReadTree(&n.Component)
	return err == nil && t != nil
}

var mounted = regexp.MustCompile(`^urn:uuid:[0-9a-f-]{36}/`)

func newBook(g *sbom.Graph) (*book, error) {
	tree, mount, err := listOf(g)
	if err != nil {
		return nil, err
	}
	b := &book{g: g, files: map[string]sbom.TreeFile{}, links: map[string]string{}, claims: map[string][]claim{}, owners: map[sbom.ID][]*sbom.Node{},
		seenIn: map[string][]*sbom.Node{}, at: map[string][]*sbom.Node{}}
	if tree != nil {
		b.none = tree.None
		if n := g.Nodes[slices.IndexFunc(g.Nodes, hasTree)]; n.ID != g.Root {
			b.part = label(n)
		}
	}
	if tree != nil && tree.None == "" {
		b.tree = tree
		for _, f := range tree.Files {
			b.files[f.Path] = f
		}
		for _, l := range tree.Links {
			b.links[l.Path] = l.Target
		}
	}
	b.named = !slices.ContainsFunc(g.Nodes, func(n *sbom.Node) bool { return n.Keys.Path != "" })
	for _, n := range g.Nodes {
		b.add(n, mount)
	}
	for _, e := range g.Edges {
		if from := g.Node(e.From); e.Rel == sbom.Contains && from != nil && from.ID != g.Root {
			b.owners[e.To] = append(b.owners[e.To], from)
		}
	}
	return b, nil
}

// add notes the places of a component.
func (b *book) add(n *sbom.Node, mount string) {
	paths := pathsOf(n, mount, b.named)
	for _, p := range paths {
		b.at[p] = append(b.at[p], n)
		if strings.HasSuffix(p, "/") && n.Kind != sbom.KindFile {
			b.places = append(b.places, n)
		}
	}
	for _, s := range n.Seen {
		if n.Kind == sbom.KindLibrary && !s.Hearsay() {
			b.seenIn[s.Path] = append(b.seenIn[s.Path], n)
		}
	}
	if !claims(n) {
		return
	}
	c := claim{node: n, observed: slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool { return s.Basis == sbom.Observed && !s.Hearsay() })}
	placed := false
	for _, p := range paths {
		if isFile(p) {
			b.claims[p] = append(b.claims[p], c)
			placed = true
		}
	}
	if !placed && b.named && len(paths) == 0 {
		b.loose = append(b.loose, c)
	}
}

// claims tells whether a component says which bytes a file of the tree has.
func claims(n *sbom.Node) bool {
	if n.Mentioned || len(n.Hashes) == 0 || !slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool { return !s.Hearsay() }) {
		return false
	}
	return n.Kind == sbom.KindFile || n.Kind == sbom.KindModel || n.Kind == sbom.KindDataset
}

func isFile(p string) bool { return fs.ValidPath(p) && p != "." && !strings.Contains(p, "#") }

// pathsOf gives where a component lies; of a file in another tool's document its name.
func pathsOf(n *sbom.Node, mount string, named bool) []string {
	var all []string
	add := func(p string) {
		if p = strings.TrimPrefix(p, mount); p != "" && !mounted.MatchString(p) && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	add(n.Keys.Path)
	for _, k := range n.Also {
		add(k.Path)
	}
	if named && n.Kind == sbom.KindFile {
		if p := path.Clean(strings.TrimLeft(strings.ReplaceAll(n.Name, `\`, "/"), "/")); isFile(p) {
			add(p)
		}
	}
	return all
}

// components names what of the BOM a file belongs to.
func (b *book) components(name string) []string {
	var list []string
	for _, n := range b.at[name] {
		for _, o := range b.owners[n.ID] {
			if o.Kind == sbom.KindModel || o.Kind == sbom.KindDataset || o.Kind == sbom.KindApplication {
				list = append(list, label(o))
			}
		}
		if n.Kind != sbom.KindFile {
			list = append(list, label(n))
		}
	}
	if from := b.seenIn[name]; len(from) > 3 {
		list = append(list, fmt.Sprintf("%d packages", len(from)))
	} else {
		for _, n := range from {
			list = append(list, label(n))
		}
	}
	if len(list) == 0 {
		if n := b.over(name); n != nil {
			list = append(list, label(n))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// over gives the component with the nearest folder above a file.
func (b *book) over(name string) (best *sbom.Node) {
	length := -1
	for _, n := range b.places {
		p := n.Keys.Path
		if p == "./" && length < 0 && n.Kind == sbom.KindModel {
			best, length = n, 0
		}
		if strings.HasPrefix(name, p) && len(p) > length {
			best, length = n, len(p)
		}
	}
	return best
}

// inModel tells whether a model lies in the file's folder, or above it.
func (b *book) inModel(name string) bool {
	return slices.ContainsFunc(b.places, func(n *sbom.Node) bool {
		return n.Kind == sbom.KindModel && (n.Keys.Path == "./" || strings.HasPrefix(name, n.Keys.Path))
	})
}

func label(n *sbom.Node) string {
	kind := string(n.Kind)
	switch n.Kind {
	case sbom.KindModel:
		kind = "model"
	case sbom.KindDataset:
		kind = "dataset"
	case sbom.KindLibrary:
		kind = "package"
	}
	name := n.Name
	if name == "" {
		name = string(n.ID)
	}
	if n.Version != "" {
		name += " " + n.Version
	}
	return kind + " " + name
}
