// Package setuppy reads setup.py, the build script of setuptools and distutils,
// without running it: the keywords of setup() after
// https://setuptools.pypa.io/en/latest/references/keywords.html, as far as they
// can be worked out from the text (collectors/internal/pysource): literals,
// names, lists that conditions add to, files of the tree that are read, and
// functions of the script itself. Requirements that stand under a condition get
// the marker that says the same, where there is one.
//
// It also tells of code in the script that runs programs, fetches, or runs what
// it makes up (collectors/internal/buildhook). exec() of a file of the tree is no
// finding of its own: that file is looked at in the same way.
//
// Not understood, and said so by line: what the script computes by calls of other
// packages (numpy.distutils' configuration, versioneer, setuptools_scm), takes
// from the environment, or fetches.
package setuppy

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/buildhook"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/collectors/internal/setupmeta"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads setup.py.
var Collector = sbom.Collector{
	Name: "python/setuppy",
	Doc: "Build scripts of setuptools (setup.py)\n\nThe project with version, licence and authors, its requirements and extras, as far as they can be\n" +
		"worked out without running the script; code that fetches or executes when it is built.",
	Match:   []string{"setup.py"},
	Collect: collect,
}

const maxSetups = 20 // calls of setup() in one script

type reader struct {
	*setupmeta.Project
	file   *sbom.File
	setups []pysource.Found
	execs  map[int]string // files of the tree that a line runs
	told   map[string]bool
	// keyword is the line of the one that is being read.
	keyword int
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	text, err := pysource.Decode(data)
	if err != nil {
		return nil, err
	}
	m := pysource.Parse(text)
	r := &reader{Project: setupmeta.New(f), file: f, execs: map[int]string{}, told: map[string]bool{}}
	run := &pysource.Runner{Tree: f.FS, File: f.Path, Called: r.called}
	run.Run(m)
	if len(r.setups) == 0 && !builds(m) {
		return nil, nil // a script that is only called so
	}
	for _, p := range m.Problems {
		r.Problem(p.Line, "%s", p.Reason)
	}
	if len(r.setups) == 0 {
		r.Problem(0, "there is no call of setup(), or none that can be read")
	}
	for _, call := range r.setups {
		r.setup(call)
	}
	r.Finish()
	r.hooks(m)
	return r.Sightings(), errors.Join(r.Problems()...)
}

// builds tells whether a script imports what builds packages.
func builds(m *pysource.Module) bool {
	for s := range pysource.All(m.Body) {
		for _, i := range s.Imports {
			if isBuilder(i.Module) {
				return true
			}
		}
	}
	return false
}

func isBuilder(module string) bool {
	for _, b := range []string{"setuptools", "distutils", "numpy.distutils", "skbuild", "cx_Freeze", "paver", "py2exe"} {
		if module == b || strings.HasPrefix(module, b+".") {
			return true
		}
	}
	return false
}

// called keeps the calls of setup(), and the files of the tree that are run.
func (r *reader) called(c pysource.Found) {
	switch {
	case c.Name == "exec" || c.Name == "eval" || c.Name == "execfile":
		if len(c.Args) > 0 && c.Args[0].File != "" {
			r.execs[c.Line] = c.Args[0].File
		}
	case len(r.setups) >= maxSetups:
	case c.Name == "setup" || strings.HasSuffix(c.Name, ".setup") && isBuilder(strings.TrimSuffix(c.Name, ".setup")):
		r.setups = append(r.setups, c)
	}
}

// ruleOf tells a build's own tools from code that can do anything.
func ruleOf(h buildhook.Hook) string {
	if h.Tool {
		return sbom.RuleBuildTool
	}
	return sbom.RuleBuildHook
}

// hooks tells of code that fetches or executes.
func (r *reader) hooks(m *pysource.Module) {
	runs := func(line int) string { return r.execs[line] }
	for _, h := range buildhook.Scan(m, runs) {
		r.Finding(ruleOf(h), h.Line, "%s", h.Message)
	}
	told := map[string]bool{}
	for _, line := range sortedLines(r.execs) {
		name := r.execs[line]
		if told[name] || name == r.file.Path {
			continue
		}
		told[name] = true
		text, err := pysource.ReadFile(r.file.FS, name)
		if err != nil || !strings.HasSuffix(name, ".py") {
			continue
		}
		for _, h := range buildhook.Scan(pysource.Parse(text), func(int) string { return "" }) {
			r.Finding(ruleOf(h), line, "runs %s, whose line %d %s", name, h.Line, h.Message)
		}
	}
}
