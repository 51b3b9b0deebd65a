// Package pylock holds what the lock files of Python tools have in common:
// packages and where they come from, the edges between them, what each is
// needed for, and how all of it becomes sightings.
//
// Identity. A package from an index is pkg:pypi/name@version with the name of
// PEP 503, whatever the index: a manifest names packages without their index,
// and a repository_url in the purl would keep the two apart for ever; the index
// is in Package.Source.URL. What comes from git, a URL or a file is not the
// package of that name on PyPI and gets no such purl: its key is the direct
// reference, "git+https://host/repo@commit#subdirectory=x" as in PEP 508, the
// URL, or the path in the tree. A folder is the Python project in that folder
// ([sbom.Project]), so that it joins the manifest there.
package pylock

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// Bounds on one lock.
const (
	maxPackages = 100_000
	maxVersions = 100      // packages of one name
	maxEdges    = 200_000  // links between packages
	maxSteps    = 20 << 20 // edges that are followed to find groups
	maxProblems = 50       // problems that are told
	maxFacts    = 1000     // properties of the project
	maxFiles    = 1000     // files of one package
	maxText     = 1000     // bytes of a name or a version
	maxNotes    = 100      // properties of one package, markers, ranges
	maxGroups   = 1000     // groups of one package
)

// Lock is one lock file as it is read.
type Lock struct {
	File     string // path below the scan root
	Packages []*Package
	// Project is the application that the lock belongs to: that of its folder.
	Project *Package
	// Asked, if set, gives what conditions of edges hold by, for the label of a group
	// or an extra.
	Asked    func(label string) Asked
	byName   map[string][]*Package
	crowded  map[string]bool // names with too many versions
	edges    int
	more     []sbom.Sighting
	insecure map[string]bool // indexes that were told
	silent   bool            // problems were left out
	cut      bool            // edges were left out
	problems []error
}

// Package is one locked package, or a project of the tree.
type Package struct {
	sbom.Sighting
	Source  string // what tells two packages of one name and version apart
	Member  bool   // a project that the lock is made for, not just a dependency
	Edges   []Edge
	extras  map[string]bool // asked for
	single  bool            // one file and no other
	files   int             // that the lock has of it
	bare    int             // those without a digest
	open    bool            // what it needs is not wholly known
	release *pep440.Version // once it is asked for
}

// Edge leads from a package to one that it needs.
type Edge struct {
	To     *Package
	Label  string   // what for: "extra:NAME", "dev", "group:NAME"; "" for always
	Extras []string // of To
	Note   string   // marker
	Line   int
	// When, if set, is what must be asked for that the edge counts, where the groups
	// are found.
	When *Condition
}

// New begins a lock.
func New(f *sbom.File) *Lock {
	l := &Lock{File: f.Path, byName: map[string][]*Package{}, crowded: map[string]bool{}, insecure: map[string]bool{}}
	l.Project = &Package{Member: true}
	l.Project.Component = sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: sbom.Project(f.Path, "python")}}
	l.Project.Basis = sbom.Resolved
	return l
}

// Problem tells what could not be read.
func (l *Lock) Problem(line int, format string, args ...any) {
	switch {
	case len(l.problems) < maxProblems:
		l.limit(line, format, args...)
	case !l.silent:
		l.silent = true
		l.limit(line, "there are more such places, which are not listed")
	}
}

// limit tells that something was left out because there is too much of it. It is
// told however much else is.
func (l *Lock) limit(line int, format string, args ...any) {
	if len(l.problems) < 2*maxProblems {
		l.problems = append(l.problems, &sbom.Problem{Line: line, Reason: Redact(fmt.Sprintf(format, args...))})
	}
}

// Problems gives all that were told.
func (l *Lock) Problems() []error { return l.problems }

// Add takes a package of the lock in. It is nil where it cannot be one.
func (l *Lock) Add(name, version string, line int) *Package {
	switch {
	case name == "":
		l.Problem(line, "a package has no name; it is left out")
		return nil
	case len(name) > maxText || len(version) > maxText:
		l.Problem(line, "the name or the version of a package is longer than %d bytes; it is left out", maxText)
		return nil
	case len(l.Packages) == maxPackages:
		l.limit(line, "the lock has more than %d packages; the rest is left out", maxPackages)
		return nil
	case len(l.Packages) > maxPackages:
		return nil
	}
	key := Normalize(name)
	if len(l.byName[key]) >= maxVersions {
		if !l.crowded[key] {
			l.limit(line, "%s is locked more than %d times; the rest is left out", name, maxVersions)
		}
		l.crowded[key] = true
		return nil
	}
	p := &Package{}
	p.Component = sbom.Component{Kind: sbom.KindLibrary, Name: name, Version: version, Package: &sbom.Package{}}
	p.Basis = sbom.Resolved
	p.Where.Line = line
	p.Lines = map[string]int{}
	l.Packages = append(l.Packages, p)
	l.byName[key] = append(l.byName[key], p)
	return p
}

// Adopt makes a locked package the project that the lock belongs to.
func (l *Lock) Adopt(p *Package) {
	p.Findings = append(p.Findings, l.Project.Findings...)
	p.Links = append(p.Links, l.Project.Links...)
	p.Member, l.Project = true, p
}

// Adopted tells whether a locked package is the project.
func (l *Lock) Adopted() bool { return slices.Contains(l.Packages, l.Project) }

// Named gives the packages of that name.
func (l *Lock) Named(name string) []*Package { return l.byName[Normalize(name)] }

// Set fills one text and keeps its line.
func (p *Package) Set(field string, into *string, text string, line int) {
	if text != "" {
		*into = text
		p.at(field, line)
	}
}

func (p *Package) at(field string, line int) {
	if line > 0 && line != p.Where.Line {
		p.Lines[field] = line
	}
}

// Link adds an edge.
func (l *Lock) Link(from *Package, e Edge) {
	if l.edges > maxEdges {
		return
	}
	if l.edges += 1 + len(e.Extras); l.edges > maxEdges {
		l.limit(e.Line, "the lock has more than %d dependencies; the rest is left out", maxEdges)
		l.cut = true
		return
	}
	from.Edges = append(from.Edges, e)
	if e.To == from {
		return
	}
	for _, x := range e.Extras {
		if e.To.extras == nil {
			e.To.extras = map[string]bool{}
		}
		e.To.extras[x] = true
	}
}

// Property keeps, at the project, what the vocabulary has no field for. It is a
// sighting of its own, so that it has its own line.
func (l *Lock) Property(line int, name, value string) {
	if value == "" || len(l.more) >= maxFacts {
		return
	}
	l.more = append(l.more, sbom.Sighting{
		Component: sbom.Component{
			Kind:       sbom.KindApplication,
			Keys:       l.Project.Keys,
			Properties: []sbom.Property{{Name: "mlbom:lock:" + name, Value: Redact(value)}},
		},
		Basis: sbom.Resolved,
		Where: sbom.Place{Line: line},
	})
}

// GroupLabel says what a dependency group is for.
func GroupLabel(name string) string {
	if name = Normalize(name); name == "main" || name == "dev" {
		return name
	}
	return "group:" + name
}

// ExtraLabel says that a thing is needed for an extra.
func ExtraLabel(name string) string { return "extra:" + Normalize(name) }

func note(e Edge) string {
	if e.Label == "" || e.Note == "" {
		return e.Label + e.Note
	}
	return strings.Join([]string{e.Label, e.Note}, "; ")
}

// Normalize gives the name by which packages are compared (PEP 503). Locks
// hold names in that form already, so that is looked at first.
func Normalize(name string) string {
	for i := range len(name) {
		c := name[i]
		plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && i > 0 && name[i-1] != '-'
		if !plain {
			return pep508.Normalize(name)
		}
	}
	return name
}
