// Package govendor reads vendor/modules.txt, by which the go command remembers what
// it put into a vendor folder (https://go.dev/ref/mod#vendoring; the grammar is that
// of its own reader and writer, cmd/go/internal/modload/vendor.go and modcmd/vendor.go):
//
//	## workspace
//	# path version [=> path [version]]
//	## explicit; go 1.21
//	package
//	# path [version] => path [version]
//
// A module without packages is needed by name only. The last lines repeat
// replacements of what is not vendored. Other words after "##" are reserved by the go
// command, and are told.
package govendor

import (
	"fmt"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one file. The largest known has 5 000 lines.
const (
	maxSize     = 16 << 20 // bytes
	maxLines    = 400_000
	maxProblems = 20
)

// Module is a module of the list.
type Module struct {
	module.Version // without version where a replacement holds for all
	Line           int
	Replace        module.Version // zero for none
	ReplaceLine    int
	Explicit       bool
	Go             string // of its go.mod
	AnnotationLine int    // where that stands
	Packages       []string
	PackageLine    int // of the first
}

// List is what the file says.
type List struct {
	Workspace bool
	Modules   []*Module // in the order of the file

	byVersion map[module.Version]*Module
	owner     map[string]*Module
	selected  map[string]string
}

// Parse reads the file. Lines that are not understood are told and left out.
func Parse(text string) (*List, []error) {
	p := &parser{list: &List{byVersion: map[module.Version]*Module{}, owner: map[string]*Module{}, selected: map[string]string{}}}
	if len(text) > maxSize {
		p.problem(0, "the file has %d bytes, more than any real one", len(text))
		return p.list, p.problems
	}
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxLines {
			p.problem(n, "the file has more than %d lines; the rest is not read", maxLines)
			break
		}
		p.line(n, strings.TrimRight(line, "\n"))
	}
	if p.unread > 0 {
		p.problems = append(p.problems, fmt.Errorf("%d more lines are not understood", p.unread))
	}
	return p.list, p.problems
}

type parser struct {
	list     *List
	at       *Module // the module that lines belong to
	skip     bool    // they belong to one that was left out
	problems []error
	unread   int
}

func (p *parser) problem(line int, format string, args ...any) {
	if len(p.problems) >= maxProblems {
		p.unread++
		return
	}
	p.problems = append(p.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
}

func (p *parser) line(n int, line string) {
	p.skip = p.skip && !strings.HasPrefix(line, "# ")
	switch {
	case p.skip:
	case strings.TrimSpace(line) == "":
	case strings.HasPrefix(line, "## "):
		p.annotation(n, line[3:])
	case strings.HasPrefix(line, "# "):
		p.module(n, strings.Fields(line[2:]))
	default:
		p.pack(n, strings.TrimSpace(line))
	}
}

// annotation is a list of words on the module above, or on the file.
func (p *parser) annotation(n int, text string) {
	for word := range strings.SplitSeq(text, ";") {
		word = strings.TrimSpace(word)
		version, isGo := strings.CutPrefix(word, "go ")
		switch {
		case word == "":
		case word == "workspace":
			p.list.Workspace = true
		case p.at == nil:
			p.problem(n, "%q belongs to no module", word)
		case word == "explicit":
			p.at.Explicit, p.at.AnnotationLine = true, n
		case isGo:
			p.at.Go, p.at.AnnotationLine = strings.TrimSpace(version), n
		default:
			p.problem(n, "the word %q on a module is not known", word)
		}
	}
}

// module reads "path [version] [=> path [version]]".
func (p *parser) module(n int, f []string) {
	p.at, p.skip = nil, true
	m := module.Version{}
	switch {
	case len(f) >= 2 && semver.IsValid(f[1]):
		m, f = module.Version{Path: f[0], Version: f[1]}, f[2:]
	case len(f) >= 2 && f[1] == "=>":
		m, f = module.Version{Path: f[0]}, f[1:]
	default:
		p.problem(n, "want a module and its version after #; what follows is left out")
		return
	}
	if err := module.CheckImportPath(m.Path); err != nil {
		p.problem(n, "%v; what follows is left out", err)
		return
	}
	p.at, p.skip = p.list.module(m, n), false
	switch {
	case len(f) == 0:
	case len(f) == 2 && f[0] == "=>":
		p.at.Replace, p.at.ReplaceLine = module.Version{Path: f[1]}, n
	case len(f) == 3 && f[0] == "=>" && semver.IsValid(f[2]):
		p.at.Replace, p.at.ReplaceLine = module.Version{Path: f[1], Version: f[2]}, n
	default:
		p.problem(n, "the replacement of %s is not understood: want => path, or => path version", m)
	}
}

func (l *List) module(m module.Version, line int) *Module {
	one := l.byVersion[m]
	if one == nil {
		one = &Module{Version: m, Line: line}
		l.byVersion[m] = one
		l.Modules = append(l.Modules, one)
	}
	return one
}

// pack reads the name of a package.
func (p *parser) pack(n int, name string) {
	if p.at == nil || p.at.Version.Version == "" {
		p.problem(n, "the line belongs to no module")
		return
	}
	if err := module.CheckImportPath(name); err != nil {
		p.problem(n, "want the path of a package: %v", err)
		return
	}
	if len(p.at.Packages) == 0 {
		p.at.PackageLine = n
	}
	p.at.Packages = append(p.at.Packages, name)
	p.list.owner[name] = p.at
	// a module that provides a package is in the build list
	if v, ok := p.list.selected[p.at.Path]; !ok || semver.Compare(v, p.at.Version.Version) < 0 {
		p.list.selected[p.at.Path] = p.at.Version.Version
	}
}

// Owner gives the module that a package was taken from.
func (l *List) Owner(importPath string) (name string, ok bool) {
	if m := l.owner[importPath]; m != nil {
		return m.Path, true
	}
	return "", false
}

// Selected gives the version of a module that packages were taken from.
func (l *List) Selected(name string) (version string, ok bool) {
	version, ok = l.selected[name]
	return version, ok
}

// Find gives the entry of a version.
func (l *List) Find(m module.Version) *Module { return l.byVersion[m] }
