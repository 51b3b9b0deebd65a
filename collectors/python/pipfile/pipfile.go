// Package pipfile reads Pipfile, the manifest of Pipenv, after its documentation
// (https://pipenv.pypa.io/en/latest/pipfile.html) and the source of Pipenv and
// plette (https://github.com/sarugaku/plette).
//
// A package of [packages] is for "main", one of [dev-packages] for "dev"; every
// other table is a category of the user's own. A range is PEP 440's, "*" is any
// version, and a version is exact where "==" says so. What is taken from a
// repository, a URL or a folder is not the package of that name in an index.
//
// Not understood: scripts are kept and never read; variables of the environment
// in addresses stay as they are written.
package pipfile

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Pipfile.
var Collector = sbom.Collector{
	Name: "python/pipfile",
	Doc: "Python manifests of Pipenv (Pipfile)\n\n" +
		"What a project requires by itself, by category, with ranges, markers, extras, indexes\n" +
		"and sources; the indexes, those without transport security; the version of Python.",
	Match:   []string{"Pipfile"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := tomllines.Parse(text)
	r := &reader{Manifest: pydep.New(f), indexes: map[string]string{}}
	r.App.Where.Line = 1
	r.sources(doc.Get("source"))
	for _, k := range doc.Keys() {
		switch v := doc.Get(k); k {
		case "source", "pipenv", "pipfile":
			r.settings(k, v)
		case "requires":
			r.requires(v)
		case "scripts":
			r.scripts(v)
		default:
			r.category(k, v)
		}
	}
	return r.Sightings(), errors.Join(append([]error{err, ctx.Err()}, r.Problems()...)...)
}

type reader struct {
	*pydep.Manifest
	indexes map[string]string // by name, without credentials
}

// sources reads the indexes.
func (r *reader) sources(list *tomllines.Value) {
	for _, s := range list.Items() {
		at := pylock.Clean(s.Get("url").Str())
		name := s.Get("name").Str()
		if at == "" {
			r.Problem(s.Line(), "the source %.50q has no usable url", name)
			continue
		}
		r.indexes[name] = at
		switch {
		case pylock.Plain(at):
			r.Finding(sbom.RuleInsecureIndex, s.Line(), "packages are taken from %s, without transport security", at)
		case s.Get("verify_ssl") != nil && !s.Get("verify_ssl").True():
			r.Finding(sbom.RuleInsecureIndex, s.Line(), "packages are taken from %s, whose certificate is not checked", at)
		}
		r.property(s.Line(), "source", strings.TrimSpace(name+" "+at))
	}
}

func (r *reader) property(line int, name, value string) {
	if value == "" {
		return
	}
	r.App.Properties = append(r.App.Properties, sbom.Property{Name: "mlbom:pipfile:" + name, Value: pylock.Redact(value)})
	if r.App.Lines["properties"] == 0 {
		r.App.Lines["properties"] = line
	}
}

// settings keeps what steers Pipenv.
func (r *reader) settings(table string, v *tomllines.Value) {
	if v.Is(tomllines.Array) {
		return
	}
	for _, k := range v.Keys() {
		r.property(v.Get(k).Line(), table+"."+k, v.Get(k).Compact())
	}
}

// requires reads the version of Python.
func (r *reader) requires(v *tomllines.Value) {
	app := &r.App
	for _, k := range v.Keys() {
		text := v.Get(k).Str()
		if k != "python_version" && k != "python_full_version" {
			r.property(v.Get(k).Line(), "requires."+k, v.Get(k).Compact())
			continue
		}
		if !pep508.IsVersion(text) {
			r.Problem(v.Get(k).Line(), "%s is no version: %.60q", k, text)
			continue
		}
		wanted := "==" + text
		if k == "python_version" {
			wanted += ".*"
		}
		if app.Package == nil {
			app.Package = &sbom.Package{}
		}
		if app.Package.RequiresPython == "" || k == "python_full_version" {
			app.Package.RequiresPython = wanted
			app.Lines["package.requiresPython"] = v.Get(k).Line()
		}
	}
}

func (r *reader) scripts(v *tomllines.Value) {
	for _, k := range v.Keys() {
		script := v.Get(k)
		text := script.Str()
		if script.Is(tomllines.Table) {
			text = script.Get("call").Str() + script.Get("cmd").Str()
		}
		r.property(script.Line(), "script."+k, text)
	}
}
