package gomanifest

import (
	"context"
	"io/fs"
	"path"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/gosource"
	"github.com/mlbom/mlbom/collectors/internal/govendor"
	"github.com/mlbom/mlbom/sbom"
)

// Code is where the source of modules may lie: the tree, with the vendor folder
// of the manifest, and the module cache.
type Code struct {
	Tree, Cache fs.FS
	Dir         string            // of the go.mod, or of the go.work
	Vendor      *govendor.List    // nil where there is no vendor folder
	Members     map[string]string // the folders of the modules of a workspace
}

// NewCode looks for a vendor folder beside the manifest; members are those of its
// workspace.
func NewCode(tree, cache fs.FS, dir string, members ...gograph.Main) Code {
	c := Code{Tree: tree, Cache: cache, Dir: dir, Members: map[string]string{}}
	for _, m := range members {
		c.Members[m.Path()] = m.Dir
	}
	f := sbom.NewFile(tree, path.Join(dir, "vendor", "modules.txt"))
	if text, err := f.Text(); err == nil {
		c.Vendor, _ = govendor.Parse(text) // its own collector tells what is wrong
	}
	return c
}

// Usage is what the imports of the main modules' own code say, and those of their
// dependencies where their source is at hand.
type Usage struct {
	gosource.Result
	code bool // the main modules have code that imports any
}

// Imports reads the code of main modules, and that of a build list.
func (c Code) Imports(ctx context.Context, mains []gograph.Main, list []module.Version, replaced func(module.Version) *gograph.Replacement) Usage {
	in := gosource.Input{}
	for _, m := range mains {
		in.Main = append(in.Main, c.main(m))
	}
	if c.Vendor != nil {
		in.Owner = c.Vendor.Owner
	}
	for _, m := range list {
		in.Deps = append(in.Deps, gosource.Module{Path: m.Path, Source: c.source(m, replaced(m))})
	}
	result, err := gosource.Analyze(ctx, in)
	if err != nil {
		return Usage{} // the collector tells of its context
	}
	u := Usage{Result: result}
	for _, use := range result.Uses {
		u.code = u.code || use.Main != nil || use.Test != nil
	}
	return u
}

// Code tells whether the main modules have code that imports any module.
func (u Usage) Code() bool { return u.code }

func (c Code) main(m gograph.Main) gosource.Main {
	main := gosource.Main{Module: gosource.Module{Path: m.Path(), Source: gosource.Source{FS: c.Tree, Dir: m.Dir}}}
	for _, t := range m.File.Tool {
		main.Tools = append(main.Tools, t.Path)
	}
	for _, i := range m.File.Ignore {
		main.Ignore = append(main.Ignore, i.Path)
	}
	return main
}

// source says where the code of a module lies; it has no FS for one that is not at hand.
func (c Code) source(m module.Version, rep *gograph.Replacement) gosource.Source {
	if folder, ok := c.Members[m.Path]; ok {
		return gosource.Source{FS: c.Tree, Dir: folder}
	}
	if c.Vendor != nil {
		if _, ok := c.Vendor.Selected(m.Path); ok {
			return gosource.Source{FS: c.Tree, Dir: path.Join(c.Dir, "vendor", m.Path)}
		}
		return gosource.Source{}
	}
	if rep != nil {
		if m = rep.New; m.Version == "" {
			folder, ok := gograph.Inside(rep.Dir, m.Path)
			if !ok {
				return gosource.Source{}
			}
			return gosource.Source{FS: c.Tree, Dir: folder}
		}
	}
	return c.cached(m)
}

// cached gives a module as it lies unpacked in the module cache.
func (c Code) cached(m module.Version) gosource.Source {
	if c.Cache == nil {
		return gosource.Source{}
	}
	name, err := module.EscapePath(m.Path)
	if err != nil {
		return gosource.Source{}
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil {
		return gosource.Source{}
	}
	dir := name + "@" + version
	if info, err := fs.Stat(c.Cache, dir); err != nil || !info.IsDir() {
		return gosource.Source{}
	}
	return gosource.Source{FS: c.Cache, Dir: dir}
}

// Group corrects what the manifest says a module is needed for by what the imports
// say. Without the source of all that could import it a module that was seen in tests
// only may be needed for more: then it is "indirect", for what may be there at
// run time must not be called a test's. Where there is no code, as in a module that
// only names tools, the manifest's word stands.
func (u Usage) Group(s *sbom.Sighting, name string) {
	use, ok := u.Uses[name]
	if !ok || s.Package == nil {
		return
	}
	found := use.Groups()
	switch {
	case !u.code && use.Tool != nil && slices.Equal(s.Package.Groups, []string{"indirect"}):
		s.Package.Groups = found
	case !u.code || len(found) == 0 && !use.Sure:
		return
	case len(found) == 0:
		s.Package.Groups = []string{"unused"}
	case use.Main == nil && !use.Sure && use.Tool != nil:
		return
	case use.Main == nil && !use.Sure:
		s.Package.Groups = []string{"indirect"}
	default:
		s.Package.Groups = found
	}
	delete(s.Lines, "package.groups")
	if marker := use.Marker(); marker != "" && use.Sure {
		s.Package.Markers = []string{marker}
	}
}

// Local makes a finding of a module that a folder stands in for, where the
// statement is one of the list.
func Local(to Instead, list []*modfile.Replace) []sbom.Finding {
	if to.By == nil || to.By.New.Version != "" || !slices.Contains(list, to.By.Replace) {
		return nil
	}
	return []sbom.Finding{{
		Rule:    sbom.RuleLocalReplace,
		Message: to.By.Old.String() + " is taken from the folder " + to.By.New.Path,
		Where:   sbom.Place{Line: to.By.Syntax.Start.Line},
	}}
}

// Statement is the line of a replacement where it is one of the list; else 0.
func Statement(to Instead, list []*modfile.Replace) int {
	if to.By == nil || !slices.Contains(list, to.By.Replace) {
		return 0
	}
	return to.By.Syntax.Start.Line
}

// ReplacedLines tells at which statement a module was replaced.
func ReplacedLines(s *sbom.Sighting, to Instead, list []*modfile.Replace) {
	at := Statement(to, list)
	if at == 0 {
		return
	}
	fields := []string{"name", "version", "properties"}
	if to.By.New.Version == "" {
		fields = []string{"properties", "package.source.type", "package.source.url"}
	}
	if s.Lines == nil {
		s.Lines = map[string]int{}
	}
	for _, field := range fields {
		s.Lines[field] = at
	}
}
