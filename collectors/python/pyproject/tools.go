package pyproject

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// uv reads https://docs.astral.sh/uv/reference/settings/.
func (r *reader) uv() {
	uv := r.doc.Get("tool", "uv")
	for _, v := range uv.Get("dev-dependencies").Items() {
		r.text(v, "dev")
	}
	for _, k := range []string{"constraint-dependencies", "override-dependencies", "build-constraint-dependencies"} {
		for _, v := range uv.Get(k).Items() {
			parsed, err := pep508.Parse(v.Str())
			if err != nil {
				r.Problem(v.Line(), "%.100q is no requirement: %v", v.Str(), err)
				continue
			}
			r.Add(pydep.Need{Requirement: parsed, Line: v.Line(), Hint: true})
		}
	}
	for _, m := range r.own {
		to := sbom.Component{Kind: sbom.KindApplication, Name: path.Base(m.dir), Keys: sbom.Keys{Path: sbom.Project(m.dir+"/pyproject.toml", "python")}}
		r.App.Links = append(r.App.Links, sbom.Link{Rel: sbom.Contains, To: to, Note: "workspace member", Line: m.line})
	}
}

// pdm reads https://pdm-project.org/latest/reference/pep621/.
func (r *reader) pdm() {
	groups := r.doc.Get("tool", "pdm", "dev-dependencies")
	for _, g := range groups.Keys() {
		for _, v := range groups.Get(g).Items() {
			r.editable(v, pylock.GroupLabel(g))
		}
	}
}

// editable reads a requirement that PDM may write with "-e" and an address.
func (r *reader) editable(v *tomllines.Value, groups ...string) {
	at, found := strings.CutPrefix(v.Str(), "-e ")
	if !found {
		r.text(v, groups...)
		return
	}
	n := pydep.Need{Line: v.Line(), Groups: groups, Editable: true}
	at = strings.TrimSpace(at)
	if folder, local := strings.CutPrefix(at, "file:///${PROJECT_ROOT}"); local {
		folder, _, _ = strings.Cut(folder, "#")
		n.Folder = "." + folder
	} else if n.URL = at; !strings.Contains(at, "://") {
		n.URL, n.Folder = "", at
	}
	r.Add(n)
}

// hatch reads https://hatch.pypa.io/latest/config/environment/overview/.
func (r *reader) hatch() {
	envs := r.doc.Get("tool", "hatch", "envs")
	for _, name := range envs.Keys() {
		for _, k := range []string{"dependencies", "extra-dependencies"} {
			for _, v := range envs.Get(name, k).Items() {
				r.text(v, "env:"+name)
			}
		}
	}
	hooks := r.doc.Get("tool", "hatch", "build")
	for _, v := range hooks.Get("dependencies").Items() {
		r.text(v, "build")
	}
}
