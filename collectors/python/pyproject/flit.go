package pyproject

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// flitMetadata reads the table that Flit had before PEP 621:
// https://flit.pypa.io/en/stable/pyproject_toml.html#old-style-metadata.
func (r *reader) flitMetadata() {
	m := r.doc.Get("tool", "flit", "metadata")
	if !m.Is(tomllines.Table) {
		return
	}
	name := m.Get("dist-name")
	if name.Str() == "" {
		name = m.Get("module")
	}
	r.set("name", &r.App.Name, name)
	r.set("package.requiresPython", &r.App.Package.RequiresPython, m.Get("requires-python"))
	r.license(m.Get("license"))
	r.keywordList(m.Get("keywords"))
	for _, who := range []string{"author", "maintainer"} {
		party := sbom.Party{Name: m.Get(who).Str(), Email: m.Get(who + "-email").Str()}
		if party != (sbom.Party{}) {
			r.App.Authors = append(r.App.Authors, party)
			r.at("authors", m.Get(who))
		}
	}
	r.url("homepage", m.Get("home-page"))
	r.urls(m.Get("urls"))
	r.classifiers(m.Get("classifiers"))
	r.version(m)
}

// keywordList reads keywords that commas separate.
func (r *reader) keywordList(v *tomllines.Value) {
	if v.Str() == "" {
		return
	}
	for k := range strings.SplitSeq(v.Str(), ",") {
		if k = strings.TrimSpace(k); k != "" {
			r.App.Tags = append(r.App.Tags, k)
		}
	}
	r.at("tags", v)
}

func (r *reader) flitRequirements() {
	m := r.doc.Get("tool", "flit", "metadata")
	for _, v := range m.Get("requires").Items() {
		r.text(v, "main")
	}
	for _, v := range m.Get("dev-requires").Items() {
		r.text(v, "dev")
	}
	extras := m.Get("requires-extra")
	for _, k := range extras.Keys() {
		for _, v := range extras.Get(k).Items() {
			r.text(v, pylock.ExtraLabel(k))
		}
	}
}

// flitModule names the files that hold the version of a project that Flit builds.
func (r *reader) flitModule(v *tomllines.Value) []literal {
	module := strings.ReplaceAll(strings.TrimSpace(r.App.Name), "-", "_")
	for _, keys := range [][]string{{"tool", "flit", "module", "name"}, {"tool", "flit", "metadata", "module"}} {
		if m := r.doc.Get(keys...).Str(); m != "" {
			module = strings.ReplaceAll(m, ".", "/")
		}
	}
	if module == "" {
		return nil
	}
	return []literal{{v, path.Join(module, "__init__.py"), usual}, {v, path.Join("src", module, "__init__.py"), usual}, {v, module + ".py", usual}, {v, path.Join("src", module) + ".py", usual}}
}
