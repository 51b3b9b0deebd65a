// Package pylocktoml reads pylock.toml and pylock.NAME.toml, the lock files that
// all tools of Python share, after their specification
// (https://packaging.python.org/en/latest/specifications/pylock-toml/, PEP 751).
// Locks of version 1 are known; a later minor version is read and told.
//
// A package from an index, a repository or an archive is a library; a directory
// is the application of that folder, where its manifest joins it. What each
// package is for follows from its marker, as far as that speaks of extras and
// dependency groups: "main" is what is installed where nothing is asked for.
//
// The format does not name what the project itself requires. Where a
// pyproject.toml lies beside the lock and requires packages of it, these are the
// links of the project; else the links are inferred. Dependencies of packages are
// optional in the format: they are called complete only where every package has
// them. What PDM writes in its own table in their place is read.
//
// What breaks a rule of the specification is told, and read as far as it makes
// sense. Not understood: markers beyond extras and groups, which are kept and
// never evaluated; the tables of tools, which are kept as they stand.
package pylocktoml

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// Collector reads pylock.toml.
var Collector = sbom.Collector{
	Name: "python/pylocktoml",
	Doc: "Python lock files of PEP 751 (pylock.toml, pylock.NAME.toml)\n\n" +
		"Locked packages with versions, sources, files, sizes and digests of every algorithm,\n" +
		"the identities that attest them, the edges where the lock has them, and the groups\n" +
		"and extras that each is for. What breaks the specification is told.",
	Match:   []string{"pylock.toml", "pylock.*.toml"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := tomllines.Parse(text)
	if doc.Get("lock-version") == nil && doc.Get("packages") == nil {
		return nil, errors.Join(err, &sbom.Problem{Reason: "the file has neither a lock-version nor packages, so it is no lock of PEP 751"})
	}
	r := &reader{Lock: pylock.New(f), doc: doc, index: map[*pylock.Package]int{}}
	if err != nil {
		r.Broken()
	}
	r.head(f)
	r.many("packages", doc.Get("packages"), r.add)
	r.edges()
	r.direct(f)
	r.Unhashed()
	return r.Sightings(), errors.Join(append([]error{err, ctx.Err()}, r.Problems()...)...)
}

type reader struct {
	*pylock.Lock
	doc      *tomllines.Value
	entries  []entry
	index    map[*pylock.Package]int // of entries
	defaults map[string]bool         // groups that stand for what is always installed
	edged    int                     // packages whose dependencies are stated
}

// entry is a package with its table.
type entry struct {
	p *pylock.Package
	v *tomllines.Value
}

var fileName = pattern.Lazy(`^pylock\.(?:([^.]+)\.)?toml$`)

// head reads what holds for the whole lock.
func (r *reader) head(f *sbom.File) {
	version := r.required(r.doc, "lock-version", tomllines.String)
	major, _, _ := strings.Cut(version.Str(), ".")
	switch {
	case version.Str() == "":
	case major != "1":
		r.Problem(version.Line(), "the lock is of version %.20q, which is not known; what is as in version 1.0 is read", version.Str())
	case version.Str() != "1.0" && version.Str() != "1":
		r.Problem(version.Line(), "the lock is of version %.20q; what came after version 1.0 is not read", version.Str())
	}
	r.Project.Where.Line = max(version.Line(), 1)
	r.Property(version.Line(), "format", "pylock "+version.Str())
	by := r.required(r.doc, "created-by", tomllines.String)
	r.Property(by.Line(), "created-by", by.Str())
	r.required(r.doc, "packages", tomllines.Array)
	if m := fileName.FindStringSubmatch(path.Base(f.Path)); m == nil {
		r.Problem(0, "the name of the file is none by the specification: want pylock.toml or pylock.NAME.toml, NAME without dots")
	} else {
		r.Property(version.Line(), "name", m[1])
	}
	if v := r.optional(r.doc, "requires-python", tomllines.String); v.Str() != "" {
		r.specifiers(v)
		r.Property(v.Line(), "requires-python", v.Str())
	}
	for _, k := range []struct{ key, name string }{{"environments", "environment"}, {"extras", "extra"}, {"dependency-groups", "dependency-group"}, {"default-groups", "default-group"}} {
		list := r.optional(r.doc, k.key, tomllines.Array)
		for _, v := range list.Items() {
			if !v.Is(tomllines.String) {
				r.Problem(v.Line(), "%s holds what is no text", k.key)
			}
			switch k.key {
			case "environments":
				r.marker(v)
			case "extras":
				r.normal(v)
			}
			r.Property(v.Line(), k.name, v.Str())
		}
	}
	r.defaults = map[string]bool{}
	for _, g := range r.doc.Get("default-groups").Strs() {
		r.defaults[pylock.Normalize(g)] = true
	}
	tools := r.doc.Get("tool")
	for _, k := range tools.Keys() {
		r.Property(tools.Get(k).Line(), "tool."+k, tools.Get(k).Compact())
	}
}

// add takes a package in.
func (r *reader) add(v *tomllines.Value) {
	name, version := r.required(v, "name", tomllines.String), r.optional(v, "version", tomllines.String)
	r.normal(name)
	p := r.Add(name.Str(), version.Str(), v.Line())
	if p == nil {
		return
	}
	p.Set("name", &p.Name, name.Str(), name.Line())
	p.Set("version", &p.Version, version.Str(), version.Line())
	if version.Str() != "" && !pep440.Valid(version.Str()) {
		r.Problem(version.Line(), "%.60q is no version (PEP 440)", version.Str())
	}
	if python := r.optional(v, "requires-python", tomllines.String); python.Str() != "" {
		r.specifiers(python)
		p.Set("package.requiresPython", &p.Package.RequiresPython, python.Str(), python.Line())
	}
	r.source(p, v)
	r.purpose(p, r.optional(v, "marker", tomllines.String))
	r.many("attestation-identities", v.Get("attestation-identities"), func(id *tomllines.Value) {
		r.required(id, "kind", tomllines.String)
		p.Note("attestation-identity", id.Compact())
	})
	tools := r.optional(v, "tool", tomllines.Table)
	for _, k := range tools.Keys() {
		p.Note("tool."+k, tools.Get(k).Compact())
	}
	if !r.Own(p) {
		r.index[p] = len(r.entries)
		r.entries = append(r.entries, entry{p, v})
	}
}

// purpose tells by the marker what the package is for.
func (r *reader) purpose(p *pylock.Package, v *tomllines.Value) {
	condition := r.marker(v)
	if v.Str() != "" {
		p.Package.Markers = []string{v.Str()}
		p.Lines["package.markers"] = v.Line()
	}
	if p.Kind != sbom.KindLibrary {
		return
	}
	var groups []string
	if condition.Holds(pylock.Asked{Groups: r.defaults}) {
		groups = append(groups, "main")
	}
	extras, named := condition.Names()
	for _, x := range extras {
		if condition.Holds(pylock.Asked{Extras: map[string]bool{x: true}}) && !condition.Holds(pylock.Asked{}) {
			groups = append(groups, pylock.ExtraLabel(x))
		}
	}
	for _, g := range named {
		if !r.synthetic(g) && condition.Holds(pylock.Asked{Groups: map[string]bool{g: true}}) && !condition.Holds(pylock.Asked{}) {
			groups = append(groups, pylock.GroupLabel(g))
		}
	}
	if len(groups) == 0 { // only needed where several are asked for together
		for _, x := range extras {
			groups = append(groups, pylock.ExtraLabel(x))
		}
		for _, g := range named {
			groups = append(groups, pylock.GroupLabel(g))
		}
	}
	slices.Sort(groups)
	p.Package.Groups = slices.Compact(groups)
}

// synthetic tells whether a group only stands for what the project always
// requires.
func (r *reader) synthetic(group string) bool {
	return r.defaults[group] && (group == "default" || group == "main" || r.doc.Get("dependency-groups") == nil)
}

// direct links the project to what it requires itself.
func (r *reader) direct(f *sbom.File) {
	if m := pylock.Beside(f); m != nil && r.Require(pylock.Wants(m)) > 0 {
		return
	}
	r.Infer()
}
