package gobinary

import (
	"fmt"
	"path"
	"runtime/debug"
	"strings"

	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/golicense"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what a program may say.
const (
	maxModules  = 20_000
	maxSettings = 200
	maxValue    = 16 << 10 // bytes of one setting
	maxProblems = 20
)

// replacesProperty names, on a component, what it stands in for; it is the same
// that go.mod's collector uses.
const replacesProperty = "mlbom:replaces"

// program puts together what a file says; a universal binary says it several times.
type program struct {
	f        *sbom.File
	file     sbom.Sighting
	app      sbom.Sighting
	more     []sbom.Sighting
	seen     map[string]bool // what the program is linked from
	problems []error
}

func (p *program) problem(format string, args ...any) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, &sbom.Problem{Reason: fmt.Sprintf(format, args...)})
	}
}

func (p *program) sightings() []sbom.Sighting {
	if p.app.Kind == "" {
		return []sbom.Sighting{p.file}
	}
	return append([]sbom.Sighting{p.file, p.app}, p.more...)
}

// add takes in what one program says.
func (p *program) add(info *debug.BuildInfo) {
	if p.seen == nil {
		p.seen = map[string]bool{}
		p.begin(info)
	}
	p.standard(info.GoVersion)
	if info.Path == "" && info.Main.Path == "" && len(info.Deps) == 0 {
		p.app.Package.Dependencies = "unknown"
		p.problem("the Go program was built without modules: what it is made of is not in it")
		return
	}
	if info.Main.Path != "" {
		p.module(&info.Main, "main module")
	}
	for i, m := range info.Deps {
		if i >= maxModules {
			p.problem("the program names more than %d modules; the rest is left out", maxModules)
			break
		}
		p.module(m, "")
	}
	p.settings(info)
}

// begin makes the application.
func (p *program) begin(info *debug.BuildInfo) {
	p.app = sbom.Sighting{
		Component: sbom.Component{
			Kind:    sbom.KindApplication,
			Keys:    p.file.Keys,
			Name:    nameOf(info, p.f.Path),
			Version: known(info.Main.Version),
			Package: &sbom.Package{GoVersion: releaseOf(info.GoVersion), Dependencies: "complete"},
		},
		Links: []sbom.Link{{
			Rel:  sbom.Contains,
			To:   sbom.Component{Kind: sbom.KindFile, Keys: p.file.Keys, Name: p.file.Name},
			Note: sbom.Assembly,
		}},
		Basis: sbom.Observed,
	}
}

// nameOf gives the package path of the program, for which file names are no
// match; one that was built from single files has none.
func nameOf(info *debug.BuildInfo, file string) string {
	if err := module.CheckImportPath(info.Path); err != nil || info.Path == "command-line-arguments" {
		return path.Base(file)
	}
	return info.Path
}

// stdlib is the name by which vulnerability databases know the standard library.
const stdlib = "stdlib"

// standard is the Go release in the program.
func (p *program) standard(toolchain string) {
	v := releaseOf(toolchain)
	if v == "" || v != strings.TrimPrefix(toolchain, "go") {
		p.property("toolchain", toolchain)
	}
	s := sbom.Sighting{
		Component: sbom.Component{
			Kind:    sbom.KindLibrary,
			Keys:    sbom.Keys{PURL: sbom.GoStdlib(v)},
			Name:    stdlib,
			Version: v,
			Package: &sbom.Package{Groups: []string{"main"}},
			// all releases of Go are under it; the program itself does not say
			Licenses: []sbom.License{{ID: "BSD-3-Clause", Concluded: true}},
		},
		Basis: sbom.Observed,
	}
	p.library(s, "")
}

// library adds what the program is linked from, once.
func (p *program) library(s sbom.Sighting, note string) {
	key := s.Name + "@" + s.Version
	if p.seen[key] {
		return
	}
	p.seen[key] = true
	to := sbom.Component{Kind: s.Kind, Keys: s.Keys, Name: s.Name}
	if s.Name != stdlib {
		// said in the mention, where it contradicts nothing that a lock knows
		to.Package = &sbom.Package{Dependencies: "unknown"}
	}
	p.app.Links = append(p.app.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: note})
	p.more = append(p.more, s)
}

// module is one module of the build list.
func (p *program) module(m *debug.Module, note string) {
	s := sbom.Sighting{
		Component: sbom.Component{
			Kind:    sbom.KindLibrary,
			Name:    m.Path,
			Version: known(m.Version),
			Package: &sbom.Package{Groups: []string{"main"}},
		},
		Basis: sbom.Observed,
	}
	sum := m.Sum
	if r := m.Replace; r != nil {
		s.Properties = []sbom.Property{{Name: replacesProperty, Value: versioned(m.Path, known(m.Version))}}
		s.Version, sum = "", r.Sum
		if local(r) {
			s.Package.Source = sbom.Source{Type: "path", URL: r.Path}
			s.Findings = []sbom.Finding{{
				Rule:    sbom.RuleLocalReplace,
				Message: fmt.Sprintf("%s was built from the folder %.200s, so no version says what is in the program", m.Path, r.Path),
			}}
		} else {
			s.Name, s.Version = r.Path, known(r.Version)
		}
	}
	if err := module.CheckImportPath(s.Name); err != nil {
		p.problem("a module of the program has no valid path: %.200q; it is left out", s.Name)
		return
	}
	s.Keys.PURL = sbom.GoModule(s.Name, s.Version) // "" for a name that is no address, such as "app"
	if s.Keys.PURL == "" && note != "" {
		return // the application stands for its own module
	}
	if integrity.MatchString(sum) {
		s.Package.Integrity = []string{sum}
	}
	if cache := p.f.Caches[sbom.GoModules]; cache != nil && s.Version != "" {
		found, err := golicense.Cached(cache, s.Name, s.Version)
		if err != nil {
			p.problem("the licence of %s %s cannot be read in the module cache: %v", s.Name, s.Version, err)
		}
		s.Licenses, s.Copyright = found.Licenses, found.Copyright
	}
	p.library(s, note)
}

var integrity = pattern.Lazy(`^h1:[A-Za-z0-9+/]{43}=$`)

// local tells whether a replacement is a folder: it has no version.
func local(r *debug.Module) bool {
	return known(r.Version) == "" || strings.HasPrefix(r.Path, ".") || strings.HasPrefix(r.Path, "/") || strings.Contains(r.Path, `\`)
}

func versioned(name, version string) string {
	if version == "" {
		return name
	}
	return name + "@" + version
}
