package sbom

import (
	"cmp"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"
)

// derive adds what follows from the joined graph, in one place: which models
// stand in which folder's model, totals over a model's files, names for what
// nobody named, and that the root reaches everything. What it adds is seen by
// "derived", so that [Graph.Report] leaves it out and a new merge derives it
// again.
func derive(g *Graph) {
	ix := newIndex(g)
	ix.nest()
	ix.lineage()
	for _, n := range g.Nodes {
		ix.total(n)
		ix.data(n)
		ix.name(n)
	}
	ix.copies()
	ix.reach()
}

type index struct {
	g    *Graph
	out  map[ID][]int // edges by their start
	node map[ID]*Node
	tied map[[2]ID]bool // pairs with an edge
	torn map[ID]bool    // files that are part of two splits
}

func newIndex(g *Graph) *index {
	ix := &index{g: g, out: map[ID][]int{}, node: map[ID]*Node{}, tied: make(map[[2]ID]bool, len(g.Edges)), torn: map[ID]bool{}}
	for _, c := range g.Conflicts {
		if c.Field == "file.table.split" {
			ix.torn[c.Node] = true
		}
	}
	for i, e := range g.Edges {
		ix.tied[[2]ID{e.From, e.To}] = true
		ix.out[e.From] = append(ix.out[e.From], i)
	}
	for _, n := range g.Nodes {
		ix.node[n.ID] = n
	}
	return ix
}

func derivedAt(p string) Seen { return Seen{Place{Path: p, By: derivedBy}, Inferred} }

func (ix *index) link(from, to ID, rel Rel, at string) {
	if ix.tied[[2]ID{from, to}] {
		return
	}
	ix.tied[[2]ID{from, to}] = true
	ix.out[from] = append(ix.out[from], len(ix.g.Edges))
	ix.g.Edges = append(ix.g.Edges, Edge{From: from, To: to, Rel: rel, Seen: []Seen{derivedAt(at)}})
}

// nest ties a model to the model of the nearest folder above it.
func (ix *index) nest() {
	folders := map[string]ID{}
	for _, n := range ix.g.Nodes {
		if n.Kind != KindModel || n.Mentioned {
			continue
		}
		for _, p := range n.paths() {
			if strings.HasSuffix(p, "/") {
				folders[p] = n.ID
			}
		}
	}
	for _, n := range ix.g.Nodes {
		if n.Kind != KindModel || n.Mentioned {
			continue
		}
		for _, p := range n.paths() {
			if over, ok := above(folders, p, n.ID); ok && !ix.contains(n.ID, over) {
				ix.link(over, n.ID, Contains, strings.TrimSuffix(p, "/"))
			}
		}
	}
}

// paths are all path keys of a node.
func (n *Node) paths() []string {
	var list []string
	if n.Keys.Path != "" {
		list = append(list, n.Keys.Path)
	}
	for _, k := range n.Also {
		if k.Path != "" {
			list = append(list, k.Path)
		}
	}
	return list
}

func above(folders map[string]ID, p string, self ID) (ID, bool) {
	for p != "./" {
		p = DirOf(strings.TrimSuffix(p, "/"))
		if id, ok := folders[p]; ok {
			return id, id != self
		}
	}
	return "", false
}

// hearsay tells whether nothing but found BOMs says so.
func hearsay(seen []Seen) bool {
	return !slices.ContainsFunc(seen, func(s Seen) bool { return !s.Hearsay() })
}

func (n *Node) totalTensors(files []*Node) {
	if len(files) == 0 || n.Model == nil {
		return
	}
	sums := map[string]TensorType{}
	var total int64
	known := true
	for _, f := range files {
		stored := int64(0)
		for _, t := range f.Model.Tensors {
			s := sums[t.DType]
			sums[t.DType] = TensorType{t.DType, s.Tensors + t.Tensors, s.Parameters + t.Parameters}
			stored += t.Parameters
		}
		if f.Model.Quantization.Method != "" { // packed into what is stored: the file says how many there are, or nobody
			known = known && f.Model.Parameters > 0
			stored = f.Model.Parameters
		}
		if known = known && stored <= math.MaxInt64-total; known {
			total += stored
		}
	}
	if len(n.Model.Tensors) == 0 {
		for _, t := range sums {
			n.Model.Tensors = append(n.Model.Tensors, t)
		}
		slices.SortFunc(n.Model.Tensors, func(a, b TensorType) int { return strings.Compare(a.DType, b.DType) })
		n.derived("model.tensors", files)
	}
	if n.Model.Parameters == 0 && known && total > 0 {
		n.Model.Parameters = total
		n.derived("model.parameters", files)
	}
}

func (n *Node) derived(field string, from []*Node) {
	fact := Fact{Field: field}
	for _, f := range from {
		fact.Seen = append(fact.Seen, derivedAt(f.Keys.Path))
	}
	n.addFact(fact)
}

func (n *Node) addFact(fact Fact) {
	fact.Seen = slices.Compact(sorted(fact.Seen, compareSeen))
	at, _ := slices.BinarySearchFunc(n.Facts, fact.Field, func(f Fact, name string) int { return cmp.Compare(fieldOrder(f.Field), fieldOrder(name)) })
	n.Facts = slices.Insert(n.Facts, at, fact)
}

func fieldOrder(name string) int {
	return slices.IndexFunc(fieldTable(), func(f Field) bool { return f.Name == name })
}

var shardMark = regexp.MustCompile(`(?:[-_.]\d{1,6}-of|_shard)[-_]\d{1,6}$`)

// nameHere names a model of the tree's own folder, whose name is not part of the
// tree: as the system, or else as all of its weights, without the number of the shard
// ("model" of model.onnx and model.tflite).
func (ix *index) nameHere(n *Node) string {
	if root := ix.node[ix.g.Root]; root != nil && root != n && root.Kind == KindApplication && root.Name != "" && root.Name != "unknown" {
		return root.Name
	}
	shared := ""
	for _, i := range ix.out[n.ID] {
		e := ix.g.Edges[i]
		f := ix.node[e.To]
		if e.Rel != Contains || f == nil || f.Kind != KindFile || !counts(e) {
			continue
		}
		if n.Model != nil && len(n.Model.Formats) > 0 && (f.File == nil || !slices.Contains(n.Model.Formats, f.File.Format)) {
			continue // not weights
		}
		stem, _, _ := strings.Cut(path.Base(f.Keys.Path), ".")
		stem = shardMark.ReplaceAllString(stem, "")
		if stem == "" || shared != "" && stem != shared {
			return "unknown"
		}
		shared = stem
	}
	return cmp.Or(shared, "unknown")
}

// name gives a name to what no source named: its folder or file.
func (ix *index) name(n *Node) {
	if n.Name != "" {
		return
	}
	n.Name = "unknown"
	where := n.Keys.Path
	for _, p := range []string{n.Keys.PURL, n.Keys.URL, n.Keys.Path} {
		head, _, _ := strings.Cut(p, "#")
		b := path.Base(strings.TrimSuffix(head, "/"))
		if over := path.Base(path.Dir(strings.TrimSuffix(head, "/"))); n.Kind == KindModel && digits(b) && over != "." && over != "/" {
			b = over // a server's folder of one version: "resnet/1/"
		}
		if p != "" && b != "." && b != "/" {
			n.Name = b
			break
		}
	}
	if n.Name == "unknown" && n.Kind == KindModel && where == "./" {
		n.Name = ix.nameHere(n)
	}
	n.Facts = slices.DeleteFunc(n.Facts, func(f Fact) bool { return f.Field == "name" })
	n.Facts = slices.Insert(n.Facts, 0, Fact{"name", []Seen{derivedAt(where)}})
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// reach makes the root contain what nothing else leads to, and the project of
// the folder what its files alone speak of: a lock without edges says what its
// own project needs, and nothing of the one above.
func (ix *index) reach() {
	if ix.g.Root == "" {
		return
	}
	reached := map[ID]bool{}
	ix.visit(ix.g.Root, reached)
	over := ix.holders(ix.g.Root)
	led := map[ID]bool{}
	for _, e := range ix.g.Edges {
		if !reached[e.From] && e.From != e.To {
			led[e.To] = true
		}
	}
	projects := ix.projects()
	for _, first := range []func(*Node) bool{ // what has no way in, projects before all; then one of each circle
		func(n *Node) bool { return n.Kind == KindApplication && !led[n.ID] },
		func(n *Node) bool { return !led[n.ID] },
		func(*Node) bool { return true },
	} {
		for _, n := range ix.g.Nodes {
			if reached[n.ID] || over[n.ID] || !first(n) {
				continue
			}
			own := slices.DeleteFunc(projectsOf(projects, n), func(p ID) bool { return !reached[p] || over[p] || p == n.ID })
			if len(own) == 0 {
				own = []ID{ix.g.Root}
			}
			for _, from := range own {
				ix.link(from, n.ID, Contains, "")
			}
			ix.visit(n.ID, reached)
		}
	}
}

// projects gives the projects of packages by the keys of their paths.
func (ix *index) projects() map[string]ID {
	all := map[string]ID{}
	for _, n := range ix.g.Nodes {
		for _, p := range n.paths() {
			if n.Kind == KindApplication && strings.Contains(p, "#") {
				all[p] = n.ID
			}
		}
	}
	return all
}

// projectsOf gives the projects, each of the nearest folder above a file of its
// ecosystem, whose files speak of a library.
func projectsOf(projects map[string]ID, n *Node) []ID {
	var all []ID
	for _, s := range n.Seen {
		domain, _, _ := strings.Cut(s.By, "/")
		if id := nearestProject(projects, home(s.Path), strings.TrimSuffix(domain, "lang")); n.Kind == KindLibrary && id != "" && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

func nearestProject(projects map[string]ID, dir, ecosystem string) ID {
	for ; ; dir = path.Dir(dir) {
		if id, ok := projects[Project(dir+"/x", ecosystem)]; ok {
			return id
		}
		if dir == "." || dir == "/" {
			return ""
		}
	}
}

func (ix *index) visit(id ID, reached map[ID]bool) {
	stack := []ID{id}
	for len(stack) > 0 {
		id, stack = stack[len(stack)-1], stack[:len(stack)-1]
		if reached[id] {
			continue
		}
		reached[id] = true
		for _, i := range ix.out[id] {
			stack = append(stack, ix.g.Edges[i].To)
		}
	}
}
