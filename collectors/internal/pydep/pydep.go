// Package pydep makes sightings of what a Python project says it requires.
//
// The project is the application of its folder. A package is a library with the
// purl of its name, and of its version only where exactly one is asked for. A
// package from a repository or a URL is not the one of that name in an index,
// and gets the address as its key, spelt as the lock files' collectors do
// (https://packaging.python.org/en/latest/specifications/version-specifiers/#direct-references).
//
// Not understood: variables of the environment, which nobody expands; what hangs
// on one has no key.
package pydep

import (
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// Bounds on one manifest.
const (
	maxDependencies = 20_000
	maxProblems     = 50
)

// Manifest is one manifest as it is read.
type Manifest struct {
	App      sbom.Sighting
	Hints    bool // packages only add to what others establish: constraints
	file     *sbom.File
	more     []sbom.Sighting
	problems []error
	place    string // where all of it stands; "" for the file that is collected from
	project  string // the project's folder, from the root
	total    *total
}

// total is what a manifest and those that it includes have together.
type total struct{ packages, dropped, archives int }

// New begins a manifest.
func New(f *sbom.File) *Manifest {
	m := &Manifest{file: f, project: path.Dir(f.Path), total: &total{}}
	m.App = sbom.Sighting{Basis: sbom.Declared, Lines: map[string]int{}}
	m.App.Kind, m.App.Keys.Path = sbom.KindApplication, sbom.Project(f.Path, "python")
	return m
}

// Problem tells what could not be read. Credentials of addresses in the texts
// are left out.
func (m *Manifest) Problem(line int, format string, args ...any) {
	clean(args)
	switch {
	case len(m.problems) < maxProblems:
		m.problems = append(m.problems, &sbom.Problem{Path: m.place, Line: line, Reason: fmt.Sprintf(format, args...)})
	case len(m.problems) == maxProblems:
		m.problems = append(m.problems, &sbom.Problem{Path: m.place, Line: line, Reason: "there are more such lines, which are not listed"})
	}
}

// Problems gives all that were told.
func (m *Manifest) Problems() []error { return m.problems }

// Sightings gives the project and its packages.
func (m *Manifest) Sightings() []sbom.Sighting {
	all := m.more
	if !m.Hints && (m.place == "" || len(m.App.Links)+len(m.App.Findings) > 0) {
		all = append([]sbom.Sighting{m.App}, m.more...)
	}
	for i := range all {
		all[i].Where.Path = m.place
	}
	return all
}

// Finding notes a finding at the project.
func (m *Manifest) Finding(rule string, line int, format string, args ...any) {
	clean(args)
	m.App.Findings = append(m.App.Findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Path: m.place, Line: line}})
}

// Need is one requirement with what stands around it.
type Need struct {
	pep508.Requirement
	Line      int
	Groups    []string
	Integrity []string // "sha256:..."
	Editable  bool
	Folder    string // of a project in the tree, as written
	Project   string // of a project in the tree, from its root
	Index     string // of another package index, without credentials
	IndexLine int    // where the index stands, if elsewhere
	Exact     string // the version, where the range's own grammar says so
	Hint      bool   // a constraint: adds to a package that others establish
	Pinned    string // the version that something else than the range says: the key has it, and no more
	Loose     bool   // the key has no version, whatever the range says
	Archive   string // a wheel or another archive in the tree, as written
	Conda     bool   // a package of conda, of which Exact is the version
	Indirect  bool   // needed by another package of the manifest, not by the project
}

// Text adds a requirement in the grammar of PEP 508.
func (m *Manifest) Text(text string, line int, groups ...string) {
	r, err := pep508.Parse(text)
	if err != nil {
		m.Problem(line, "%.100q is no requirement: %v", text, err)
		return
	}
	m.Add(Need{Requirement: r, Line: line, Groups: groups})
}

// Full tells whether no more requirements are taken.
func (m *Manifest) Full() bool { return m.total.dropped > 0 }

// Add adds a requirement.
func (m *Manifest) Add(n Need) {
	if m.total.packages >= maxDependencies {
		if m.total.dropped++; m.total.dropped == 1 {
			m.Problem(n.Line, "more than %d requirements; the rest is not read", maxDependencies)
		}
		return
	}
	n.Specifier, n.Marker = pylock.Redact(n.Specifier), pylock.Redact(n.Marker)
	s := sbom.Sighting{Basis: m.App.Basis, Hint: m.Hints || n.Hint, Where: sbom.Place{Line: n.Line}}
	s.Kind, s.Name = sbom.KindLibrary, n.Name
	s.Package = &sbom.Package{Groups: n.Groups, Extras: n.Extras, Integrity: n.Integrity, Editable: n.Editable}
	if n.Specifier != "" {
		s.Package.Requirements = []string{n.Specifier}
	}
	if n.Marker != "" {
		s.Package.Markers = []string{n.Marker}
	}
	known := true
	switch {
	case n.Folder != "" || n.Project != "":
		if !m.folder(&s, n) {
			m.outside(s, n)
			return
		}
	case n.Archive != "":
		if !m.archive(&s, n) {
			m.outside(s, n)
			return
		}
	case hasPrefixFold(n.URL, "file:"):
		m.Problem(n.Line, "%.100q is taken from a file of one machine", n.Name)
		m.outside(s, n)
		return
	case n.URL != "":
		known = m.address(&s, n)
	default:
		m.fromIndex(&s, n)
	}
	if known && s.Keys == (sbom.Keys{}) {
		m.Problem(n.Line, "%.100q names no package", n.Name+Address(n.URL))
		return
	}
	m.total.packages++
	m.more = append(m.more, s)
	if !s.Hint && !n.Indirect {
		to := sbom.Component{Kind: s.Kind, Name: s.Name, Version: s.Version, Keys: s.Keys}
		m.App.Links = append(m.App.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.TrimSpace(n.Specifier + mark(n.Marker)), Line: n.Line})
	}
}

// fromIndex keys a package by its name, and by its version where one is asked for.
func (m *Manifest) fromIndex(s *sbom.Sighting, n Need) {
	if s.Version = n.Exact; s.Version == "" {
		s.Version = pep508.Exact(n.Specifier)
	}
	if v, err := pep440.Parse(s.Version); err == nil && !n.Conda {
		s.Version = v.String() // as indexes and lock files write it
	}
	if n.Loose {
		s.Version = ""
	}
	if n.Index != "" {
		s.Package.Source = sbom.Source{Type: "registry", URL: n.Index}
		if n.IndexLine > 0 && n.IndexLine != n.Line {
			s.Lines = map[string]int{"package.source.type": n.IndexLine, "package.source.url": n.IndexLine}
		}
	}
	version := s.Version
	if version == "" {
		version = n.Pinned
	}
	if n.Conda {
		s.Keys.PURL = sbom.Conda(n.Name, version)
		return
	}
	s.Keys.PURL = sbom.PyPI(pep508.Normalize(n.Name), version)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func mark(marker string) string {
	if marker == "" {
		return ""
	}
	return "; " + marker
}

// outside keeps what is required from a place that is not in the tree, by name.
func (m *Manifest) outside(s sbom.Sighting, n Need) {
	if n.Name != "" && s.Keys == (sbom.Keys{}) && !s.Hint {
		to := sbom.Component{Kind: sbom.KindLibrary, Name: n.Name}
		m.App.Links = append(m.App.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.TrimSpace(n.Specifier + mark(n.Marker)), Line: n.Line})
	}
}

// folder makes it the project of a folder in the tree.
func (m *Manifest) folder(s *sbom.Sighting, n Need) bool {
	target, ok := m.inside(n.Folder, n.Line)
	if n.Project != "" {
		target, ok = n.Project, true
	}
	if !ok {
		return false
	}
	s.Kind, s.Keys.Path = sbom.KindApplication, sbom.Project(target+"/pyproject.toml", "python")
	if target == m.project {
		return false // itself
	}
	s.Mentioned = true
	if s.Name == "" {
		s.Name = path.Base(target)
	}
	return true
}

// inside gives the path from the root of what is written relative to the
// project's folder, or else tells that it leaves the tree.
func (m *Manifest) inside(written string, line int) (string, bool) {
	plain := strings.ReplaceAll(written, "\\", "/")
	target := path.Join(m.project, plain)
	if path.IsAbs(plain) || len(plain) > 1 && plain[1] == ':' || target == ".." || strings.HasPrefix(target, "../") {
		m.Finding(sbom.RulePathEscape, line, "the requirement %.100q leaves the tree", written)
		return "", false
	}
	return target, true
}
