package cyclonedx

import (
	"reflect"
	"slices"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/sbom/internal/facts"
)

// Names of properties that the encoder makes beside the carriers.
const (
	taxonomy           = "cdx:ai-ml:"
	placeholderCarrier = "mlbom:placeholder"
)

// isMade tells whether the encoder owns the name.
func isMade(name string) bool {
	return carrier.IsMade(name) || name == placeholderCarrier || name == keptCarrier || facts.IsMade(name)
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
	if e.Source != nil {
		return true
	}
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
	if e.outside(edge) {
		return false
	}
	once := e.Parallel[[2]sbom.ID{edge.From, edge.To}] == 1
	if e.Source != nil {
		return carrier.Derived(edge) || e.plainForeign(n, edge) && (once || edge.Rel != sbom.DependsOn || e.allPlain(n, edge))
	}
	rel := sbom.DependsOn
	if edge.Rel == provides && e.since(cdx.SpecVersion1_6) {
		rel = provides
	}
	if e.parent[edge.To] == n.ID && n.ID != "" {
		rel = sbom.Contains
	}
	return edge.Rel == rel && len(edge.Notes) == 0 && len(n.Seen) == 1 && slices.Equal(edge.Seen, n.Seen) && once
}

// allPlain tells whether all edges to the same component are plain: where a
// carrier joins two, the reader takes the dependency for its shadow.
func (e *encoder) allPlain(n *sbom.Node, edge *sbom.Edge) bool {
	return !slices.ContainsFunc(e.Out[n.ID], func(o *sbom.Edge) bool {
		return o.To == edge.To && !carrier.Derived(o) && !e.plainForeign(n, o)
	})
}

// plainForeign is plain in a document that was made of one other document.
func (e *encoder) plainForeign(n *sbom.Node, edge *sbom.Edge) bool {
	bare := len(edge.Notes) == 0
	switch edge.Rel {
	case sbom.DependsOn:
		return bare
	case provides:
		return bare && e.since(cdx.SpecVersion1_6)
	case sbom.TrainedOn:
		return bare && e.since(cdx.SpecVersion1_5) && n.Kind == sbom.KindModel
	case sbom.DerivedFrom:
		return e.grafts[n.ID]["pedigree"] != nil
	case sbom.Contains:
		return e.parent[edge.To] == n.ID && slices.Equal(edge.Notes, []string{sbom.Assembly})
	}
	return false
}

// mirrors repeat the facts that policies ask for as properties. They are never read
// back.
func (e *encoder) mirrors(n *sbom.Node) []cdx.Property {
	var list []cdx.Property
	for _, p := range e.facts.Of(n) {
		list = append(list, cdx.Property(p))
	}
	return list
}
