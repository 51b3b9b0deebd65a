// Package gosource tells which modules the packages of a Go module really use,
// by reading import declarations and build constraints. It runs nothing and
// asks no network: it sees what lies in the trees that it is given (the module
// itself, its vendor folder, an unpacked module cache).
//
// What counts is what "go mod tidy" counts (https://go.dev/ref/mod#go-mod-tidy,
// https://go.dev/ref/mod#all-pattern): the packages of the main module, the
// packages that they import, the tests of the main module's packages and what
// these import, and tools, which are named by a tool directive or by blank imports
// in a file under the build tag "tools". Every build tag but "ignore" may hold.
// Beside that stands for which ports of Go (GOOS, GOARCH, with and without cgo)
// a build without tags needs the module (https://pkg.go.dev/go/build#hdr-Build_Constraints).
//
// Not understood: the tests of dependencies, which "all" held before Go 1.16;
// assembly and C files, which import nothing; go:generate lines; tags that a
// project always builds with.
package gosource

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Source is the tree of one module: packages stand below Dir.
type Source struct {
	FS  fs.FS
	Dir string // with slashes, "." for the root of FS
}

// Module is a module whose packages may be used.
type Module struct {
	Path   string
	Source Source // its FS is nil where the source is not at hand
}

// Input says what to look at.
type Input struct {
	// Main are the modules that are built: one, or all of a workspace.
	Main []Main
	// Deps is the build list without the main modules.
	Deps []Module
	// Owner, if set, knows the module of a package, as vendor/modules.txt does.
	// Otherwise it is the module of the longest path that has the folder.
	Owner func(importPath string) (module string, ok bool)
}

// Main is a main module, with what its go.mod says of packages.
type Main struct {
	Module
	Tools  []string // packages of tool directives
	Ignore []string // folders of ignore directives, as written
}

// Result is what was found out.
type Result struct {
	// Uses has an entry for each module of the input.
	Uses map[string]Use
	// Requires are the modules whose packages a module's packages import, where
	// these are part of the build, its tests or its tools; sorted.
	Requires map[string][]string
	// Missing are imports that no module provides, sorted, at the most MaxMissing.
	Missing []string
	// Problems are broken files of the main modules and bounds that were hit.
	Problems []error
	// Packages and Files were read.
	Packages, Files int
}

// Use says how a module is used; with neither of Main, Test and Tool it is not,
// where Sure is set, and else it is not known.
type Use struct {
	Main, Test, Tool *Chain
	// Direct: a package of a main module imports one of it.
	Direct bool
	// Sure: all sources that could say otherwise were seen.
	Sure bool
}

// Groups gives the words of [sbom.Package]: main, else tool and test; none where
// the module is unused or nothing is known.
func (u Use) Groups() []string {
	var list []string
	if u.Main != nil {
		list = append(list, "main")
	}
	if u.Test != nil && u.Main == nil {
		list = append(list, "test")
	}
	if u.Tool != nil {
		list = append(list, "tool")
	}
	return list
}

// Marker is the build constraint under which the module is needed by what it is
// mostly needed for; "" is everywhere.
func (u Use) Marker() string {
	for _, c := range []*Chain{u.Main, u.Tool, u.Test} {
		if c != nil {
			return c.Marker
		}
	}
	return ""
}

// Chain is a shortest way from a main module to a package, over files that
// all builds have where there is such a way.
type Chain struct {
	// Packages are import paths, first that of the main module or the tool.
	Packages []string
	// File and Line are the first import on the way; "" for a tool directive.
	File string
	Line int
	// Marker is a build constraint as after "//go:build": for which ports the
	// package is needed, or, where none needs it without tags, the first
	// constraint on the way; "" where all ports need it.
	Marker string
}

// Bounds on what is read.
const (
	MaxPackages = 100_000
	MaxFiles    = 1_000_000
	MaxEntries  = 2_000_000 // files and folders of the main modules
	MaxMissing  = 1_000
	maxHeader   = 1 << 20 // bytes of a file up to the end of its imports
	maxImports  = 10_000  // of a file
	maxDepth    = 100     // of folders in a main module
	maxProblems = 50
)

// Analyze reads the sources. The same input gives the same result. The error is
// that of the context.
func Analyze(ctx context.Context, in Input) (Result, error) {
	l := newLoader(ctx, in)
	l.roots()
	l.load()
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	w := l.walks()
	r := Result{
		Uses:     map[string]Use{},
		Requires: l.requires(w),
		Problems: l.problems,
		Packages: len(l.packages),
		Files:    l.files,
	}
	r.Missing = l.missing(w)
	direct := l.direct()
	for _, m := range l.modules {
		r.Uses[m.Path] = l.use(m, w, direct[m])
	}
	return r, nil
}

func (l *loader) problem(format string, args ...any) {
	if len(l.problems) < maxProblems {
		l.problems = append(l.problems, &sbom.Problem{Reason: fmt.Sprintf(format, args...)})
	}
}

// bound tells, once, that something was not read, so that nothing is sure.
func (l *loader) bound(format string, args ...any) {
	if !l.cut {
		l.problem(format, args...)
	}
	l.cut = true
}

// use puts together what is known of one module.
func (l *loader) use(m *module, w *walks, direct bool) Use {
	u := Use{Main: w.main.chain(m), Test: w.test.chain(m), Tool: w.tool.chain(m), Direct: direct}
	blind := w.main.blind || l.cut
	switch {
	case u.Main != nil:
		u.Sure = !blind || u.Main.Marker == ""
	case u.Test == nil && u.Tool == nil:
		u.Sure = !blind && !w.test.blind && !w.tool.blind
	default:
		u.Sure = !blind
	}
	return u
}

// direct gives the modules whose packages the main packages import.
func (l *loader) direct() map[*module]bool {
	set := map[*module]bool{}
	for _, p := range l.mains {
		for _, list := range [][]edge{p.edges, p.tests, p.tools} {
			for _, e := range list {
				if e.to != nil && e.to.module != nil {
					set[e.to.module] = true
				}
			}
		}
	}
	return set
}

// requires joins the imports between packages to edges between modules.
func (l *loader) requires(w *walks) map[string][]string {
	edges := map[string][]string{}
	done := map[[2]*module]bool{}
	for _, p := range l.packages {
		if !w.reached(p) {
			continue
		}
		for _, list := range [][]edge{p.edges, p.tests, p.tools} {
			for _, e := range list {
				if e.to == nil || e.to.module == nil || e.to.module == p.module || done[[2]*module{p.module, e.to.module}] {
					continue
				}
				done[[2]*module{p.module, e.to.module}] = true
				edges[p.module.Path] = append(edges[p.module.Path], e.to.module.Path)
			}
		}
	}
	for _, list := range edges {
		slices.Sort(list)
	}
	return edges
}

// missing lists what is imported and nobody provides.
func (l *loader) missing(w *walks) []string {
	var list []string
	for _, p := range l.packages {
		if p.absent && w.reached(p) {
			list = append(list, p.path)
		}
	}
	slices.SortFunc(list, cmp.Compare[string])
	return list[:min(len(list), MaxMissing)]
}

// standard tells whether an import that no module provides is of the standard
// library: the first element of all others has a dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
