package gomod

import (
	"io/fs"
	"path"
	"slices"

	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/gosource"
	"github.com/mlbom/mlbom/collectors/internal/govendor"
	"github.com/mlbom/mlbom/sbom"
)

// usage is what the imports of the module's own code say, and those of its
// dependencies where their source is at hand.
type usage struct {
	gosource.Result
	code bool // the module has code that imports any
}

// imports reads the code: the module's own below its folder, that of the build
// list in the vendor folder, in replacements in the tree or in the module cache.
func (r *reader) imports(list []module.Version, replaced func(module.Version) *gograph.Replacement) usage {
	main := gosource.Main{Module: gosource.Module{Path: r.app.Name, Source: gosource.Source{FS: r.FS, Dir: r.dir}}}
	for _, t := range r.mod.Tool {
		main.Tools = append(main.Tools, t.Path)
	}
	for _, i := range r.mod.Ignore {
		main.Ignore = append(main.Ignore, i.Path)
	}
	in := gosource.Input{Main: []gosource.Main{main}}
	if r.vendor != nil {
		in.Owner = r.vendor.Owner
	}
	for _, m := range list {
		in.Deps = append(in.Deps, gosource.Module{Path: m.Path, Source: r.source(m, replaced(m))})
	}
	result, err := gosource.Analyze(r.ctx, in)
	if err != nil {
		return usage{} // the context is told once
	}
	r.problems = append(r.problems, result.Problems...)
	u := usage{Result: result}
	for _, use := range result.Uses {
		u.code = u.code || use.Main != nil || use.Test != nil
	}
	return u
}

// source says where the code of a module lies; it has no FS for one that is not at hand.
func (r *reader) source(m module.Version, rep *gograph.Replacement) gosource.Source {
	if r.vendor != nil {
		if _, ok := r.vendor.Selected(m.Path); ok {
			return gosource.Source{FS: r.FS, Dir: path.Join(r.dir, "vendor", m.Path)}
		}
		return gosource.Source{}
	}
	if rep != nil {
		if m = rep.New; m.Version == "" {
			folder, ok := gograph.Inside(rep.Dir, m.Path)
			if !ok {
				return gosource.Source{}
			}
			return gosource.Source{FS: r.FS, Dir: folder}
		}
	}
	return r.cached(m)
}

// cached gives a module as it lies unpacked in the module cache.
func (r *reader) cached(m module.Version) gosource.Source {
	if r.cache == nil {
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
	if info, err := fs.Stat(r.cache, dir); err != nil || !info.IsDir() {
		return gosource.Source{}
	}
	return gosource.Source{FS: r.cache, Dir: dir}
}

// readVendor reads the list of the vendor folder, where there is one.
func (r *reader) readVendor() {
	f := sbom.NewFile(r.FS, path.Join(r.dir, "vendor", "modules.txt"))
	if text, err := f.Text(); err == nil {
		r.vendor, _ = govendor.Parse(text) // its own collector tells what is wrong
	}
}

// group corrects what the manifest says a module is needed for by what the imports
// say. Without the source of all that could import it a module may also be needed
// where it was not seen: then "indirect" stands beside what was. Where there is no
// code, as in a module that only names tools, the manifest's word stands.
func (u usage) group(s *sbom.Sighting, name string) {
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
	case use.Main == nil && !use.Sure:
		s.Package.Groups = slices.Sorted(slices.Values(append(found, "indirect")))
	default:
		s.Package.Groups = found
	}
	delete(s.Lines, "package.groups")
	if marker := use.Marker(); marker != "" && use.Sure {
		s.Package.Markers = []string{marker}
	}
}
