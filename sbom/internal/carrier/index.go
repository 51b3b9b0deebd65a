package carrier

import "github.com/mlbom/mlbom/sbom"

// Index is what every encoder asks of a graph.
type Index struct {
	Graph     *sbom.Graph
	Node      map[sbom.ID]*sbom.Node
	Out       map[sbom.ID][]*sbom.Edge // of edges between nodes that are there
	Parallel  map[[2]sbom.ID]int       // edges between the same two nodes
	Conflicts map[sbom.ID][]sbom.Conflict
	Source    *Source // of a graph that was read from one document; its Graph is what that stated
}

// NewIndex makes it.
func NewIndex(g *sbom.Graph) Index {
	source, one := SourceOf(g)
	if one {
		g = Stated(g)
	}
	x := Index{Graph: g, Node: map[sbom.ID]*sbom.Node{}, Out: map[sbom.ID][]*sbom.Edge{}, Parallel: map[[2]sbom.ID]int{}, Conflicts: map[sbom.ID][]sbom.Conflict{}}
	if one {
		x.Source = &source
	}
	for _, n := range g.Nodes {
		x.Node[n.ID] = n
	}
	for i := range g.Edges {
		edge := &g.Edges[i]
		if x.Node[edge.From] != nil && x.Node[edge.To] != nil {
			x.Out[edge.From] = append(x.Out[edge.From], edge)
			x.Parallel[[2]sbom.ID{edge.From, edge.To}]++
		}
	}
	for _, c := range g.Conflicts {
		x.Conflicts[c.Node] = append(x.Conflicts[c.Node], c)
	}
	return x
}

// Root is the subject's node; nil where the document has none, or several.
func (x *Index) Root() *sbom.Node { return x.Node[x.Graph.Root] }

// Described is the subject, or else the subjects with what is needed beside
// them to reach everything: what nothing leads to, and one of each circle.
func (x *Index) Described() []sbom.ID {
	if x.Root() != nil {
		return []sbom.ID{x.Graph.Root}
	}
	reached, led := map[sbom.ID]bool{}, map[sbom.ID]bool{}
	picked := map[sbom.ID]bool{}
	pick := func(id sbom.ID) {
		if x.Node[id] != nil && !reached[id] {
			picked[id] = true
			x.visit(id, reached)
		}
	}
	for _, id := range x.Graph.Subjects {
		if x.Node[id] != nil {
			picked[id] = true
			x.visit(id, reached)
		}
	}
	for _, n := range x.Graph.Nodes {
		for _, edge := range x.Out[n.ID] {
			led[edge.To] = led[edge.To] || edge.From != edge.To
		}
	}
	for _, alone := range []bool{true, false} {
		for _, n := range x.Graph.Nodes {
			if !alone || !led[n.ID] {
				pick(n.ID)
			}
		}
	}
	var list []sbom.ID
	for _, n := range x.Graph.Nodes {
		if picked[n.ID] {
			list = append(list, n.ID)
		}
	}
	return list
}

func (x *Index) visit(id sbom.ID, reached map[sbom.ID]bool) {
	stack := []sbom.ID{id}
	for len(stack) > 0 {
		id, stack = stack[len(stack)-1], stack[:len(stack)-1]
		if reached[id] {
			continue
		}
		reached[id] = true
		for _, edge := range x.Out[id] {
			stack = append(stack, edge.To)
		}
	}
}
