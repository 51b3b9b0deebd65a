package gograph

import (
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// excluded are the versions that no main module lets in.
func (in *Input) excluded() map[module.Version]bool {
	if in.exclude == nil {
		in.exclude = map[module.Version]bool{}
		for _, m := range in.Mains {
			for _, x := range m.File.Exclude {
				in.exclude[x.Mod] = true
			}
		}
	}
	return in.exclude
}

// Replacement is what stands in for a module.
type Replacement struct {
	Dir string // the folder of the file that says so
	*modfile.Replace
}

// Replacement finds the statement for a module: that of the workspace goes before
// those of its members, and that for its version before that for all versions.
func (in *Input) Replacement(m module.Version) *Replacement {
	if in.replace == nil {
		in.index()
	}
	if m.Version == "" && in.paths[m.Path] {
		return nil
	}
	for _, by := range in.replace {
		if r := by[m]; r != nil {
			return r
		}
		if r := by[module.Version{Path: m.Path}]; r != nil {
			return r
		}
	}
	return nil
}

func (in *Input) index() {
	add := func(dir string, list []*modfile.Replace) {
		by := map[module.Version]*Replacement{}
		for _, r := range list {
			by[r.Old] = &Replacement{dir, r}
		}
		in.replace = append(in.replace, by)
	}
	in.replace, in.paths = []map[module.Version]*Replacement{}, map[string]bool{}
	if in.Work != nil {
		add(in.Work.Dir, in.Work.File.Replace)
	}
	for _, m := range in.Mains {
		in.paths[m.Path()] = true
		add(m.Dir, m.File.Replace)
	}
}
