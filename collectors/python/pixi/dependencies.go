package pixi

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pytable"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// maxPackages bounds the packages of one manifest.
const maxPackages = 20_000

// tables reads the dependencies of a feature or an environment, and those that
// it has on a target alone.
func (r *reader) tables(t *tomllines.Value, group, target string, workspace *tomllines.Value) {
	for _, k := range []struct{ key, group string }{{"dependencies", group}, {"host-dependencies", group}, {"build-dependencies", "build"}} {
		list := t.Get(k.key)
		for _, name := range list.Keys() {
			r.spec(name, list.Get(name), []string{k.group}, target, workspace)
		}
	}
	for _, name := range t.Get("dev").Keys() { // source packages that are worked on
		if v := t.Get("dev", name); v.Is(tomllines.Table) {
			r.source(name, v, []string{"dev"}, target)
		}
	}
	for _, name := range t.Get("constraints").Keys() {
		r.constraint(name, t.Get("constraints", name), target)
	}
	for _, name := range t.Get("pypi-dependencies").Keys() {
		r.pypi(name, t.Get("pypi-dependencies", name), group, target)
	}
	r.options(t.Get("pypi-options"))
	if t != r.doc {
		r.channels(t.Get("channels"), "channels", group+": ")
	}
	if target != "" {
		return
	}
	for _, name := range t.Get("target").Keys() {
		r.tables(t.Get("target", name), group, name, workspace)
	}
}

// options judges the package indexes for PyPI's packages.
func (r *reader) options(t *tomllines.Value) {
	for _, k := range []string{"index-url", "extra-index-urls", "find-links"} {
		v := t.Get(k)
		list := v.Items()
		if v.Is(tomllines.String) {
			list = []*tomllines.Value{v}
		}
		for _, i := range list {
			at := i
			if i.Is(tomllines.Table) {
				at = i.Get("url")
			}
			pytable.Index(r.Manifest, at.Str(), i.Line())
			r.property("pypi-index", pylock.Clean(at.Str()), i.Line())
		}
	}
	pytable.Strategy(r.Manifest, t.Get("index-strategy"))
	overrides := t.Get("dependency-overrides")
	for _, name := range overrides.Keys() {
		n := pydep.Need{Line: overrides.Get(name).Line(), Hint: true}
		n.Name, n.Specifier = name, strings.TrimPrefix(overrides.Get(name).Str()+overrides.Get(name, "version").Str(), "*")
		r.Add(n)
	}
}

// pypi reads a package of PyPI: a range, or a table.
func (r *reader) pypi(name string, v *tomllines.Value, group, target string) {
	n := pydep.Need{Line: v.Line(), Groups: []string{group}}
	n.Name = name
	version := v.Str()
	if v.Is(tomllines.Table) {
		version = v.Get("version").Str()
		n.Extras = v.Get("extras").Strs()
		if m := v.Get("env-markers").Str(); m != "" {
			n.Marker = m
		}
		n = pytable.From(n, v, nil)
	}
	if version != "*" {
		n.Specifier = version
	}
	if n.Specifier != "" && pep508.CheckSpecifiers(n.Specifier) != nil {
		if exact := pep508.IsVersion(version); exact {
			n.Exact = version
		} else {
			r.Problem(v.Line(), "%.60q is no version specifier of %s", conda.Redact(n.Specifier), name)
			n.Specifier = ""
		}
	}
	if target != "" {
		n.Marker = strings.TrimPrefix(n.Marker+"; "+target, "; ")
	}
	if folder := path.Clean(n.Folder); n.Folder != "" && folder == "." {
		return // the project itself
	}
	r.Add(n)
}

// constraint adds a range to a package that others need.
func (r *reader) constraint(name string, v *tomllines.Value, target string) {
	got := sbom.Sighting{Basis: sbom.Declared, Hint: true, Where: sbom.Place{Line: v.Line()}}
	got.Kind, got.Name, got.Keys.PURL = conda.Kind(strings.ToLower(name)), strings.ToLower(name), sbom.Conda(name, "")
	text := v.Str() + v.Get("version").Str()
	if got.Keys.PURL == "" || text == "" {
		return
	}
	got.Package = &sbom.Package{Requirements: []string{text}}
	if target != "" {
		got.Package.Markers = []string{target}
	}
	r.conda = append(r.conda, got)
}

// text writes what a table asks for as a match specification.
func text(name string, v *tomllines.Value) string {
	if s := v.Str(); s != "" {
		if s == "*" {
			return name
		}
		return name + " " + s
	}
	var parts []string
	for _, k := range []string{"version", "build", "build-number", "channel", "subdir", "file-name", "license", "license-family", "md5", "sha256"} {
		if s := v.Get(k).Str(); s != "" && !(k == "version" && s == "*") {
			parts = append(parts, strings.ReplaceAll(k, "-", "_")+`="`+strings.ReplaceAll(s, `"`, `\"`)+`"`)
		}
	}
	if extras := v.Get("extras").Strs(); len(extras) > 0 {
		parts = append(parts, "extras=["+strings.Join(extras, ",")+"]")
	}
	if s := v.Get("when").Str(); s != "" {
		parts = append(parts, `when="`+strings.ReplaceAll(s, `"`, `\"`)+`"`)
	}
	if len(parts) == 0 {
		return name
	}
	return name + "[" + strings.Join(parts, ", ") + "]"
}

// spec reads a package of conda: a range, or a table.
func (r *reader) spec(name string, v *tomllines.Value, groups []string, target string, workspace *tomllines.Value) {
	line := v.Line()
	if strings.HasPrefix(name, "if(") { // dependencies by condition
		for _, inner := range v.Keys() {
			r.spec(inner, v.Get(inner), groups, name, workspace)
		}
		return
	}
	if sbom.Conda(name, "") == "" {
		r.Problem(line, "%.60q can be no name of a conda package", name)
		return
	}
	if v.Get("workspace").True() {
		if in := workspace.Get("dependencies", name); in != nil {
			v = in
		}
	}
	if v.Get("git") != nil || v.Get("path") != nil || v.Get("url") != nil {
		r.source(name, v, groups, target)
		return
	}
	s, err := conda.ParseSpec(text(name, v))
	if err != nil {
		r.Problem(line, "%.60q = %.60q is no specification of conda: %v", name, conda.Redact(v.Str()), err)
		return
	}
	if s.Virtual() {
		return
	}
	r.add(s, groups, target, line)
}

// add takes a package of conda in.
func (r *reader) add(s conda.Spec, groups []string, target string, line int) {
	if len(r.conda) >= maxPackages {
		if !r.full {
			r.full = true
			r.Problem(line, "more than %d packages; the rest is not read", maxPackages)
		}
		return
	}
	got := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: line}}
	got.Kind, got.Name, got.Version = conda.Kind(s.Name), s.Name, s.Exact()
	got.Keys.PURL = sbom.Conda(s.Name, got.Version)
	got.Package = &sbom.Package{Groups: groups, Extras: s.Extras, Integrity: s.Digests}
	note := s.Requirement
	if s.Requirement != "" {
		got.Package.Requirements = []string{s.Requirement}
	}
	for _, m := range []string{s.Marker, target} {
		if m != "" {
			got.Package.Markers = append(got.Package.Markers, m)
			note += "; " + m
		}
	}
	if at := conda.ChannelURL(s.Channel); at != "" {
		got.Package.Source = sbom.Source{Type: "registry", URL: at}
	}
	for _, p := range append([]conda.Pair{{Key: "build", Value: s.Build}, {Key: "subdir", Value: s.Subdir}}, s.Rest...) {
		if p.Value != "" {
			got.Properties = append(got.Properties, sbom.Property{Name: "mlbom:conda:" + p.Key, Value: p.Value})
		}
	}
	r.conda = append(r.conda, got)
	to := sbom.Component{Kind: got.Kind, Name: got.Name, Version: got.Version, Keys: got.Keys}
	r.App.Links = append(r.App.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.TrimSpace(strings.TrimPrefix(note, "; ")), Line: line})
}

// source reads a package that is taken from elsewhere than a channel.
func (r *reader) source(name string, v *tomllines.Value, groups []string, target string) {
	n := pytable.From(pydep.Need{Line: v.Line(), Groups: groups}, v, nil)
	if conda.IsArchive(v.Get("path").Str()) {
		r.Problem(v.Line(), "the package file %.200q is not looked into", v.Get("path").Str())
		return
	}
	n.Name = name
	n.Marker = target
	for _, alg := range []string{"sha256", "md5"} {
		if d := conda.Digest(alg + ":" + v.Get(alg).Str()); d != "" {
			n.Integrity = append(n.Integrity, d)
		}
	}
	if n.URL != "" {
		n.URL = conda.Clean(n.URL)
	}
	if n.Folder != "" && path.Clean(n.Folder) == "." {
		return // the package of this very manifest
	}
	r.Add(n)
}

// packaged reads the table "package": what the package needs to be built and to
// run, and what builds it.
func (r *reader) packaged(t *tomllines.Value) {
	for _, k := range []struct{ key, group string }{{"run-dependencies", "main"}, {"host-dependencies", "build"}, {"build-dependencies", "build"}} {
		for _, at := range append([]string{""}, t.Get("target").Keys()...) {
			list := t.Get(k.key)
			if at != "" {
				list = t.Get("target", at, k.key)
			}
			for _, name := range list.Keys() {
				r.spec(name, list.Get(name), []string{k.group}, at, r.doc.Get("workspace"))
			}
		}
	}
	extras := t.Get("extra-dependencies")
	for _, x := range extras.Keys() {
		for _, name := range extras.Get(x).Keys() {
			r.spec(name, extras.Get(x, name), []string{pylock.ExtraLabel(x)}, "", r.doc.Get("workspace"))
		}
	}
	build := t.Get("build")
	if b := build.Get("backend"); b.Get("name").Str() != "" {
		r.spec(b.Get("name").Str(), b, []string{"build"}, "", r.doc.Get("workspace"))
	}
	for _, at := range []*tomllines.Value{build.Get("additional-dependencies"), build.Get("backend", "additional-dependencies")} {
		for _, name := range at.Keys() {
			r.spec(name, at.Get(name), []string{"build"}, "", r.doc.Get("workspace"))
		}
	}
	r.channels(build.Get("channels"), "build-channels", "")
	r.channels(build.Get("backend", "channels"), "build-channels", "")
	if code := build.Get("source"); code.Get("git").Str() != "" {
		r.App.Refs = append(r.App.Refs, sbom.Ref{Type: "vcs", URL: pylock.Clean(code.Get("git").Str()), Comment: "the package is built from it"})
	}
}
