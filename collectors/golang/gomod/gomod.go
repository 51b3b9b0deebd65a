// Package gomod reads go.mod, the manifest of a Go module, after the Go modules
// reference (https://go.dev/ref/mod#go-mod-file), with golang.org/x/mod/modfile.
//
// The module is an application, known by its folder. Each requirement is a
// library, as the replace statements make it: a replacement by another module is
// that module, one by a folder of the tree is the project in that folder, and
// one by a folder elsewhere is the original module without a version.
//
// Not understood: which versions are selected in the end (go.mod states
// minimums; the module graph needs the other modules' go.mod files), which
// requirement needs which (all links start at the module), build constraints,
// and the replace statements of a go.work. Modules before Go 1.17 do not list
// what they need indirectly.
package gomod

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/modfile"

	"github.com/mlbom/mlbom/sbom"
)

// maxSize bounds a manifest, in bytes. The largest known are below 100 kB.
const maxSize = 4 << 20

// Collector reads go.mod.
var Collector = sbom.Collector{
	Name: "golang/gomod",
	Doc: "Go module manifests (go.mod)\n\n" +
		"The module as an application and its requirements as libraries, with replacements\n" +
		"applied and tools told apart. Exclusions, retractions, toolchain and godebug settings\n" +
		"become properties of the application.",
	Match:   []string{"go.mod"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	if len(text) > maxSize {
		return nil, fmt.Errorf("the file has %d bytes, more than the %d of any real manifest", len(text), maxSize)
	}
	mod, problems := parse(text)
	if mod == nil {
		return nil, errors.Join(problems...)
	}
	r := &reader{mod: mod, file: f.Path, key: sbom.Keys{Path: sbom.Project(f.Path, "go")}, problems: problems}
	r.application()
	r.requirements()
	r.statements()
	return r.sightings(), errors.Join(r.problems...)
}

// reader makes sightings of one manifest.
type reader struct {
	mod      *modfile.File
	file     string
	key      sbom.Keys // of the application
	app      sbom.Sighting
	more     []sbom.Sighting
	problems []error
}

func (r *reader) sightings() []sbom.Sighting { return append([]sbom.Sighting{r.app}, r.more...) }

func (r *reader) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
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
		r.app.Package = &sbom.Package{GoVersion: g.Version}
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
			Properties: []sbom.Property{{Name: "mlbom:go:" + name, Value: value}},
		},
		Basis: sbom.Declared,
		Where: sbom.Place{Line: at.Start.Line},
	})
}
