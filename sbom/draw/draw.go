// Package draw writes a graph as a picture for people: Mermaid, which hosts of
// source code and editors show, or DOT of Graphviz. It shows models, datasets, files
// of data, processes and services, and how they hang together. Packages and other
// files are a number. A picture is no document: it is bounded, and says what it
// leaves out.
//
// Sources of the formats: https://mermaid.js.org/syntax/flowchart.html and
// https://graphviz.org/doc/info/lang.html. All names are hostile: see escape.go.
package draw

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// The formats.
const (
	Mermaid = "mermaid"
	DOT     = "dot"
)

// MaxNodes is how many components a picture shows unless told otherwise, and
// maxEdges how many arrows: Mermaid takes 500.
const (
	MaxNodes = 100
	maxEdges = 400
)

// Options say what is drawn.
type Options struct {
	Format string // Mermaid or DOT
	Nodes  int    // how many components at most; 0 is MaxNodes
}

// Encode writes the picture. The same graph gives the same bytes.
func Encode(w io.Writer, g *sbom.Graph, o Options) error {
	if o.Nodes <= 0 {
		o.Nodes = MaxNodes
	}
	p := compose(g, o.Nodes)
	var text string
	switch o.Format {
	case Mermaid:
		text = p.mermaid()
	case DOT:
		text = p.dot()
	default:
		return fmt.Errorf("draw: format %q is not known: want %s or %s", o.Format, Mermaid, DOT)
	}
	_, err := io.WriteString(w, text)
	return err
}

// picture is what is drawn, in order.
type picture struct {
	title  string
	boxes  []*box
	arrows []arrow
	notes  []string // what is left out
}

// box is a node with its lines of text. A pipeline holds its stages.
type box struct {
	id    string
	sort  string // "model", "dataset", "file", "process", "service", "application" or "rest"
	lines []string
	bad   bool // it has a finding of high severity
	kids  []*box
	group bool // only what it holds is drawn, in a frame
}

type arrow struct {
	from, to, label string
}

// compose picks the nodes that matter and what ties them.
func compose(g *sbom.Graph, most int) *picture {
	c := &composer{g: g, node: map[sbom.ID]*sbom.Node{}, box: map[sbom.ID]*box{}, tied: map[sbom.ID]bool{}}
	for _, n := range g.Nodes {
		c.node[n.ID] = n
	}
	c.ties()
	shown, out := c.pick(most)
	p := &picture{title: "system"}
	if root := c.node[g.Root]; root != nil {
		p.title = strings.TrimSpace(root.Name + " " + root.Version)
	}
	for i, n := range shown {
		c.box[n.ID] = c.boxOf(n, fmt.Sprint("n", i+1))
	}
	p.boxes = c.nest(shown)
	p.arrows = c.arrows()
	if len(p.arrows) > maxEdges {
		out = append(out, fmt.Sprintf("%d relations are not shown", len(p.arrows)-maxEdges))
		p.arrows = p.arrows[:maxEdges]
	}
	p.notes = out
	return p
}

type composer struct {
	g     *sbom.Graph
	node  map[sbom.ID]*sbom.Node
	box   map[sbom.ID]*box
	tied  map[sbom.ID]bool // a process, or the role of data, says something of it
	inner map[sbom.ID]sbom.ID
}

// ties finds what relations of data and processes name.
func (c *composer) ties() {
	for _, e := range c.g.Edges {
		switch e.Rel {
		case sbom.Consumes, sbom.Produces, sbom.TrainedOn, sbom.EvaluatedOn, sbom.Uses, sbom.ServedBy:
			c.tied[e.From], c.tied[e.To] = true, true
		}
	}
}

// ranks say what goes first where there is no room for all.
const (
	rankRoot = iota
	rankProcess
	rankModel
	rankDataset
	rankService
	rankFile
	rankRest
	left // a number at best
)

func (c *composer) rank(n *sbom.Node) int {
	switch {
	case n.ID == c.g.Root:
		return rankRoot
	case n.Kind == sbom.KindProcess:
		return rankProcess
	case n.Kind == sbom.KindModel:
		return rankModel
	case n.Kind == sbom.KindDataset:
		return rankDataset
	case n.Kind == sbom.KindService:
		return rankService
	case n.Kind == sbom.KindFile && (isTable(n) || c.tied[n.ID]):
		return rankFile
	case c.tied[n.ID]:
		return rankRest
	}
	return left
}

func isTable(n *sbom.Node) bool {
	return n.File != nil && (n.File.Table.Rows != nil || len(n.File.Table.Columns) > 0 || n.File.Table.Split != "")
}

// pick gives the nodes to show in the order of the graph, and says what is left out.
func (c *composer) pick(most int) (shown []*sbom.Node, out []string) {
	byRank := make([][]*sbom.Node, left+1)
	for _, n := range c.g.Nodes {
		r := c.rank(n)
		byRank[r] = append(byRank[r], n)
	}
	cut := 0
	for _, list := range byRank[:left] {
		room := min(most-len(shown), len(list))
		shown = append(shown, list[:room]...)
		cut += len(list) - room
	}
	slices.SortFunc(shown, func(a, b *sbom.Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
	if cut > 0 {
		out = append(out, fmt.Sprintf("%s more are not shown: a picture has at most %d", count(cut, "component"), most))
	}
	counts := map[string]int{}
	for _, n := range byRank[left] {
		counts[restOf(n.Kind)]++
	}
	for _, what := range []string{"package", "file", "component"} {
		if n := counts[what]; n > 0 {
			if what == "component" {
				what = "other component"
			}
			out = append(out, count(n, what)+" not drawn")
		}
	}
	return shown, out
}

func restOf(k sbom.Kind) string {
	switch k {
	case sbom.KindLibrary, sbom.KindFramework:
		return "package"
	case sbom.KindFile:
		return "file"
	}
	return "component"
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
