package installed

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the packages of one folder.
const (
	maxVersions = 4   // of one package, of which all but one are stale
	maxRead     = 300 // packages whose metadata is read for one that requires them
)

// sections reads the requirements of an egg, which stand beside its PKG-INFO.
func (r *reader) sections(s *sbom.Sighting) []pymeta.Requirement {
	list, extras, problems := pymeta.Sections(r.beside("requires.txt"))
	for _, x := range extras {
		pymeta.Note(s, "provides-extra", x)
	}
	for _, p := range problems {
		if q, ok := p.(*sbom.Problem); ok {
			r.problem("requires.txt: " + q.Error())
		}
	}
	for i := range list { // lines of another file
		list[i].Line = 0
	}
	return list
}

// links ties the package to those that it requires.
func (r *reader) links(s *sbom.Sighting, requires []pymeta.Requirement) {
	if len(requires) == 0 {
		return
	}
	own := pylock.Normalize(s.Name)
	wanted := map[string]bool{}
	for _, q := range requires {
		wanted[pylock.Normalize(q.Name)] = true
	}
	beside := r.siblings(wanted)
	known := map[string][]sbom.Component{}
	for _, q := range requires {
		name := pylock.Normalize(q.Name)
		if name == own {
			continue // itself, with its extras
		}
		list, ok := known[name]
		if !ok {
			for _, dir := range beside[name] {
				if c, ok := r.sibling(dir); ok {
					list = append(list, c)
				}
			}
			known[name] = list
		}
		for _, to := range list {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: q.Note(), Line: q.Line})
		}
		switch {
		case len(list) > 0:
		case q.Marker != "" || q.URL != "":
			pymeta.Note(s, "requires", q.Text())
		default:
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: q.Mention(), Note: q.Note(), Line: q.Line})
		}
	}
}

// sibling gives the package of a folder of metadata; after many of them by the name
// of the folder alone.
func (r *reader) sibling(dir string) (sbom.Component, bool) {
	if r.read++; r.read <= maxRead {
		return packageAt(r.file.FS, dir)
	}
	m := folderName.FindStringSubmatch(path.Base(dir))
	if m == nil {
		return sbom.Component{}, false
	}
	c := sbom.Component{Kind: sbom.KindLibrary, Name: m[1], Version: m[2], Keys: indexKeys(m[1], m[2])}
	return c, c.Keys != (sbom.Keys{})
}

var folderName = pattern.Lazy(`^(.+?)(?:-([^-]+))?(?:-py[0-9.]+)?\.(?:dist|egg)-info$`)

// siblings are the wanted ones of the packages that Python finds where it finds
// this one, by name: those beside it, and those of the environment for what a
// package has vendored.
func (r *reader) siblings(wanted map[string]bool) map[string][]string {
	dir := path.Dir(r.file.Path)
	if r.folder != "" {
		dir = path.Dir(r.folder)
	}
	found := packagesIn(r.file.FS, dir, wanted)
	if i := strings.LastIndex("/"+dir+"/", "-packages/"); i >= 0 && !strings.HasSuffix(dir, "-packages") {
		for name, list := range packagesIn(r.file.FS, dir[:i+len("-packages")-1], wanted) {
			if found[name] == nil {
				found[name] = list
			}
		}
	}
	return found
}

// packagesIn looks for folders of metadata; no name of a package in them has a dash.
func packagesIn(fsys fs.FS, dir string, wanted map[string]bool) map[string][]string {
	found := map[string][]string{}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil && len(entries) == 0 {
		return found
	}
	for _, e := range entries {
		name := e.Name()
		of, isDist := strings.CutSuffix(name, ".dist-info")
		if !isDist {
			var isEgg bool
			if of, isEgg = strings.CutSuffix(name, ".egg-info"); !isEgg {
				continue
			}
		}
		of, _, _ = strings.Cut(of, "-")
		if key := pylock.Normalize(of); wanted[key] && len(found[key]) < maxVersions {
			found[key] = append(found[key], path.Join(dir, name))
		}
	}
	return found
}

// link reads NAME.egg-link, which is how "setup.py develop" installs a folder.
func link(f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path))
	if strings.TrimSpace(text) == "" || sbom.PyPI(pylock.Normalize(name), "") == "" {
		return nil, &sbom.Problem{Line: 1, Reason: "the link names no folder of a package"}
	}
	s := sbom.Sighting{Basis: sbom.Observed, Where: sbom.Place{Line: 1}}
	s.Kind, s.Name, s.Keys.Path = sbom.KindLibrary, name, f.Path
	s.Package = &sbom.Package{Editable: true, Source: sbom.Source{Type: "path"}, Dependencies: "unknown"}
	return []sbom.Sighting{s}, nil
}
