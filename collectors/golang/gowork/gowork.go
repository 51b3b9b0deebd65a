// Package gowork reads go.work, the manifest of a Go workspace, after the Go modules
// reference (https://go.dev/ref/mod#go-work-file), with golang.org/x/mod/modfile.
//
// The workspace is an application that contains the projects in the folders it
// uses. Where the module cache of the go command has the go.mod files that are needed,
// the modules that the go command selects for all members together
// (https://go.dev/ref/mod#workspaces) are libraries, each linked to what it requires
// itself; the links of the members stand in their own go.mod.
//
// Not understood: settings of the environment (GOWORK=off builds each member
// alone, and then with versions that may be lower).
package gowork

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads go.work.
var Collector = sbom.Collector{
	Name: "golang/gowork",
	Doc: "Go workspaces (go.work)\n\n" +
		"The members of a workspace and, with the module cache of the go command, the versions\n" +
		"of all modules that it selects for them together.",
	Match:   []string{"go.work"},
	Collect: collect,
}

// vendored tells whether the file came along with a module in a vendor folder,
// where the go command reads no go.work, and the members are not copied.
func vendored(f *sbom.File) bool {
	for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
		if path.Base(dir) != "vendor" {
			continue
		}
		if _, err := fs.Stat(f.FS, dir+"/modules.txt"); err == nil {
			return true
		}
	}
	return false
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if vendored(f) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	file, problems := gomanifest.ParseWork(text)
	if file == nil {
		return nil, errors.Join(problems...)
	}
	dir := path.Dir(f.Path)
	r := &reader{
		ctx:      ctx,
		tree:     f.FS,
		cache:    f.Caches[sbom.GoModules],
		work:     gograph.Work{Dir: dir, File: file},
		problems: problems,
	}
	mains, lost := gomanifest.Members(f.FS, r.work)
	r.workspace(mains, lost)
	used := r.modules(mains, len(lost) > 0)
	r.statements(used)
	return append([]sbom.Sighting{r.app}, r.more...), errors.Join(append(r.problems, ctx.Err())...)
}

// reader makes sightings of one workspace.
type reader struct {
	ctx      context.Context
	tree     fs.FS
	cache    fs.FS // of the go command; nil for none
	work     gograph.Work
	app      sbom.Sighting
	more     []sbom.Sighting
	problems []error
}

// workspace is the application, with a link to each member.
func (r *reader) workspace(mains []gograph.Main, lost []gomanifest.Lost) {
	r.app = sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindApplication, Keys: gomanifest.WorkKey(r.work.Dir), Name: "go.work", Package: &sbom.Package{}},
		Basis:     sbom.Declared,
		Lines:     map[string]int{},
	}
	if g := r.work.File.Go; g != nil {
		r.app.Package.GoVersion = g.Version
		r.app.Lines["package.goVersion"] = g.Syntax.Start.Line
	}
	names := map[string]string{}
	for _, m := range mains {
		names[m.Dir] = m.Path()
	}
	for _, u := range r.work.File.Use {
		if folder, ok := gograph.Inside(r.work.Dir, u.Path); ok {
			to := sbom.Component{Kind: sbom.KindApplication, Keys: gomanifest.Key(folder), Name: names[folder]}
			r.app.Links = append(r.app.Links, sbom.Link{Rel: sbom.Contains, To: to, Line: u.Syntax.Start.Line})
		}
	}
	told := 0
	for _, l := range lost {
		if !l.Inside {
			r.property(l.Syntax, "use", l.Path)
			continue
		}
		if told++; told > maxTold || gomanifest.Unpacked(r.work.Dir) {
			continue // modules that are fetched come without the modules below them
		}
		r.problems = append(r.problems, &sbom.Problem{Line: l.Syntax.Start.Line, Reason: fmt.Sprintf("the folder %s is no member of the workspace: %s", l.Path, l.Reason)})
	}
}

// maxTold bounds the members that are told to be lost.
const maxTold = 10

// modules makes a library of each module that is selected for all members.
func (r *reader) modules(mains []gograph.Main, lost bool) (used map[*modfile.Replace]bool) {
	used = map[*modfile.Replace]bool{}
	sums := gomanifest.WorkSums(r.tree, r.work, mains)
	g := gograph.Build(r.ctx, gograph.Input{Mains: mains, Work: &r.work, Tree: r.tree, Cache: r.cache, Sums: sums})
	r.app.Findings = append(r.app.Findings, gomanifest.Refused(g)...)
	if lost || !g.Complete() {
		r.app.Package.Dependencies = "unknown"
		why := sbom.Property{Name: gomanifest.GraphProperty, Value: "unknown: not all members of the workspace can be read"}
		if !lost {
			why = gomanifest.Unknown(g, r.cache)
		}
		r.app.Properties = append(r.app.Properties, why)
		return used
	}
	r.app.Package.Dependencies = "complete"
	all := &gomanifest.Graphed{Graph: g, Cache: r.cache, Sums: sums}
	uses := gomanifest.NewCode(r.tree, r.cache, r.work.Dir).Imports(r.ctx, mains, g.Modules(), g.Replacement)
	r.problems = append(r.problems, uses.Problems...)
	reached := g.Reach(starts(mains)...)
	for _, m := range g.Modules() {
		r.module(all, m, uses, used)
		if !reached[m.Path] {
			r.app.Links = append(r.app.Links, all.Links(gograph.Edge{To: m, Indirect: true}, 0)...)
		}
	}
	return used
}

func starts(mains []gograph.Main) []module.Version {
	var list []module.Version
	for _, m := range mains {
		list = append(list, module.Version{Path: m.Path()})
	}
	return list
}

func (r *reader) module(g *gomanifest.Graphed, m module.Version, uses gomanifest.Usage, used map[*modfile.Replace]bool) {
	statements := r.work.File.Replace
	to := gomanifest.Resolve(m, g.Graph.Replacement(m))
	if to.By != nil {
		used[to.By.Replace] = true
	}
	r.app.Findings = append(r.app.Findings, gomanifest.Local(to, statements)...)
	s := g.Module(m, true)
	s.Where.Line = gomanifest.Statement(to, statements)
	if to.Folder {
		s.Name, s.Package = "", nil
		if len(s.Links) > 0 {
			r.more = append(r.more, s)
		}
		return
	}
	s.Package.Groups = asked(g.Graph, m.Path)
	uses.Group(&s, m.Path)
	gomanifest.ReplacedLines(&s, to, statements)
	g.Standing(&s, m, s.Where.Line)
	r.more = append(r.more, s)
}

// asked says on what a module is needed for where no code tells: the members' word.
func asked(g *gograph.Graph, name string) []string {
	for _, m := range g.Mains() {
		edges, _ := g.Requires(module.Version{Path: m.Path()})
		for _, e := range edges {
			if e.To.Path == name && !e.Indirect {
				return []string{"main"}
			}
		}
	}
	return []string{"indirect"}
}

// statements keeps, as properties, what the vocabulary has no field for.
func (r *reader) statements(used map[*modfile.Replace]bool) {
	if t := r.work.File.Toolchain; t != nil {
		r.property(t.Syntax, "toolchain", t.Name)
	}
	for _, g := range r.work.File.Godebug {
		r.property(g.Syntax, "godebug", g.Key+"="+g.Value)
	}
	for _, rep := range r.work.File.Replace {
		if !used[rep] {
			r.property(rep.Syntax, "replace", rep.Old.String()+" => "+rep.New.String())
		}
	}
}

func (r *reader) property(at *modfile.Line, name, value string) {
	r.more = append(r.more, sbom.Sighting{
		Component: sbom.Component{
			Kind:       sbom.KindApplication,
			Keys:       r.app.Keys,
			Properties: []sbom.Property{{Name: gomanifest.Property(name), Value: value}},
		},
		Basis: sbom.Declared,
		Where: sbom.Place{Line: at.Start.Line},
	})
}
