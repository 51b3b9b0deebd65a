package sbom

import (
	"slices"
	"strings"
)

// ID names a node: its strongest key, so that it is the same from run to run
// and from release to release. It is also the bom-ref.
type ID string

// Graph is everything that was seen, joined. All lists are sorted; a Graph is
// not changed once made.
type Graph struct {
	Nodes     []*Node    `json:"nodes"`
	Edges     []Edge     `json:"edges,omitempty"`
	Conflicts []Conflict `json:"conflicts,omitempty"`
	Problems  []Problem  `json:"problems,omitempty"`
	Root      ID         `json:"root,omitempty"`     // what the document describes; "" where nothing says so, or several
	Subjects  []ID       `json:"subjects,omitempty"` // where it describes several: these
	Records   []Record   `json:"records,omitempty"`
}

// Node is one component with everything that speaks for it.
type Node struct {
	ID ID `json:"id"`
	Component
	Also      []Keys    `json:"also,omitempty"` // keys beyond those in Component.Keys, one field set each
	Seen      []Seen    `json:"seen"`           // places that speak of it
	Facts     []Fact    `json:"facts,omitempty"`
	Findings  []Finding `json:"findings,omitempty"`
	Mentioned bool      `json:"mentioned,omitempty"` // named by others only; nothing of it was seen
}

// Seen is a place and how it knows.
type Seen struct {
	Place
	Basis Basis `json:"basis"`
}

// Fact says which places state the value that the node has in a field.
type Fact struct {
	Field string `json:"field"`
	Seen  []Seen `json:"seen"`
}

// Edge joins two nodes.
type Edge struct {
	From  ID       `json:"from"`
	To    ID       `json:"to"`
	Rel   Rel      `json:"rel"`
	Notes []string `json:"notes,omitempty"`
	Seen  []Seen   `json:"seen,omitempty"`
}

// Conflict is a difference that the merge decided. For the field "identity"
// Kept and Dropped are ids of nodes that share the key Key and stay apart.
type Conflict struct {
	Node    ID     `json:"node"`
	Field   string `json:"field"`
	Key     string `json:"key,omitempty"`
	Kept    Claim  `json:"kept"`
	Dropped Claim  `json:"dropped"`
}

// Claim is a value as a place states it. Value is JSON for anything but text.
type Claim struct {
	Value string `json:"value"`
	Seen  `json:"seen"`
}

// Node finds a node by its id, or gives nil.
func (g *Graph) Node(id ID) *Node {
	i, ok := searchNodes(g.Nodes, id)
	if !ok {
		return nil
	}
	return g.Nodes[i]
}

func searchNodes(nodes []*Node, id ID) (int, bool) {
	return slices.BinarySearchFunc(nodes, id, func(n *Node, id ID) int { return strings.Compare(string(n.ID), string(id)) })
}
