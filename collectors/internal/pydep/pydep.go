// Package pydep makes sightings of what a Python project says it requires.
//
// The project is the application of its folder. A package is a library with the
// purl of its name, and of its version only where exactly one is asked for. A
// package from a repository or a URL is not the one of that name in an index,
// and gets the address as its key, spelt as the lock files' collectors do.
package pydep

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
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
	dropped  int
}

// New begins a manifest.
func New(f *sbom.File) *Manifest {
	m := &Manifest{file: f}
	m.App = sbom.Sighting{Basis: sbom.Declared, Lines: map[string]int{}}
	m.App.Kind, m.App.Keys.Path = sbom.KindApplication, sbom.Project(f.Path, "python")
	return m
}

// Problem tells what could not be read.
func (m *Manifest) Problem(line int, format string, args ...any) {
	switch {
	case len(m.problems) < maxProblems:
		m.problems = append(m.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	case len(m.problems) == maxProblems:
		m.problems = append(m.problems, &sbom.Problem{Line: line, Reason: "there are more such lines, which are not listed"})
	}
}

// Problems gives all that were told.
func (m *Manifest) Problems() []error { return m.problems }

// Sightings gives the project and its packages.
func (m *Manifest) Sightings() []sbom.Sighting {
	if m.Hints {
		return m.more
	}
	return append([]sbom.Sighting{m.App}, m.more...)
}

// Finding notes a finding at the project.
func (m *Manifest) Finding(rule string, line int, format string, args ...any) {
	m.App.Findings = append(m.App.Findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Line: line}})
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
	Exact     string // the version, where the range's own grammar says so
	Hint      bool   // a constraint: adds to a package that others establish
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

// Add adds a requirement.
func (m *Manifest) Add(n Need) {
	if len(m.more) >= maxDependencies {
		if m.dropped++; m.dropped == 1 {
			m.Problem(n.Line, "more than %d requirements; the rest is not read", maxDependencies)
		}
		return
	}
	s := sbom.Sighting{Basis: sbom.Declared, Hint: m.Hints || n.Hint, Where: sbom.Place{Line: n.Line}}
	s.Kind, s.Name = sbom.KindLibrary, n.Name
	s.Package = &sbom.Package{Groups: n.Groups, Extras: n.Extras, Integrity: n.Integrity, Editable: n.Editable}
	if n.Specifier != "" {
		s.Package.Requirements = []string{n.Specifier}
	}
	if n.Marker != "" {
		s.Package.Markers = []string{n.Marker}
	}
	switch {
	case n.Folder != "" || n.Project != "":
		if !m.folder(&s, n) {
			m.outside(s, n)
			return
		}
	case n.URL != "":
		m.address(&s, n)
	default:
		if s.Version = n.Exact; s.Version == "" {
			s.Version = pep508.Exact(n.Specifier)
		}
		if n.Index != "" {
			s.Package.Source = sbom.Source{Type: "registry", URL: n.Index}
		}
		s.Keys.PURL = sbom.PyPI(pep508.Normalize(n.Name), s.Version)
	}
	if s.Keys == (sbom.Keys{}) {
		m.Problem(n.Line, "%.100q names no package", n.Name+n.URL)
		return
	}
	m.more = append(m.more, s)
	if !s.Hint {
		to := sbom.Component{Kind: s.Kind, Name: s.Name, Version: s.Version, Keys: s.Keys}
		m.App.Links = append(m.App.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.TrimSpace(n.Specifier + mark(n.Marker)), Line: n.Line})
	}
}

func mark(marker string) string {
	if marker == "" {
		return ""
	}
	return "; " + marker
}

var (
	commit    = regexp.MustCompile(`^[0-9a-f]{40}$|^[0-9a-f]{64}$`)
	fileName  = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._]*?)-([0-9][A-Za-z0-9.!+_]*)(?:-[^/]*)?\.whl$`)
	subfolder = regexp.MustCompile(`(?:^|&)subdirectory=([^&]+)`)
	egg       = regexp.MustCompile(`(?:^|&)egg=([A-Za-z0-9._-]+)`)
)

// address keys a package by the repository or the file that it is taken from.
func (m *Manifest) address(s *sbom.Sighting, n Need) {
	at, fragment, _ := strings.Cut(n.URL, "#")
	source := &s.Package.Source
	if e := egg.FindStringSubmatch(fragment); e != nil && s.Name == "" {
		s.Name = e[1]
	}
	if w := fileName.FindStringSubmatch(path.Base(at)); w != nil {
		s.Version = w[2]
		if s.Name == "" {
			s.Name = w[1]
		}
	}
	git, isGit := strings.CutPrefix(at, "git+")
	if !isGit {
		source.Type, source.URL = "url", pylock.Clean(at)
		if s.Keys.URL = source.URL; strings.HasPrefix(source.URL, "http://") {
			m.Finding(sbom.RuleInsecureIndex, n.Line, "%s is taken from %s without transport security", s.Name, source.URL)
		}
		if s.Name == "" {
			s.Name = path.Base(source.URL)
		}
		return
	}
	source.Type = "git"
	if i := strings.LastIndex(git, "@"); i > strings.LastIndex(git, "/") {
		git, source.Ref = git[:i], git[i+1:]
	}
	source.URL = pylock.Clean(git)
	if source.URL == "" {
		return
	}
	if s.Name == "" {
		s.Name = strings.TrimSuffix(path.Base(source.URL), ".git")
	}
	s.Keys.URL = "git+" + source.URL
	if commit.MatchString(source.Ref) {
		source.Commit, source.Ref = source.Ref, ""
		s.Keys.URL += "@" + source.Commit
	} else {
		if source.Ref != "" {
			s.Keys.URL += "@" + source.Ref
		}
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleUnpinned, Where: sbom.Place{Line: n.Line},
			Message: s.Name + " is taken from " + source.URL + " without a commit, so what it is can change"})
	}
	if sub := subfolder.FindStringSubmatch(fragment); sub != nil {
		s.Keys.URL += "#subdirectory=" + sub[1]
	}
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
	target := path.Join(path.Dir(m.file.Path), strings.ReplaceAll(n.Folder, "\\", "/"))
	if n.Project != "" {
		target = n.Project
	}
	if path.IsAbs(n.Folder) || target == ".." || strings.HasPrefix(target, "../") {
		m.Finding(sbom.RulePathEscape, n.Line, "the requirement %.100q leaves the tree", n.Folder)
		return false
	}
	s.Kind, s.Keys.Path = sbom.KindApplication, sbom.Project(target+"/pyproject.toml", "python")
	if target == path.Dir(m.file.Path) {
		return false // itself
	}
	s.Mentioned = true
	if s.Name == "" {
		s.Name = path.Base(target)
	}
	return true
}
