package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// listPipelines tells what makes what: a pipeline by the number of its stages, and
// stages and runs by what goes in and comes out.
func listPipelines(w io.Writer, g *sbom.Graph) {
	stages, ends := map[sbom.ID]int{}, map[sbom.ID]map[sbom.Rel][]string{}
	whole := map[sbom.ID]string{} // the pipeline of a stage
	for _, e := range g.Edges {
		from, to := g.Node(e.From), g.Node(e.To)
		if from == nil || to == nil || from.Kind != sbom.KindProcess {
			continue
		}
		if e.Rel == sbom.Contains && to.Kind == sbom.KindProcess {
			stages[e.From]++
			whole[e.To] = from.Name
		}
		if ends[e.From] == nil {
			ends[e.From] = map[sbom.Rel][]string{}
		}
		ends[e.From][e.Rel] = append(ends[e.From][e.Rel], cmp.Or(to.Keys.Path, to.Name))
	}
	listComponents(w, g, sbom.KindProcess, "pipelines", func(_ *sbom.Graph, n *sbom.Node) string {
		var parts []string
		if p := n.Process; p != nil {
			kind := p.Type
			if of := whole[n.ID]; of != "" {
				kind += " of " + of
			}
			parts = append(parts, strings.TrimSpace(kind), p.Tool, p.Activity, strings.ToLower(p.Status))
		}
		if stages[n.ID] > 0 {
			parts = append(parts, count(stages[n.ID], "stage", "stages"))
		}
		if in, out := some(ends[n.ID][sbom.Consumes]), some(ends[n.ID][sbom.Produces]); in+out != "" {
			parts = append(parts, strings.TrimSpace(in+" → "+out))
		}
		return joined(parts)
	})
}

// some names the first of a list.
func some(list []string) string {
	const most = 3
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// listEvaluations tells of each model by which data and with what result it was
// measured; the first values stand for all.
func listEvaluations(w io.Writer, g *sbom.Graph) {
	const perModel = 3
	var lines []string
	for _, n := range g.Nodes {
		if n.Kind != sbom.KindModel || n.Model == nil && n.Mentioned {
			continue
		}
		var values, on []string
		if n.Model != nil {
			for _, m := range n.Model.Metrics {
				values = append(values, cmp.Or(m.Type, m.Name)+" "+m.Value)
			}
		}
		for _, e := range g.Edges {
			if to := g.Node(e.To); e.From == n.ID && e.Rel == sbom.EvaluatedOn && to != nil {
				on = append(on, strings.TrimSpace(to.Name+" "+bracketed(e.Notes)))
			}
		}
		if len(values)+len(on) == 0 {
			continue
		}
		line := n.Name + ": "
		if len(values) > 0 {
			line += count(len(values), "value", "values") + ", " + strings.Join(values[:min(perModel, len(values))], ", ")
		} else {
			line += "no values"
		}
		if len(on) > 0 {
			line += "; on " + some(on)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(w, "evaluations")
	for i, line := range lines {
		if i == summaryComponents {
			fmt.Fprintf(w, "  … and %d more\n", len(lines)-i)
			break
		}
		fmt.Fprintf(w, "  %s\n", shorten(plain(line), summaryWidth))
	}
}

func bracketed(notes []string) string {
	if len(notes) == 0 {
		return ""
	}
	return "(" + strings.Join(notes, ", ") + ")"
}
