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
			r.Add(pydep.Need{Requirement: parsed, Line: v.Line(), Hint: true, Loose: true})
		}
	}
	build := uv.Get("extra-build-dependencies")
	for _, k := range build.Keys() {
		for _, v := range build.Get(k).Items() {
			if v.Is(tomllines.Table) {
				v = v.Get("requirement")
			}
			r.text(v, "build")
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
	for _, keys := range [][]string{{"tool", "pdm", "resolution", "overrides"}, {"tool", "pdm", "overrides"}} {
		table := r.doc.Get(keys...)
		for _, name := range table.Keys() {
			r.override(name, table.Get(name))
		}
	}
}

// override reads a version, a range or an address that PDM takes whatever else is
// required: like a constraint it adds to packages that others establish.
func (r *reader) override(name string, v *tomllines.Value) {
	n := pydep.Need{Line: v.Line(), Hint: true, Loose: true}
	switch text := strings.TrimSpace(v.Str()); {
	case strings.Contains(text, "://"):
		n.Name, n.URL = name, text
	case pep508.IsVersion(text):
		n.Name, n.Specifier = name, "=="+text
	default:
		parsed, err := pep508.Parse(name + " " + text)
		if err != nil || text == "" {
			r.Problem(v.Line(), "the override of %q is neither a version nor a range", name)
			return
		}
		n.Requirement = parsed
	}
	r.Add(n)
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
	if n.URL = at; !strings.Contains(at, "://") && !strings.HasPrefix(at, "{root") {
		n.URL, n.Folder = "", at
	}
	inProject(&n)
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
	build := r.doc.Get("tool", "hatch", "build")
	tables := []*tomllines.Value{build}
	for _, k := range []string{"hooks", "targets"} {
		for _, name := range build.Get(k).Keys() {
			t := build.Get(k, name)
			tables = append(tables, t)
			for _, hook := range t.Get("hooks").Keys() {
				tables = append(tables, t.Get("hooks", hook))
			}
		}
	}
	for _, t := range tables {
		for _, v := range t.Get("dependencies").Items() {
			r.text(v, "build")
		}
	}
}
