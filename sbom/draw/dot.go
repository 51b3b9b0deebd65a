package draw

import (
	"fmt"
	"strings"
)

// outlines of boxes in DOT.
var outlines = map[string]string{"model": "hexagon", "dataset": "cylinder", "file": "note", "process": "box", "service": "component", "application": "box", "rest": "plaintext"}

func (p *picture) dot() string {
	var b strings.Builder
	fmt.Fprintf(&b, "// drawn by mlbom\ndigraph mlbom {\n  graph [rankdir=LR, label=\"%s\", labelloc=t, fontname=\"sans-serif\"];\n", inDOT(p.title))
	b.WriteString("  node [style=\"filled,rounded\", fontname=\"sans-serif\", fontsize=11];\n  edge [fontname=\"sans-serif\", fontsize=9, color=\"#57606a\"];\n")
	var write func(list []*box, indent string)
	write = func(list []*box, indent string) {
		for _, x := range list {
			inner := indent
			if len(x.kids) > 0 {
				fmt.Fprintf(&b, "%ssubgraph cluster_%s {\n%s  label=\"%s\";\n%s  color=\"#9a6700\";\n", indent, x.id, indent, inDOT(x.lines[0]), indent)
				inner += "  "
			}
			if !x.group {
				fmt.Fprintf(&b, "%s%s\n", inner, x.dot())
			}
			if len(x.kids) > 0 {
				write(x.kids, inner)
				fmt.Fprintf(&b, "%s}\n", indent)
			}
		}
	}
	write(p.boxes, "  ")
	for i, note := range p.notes {
		fmt.Fprintf(&b, "  %s\n", (&box{id: fmt.Sprint("left", i+1), sort: "rest", lines: []string{note}}).dot())
	}
	for _, a := range p.arrows {
		if a.label == "" {
			fmt.Fprintf(&b, "  %s -> %s;\n", a.from, a.to)
		} else {
			fmt.Fprintf(&b, "  %s -> %s [label=\"%s\"];\n", a.from, a.to, inDOT(a.label))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

func (x *box) dot() string {
	var lines []string
	for _, l := range x.lines {
		lines = append(lines, inDOT(l))
	}
	fill, line, width := "#ffffff", "#57606a", ""
	for _, s := range styles {
		if s.sort == x.sort {
			fill, line = s.fill, s.line
		}
	}
	if x.bad {
		line, width = badLine, ", penwidth=3"
	}
	shape := outlines[x.sort]
	return fmt.Sprintf(`%s [shape=%s, fillcolor="%s", color="%s"%s, label="%s"];`, x.id, shape, fill, line, width, strings.Join(lines, `\n`))
}
