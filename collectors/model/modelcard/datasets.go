package modelcard

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// headings are those of sections that describe one set of data, as in the cards of
// NVIDIA, whose label "Link" says which: "## Training Dataset:" and "**Link:** [A](https://…)".
var headings = []struct {
	words *pattern.Pattern
	rel   sbom.Rel
	role  string
}{
	{pattern.Lazy(`^(?:(?:pre|post|fine)? ?(?:training|tuning)|train) data ?sets?$`), sbom.TrainedOn, sbom.RoleTrain},
	{pattern.Lazy(`^(?:test|testing) data ?sets?$`), sbom.EvaluatedOn, sbom.RoleTest},
	{pattern.Lazy(`^validation data ?sets?$`), sbom.EvaluatedOn, sbom.RoleValidation},
	{pattern.Lazy(`^(?:evaluation|benchmark) data ?sets?$`), sbom.EvaluatedOn, sbom.RoleBenchmark},
}

// data links to the datasets that a section names by its label, and that a label of the
// same words names by an address of the hub.
func (b *body) data(s *markdown.Section) {
	for _, h := range headings {
		within := h.words.MatchString(markdown.Key(s.Heading))
		for _, l := range s.Labels() {
			if within && (l.Key == "link" || l.Key == "links") {
				b.sets(h.rel, h.role, l, false)
			} else if h.words.MatchString(l.Key) {
				b.sets(h.rel, h.role, l, true)
			}
		}
	}
}

func (b *body) sets(rel sbom.Rel, role string, l markdown.Label, hubOnly bool) {
	for _, u := range card.URLs(l.Value) {
		to, ok := hub.Dataset(u, "")
		switch address := evaluation.Address(u); {
		case ok:
		case hubOnly || address == "":
			continue
		default:
			to = sbom.Component{Kind: sbom.KindDataset, Name: path.Base(address), Keys: sbom.Keys{URL: address}}
			if text := markdown.Plain(l.Value); !strings.Contains(text, "://") && text != "" && len(card.URLs(l.Value)) == 1 && len(text) <= maxValue/8 {
				to.Name = text
			}
		}
		b.Link(rel, to, role, l.Line)
	}
}
