package gosource

import (
	"context"
	"path"
	"runtime"
	"strings"
	"sync"
)

// module is a module of the input with what is known of its folders.
type module struct {
	Module
	main bool
}

// pkg is a package: a folder of a module.
type pkg struct {
	id     int
	path   string
	module *module // nil where no module provides it
	dir    string
	seen   bool // its source is at hand
	absent bool // no module has it
	edges  []edge
	tests  []edge // of its tests, for main modules
	tools  []edge // blank imports under the tag "tools"
	files  int
	faults []string
}

// edge is an import, joined over the files of a package.
type edge struct {
	path   string
	builds set
	file   string // the first of those that are in most builds
	line   int
	text   string // the constraint of that file
	full   bool
	to     *pkg // nil for the standard library
}

// class ranks an edge: 0 in all builds, 1 in some, 2 in none without tags.
func (e *edge) class() int {
	switch {
	case e.full:
		return 0
	case !e.builds.empty():
		return 1
	}
	return 2
}

type loader struct {
	ctx       context.Context
	in        Input
	platforms *platforms
	modules   []*module
	byPath    map[string]*module
	packages  []*pkg // in the order in which they were found
	known     map[string]*pkg
	mains     []*pkg
	tools     []*pkg // of tool directives
	todo      []*pkg
	files     int
	entries   int  // of the main modules' folders
	cut       bool // a bound was hit
	problems  []error

	mu       sync.Mutex
	boundary map[string]bool // folders of modules, by module and folder: has a go.mod
}

func newLoader(ctx context.Context, in Input) *loader {
	l := &loader{ctx: ctx, in: in, platforms: newPlatforms(), byPath: map[string]*module{}, known: map[string]*pkg{}, boundary: map[string]bool{}}
	add := func(m Module, main bool) {
		if m.Path != "" && l.byPath[m.Path] == nil {
			one := &module{m, main}
			if one.Source.Dir == "" {
				one.Source.Dir = "."
			}
			l.byPath[m.Path] = one
			l.modules = append(l.modules, one)
		}
	}
	for _, m := range in.Main {
		add(m.Module, true)
	}
	for _, m := range in.Deps {
		add(m, false)
	}
	return l
}

// add takes note of a package, once.
func (l *loader) add(p *pkg) *pkg {
	if old := l.known[p.path]; old != nil {
		return old
	}
	if len(l.packages) >= MaxPackages {
		l.bound("more than %d packages are imported; the rest is not read", MaxPackages)
		return nil
	}
	p.id = len(l.packages)
	l.packages = append(l.packages, p)
	l.known[p.path] = p
	l.todo = append(l.todo, p)
	return p
}

// roots finds the packages of the main modules and the tools.
func (l *loader) roots() {
	for _, m := range l.in.Main {
		one := l.byPath[m.Path]
		if one == nil || m.Source.FS == nil {
			l.cut = true
			continue
		}
		for _, dir := range l.folders(one.Source, m.Ignore) {
			if p := l.add(&pkg{path: path.Join(m.Path, below(dir, one.Source.Dir)), module: one, dir: dir}); p != nil {
				l.mains = append(l.mains, p)
			}
		}
	}
	for _, m := range l.in.Main {
		for _, t := range m.Tools {
			if standard(t) && l.candidates(t) == nil {
				continue
			}
			if p := l.add(&pkg{path: t}); p != nil {
				l.tools = append(l.tools, p)
			}
		}
	}
	l.cut = l.cut || len(l.packages) == 0 // a manifest without its code tells nothing
}

// below gives the path of a folder below another one.
func below(dir, root string) string {
	if root == "." {
		return dir
	}
	return strings.TrimPrefix(strings.TrimPrefix(dir, root), "/")
}

// load reads packages, and then those that they import, until there is nothing
// new. Reading goes on all processors; what follows from it is in fixed order.
func (l *loader) load() {
	for len(l.todo) > 0 && l.ctx.Err() == nil {
		level := l.todo
		l.todo = nil
		l.parallel(level)
		for _, p := range level {
			l.files += p.files
			for _, text := range p.faults {
				l.problem("%s", text)
			}
			l.link(p)
		}
		if l.files > MaxFiles && len(l.todo) > 0 {
			l.bound("more than %d Go files; the rest is not read", MaxFiles)
			l.todo = nil
		}
	}
}

func (l *loader) parallel(level []*pkg) {
	next := make(chan *pkg)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(level)) {
		group.Go(func() {
			var buf []byte
			for p := range next {
				if l.ctx.Err() == nil {
					l.read(p, &buf)
				}
			}
		})
	}
	for _, p := range level {
		next <- p
	}
	close(next)
	group.Wait()
}

// link leads the edges of a package that was read to the packages.
func (l *loader) link(p *pkg) {
	for _, list := range [][]edge{p.edges, p.tests, p.tools} {
		for i := range list {
			e := &list[i]
			if l.known[e.path] == nil && standard(e.path) && l.candidates(e.path) == nil {
				continue
			}
			e.to = l.add(&pkg{path: e.path})
		}
	}
}

// candidates are the modules that can hold a package, the longest path first.
func (l *loader) candidates(importPath string) []*module {
	if l.in.Owner != nil {
		if name, ok := l.in.Owner(importPath); ok && l.byPath[name] != nil {
			return []*module{l.byPath[name]}
		}
	}
	var list []*module
	for p := importPath; p != ""; {
		if m := l.byPath[p]; m != nil {
			list = append(list, m)
		}
		i := strings.LastIndexByte(p, '/')
		p = p[:max(i, 0)]
	}
	return list
}
