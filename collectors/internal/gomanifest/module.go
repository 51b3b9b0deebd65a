package gomanifest

import (
	"path"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// ReplacesProperty names, on a component, what it stands in for.
const ReplacesProperty = "mlbom:replaces"

// Property makes the name of a property of a Go project: a statement of its
// manifest that the vocabulary has no field for.
func Property(name string) string { return "mlbom:go:" + name }

// Key is the key of the Go project whose go.mod lies in a folder.
func Key(dir string) sbom.Keys { return sbom.Keys{Path: sbom.Project(path.Join(dir, "go.mod"), "go")} }

// WorkKey is the key of the workspace whose go.work lies in a folder.
func WorkKey(dir string) sbom.Keys {
	return sbom.Keys{Path: sbom.Project(path.Join(dir, "go.work"), sbom.GoWorkspace)}
}

// Unpacked tells whether a folder is that of a module in a module cache, or below
// it. Such a module is nobody's main module, and a cache has thousands.
func Unpacked(dir string) bool { return unpacked.MatchString(dir) }

var unpacked = pattern.Lazy(`(^|/)[^/]+@v[0-9]+\.[0-9]+\.[0-9]+[^/]*(/|$)`)

// Library is a module of a version.
func Library(m module.Version) sbom.Component {
	return sbom.Component{
		Kind:    sbom.KindLibrary,
		Keys:    sbom.Keys{PURL: sbom.GoModule(m.Path, m.Version)},
		Name:    m.Path,
		Version: m.Version,
	}
}

// Instead is what the build takes for a module.
type Instead struct {
	sbom.Component
	// Folder tells that it is the project in a folder of the tree.
	Folder bool
	// By is the statement; nil where the module itself is taken.
	By *gograph.Replacement
}

// Resolve gives what stands in for a module: the module itself, another one, the
// project in a folder of the tree, or the module from a folder elsewhere, whose
// version says nothing.
func Resolve(m module.Version, rep *gograph.Replacement) Instead {
	c := Library(m)
	if rep == nil {
		return Instead{Component: c}
	}
	if rep.New.Version != "" {
		if err := module.CheckImportPath(rep.New.Path); err == nil {
			c = Library(rep.New)
		}
		c.Properties = []sbom.Property{{Name: ReplacesProperty, Value: m.String()}}
		return Instead{Component: c, By: rep}
	}
	source := sbom.Source{Type: "path", URL: rep.New.Path}
	if folder, ok := gograph.Inside(rep.Dir, rep.New.Path); ok {
		return Instead{By: rep, Folder: true, Component: sbom.Component{
			Kind:    sbom.KindLibrary,
			Keys:    Key(folder),
			Name:    m.Path,
			Package: &sbom.Package{Source: source},
		}}
	}
	c.Keys.PURL, c.Version = sbom.GoModule(m.Path, ""), ""
	c.Properties = []sbom.Property{{Name: ReplacesProperty, Value: m.String()}}
	c.Package = &sbom.Package{Source: source}
	return Instead{Component: c, By: rep}
}

// Mention is the component as the far end of a link.
func (i Instead) Mention() sbom.Component {
	c := sbom.Component{Kind: i.Kind, Keys: i.Keys, Name: i.Name}
	if i.Folder {
		c.Package = i.Package
	}
	return c
}

// Replaced maps what the statements replace, for a manifest alone.
func Replaced(dir string, list []*modfile.Replace) func(module.Version) *gograph.Replacement {
	by := map[module.Version]*gograph.Replacement{}
	for _, r := range list {
		by[r.Old] = &gograph.Replacement{Dir: dir, Replace: r}
	}
	return func(m module.Version) *gograph.Replacement {
		if r := by[m]; r != nil {
			return r
		}
		return by[module.Version{Path: m.Path}]
	}
}

// Replace makes a statement that is not of a manifest; nil where nothing replaces
// the module.
func Replace(dir string, old, instead module.Version) *gograph.Replacement {
	if instead == (module.Version{}) {
		return nil
	}
	return &gograph.Replacement{Dir: dir, Replace: &modfile.Replace{Old: old, New: instead}}
}
