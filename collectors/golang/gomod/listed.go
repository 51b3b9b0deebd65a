package gomod

import (
	"go/version"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/collectors/internal/govendor"
	"github.com/mlbom/mlbom/sbom"
)

// wanted is a module that is taken, by the word of the manifest or, before that, of
// the vendor folder.
type wanted struct {
	module.Version
	require  *modfile.Require // nil where only the vendor folder has it
	vendored bool
}

// direct tells whether the manifest asks for the module itself.
func (w wanted) direct() bool { return w.require != nil && !w.require.Indirect }

// wanted lists what is taken. What only the vendor folder has belongs to the one
// module that it was made for; that of a workspace is no member's own.
func (r *reader) wanted(vendor *govendor.List, own bool) []wanted {
	var list []wanted
	required := map[string]bool{}
	for _, q := range r.mod.Require {
		w := wanted{Version: q.Mod, require: q}
		if vendor != nil {
			if v, ok := vendor.Selected(q.Mod.Path); ok {
				w.Version.Version, w.vendored = v, true
			}
		}
		required[q.Mod.Path] = true
		list = append(list, w)
	}
	if vendor == nil || !own {
		return list
	}
	for _, m := range vendor.Modules {
		if v, ok := vendor.Selected(m.Path); ok && v == m.Version.Version && !required[m.Path] {
			list = append(list, wanted{Version: m.Version, vendored: true})
		}
	}
	return list
}

// listing makes sightings without a module graph.
type listing struct {
	*reader
	list     []wanted
	at       map[string]wanted
	tools    map[string]*modfile.Tool
	replaced func(module.Version) *gograph.Replacement
	used     map[*modfile.Replace]bool
	uses     gomanifest.Usage
	imports  bool // all code that is built lies in the vendor folder: its imports are the edges
}

// listed makes a library of each requirement, as the file alone has it. What
// requires what is not known then, and the application is linked to all; but a
// vendor folder holds all code that is built, so its imports tell. It gives the
// property that says how much is known.
func (r *reader) listed(g *gograph.Graph, code gomanifest.Code) sbom.Property {
	l := &listing{
		reader:   r,
		list:     r.wanted(code.Vendor, len(code.Members) == 0),
		at:       map[string]wanted{},
		tools:    r.tools(),
		replaced: func(module.Version) *gograph.Replacement { return nil }, // only a main module replaces
		used:     map[*modfile.Replace]bool{},
	}
	if g != nil {
		l.replaced = func(m module.Version) *gograph.Replacement { return inPlace(g, code, m) }
	}
	var build []module.Version
	for _, w := range l.list {
		l.at[w.Path] = w
		if w.Path != r.app.Name {
			build = append(build, w.Version)
		}
	}
	if code.Tree != nil {
		l.uses = code.Imports(r.ctx, []gograph.Main{{Dir: r.dir, File: r.mod}}, build, l.replaced)
		r.problems = append(r.problems, l.uses.Problems...)
	}
	l.imports = code.Vendor != nil && l.uses.Code()
	reached := l.reach()
	for _, w := range l.list {
		l.module(w, reached[w.Path])
	}
	r.idle(l.used)
	return l.known(g)
}

// inPlace gives what stands in for a module: another member of the workspace is
// taken as it lies there.
func inPlace(g *gograph.Graph, code gomanifest.Code, m module.Version) *gograph.Replacement {
	if rep := g.Replacement(m); rep != nil {
		return rep
	}
	if folder, ok := code.Members[m.Path]; ok {
		return gomanifest.Replace(".", m, module.Version{Path: gograph.Local(".", folder)})
	}
	return nil
}

func (l *listing) known(g *gograph.Graph) sbom.Property {
	p := l.pack()
	switch {
	case l.imports:
		p.Dependencies = "complete"
		return sbom.Property{Name: gomanifest.GraphProperty, Value: "imports: what requires what is read from the imports of the code in the vendor folder"}
	case l.mod.Go != nil && version.Compare("go"+l.mod.Go.Version, "go"+listsAll) >= 0:
		p.Dependencies = "incomplete" // what is built is there, who needs it is not
	default:
		p.Dependencies = "unknown"
	}
	if g == nil {
		return sbom.Property{Name: gomanifest.GraphProperty, Value: "unknown: a module in a module cache is not resolved as a main module"}
	}
	return gomanifest.Unknown(g, l.cache)
}

// reach finds what the modules lead to that the manifest or the code asks for.
func (l *listing) reach() map[string]bool {
	reached := map[string]bool{}
	if !l.imports {
		return reached
	}
	var queue []string
	for _, w := range l.list {
		if l.direct(w) {
			queue = append(queue, w.Path)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, name := range l.uses.Requires[queue[0]] {
			if !reached[name] {
				reached[name] = true
				queue = append(queue, name)
			}
		}
	}
	return reached
}

func (l *listing) direct(w wanted) bool {
	return w.direct() || l.tools[w.Path] != nil || l.uses.Uses[w.Path].Direct
}

// module makes the sighting of a module, and the application's link to it.
func (l *listing) module(w wanted, reached bool) {
	to := gomanifest.Resolve(w.Version, l.replaced(w.Version))
	tool := l.tools[w.Path]
	groups, note := []string{"indirect"}, "indirect"
	if w.require != nil {
		groups, note = groupsOf(w.require, tool)
	}
	link := sbom.Link{Rel: sbom.DependsOn, To: to.Mention(), Note: note, Line: line(w.require)}
	if to.By != nil {
		l.used[to.By.Replace] = true
		l.app.Findings = append(l.app.Findings, gomanifest.Local(to, l.mod.Replace)...)
	}
	if to.Folder {
		link.To.Package.Groups = groups
	}
	if !l.imports || l.direct(w) || !reached {
		l.app.Links = append(l.app.Links, link)
	}
	if to.Folder {
		return
	}
	s := sbom.Sighting{Component: to.Component, Basis: sbom.Declared, Lines: map[string]int{}}
	s.Package = &sbom.Package{Groups: groups, Dependencies: "unknown"}
	if to.Package != nil {
		s.Package.Source = to.Package.Source
	}
	if w.vendored {
		s.Basis = sbom.Resolved
	}
	if w.require != nil {
		l.place(&s, w.require, to, tool)
	}
	l.edges(&s, w)
	l.uses.Group(&s, w.Path)
	if to.By == nil || to.By.New.Version != "" {
		gomanifest.Standing(l.cache, l.sums, &s, module.Version{Path: s.Name, Version: s.Version}, line(w.require))
	}
	l.more = append(l.more, s)
}

// edges links a vendored module to those whose packages its packages import.
func (l *listing) edges(s *sbom.Sighting, w wanted) {
	if !l.imports || !w.vendored {
		return
	}
	s.Package.Dependencies = "complete"
	for _, name := range l.uses.Requires[w.Path] {
		to, ok := l.at[name]
		if !ok {
			continue
		}
		c := gomanifest.Resolve(to.Version, l.replaced(to.Version)).Mention()
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: c, Note: "import"})
	}
}
