package pylock

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// Want is a direct requirement of the project, as its manifest has it.
type Want struct {
	Name   string
	Range  string   // of PEP 440 or of Poetry; "" for any
	URL    string   // where it is taken from a URL, a repository or a path
	Label  string   // "" for always; see [Edge]
	Extras []string // of the package
	Marker string
	Line   int // of the lock, where that has one
}

// WantOf reads a requirement of PEP 508.
func WantOf(text, label string) (Want, error) {
	r, err := pep508.Parse(text)
	return Want{Name: r.Name, Range: r.Specifier, URL: r.URL, Label: label, Extras: r.Extras, Marker: r.Marker}, err
}

// Allowed gives the packages of a name whose version the range allows. Where it
// tells none of them apart, it gives all.
func (l *Lock) Allowed(name, wanted string) []*Package {
	named := l.Named(name)
	if len(named) < 2 || wanted == "" {
		return named
	}
	want := alternatives(wanted)
	if want == nil {
		return named
	}
	literal := strings.Contains(wanted, "===") // which compares texts
	var list []*Package
	for _, p := range named {
		if p.release == nil {
			v, _ := pep440.Parse(p.Version)
			p.release = &v
		}
		allows := func(s pep440.Specifiers) bool {
			return literal && s.ContainsText(p.Version, true) || !literal && !p.release.IsZero() && s.Contains(*p.release, true)
		}
		if slices.ContainsFunc(want, allows) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return named
	}
	return list
}

// alternatives reads a range of PEP 440, or one of Poetry's; nil for what is none.
func alternatives(wanted string) []pep440.Specifiers {
	if s, err := pep440.ParseSpecifiers(wanted); err == nil {
		return []pep440.Specifiers{s}
	}
	list, err := pep440.ParsePoetry(wanted)
	if err != nil {
		return nil
	}
	return list
}

// SameVersion tells whether two texts are one version: "1.0" and "1.0.0" are.
func SameVersion(a, b string) bool {
	v, err := pep440.Parse(a)
	w, other := pep440.Parse(b)
	return err == nil && other == nil && v.Compare(w) == 0 || a == b
}

// Wanted gives the packages that a requirement can mean: by its range, or by the
// place that it is taken from.
func (l *Lock) Wanted(w Want) []*Package {
	named := l.Allowed(w.Name, w.Range)
	if w.URL == "" || len(named) < 2 {
		return named
	}
	at := Clean(strings.TrimPrefix(strings.TrimPrefix(w.URL, "git+"), "file://"))
	at, _, _ = strings.Cut(at, "#")
	var list []*Package
	for _, p := range named {
		if source := Clean(p.Source); source != "" && strings.HasPrefix(at, source) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return named
	}
	return list
}

// Require links the project to what its manifest requires, and tells how many
// requirements the lock has an answer to.
func (l *Lock) Require(wants []Want) int {
	met := 0
	for _, w := range wants {
		list := l.Wanted(w)
		if len(list) > 0 {
			met++
		}
		for _, p := range list {
			line := w.Line
			if line == 0 {
				line = p.Where.Line
			}
			l.Link(l.Project, Edge{To: p, Label: w.Label, Extras: normal(w.Extras), Note: w.Marker, Line: line})
		}
	}
	return met
}

// Declare keeps the range that a requirement has, at the packages that it means.
func (l *Lock) Declare(w Want) {
	if w.Range == "" {
		return
	}
	for _, p := range l.Wanted(w) {
		if p.Kind != sbom.KindLibrary || len(p.Package.Requirements) >= maxNotes || slices.Contains(p.Package.Requirements, w.Range) {
			continue
		}
		p.Package.Requirements = append(p.Package.Requirements, w.Range)
		p.first("package.requirements", w.Line)
	}
}

func normal(names []string) []string {
	list := make([]string, 0, len(names))
	for _, n := range names {
		list = append(list, Normalize(n))
	}
	return list
}

// Unknown tells, in one finding, which of the requirements the lock has no
// package for. One with a marker may hold on no machine that the lock is for.
func (l *Lock) Unknown(wants []Want, line int) {
	var names []string
	for _, w := range wants {
		if w.Marker == "" && len(l.Named(w.Name)) == 0 && !slices.Contains(names, w.Name) && len(names) <= maxNamed {
			names = append(names, w.Name)
		}
	}
	if len(names) == 0 {
		return
	}
	text := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if len(names) > maxNamed {
		text += " and others"
	}
	l.Finding(sbom.RuleLockMismatch, "pyproject.toml requires what the lock does not have: "+text, line)
}
