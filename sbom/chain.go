package sbom

import (
	"cmp"
	"slices"
	"strings"
)

// maxChain bounds the origins that a licence chain names, and how far it goes back.
const (
	maxChain      = 100
	maxChainDepth = 10
)

// ChainLink is one origin of a thing, with its licences: see [Graph.LicenseChains].
type ChainLink struct {
	Node     *Node
	Rel      Rel      // DerivedFrom or TrainedOn
	From     []string // names of the steps between, nearest first
	Licenses []string // none where no source states one
}

// String is "trained-on squad: CC-BY-SA-4.0"; steps between stand before it.
func (l ChainLink) String() string {
	steps := ""
	for _, name := range l.From {
		steps += name + " > "
	}
	return steps + string(l.Rel) + " " + l.Node.Name + ": " + cmp.Or(strings.Join(l.Licenses, ", "), "unknown")
}

// LicenseChains gives, for every model and dataset that was made from others, the
// licences of all that it was made from, as far back as the graph knows: base models,
// training data, sources of data; nearest first, then by name.
func (g *Graph) LicenseChains() map[ID][]ChainLink {
	out := map[ID][]*Edge{}
	for i := range g.Edges {
		if e := &g.Edges[i]; e.Rel == DerivedFrom || e.Rel == TrainedOn {
			out[e.From] = append(out[e.From], e)
		}
	}
	all := map[ID][]ChainLink{}
	for id := range out {
		if n := g.Node(id); n != nil && (n.Kind == KindModel || n.Kind == KindDataset) {
			all[id] = chain(g, n, out)
		}
	}
	return all
}

func chain(g *Graph, n *Node, out map[ID][]*Edge) []ChainLink {
	type step struct {
		node *Node
		via  []string
	}
	var links []ChainLink
	seen := map[ID]bool{n.ID: true}
	for level := []step{{n, nil}}; len(level) > 0; {
		var found []ChainLink
		for _, s := range level {
			for _, e := range out[s.node.ID] {
				to := g.Node(e.To)
				if to == nil || seen[to.ID] || len(links)+len(found) == maxChain {
					continue
				}
				seen[to.ID] = true
				found = append(found, ChainLink{to, e.Rel, s.via, licenseNames(to)})
			}
		}
		slices.SortStableFunc(found, func(a, b ChainLink) int {
			return cmp.Or(slices.Compare(a.From, b.From), cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.Node.Name, b.Node.Name), cmp.Compare(a.Node.ID, b.Node.ID))
		})
		links = append(links, found...)
		level = nil
		for _, l := range found {
			if len(l.From) < maxChainDepth {
				level = append(level, step{l.Node, append(slices.Clone(l.From), l.Node.Name)})
			}
		}
	}
	return links
}

func licenseNames(n *Node) []string {
	var names []string
	for _, l := range n.Licenses {
		names = append(names, cmp.Or(l.ID, l.Expression, l.Name))
	}
	return names
}
