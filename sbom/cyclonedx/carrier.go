package cyclonedx

import (
	"reflect"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// Names of properties that the encoder makes beside the carriers.
const (
	taxonomy           = "cdx:ai-ml:"
	placeholderCarrier = "mlbom:placeholder"

	modelMirror   = "mlbom:model:" // + fact: see mirrors
	datasetMirror = "mlbom:dataset:"
	packageMirror = "mlbom:package:"
)

// isMade tells whether the encoder owns the name.
func isMade(name string) bool {
	return carrier.IsMade(name) || name == placeholderCarrier ||
		slices.ContainsFunc([]string{modelMirror, datasetMirror, packageMirror}, func(m string) bool { return strings.HasPrefix(name, m) })
}

func jsonText(v any) string { return carrier.Text(v) }

// carriers are the properties that make the round trip whole: what reading the
// native component back does not give.
func (e *encoder) carriers(n *sbom.Node, back *sbom.Component, ev *cdx.Evidence) []cdx.Property {
	links := carrier.Links(e.Out[n.ID], e.refs, func(edge *sbom.Edge) bool { return e.plain(n, edge) })
	var list []cdx.Property
	for _, p := range carrier.Of(n, back, e.occurrencesCarry(n, ev), links, e.Conflicts[n.ID]) {
		list = append(list, cdx.Property(p))
		if e.carried != nil {
			e.carried(n.ID, p.Name)
		}
	}
	return list
}

// occurrencesCarry tells whether reading the occurrences gives the node's places.
func (e *encoder) occurrencesCarry(n *sbom.Node, ev *cdx.Evidence) bool {
	if !e.since(cdx.SpecVersion1_6) {
		return false
	}
	rows, ok := readOccurrences(ev)
	if !ok {
		return false
	}
	var back sbom.Node
	carrier.Fill(&back, rows)
	return reflect.DeepEqual(back.Seen, n.Seen) && sameFacts(back.Facts, n.Facts)
}

func sameFacts(a, b []sbom.Fact) bool {
	return slices.EqualFunc(a, b, func(x, y sbom.Fact) bool { return x.Field == y.Field && slices.Equal(x.Seen, y.Seen) })
}

// plain tells whether the reader takes the edge for what it is without a
// carrier: the only edge between the two, a dependency or the nesting of a
// file, without notes, seen where the node is seen.
func (e *encoder) plain(n *sbom.Node, edge *sbom.Edge) bool {
	rel := sbom.DependsOn
	if e.parent[edge.To] == n.ID && n.ID != "" {
		rel = sbom.Contains
	}
	return edge.Rel == rel && len(edge.Notes) == 0 && len(n.Seen) == 1 && slices.Equal(edge.Seen, n.Seen) && e.Parallel[[2]sbom.ID{edge.From, edge.To}] == 1
}
