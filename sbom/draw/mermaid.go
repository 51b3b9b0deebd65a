package draw

import (
	"fmt"
	"slices"
	"strings"
)

// shapes of boxes in Mermaid: what stands before and behind the label.
var shapes = map[string][2]string{
	"model": {"{{", "}}"}, "dataset": {"[(", ")]"}, "file": {"[/", "/]"}, "process": {"([", "])"}, "service": {">", "]"}, "application": {"[", "]"}, "rest": {"[", "]"},
}

// styles of the sorts, which both formats share: fill and border.
var styles = []struct{ sort, fill, line string }{
	{"application", "#ffffff", "#57606a"}, {"dataset", "#dafbe1", "#1a7f37"}, {"file", "#f6f8fa", "#57606a"}, {"model", "#ddf4ff", "#0969da"},
	{"process", "#fff8c5", "#9a6700"}, {"rest", "#ffffff", "#8c959f"}, {"service", "#fbefff", "#8250df"},
}

const badLine = "#cf222e" // of what has a finding of high severity

func (p *picture) mermaid() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%%%% drawn by mlbom\nflowchart LR\n")
	used, bad := map[string]bool{}, []string{}
	var write func(list []*box, indent string)
	write = func(list []*box, indent string) {
		for _, x := range list {
			if len(x.kids) > 0 {
				fmt.Fprintf(&b, "%ssubgraph g%s[\"%s\"]\n", indent, x.id, inMermaid(x.lines[0]))
			}
			if !x.group {
				fmt.Fprintf(&b, "%s%s\n", indent+pad(x), boxText(x))
				used[x.sort] = true
				if x.bad {
					bad = append(bad, x.id)
				}
			}
			if len(x.kids) > 0 {
				write(x.kids, indent+"  ")
				fmt.Fprintf(&b, "%send\n", indent)
			}
		}
	}
	write(p.boxes, "  ")
	for i, note := range p.notes {
		x := &box{id: fmt.Sprint("left", i+1), sort: "rest", lines: []string{note}}
		fmt.Fprintf(&b, "  %s\n", boxText(x))
		used["rest"] = true
	}
	for _, a := range p.arrows {
		if a.label == "" {
			fmt.Fprintf(&b, "  %s --> %s\n", a.from, a.to)
		} else {
			fmt.Fprintf(&b, "  %s -->|\"%s\"| %s\n", a.from, inMermaid(a.label), a.to)
		}
	}
	for _, s := range styles {
		if used[s.sort] {
			fmt.Fprintf(&b, "  classDef %s fill:%s,stroke:%s,color:#1f2328\n", s.sort, s.fill, s.line)
		}
	}
	if slices.Sort(bad); len(bad) > 0 {
		fmt.Fprintf(&b, "  classDef bad stroke:%s,stroke-width:3px\n  class %s bad\n", badLine, strings.Join(bad, ","))
	}
	return b.String()
}

func pad(x *box) string {
	if len(x.kids) > 0 {
		return "  "
	}
	return ""
}

func boxText(x *box) string {
	var lines []string
	for _, l := range x.lines {
		lines = append(lines, inMermaid(l))
	}
	return fmt.Sprintf("%s%s\"%s\"%s:::%s", x.id, shapes[x.sort][0], strings.Join(lines, "<br/>"), shapes[x.sort][1], x.sort)
}
