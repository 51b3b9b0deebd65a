package gomod

import (
	"path"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/sbom"
)

// ReplacesProperty names, on a component, what it stands in for.
const ReplacesProperty = "mlbom:replaces"

// requirements makes a library of each requirement and links the application
// to it.
func (r *reader) requirements() {
	tools := r.tools()
	replaced := r.replacements()
	for _, q := range r.mod.Require {
		line := q.Syntax.Start.Line
		if err := module.CheckImportPath(q.Mod.Path); err != nil {
			r.problem(line, "require: %v; the statement is left out", err)
			continue
		}
		s := sbom.Sighting{
			Component: library(q.Mod),
			Basis:     sbom.Declared,
			Where:     sbom.Place{Line: line},
			Lines:     map[string]int{},
		}
		groups, note := groupsOf(q, tools[q.Mod.Path])
		s.Package = &sbom.Package{Groups: groups}
		if t := tools[q.Mod.Path]; t != nil {
			s.Lines["package.groups"] = t.Syntax.Start.Line
		}
		link := sbom.Link{Rel: sbom.DependsOn, Note: note, Line: line}
		if rep := replaced.of(q.Mod); rep != nil && !r.replace(&s, &link, rep) {
			r.app.Links = append(r.app.Links, link)
			continue
		}
		link.To = sbom.Component{Kind: s.Kind, Keys: s.Keys, Name: s.Name}
		r.app.Links = append(r.app.Links, link)
		r.more = append(r.more, s)
	}
	r.idle(replaced)
}

func library(m module.Version) sbom.Component {
	return sbom.Component{
		Kind:    sbom.KindLibrary,
		Keys:    sbom.Keys{PURL: sbom.GoModule(m.Path, m.Version)},
		Name:    m.Path,
		Version: m.Version,
	}
}

// groupsOf says on what a requirement is needed for. The go command marks a
// module that only a tool needs as indirect; "tool" says more.
func groupsOf(q *modfile.Require, tool *modfile.Tool) (groups []string, note string) {
	switch {
	case tool != nil && q.Indirect:
		return []string{"tool"}, "tool"
	case tool != nil:
		return []string{"main", "tool"}, ""
	case q.Indirect:
		return []string{"indirect"}, "indirect"
	}
	return []string{"main"}, ""
}

// tools maps the path of each required module to the first tool it provides. A
// tool is named by its package: the longest module path above it provides it.
func (r *reader) tools() map[string]*modfile.Tool {
	required := map[string]bool{}
	for _, q := range r.mod.Require {
		required[q.Mod.Path] = true
	}
	if r.mod.Module != nil {
		required[r.mod.Module.Mod.Path] = true
	}
	tools := map[string]*modfile.Tool{}
	for _, t := range r.mod.Tool {
		p := t.Path
		for p != "." && p != "/" && !required[p] {
			p = path.Dir(p)
		}
		if tools[p] == nil {
			tools[p] = t
		}
	}
	return tools
}

// replacements knows the replace statements by what they replace.
type replacements struct {
	by   map[module.Version]*modfile.Replace
	used map[*modfile.Replace]bool
}

func (r *reader) replacements() replacements {
	reps := replacements{map[module.Version]*modfile.Replace{}, map[*modfile.Replace]bool{}}
	for _, rep := range r.mod.Replace {
		reps.by[rep.Old] = rep
	}
	return reps
}

// of finds the statement for a requirement: the one for its version goes before
// the one for all versions.
func (reps replacements) of(m module.Version) *modfile.Replace {
	rep := reps.by[m]
	if rep == nil {
		rep = reps.by[module.Version{Path: m.Path}]
	}
	if rep != nil {
		reps.used[rep] = true
	}
	return rep
}

// replace turns the sighting of a requirement into that of its replacement. It
// is false where the replacement is a project of the tree: then the link leads
// there, and there is nothing more to see here.
func (r *reader) replace(s *sbom.Sighting, link *sbom.Link, rep *modfile.Replace) bool {
	line := rep.Syntax.Start.Line
	instead := sbom.Property{Name: ReplacesProperty, Value: versioned(s.Name, s.Version)}
	for _, field := range []string{"name", "version", "properties"} {
		s.Lines[field] = line
	}
	s.Properties = []sbom.Property{instead}
	if rep.New.Version != "" {
		if err := module.CheckImportPath(rep.New.Path); err == nil {
			c := library(rep.New)
			s.Keys, s.Name, s.Version = c.Keys, c.Name, c.Version
			return true
		}
	}
	source := sbom.Source{Type: "path", URL: rep.New.Path}
	if folder, ok := r.inside(rep.New.Path); ok {
		link.To = sbom.Component{
			Kind:    sbom.KindLibrary,
			Keys:    sbom.Keys{Path: sbom.Project(folder+"/go.mod", "go")},
			Name:    s.Name,
			Package: &sbom.Package{Groups: s.Package.Groups, Source: source},
		}
		return false
	}
	s.Keys.PURL, s.Version = sbom.GoModule(s.Name, ""), ""
	s.Package.Source = source
	delete(s.Lines, "version")
	delete(s.Lines, "name")
	s.Lines["package.source.type"], s.Lines["package.source.url"] = line, line
	return true
}

// inside gives the folder below the scan root that a local replacement names.
func (r *reader) inside(target string) (string, bool) {
	if path.IsAbs(target) || strings.ContainsAny(target, `\:`) {
		return "", false
	}
	folder := path.Join(path.Dir(r.file), target)
	return folder, folder != ".." && !strings.HasPrefix(folder, "../")
}

// idle keeps the replacements of what the manifest does not require itself.
func (r *reader) idle(reps replacements) {
	for _, rep := range r.mod.Replace {
		if !reps.used[rep] {
			r.property(rep.Syntax, "replace", versioned(rep.Old.Path, rep.Old.Version)+" => "+versioned(rep.New.Path, rep.New.Version))
		}
	}
}

func versioned(name, version string) string {
	if version == "" {
		return name
	}
	return name + "@" + version
}
