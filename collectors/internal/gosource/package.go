package gosource

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// read finds the folder of a package and reads its files.
func (l *loader) read(p *pkg, buf *[]byte) {
	if p.module != nil {
		list, _ := fs.ReadDir(p.module.Source.FS, p.dir)
		l.parse(p, list, buf)
		return
	}
	all := l.candidates(p.path)
	for _, m := range all {
		if m.Source.FS == nil {
			if p.module == nil {
				p.module = m // unless another module is seen to have it
			}
			continue
		}
		dir := path.Join(m.Source.Dir, strings.TrimPrefix(strings.TrimPrefix(p.path, m.Path), "/"))
		if !fs.ValidPath(dir) || !l.inside(m, dir) {
			continue
		}
		if m.main {
			list, err := fs.ReadDir(m.Source.FS, dir)
			if err == nil && slices.ContainsFunc(list, isGo) {
				p.module, p.dir = m, dir
				l.parse(p, list, buf)
				return
			}
			continue
		}
		if f := sbom.Once(m.Source.FS, folderOf(dir), func() folder { return l.foreign(m, dir, buf) }); f.is {
			p.module, p.dir, p.seen, p.files = m, dir, true, f.files
			p.edges, p.tools = slices.Clone(f.edges), slices.Clone(f.tools)
			return
		}
	}
	p.absent = p.module == nil
}

// folder is what a folder of a dependency says: the same to all that need it.
type folder struct {
	is           bool // a package
	files        int
	edges, tools []edge // without where they lead
}

type folderOf string

func (l *loader) foreign(m *module, dir string, buf *[]byte) folder {
	list, err := fs.ReadDir(m.Source.FS, dir)
	if err != nil || !slices.ContainsFunc(list, isGo) {
		return folder{}
	}
	p := &pkg{module: m, dir: dir}
	l.parse(p, list, buf)
	return folder{true, p.files, p.edges, p.tools}
}

func isGo(d fs.DirEntry) bool {
	return strings.HasSuffix(d.Name(), ".go") && (d.Type().IsRegular() || d.Type()&fs.ModeSymlink != 0)
}

// inside tells whether no go.mod between a module's root and the folder makes
// it a part of another module.
func (l *loader) inside(m *module, dir string) bool {
	for ; dir != m.Source.Dir && dir != "."; dir = path.Dir(dir) {
		key := m.Path + "\x00" + dir
		l.mu.Lock()
		nested, ok := l.boundary[key]
		l.mu.Unlock()
		if !ok {
			nested = hasModule(m.Source.FS, dir)
			l.mu.Lock()
			l.boundary[key] = nested
			l.mu.Unlock()
		}
		if nested {
			return false
		}
	}
	return true
}

func hasModule(fsys fs.FS, dir string) bool {
	info, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil && !info.IsDir()
}

// parse reads the files of a package.
func (l *loader) parse(p *pkg, list []fs.DirEntry, buf *[]byte) {
	p.seen = true
	j := &joiner{platforms: l.platforms}
	for _, d := range list {
		if !isGo(d) || d.Name()[0] == '_' || d.Name()[0] == '.' {
			continue
		}
		test := strings.HasSuffix(d.Name(), "_test.go")
		if test && !p.module.main {
			continue
		}
		name := path.Join(p.dir, d.Name())
		h, text, err := readHead(p.module.Source.FS, name, buf)
		p.files++
		if err != nil && p.module.main {
			p.faults = append(p.faults, "the Go file "+name+" is not read to its end: "+plain(err))
		}
		j.file(name, h, l.platforms.condition(d.Name(), text), test)
	}
	p.edges, p.tests, p.tools = sorted(j.code), sorted(j.tests), sorted(j.tools)
}

// plain takes the path out of a file system's error.
func plain(err error) string {
	if pe, ok := err.(*fs.PathError); ok {
		return pe.Err.Error()
	}
	return err.Error()
}

// joiner joins the imports of a package's files.
type joiner struct {
	platforms          *platforms
	code, tests, tools map[string]*edge
}

func (j *joiner) file(name string, h head, c condition, test bool) {
	if h.cgo && !c.tools {
		c.builds = c.builds.and(j.platforms.tags["cgo"])
		c.text = conjunction(c.text, "cgo")
	}
	if h.pkg == "documentation" {
		c.builds = set{}
	}
	if !c.ever {
		return
	}
	into := &j.code
	if test {
		into = &j.tests
	}
	for _, s := range h.specs {
		switch {
		case !c.tools:
			j.edge(into, name, s, c)
		case s.blank && !test:
			j.edge(&j.tools, name, s, c)
		default:
			none := c
			none.builds = set{}
			j.edge(into, name, s, none)
		}
	}
}

func (j *joiner) edge(into *map[string]*edge, name string, s spec, c condition) {
	if s.path == "" || s.path[0] == '.' || s.path[0] == '/' || path.Clean(s.path) != s.path {
		return // no import path, or one relative to the folder, which modules do not have
	}
	if *into == nil {
		*into = map[string]*edge{}
	}
	e := (*into)[s.path]
	if e == nil {
		e = &edge{path: strings.Clone(s.path), file: name, line: s.line, text: c.text, builds: c.builds}
		(*into)[e.path] = e
	} else if rank(c.builds, j.platforms.all) < rank(e.builds, j.platforms.all) {
		e.file, e.line, e.text = name, s.line, c.text
	}
	e.builds = e.builds.or(c.builds)
	e.full = e.builds == j.platforms.all
}

func rank(s, all set) int {
	switch {
	case s == all:
		return 0
	case !s.empty():
		return 1
	}
	return 2
}

func sorted(edges map[string]*edge) []edge {
	list := make([]edge, 0, len(edges))
	for _, e := range edges {
		list = append(list, *e)
	}
	slices.SortFunc(list, func(a, b edge) int { return cmp.Compare(a.path, b.path) })
	return list
}
