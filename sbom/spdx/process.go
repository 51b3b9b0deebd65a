package spdx

import (
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// The relations of processes and data have no types of their own in SPDX 2. The
// nearest is written, with the relation and the role of the data as comment; the
// carrier of the edge is what we read.
var nearest = map[sbom.Rel]struct {
	kind string
	back bool // from the second to the first
}{
	sbom.Consumes: {"HAS_PREREQUISITE", false}, sbom.Produces: {"GENERATES", false},
	sbom.TrainedOn: {"GENERATED_FROM", false}, sbom.EvaluatedOn: {"TEST_OF", true},
}

// near gives the relationship that is nearest to an edge of ours.
func (e *encoder) near(edge *sbom.Edge) (relationship, bool) {
	as, ok := nearest[edge.Rel]
	if !ok || e.Source != nil {
		return relationship{}, false
	}
	r := relationship{From: e.ids[edge.From], To: e.ids[edge.To], Type: as.kind, Comment: strings.Join(append([]string{string(edge.Rel)}, edge.Notes...), "; ")}
	if as.back {
		r.From, r.To = r.To, r.From
	}
	return r, true
}

// told tells whether a relationship is the shadow of an edge that a carrier tells.
func (r *reader) told(rel relationship, from, to *carrier.Item) bool {
	word, _, _ := strings.Cut(rel.Comment, "; ")
	as, ok := nearest[sbom.Rel(word)]
	if !ok || as.kind != rel.Type {
		return false
	}
	if as.back {
		from, to = to, from
	}
	return r.Joined(from, to)
}
