package draw

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// sorts of boxes by kind; any other is an application.
var sorts = map[sbom.Kind]string{sbom.KindModel: "model", sbom.KindDataset: "dataset", sbom.KindFile: "file", sbom.KindProcess: "process", sbom.KindService: "service"}

// boxOf says of a node what fits on a few lines.
func (c *composer) boxOf(n *sbom.Node, id string) *box {
	b := &box{id: id, sort: cmp.Or(sorts[n.Kind], "application")}
	name := cmp.Or(n.Name, n.Keys.Path, n.Keys.URL, n.Keys.PURL, string(n.ID))
	if v := n.Version; v != "" {
		name += " " + brief(v)
	}
	what := []string{b.sort}
	if b.sort == "application" && n.ID != c.g.Root {
		what[0] = string(n.Kind)
	}
	what = append(what, facts(n)...)
	if n.Mentioned {
		what = append(what, "not here")
	}
	var licenses []string
	for _, l := range n.Licenses {
		licenses = append(licenses, cmp.Or(l.ID, l.Expression, l.Name))
	}
	what = append(what, strings.Join(licenses, ", "))
	what = slices.DeleteFunc(what, func(s string) bool { return s == "" })
	b.lines = []string{name, strings.Join(what, " · ")}
	b.bad = slices.ContainsFunc(n.Findings, func(f sbom.Finding) bool {
		r, _ := sbom.RuleByID(f.Rule)
		return r.Severity == sbom.Critical || r.Severity == sbom.High
	})
	return b
}

// facts are the few that tell one thing of its sort from another.
func facts(n *sbom.Node) (list []string) {
	if m := n.Model; m != nil {
		list = append(list, cmp.Or(m.Family, m.Architecture, m.Task), m.ParameterSize)
		if len(m.Metrics) > 0 {
			list = append(list, measured(m.Metrics[0]))
		}
	}
	if d := n.Dataset; d != nil {
		if d.Rows > 0 {
			list = append(list, count(int(d.Rows), "row"))
		}
		if d.Personal == "yes" {
			list = append(list, "personal data")
		}
		list = append(list, d.Confidential)
	}
	if p := n.Process; p != nil {
		list = []string{p.Activity, p.Tool}
		if len(p.Metrics) > 0 {
			list = append(list, measured(p.Metrics[0]))
		}
	}
	if f := n.File; f != nil {
		list = append(list, f.Format)
		if f.Table.Rows != nil {
			list = append(list, count(int(*f.Table.Rows), "row"))
		}
		list = append(list, f.Table.Split)
	}
	return list
}

func measured(m sbom.Metric) string { return cmp.Or(m.Type, m.Name) + " " + m.Value }

// brief leaves the beginning of a commit or a digest.
func brief(s string) string {
	if len(s) >= 32 && strings.Trim(s, "0123456789abcdef") == "" {
		return s[:8] + "…"
	}
	return s
}

// nest puts stages into their pipeline, as a formulation does: one that one
// pipeline alone holds, and that holds none itself.
func (c *composer) nest(shown []*sbom.Node) []*box {
	holders, holds := map[sbom.ID][]sbom.ID{}, map[sbom.ID]bool{}
	for _, e := range c.g.Edges {
		if e.Rel == sbom.Contains && e.From != e.To && c.shownProcess(e.From) && c.shownProcess(e.To) {
			holders[e.To], holds[e.From] = append(holders[e.To], e.From), true
		}
	}
	c.inner = map[sbom.ID]sbom.ID{}
	var top []*box
	for _, n := range shown {
		if h := holders[n.ID]; len(h) == 1 && !holds[n.ID] {
			c.inner[n.ID] = h[0]
			c.box[h[0]].kids = append(c.box[h[0]].kids, c.box[n.ID])
		} else {
			top = append(top, c.box[n.ID])
		}
	}
	return top
}

func (c *composer) shownProcess(id sbom.ID) bool {
	return c.box[id] != nil && c.node[id].Kind == sbom.KindProcess
}

// arrows are the edges between what is shown. What the root holds is drawn only
// where nothing else leads to it.
func (c *composer) arrows() []arrow {
	led, used := map[sbom.ID]bool{}, map[sbom.ID]bool{}
	for _, e := range c.g.Edges {
		if c.box[e.From] != nil && c.box[e.To] != nil && e.From != c.g.Root && e.From != e.To {
			led[e.To] = true
			led[e.From] = led[e.From] || e.Rel == sbom.Produces || e.Rel == sbom.Consumes
		}
	}
	var list []arrow
	for _, e := range c.g.Edges {
		from, to := c.box[e.From], c.box[e.To]
		if from == nil || to == nil || e.From == e.To || c.inner[e.To] == e.From && e.Rel == sbom.Contains || e.From == c.g.Root && led[e.To] {
			continue
		}
		a := arrow{from.id, to.id, label(e)}
		if e.Rel == sbom.Consumes { // data flows this way
			a.from, a.to, a.label = to.id, from.id, strings.Join(e.Notes, ", ")
		}
		if !slices.Contains(list[max(0, len(list)-8):], a) {
			list = append(list, a)
		}
		used[e.From], used[e.To] = true, true
	}
	for id, b := range c.box { // a frame is enough for what only holds
		b.group = len(b.kids) > 0 && !used[id]
	}
	return list
}

// label says how one thing stands to the other, and the role.
func label(e sbom.Edge) string {
	text := strings.ReplaceAll(string(e.Rel), "-", " ")
	if e.Rel == sbom.Produces {
		text = ""
	}
	if len(e.Notes) > 0 {
		text = strings.TrimSpace(fmt.Sprintf("%s (%s)", text, strings.Join(e.Notes, ", ")))
	}
	return text
}
