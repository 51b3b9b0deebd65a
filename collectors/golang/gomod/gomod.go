// Package gomod reads go.mod, the manifest of a Go module, after the Go modules
// reference (https://go.dev/ref/mod#go-mod-file), with golang.org/x/mod/modfile.
//
// The module is an application, known by its folder. Each requirement is a
// library, as the replace statements make it: a replacement by another module is
// that module, one by a folder of the tree is the project in that folder, and
// one by a folder elsewhere is the original module without a version.
//
// Where the module cache of the go command has the go.mod files of all modules that
// the graph needs, the versions are those that the go command selects
// (https://go.dev/ref/mod#minimal-version-selection), every module of "go list -m all"
// is a library, and each is linked to what it requires itself. A module that a go.work
// uses is resolved with the other members. Else the file itself is all that is known:
// from Go 1.17 on it lists the selected versions of all that is built, before that
// only minimums of some.
//
// A pseudo-version and "+incompatible" are exact versions like any, and no finding.
//
// Not understood: settings of the environment (GOFLAGS, GOWORK, GOPRIVATE).
package gomod

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"golang.org/x/mod/modfile"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads go.mod.
var Collector = sbom.Collector{
	Name: "golang/gomod",
	Doc: "Go module manifests (go.mod)\n\n" +
		"The module as an application and its requirements as libraries, with replacements\n" +
		"applied and tools told apart. With the module cache of the go command: the versions\n" +
		"that it selects, of all modules, what requires what, and what was retracted.\n" +
		"Exclusions, retractions, toolchain and godebug settings become properties of the\n" +
		"application.",
	Match:   []string{"go.mod"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	mod, problems := gomanifest.ParseMod(text)
	if mod == nil {
		return nil, errors.Join(problems...)
	}
	r := &reader{
		File:     f,
		ctx:      ctx,
		mod:      mod,
		dir:      path.Dir(f.Path),
		key:      sbom.Keys{Path: sbom.Project(f.Path, "go")},
		cache:    f.Caches[sbom.GoModules],
		problems: problems,
	}
	r.workspace()
	r.application()
	r.resolve()
	if !gomanifest.Unpacked(r.dir) { // the go command asks the main module's sums alone
		r.unsummed()
	}
	r.statements()
	return r.sightings(), errors.Join(append(r.problems, ctx.Err())...)
}

// reader makes sightings of one manifest.
type reader struct {
	*sbom.File
	ctx      context.Context
	mod      *modfile.File
	dir      string
	key      sbom.Keys // of the application
	cache    fs.FS     // of the go command; nil for none
	sums     gograph.Sums
	work     *gograph.Work  // nil where the module is resolved alone
	members  []gograph.Main // of the workspace
	app      sbom.Sighting
	more     []sbom.Sighting
	problems []error
}

func (r *reader) sightings() []sbom.Sighting { return append([]sbom.Sighting{r.app}, r.more...) }

func (r *reader) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
}

// resolve finds out what is taken: by the module graph where all of it is at
// hand, else by the file alone.
func (r *reader) resolve() {
	r.requirements()
	if gomanifest.Unpacked(r.dir) {
		r.app.Properties = append(r.app.Properties, r.listed(nil, gomanifest.Code{}))
		return
	}
	main := gograph.Main{Dir: r.dir, File: r.mod}
	in := gograph.Input{Mains: []gograph.Main{main}, Tree: r.FS, Cache: r.cache, Sums: r.sums}
	code := gomanifest.NewCode(r.FS, r.cache, r.dir)
	if r.work != nil {
		in.Mains, in.Work = r.members, r.work
		code = gomanifest.NewCode(r.FS, r.cache, r.work.Dir, r.members...)
	}
	g := gograph.Build(r.ctx, in)
	if g.Complete() {
		r.graphed(main, &gomanifest.Graphed{Graph: g, Cache: r.cache, Sums: r.sums}, code, r.work == nil)
		return
	}
	if r.work == nil { // else go.work tells
		r.app.Findings = append(r.app.Findings, gomanifest.Refused(g)...)
	}
	r.app.Properties = append(r.app.Properties, r.listed(g, code))
}

// workspace finds the workspace that the module is resolved in, where all of its
// members can be read, and the sums that hold.
func (r *reader) workspace() {
	sums := []string{path.Join(r.dir, "go.sum")}
	if work, ok := gomanifest.FindWork(r.FS, r.dir); ok {
		if mains, lost := gomanifest.Members(r.FS, work); len(lost) == 0 {
			r.work, r.members = &work, mains
			r.sums = gomanifest.WorkSums(r.FS, work, mains)
			return
		}
		sums = append(sums, path.Join(work.Dir, "go.work.sum"))
	}
	r.sums = gograph.ReadSums(r.FS, sums...)
}

// listsAll is the Go version from which on a go.mod lists all that is built.
const listsAll = "1.17"

func (r *reader) pack() *sbom.Package {
	if r.app.Package == nil {
		r.app.Package = &sbom.Package{}
	}
	return r.app.Package
}

// application is the module itself.
func (r *reader) application() {
	r.app = sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindApplication, Keys: r.key},
		Basis:     sbom.Declared,
		Lines:     map[string]int{},
	}
	if m := r.mod.Module; m == nil {
		r.problem(0, "there is no module statement, so the module has no name")
	} else {
		r.app.Name = m.Mod.Path
		r.app.Where.Line = m.Syntax.Start.Line
	}
	if g := r.mod.Go; g != nil {
		r.pack().GoVersion = g.Version
		r.app.Lines["package.goVersion"] = g.Syntax.Start.Line
	}
}

// statements keeps, as properties of the application, what the vocabulary has
// no field for. Each is a sighting of its own, so that it has its own line.
func (r *reader) statements() {
	if m := r.mod.Module; m != nil && m.Deprecated != "" {
		r.property(m.Syntax, "deprecated", m.Deprecated)
	}
	if t := r.mod.Toolchain; t != nil {
		r.property(t.Syntax, "toolchain", t.Name)
	}
	for _, g := range r.mod.Godebug {
		r.property(g.Syntax, "godebug", g.Key+"="+g.Value)
	}
	for _, e := range r.mod.Exclude {
		r.property(e.Syntax, "exclude", e.Mod.String())
	}
	for _, v := range r.mod.Retract {
		r.property(v.Syntax, "retract", retraction(v))
	}
	for _, t := range r.mod.Tool {
		r.property(t.Syntax, "tool", t.Path)
	}
	for _, i := range r.mod.Ignore {
		r.property(i.Syntax, "ignore", i.Path)
	}
}

func retraction(v *modfile.Retract) string {
	versions := v.Low
	if v.High != v.Low {
		versions = "[" + v.Low + ", " + v.High + "]"
	}
	if v.Rationale == "" {
		return versions
	}
	return versions + " // " + v.Rationale
}

func (r *reader) property(at *modfile.Line, name, value string) {
	r.more = append(r.more, sbom.Sighting{
		Component: sbom.Component{
			Kind:       sbom.KindApplication,
			Keys:       r.key,
			Properties: []sbom.Property{{Name: gomanifest.Property(name), Value: value}},
		},
		Basis: sbom.Declared,
		Where: sbom.Place{Line: at.Start.Line},
	})
}
