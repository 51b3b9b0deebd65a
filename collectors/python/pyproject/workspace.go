package pyproject

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
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
