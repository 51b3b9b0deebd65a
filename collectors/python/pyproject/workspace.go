package pyproject

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the search for workspace members.
const (
	maxWildcards = 2
	maxMembers   = 200
	maxUp        = 8 // folders between a member and the root of its workspace
)

// member is one project of a workspace.
type member struct {
	dir  string
	line int
}

// members finds the projects that a table of a workspace in dir names, as
// https://docs.astral.sh/uv/concepts/projects/workspaces/ says.
func (r *reader) members(dir string, workspace *tomllines.Value) (list []member) {
	var out []string
	for _, x := range workspace.Get("exclude").Strs() {
		if pattern := path.Join(dir, x); fs.ValidPath(pattern) && wildcards(pattern) <= maxWildcards {
			names, _ := fs.Glob(r.file.FS, pattern)
			out = append(out, names...)
		}
	}
	for _, m := range workspace.Get("members").Items() {
		pattern := path.Join(dir, m.Str(), "pyproject.toml")
		switch {
		case m.Str() == "" || !fs.ValidPath(pattern):
			r.Finding(sbom.RulePathEscape, m.Line(), "the workspace member %.100q is outside of the tree", m.Str())
			continue
		case wildcards(pattern) > maxWildcards:
			r.Problem(m.Line(), "the pattern %.100q of workspace members is too wide and not followed", m.Str())
			continue
		}
		names, err := fs.Glob(r.file.FS, pattern)
		if err != nil {
			r.Problem(m.Line(), "the pattern %.100q of workspace members: %v", m.Str(), err)
		}
		for _, name := range names {
			at := path.Dir(name)
			if at == dir || slices.Contains(out, at) || slices.ContainsFunc(list, func(o member) bool { return o.dir == at }) {
				continue
			}
			if len(list) == maxMembers {
				r.Problem(m.Line(), "the workspace has more than %d members; the rest is left out", maxMembers)
				return list
			}
			list = append(list, member{at, m.Line()})
		}
	}
	return list
}

func wildcards(pattern string) int {
	if strings.Contains(pattern, "**") {
		return maxWildcards + 1
	}
	return strings.Count(pattern, "*") + strings.Count(pattern, "?") + strings.Count(pattern, "[")
}

// named finds the member of this project's workspace that has the name, and
// gives its folder; "" for none.
func (r *reader) named(name string) string {
	if r.byName == nil {
		r.byName = map[string]string{}
		r.findWorkspace()
	}
	return r.byName[pep508.Normalize(name)]
}

func (r *reader) findWorkspace() {
	dir := path.Dir(r.file.Path)
	for range maxUp {
		doc := r.doc
		if dir != path.Dir(r.file.Path) {
			doc, _ = tomllines.Parse(r.read(path.Join(dir, "pyproject.toml")))
		}
		if w := doc.Get("tool", "uv", "workspace"); w != nil {
			list := r.own
			if doc != r.doc {
				list = r.members(dir, w)
			}
			for _, m := range append(slices.Clip(list), member{dir: dir}) {
				other, _ := tomllines.Parse(r.read(m.dir + "/pyproject.toml"))
				if n := other.Get("project", "name").Str(); n != "" && r.byName[pep508.Normalize(n)] == "" {
					r.byName[pep508.Normalize(n)] = m.dir
				}
			}
			return
		}
		if dir == "." {
			return
		}
		dir = path.Dir(dir)
	}
}

// workspace is that of a root above this project.
type workspace struct{ sources *tomllines.Value }

// inherited gives what the root of the workspace says of where a package is taken
// from: it holds for every member that does not say so itself. Paths, which are
// relative to the root, are left to the root.
func (r *reader) inherited(name string) (list []*tomllines.Value) {
	if r.root == nil {
		r.root = &workspace{}
		r.findRoot()
	}
	for _, k := range r.root.sources.Keys() {
		if pep508.Normalize(k) != pep508.Normalize(name) {
			continue
		}
		all := []*tomllines.Value{r.root.sources.Get(k)}
		if all[0].Is(tomllines.Array) {
			all = all[0].Items()
		}
		for _, v := range all {
			if v.Get("path") == nil && v.Get("index") == nil {
				list = append(list, v)
			}
		}
	}
	return list
}

func (r *reader) findRoot() {
	home := path.Dir(r.file.Path)
	if r.doc.Get("tool", "uv", "workspace") != nil {
		return // a root itself
	}
	for dir, up := home, 0; dir != "." && up < maxUp; up++ {
		dir = path.Dir(dir)
		doc, _ := tomllines.Parse(r.read(path.Join(dir, "pyproject.toml")))
		w := doc.Get("tool", "uv", "workspace")
		if w == nil {
			continue
		}
		probe := &reader{Manifest: pydep.New(r.file), file: r.file} // what is wrong with the root is told there
		if slices.ContainsFunc(probe.members(dir, w), func(m member) bool { return m.dir == home }) {
			r.root.sources = doc.Get("tool", "uv", "sources")
		}
		return
	}
}
