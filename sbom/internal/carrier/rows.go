package carrier

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Row is one place with what it says of a node.
type Row struct {
	sbom.Seen
	Entry  bool     `json:"entry,omitempty"` // it is one of the node's places, not of a single fact
	Fields []string `json:"fields,omitempty"`
}

// RowsOf turns the facts of a node around: by place.
func RowsOf(n *sbom.Node) []Row {
	at := map[sbom.Seen]int{}
	rows := []Row{}
	find := func(s sbom.Seen) *Row {
		i, ok := at[s]
		if !ok {
			i = len(rows)
			at[s] = i
			rows = append(rows, Row{Seen: s})
		}
		return &rows[i]
	}
	for _, s := range n.Seen {
		find(s).Entry = true
	}
	for _, f := range n.Facts {
		for _, s := range f.Seen {
			r := find(s)
			r.Fields = append(r.Fields, f.Field)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return compareSeen(a.Seen, b.Seen) })
	return rows
}

// Fill is the inverse of RowsOf.
func Fill(n *sbom.Node, rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int { return compareSeen(a.Seen, b.Seen) })
	by := map[string][]sbom.Seen{}
	for _, r := range rows {
		if r.Entry && !slices.Contains(n.Seen, r.Seen) {
			n.Seen = append(n.Seen, r.Seen)
		}
		for _, f := range r.Fields {
			by[f] = append(by[f], r.Seen)
		}
	}
	for _, f := range sbom.Fields() {
		if seen := by[f.Name]; len(seen) > 0 {
			n.Facts = append(n.Facts, sbom.Fact{Field: f.Name, Seen: slices.Compact(seen)})
		}
	}
}

func compareSeen(a, b sbom.Seen) int {
	return cmp.Or(cmp.Compare(a.Basis, b.Basis), cmp.Compare(later(a), later(b)), strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset), strings.Compare(a.By, b.By))
}

// later is 1 for hearsay, which comes last of its basis.
func later(s sbom.Seen) int {
	if s.Hearsay() {
		return 1
	}
	return 0
}
