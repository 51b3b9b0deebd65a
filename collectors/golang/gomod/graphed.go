package gomod

import (
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
)

// graphed makes a library of each module that the go command selects. All is the
// graph of this module alone; else it is that of a workspace, whose go.work tells
// of the modules and their edges, and here stands what this module asks for.
func (r *reader) graphed(main gograph.Main, g *gomanifest.Graphed, code gomanifest.Code, all bool) {
	r.pack().Dependencies = "complete"
	tools := r.tools()
	direct := map[string]*modfile.Require{}
	required := map[string]*modfile.Require{}
	var from []module.Version
	for _, q := range r.mod.Require {
		// of several statements on one module the highest stands
		if old := required[q.Mod.Path]; old == nil || old.Indirect && !q.Indirect {
			required[q.Mod.Path] = q
		}
		if q.Indirect && tools[q.Mod.Path] == nil {
			continue
		}
		if v, ok := g.Graph.Selected(q.Mod.Path); ok && direct[q.Mod.Path] == nil {
			direct[q.Mod.Path] = q
			from = append(from, module.Version{Path: q.Mod.Path, Version: v})
		}
	}
	reached := g.Graph.Reach(from...)
	used := map[*modfile.Replace]bool{}
	var uses gomanifest.Usage
	if all {
		uses = code.Imports(r.ctx, []gograph.Main{main}, g.Graph.Modules(), g.Graph.Replacement)
		r.problems = append(r.problems, uses.Problems...)
	}
	for _, m := range g.Graph.Modules() {
		q := required[m.Path]
		to := gomanifest.Resolve(m, g.Graph.Replacement(m))
		if to.By != nil {
			used[to.By.Replace] = true
		}
		if !all && q == nil {
			continue
		}
		r.link(g, m, q, direct[m.Path] != nil, reached[m.Path], tools[m.Path])
		r.module(g, m, q, to, tools[m.Path], all, uses)
	}
	r.mainLinks(g, main, direct)
	r.idle(used)
}

// link ties the application to what it asks for directly, and to what nothing
// else leads to.
func (r *reader) link(g *gomanifest.Graphed, m module.Version, q *modfile.Require, direct, reached bool, tool *modfile.Tool) {
	if !direct && reached {
		return
	}
	e := gograph.Edge{To: m, Indirect: true}
	if q != nil {
		e = gograph.Edge{To: q.Mod, Indirect: q.Indirect}
	}
	links := g.Links(e, line(q))
	if tool != nil && q != nil && q.Indirect {
		for i := range links {
			if links[i].Note == "indirect" {
				links[i].Note = "tool"
			}
		}
	}
	r.app.Links = append(r.app.Links, links...)
}

// mainLinks ties members of a workspace that require each other.
func (r *reader) mainLinks(g *gomanifest.Graphed, main gograph.Main, direct map[string]*modfile.Require) {
	for _, q := range r.mod.Require {
		if g.Graph.IsMain(q.Mod.Path) && q.Mod.Path != main.Path() && direct[q.Mod.Path] == q {
			r.app.Links = append(r.app.Links, g.Links(gograph.Edge{To: q.Mod}, line(q))...)
		}
	}
}

// module makes the sighting of a selected module. A project of the tree is seen
// by its own manifest: here are only its edges.
func (r *reader) module(g *gomanifest.Graphed, m module.Version, q *modfile.Require, to gomanifest.Instead, tool *modfile.Tool, all bool, uses gomanifest.Usage) {
	r.app.Findings = append(r.app.Findings, gomanifest.Local(to, r.mod.Replace)...)
	s := g.Module(m, all)
	if to.Folder {
		s.Name, s.Package = "", nil
		if len(s.Links) == 0 {
			return
		}
		s.Where.Line = line(q)
		r.more = append(r.more, s)
		return
	}
	s.Package.Groups = []string{"indirect"}
	if q != nil {
		s.Package.Groups, _ = groupsOf(q, tool)
		r.place(&s, q, to, tool)
	} else {
		gomanifest.ReplacedLines(&s, to, r.mod.Replace)
	}
	if all {
		uses.Group(&s, m.Path)
		g.Standing(&s, m, line(q))
	} else { // go.work tells what all members together need it for
		s.Package.Groups = nil
		delete(s.Lines, "package.groups")
	}
	r.more = append(r.more, s)
}

func line(q *modfile.Require) int {
	if q == nil {
		return 0
	}
	return q.Syntax.Start.Line
}
