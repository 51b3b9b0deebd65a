// Package requirements reads pip's requirements files, after
// https://pip.pypa.io/en/stable/reference/requirements-file-format/ and what pip
// itself does with them, and the comments by which pip-compile and uv say what a
// package is needed for ("# via").
//
// The project is that of the file's folder, or of the folder above where the
// folder is called requirements. It depends on what the file requires and on what
// the files that -r names require, whatever they are called; these are read inside
// the tree only. Folders and archives are looked for in the project's folder, in
// the file's and in those above, for their paths hang on where pip is run. Where
// comments say which package needs which, the project depends on those alone that
// no other package brings.
//
// Constraints (-c, or a file called so) require nothing: they add a range to
// packages that others establish. Where one allows a single version without a
// marker, and the requirement lets that pass, it pins the requirement of a file
// that includes it: the key of the package has the version, and the place of the
// version is the constraint.
//
// A file is a lock, and its basis is resolved, where every package has one exact
// version and a tool wrote it: its head, its "# via" or a --hash for each package
// say so. Exact versions alone, which a person or "pip freeze" writes, say nothing
// of what else is installed. Missing digests are told of a lock without any, and
// of every file where some packages have one: pip then refuses the rest.
//
// A package from a file of one machine ("numpy @ file:///croot/numpy", as conda's
// Python lists what it installed) keeps the name that it has in the index.
//
// Not understood: environment variables are kept as written, never expanded, and
// said to be missing; files on the network are not read; markers are kept and
// never evaluated; "conda list --export" under such a name gives its packages.
package requirements

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/reqfile"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads requirements files.
var Collector = sbom.Collector{
	Name: "python/requirements",
	Doc: "Python requirements of pip (requirements.txt)\n\nRequired packages with ranges, markers, extras, digests and sources, and which needs which\n" +
		"where pip-compile or uv say so; files that they include; package indexes that are not safe.\nConstraints files add to packages that others name.",
	Match:   patterns,
	Collect: collect,
}

var patterns = []string{
	"*requirements*.txt", "*requirements*.in", "*requirements*.pip", "*requirements*.lock", "requirements/*.txt", "requirements/*.in", "requirements/*/*.txt", "requirements/*/*.in",
	"reqs*.txt", "reqs*.in", "*constraints*.txt", "constraints/*.txt",
}

// Bounds on one file with those that it includes.
const (
	maxRequirements = 20_000
	maxIncluded     = 200
	maxIncludedSize = 32 << 20 // bytes of them all
	fewest          = 3        // refused lines from which on a file without any other is none of pip's
	most            = 5        // and from which on one is none where they are twice the others
)

func newRun(tree fs.FS, name string) *run {
	return &run{fsys: tree, folder: projectOf(name), read: map[string]bool{}, written: map[string]bool{}, pins: map[string]string{}}
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if other := ofOthers(f.Path); other != "" {
		return nil, &sbom.Problem{Reason: "the name says packages of " + other + ", not of Python; it is not read"}
	}
	text, problem, err := decode(f)
	if err != nil {
		return nil, err
	}
	top := pydep.New(f).In(projectOf(f.Path))
	top.Hints = isConstraints(f.Path)
	r := newRun(f.FS, f.Path)
	r.file(&source{Manifest: top, path: f.Path, groups: groupsOf(f.Path), constraint: top.Hints, problem: problem}, text)
	if r.good == 0 && r.bad >= fewest || r.bad >= most && r.bad > 2*r.good { // pip refuses it for one such line
		return nil, &sbom.Problem{Reason: "it holds no requirements of pip, though its name says so"}
	}
	return r.finish()
}

// run reads one file with all that it includes.
type run struct {
	fsys    fs.FS
	folder  string // of the project
	sources []*source
	read    map[string]bool // included files, by path and kind
	written map[string]bool // whether a tool wrote the file
	stack   []string
	bytes   int
	count   int // requirements
	full    bool
	good    int // lines that pip takes
	bad     int
	pins    map[string]string // versions that constraints leave, by name
	indexes int               // options that name one
	extra   bool              // there are other indexes or none
	machine machine
}

// source is one file.
type source struct {
	*pydep.Manifest
	path       string
	groups     []string
	constraint bool
	problem    error
	items      []item
	generated  bool // its head says that a tool wrote it
	demanded   int  // line of --require-hashes
	index      index
}

// index is a package index and the line that names it.
type index struct {
	at   string
	line int
}

// item is one requirement with what stands around it.
type item struct {
	need      pydep.Need
	via       []via
	direct    bool // the comments say that the project asks for it
	index     index
	exported  bool // a tool wrote what is installed
	elsewhere bool // it lies on somebody's machine
}

// machine counts packages that are taken from files of one machine.
type machine struct {
	count, line int
	name        string
	in          *source
}

func (r *run) file(s *source, text string) {
	r.sources = append(r.sources, s)
	r.stack = append(r.stack, s.path)
	s.generated = head.MatchString(text[:min(len(text), headSize)])
	if s.problem != nil {
		for _, p := range sbom.Problems(s.problem) {
			s.Problem(p.Line, "%s", p.Reason)
		}
	}
	reqfile.Read(text, func(e reqfile.Entry) bool {
		if r.count >= maxRequirements {
			if !r.full {
				s.Problem(e.Line, "more than %d requirements; the rest, from this line on, is not read", maxRequirements)
			}
			r.full = true
			return false
		}
		r.entry(s, e)
		return true
	})
	r.stack = r.stack[:len(r.stack)-1]
}

// entry reads one line.
func (r *run) entry(s *source, e reqfile.Entry) {
	if e.Err != nil {
		s.Problem(e.Line, "%v", e.Err)
	}
	at, editable := e.Editable()
	switch {
	case e.Args != "":
		r.requirement(s, e, e.Args, false)
	case editable:
		r.requirement(s, e, at, true)
	default:
		r.options(s, e)
		r.tally(e.Err == nil && len(e.Options) > 0)
	}
}

func (r *run) tally(good bool) {
	if good {
		r.good++
	} else {
		r.bad++
	}
}

// options reads a line of options alone. Of several files on one line pip reads
// the first only.
func (r *run) options(s *source, e reqfile.Entry) {
	included, _ := e.First("--requirement")
	constraint, _ := e.First("--constraint")
	if n := len(e.All("--requirement")) + len(e.All("--constraint")); n > 1 {
		s.Problem(e.Line, "of the %d files on this line pip reads one only", n)
	}
	switch {
	case included != "":
		r.include(s, e.Line, included, false)
	case constraint != "":
		r.include(s, e.Line, constraint, true)
	}
	for _, o := range e.Options {
		r.option(s, e.Line, o)
	}
}

// finish makes the sightings when all is read: constraints and options hold for
// the lines above them too.
func (r *run) finish() ([]sbom.Sighting, error) {
	var all []sbom.Sighting
	var problems []error
	if m := r.machine; m.count > 0 {
		m.in.Problem(m.line, "packages are taken from files of one machine, which say nothing elsewhere: %d of them, the first is %s", m.count, m.name)
	}
	r.applyPins()
	for _, s := range r.sources {
		if r.indexes > 1 || r.extra {
			s.index = index{} // a package can come from any of them
		}
		s.emit()
		all = append(all, s.Sightings()...)
		problems = append(problems, s.Problems()...)
	}
	return all, errors.Join(problems...)
}

// emit adds the requirements of one file.
func (s *source) emit() {
	edges, annotated := s.edges()
	for i := range s.items {
		it := &s.items[i]
		n := it.need
		n.Indirect = annotated && !it.direct
		n.Hint = s.constraint
		from := it.index
		if from.at == "" && fromIndex(&n) && !it.elsewhere {
			from = s.index
		}
		n.Index, n.IndexLine = from.at, from.line
		s.Add(n)
	}
	s.Edges(edges, annotated && s.complete())
	lock := s.isLock(annotated)
	if lock {
		s.Resolved()
	}
	s.judge(lock)
}

func (s *source) complete() bool {
	for _, it := range s.items {
		if len(it.via) == 0 {
			return false
		}
	}
	return true
}

// projectOf is the folder of which a file speaks: the one above "requirements",
// where that holds the file or a folder of files.
func projectOf(name string) string {
	dir := path.Dir(name)
	for _, at := range []string{dir, path.Dir(dir)} {
		switch path.Base(at) {
		case "requirements", "reqs", "constraints":
			return path.Dir(at)
		}
	}
	return dir
}
