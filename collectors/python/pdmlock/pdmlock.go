// Package pdmlock reads pdm.lock, the lock file of PDM, and pdm.NAME.lock, as
// "pdm lock --lockfile" is shown to make them, after the source of PDM
// (https://github.com/pdm-project/pdm, src/pdm/project/lockfile and
// models/repositories/lock.py), which is the only description of the format.
// Lock versions 2 to 4.5 are known.
//
// PDM writes a package with extras as an entry of its own, beside the entry
// without. Both are one package: what the entry with extras needs besides is
// what the package needs for these extras.
//
// A package from an index, a repository, a URL or a file is a library; a project
// in a folder is the application of that folder. The lock does not name what the
// project itself requires: that is read in the pyproject.toml beside it, which
// also says which groups are extras. Without it these links are inferred, and
// every group counts as a dependency group.
//
// Not understood: markers are kept and never evaluated. Where a name is locked
// several times, a dependency leads to each version that its range allows,
// whatever the markers. Locks before version 4.4 do not tell which group a package
// is for: there it follows from the edges, if the pyproject.toml is there. The
// dependencies of the first locks of PDM, which are tables, are told and left out.
package pdmlock

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pdm.lock.
var Collector = sbom.Collector{
	Name: "python/pdmlock",
	Doc: "Python lock files of PDM (pdm.lock, pdm.NAME.lock)\n\n" +
		"Locked packages with versions, sources, files, digests, groups and markers, and the\n" +
		"edges between them. Entries of one package with several extras are joined. What the\n" +
		"project itself requires is read in the pyproject.toml beside the lock, else inferred.",
	Match:   []string{"pdm.lock", "pdm.*.lock"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := tomllines.Parse(text)
	if doc.Get("package") == nil && doc.Get("metadata") == nil {
		return nil, errors.Join(err, &sbom.Problem{Reason: "the file has neither packages nor metadata, so it is no lock of PDM"})
	}
	r := &reader{Lock: pylock.New(f), doc: doc, bases: map[string]*pylock.Package{}, plain: map[*pylock.Package]bool{}}
	if err != nil {
		r.Broken()
	}
	manifest := pylock.Beside(f)
	r.extras(manifest)
	r.metadata()
	for _, v := range doc.Get("package").Items() {
		r.add(v)
	}
	for _, e := range r.entries {
		r.edges(e)
	}
	r.Complete()
	r.direct(manifest)
	r.Unhashed()
	return r.Sightings(), errors.Join(append([]error{err, ctx.Err()}, r.Problems()...)...)
}

type reader struct {
	*pylock.Lock
	doc     *tomllines.Value
	entries []entry
	bases   map[string]*pylock.Package // by name, version and source
	plain   map[*pylock.Package]bool   // read from an entry without extras
	grouped bool                       // some package names its groups
	isExtra map[string]bool            // groups that the manifest has among its extras
}

// entry is a table with the package that it speaks of.
type entry struct {
	p      *pylock.Package
	v      *tomllines.Value
	extras []string
}

var lockVersion = pattern.Lazy(`^(?:[23](?:\.\d+)?|4(?:\.[0-5](?:\.\d+)?)?)$`)

// metadata reads what holds for the whole lock.
func (r *reader) metadata() {
	m := r.doc.Get("metadata")
	format := m.Get("lock_version")
	version := format.Str()
	if format.Is(tomllines.Scalar) {
		version = format.Text
	}
	switch {
	case version == "":
		r.Problem(m.Line(), "the lock names no version of its format; it is read as version 4.5")
	case !lockVersion.MatchString(version):
		r.Problem(format.Line(), "the lock is of version %.20q, which is not known; what is as in version 4.5 is read", version)
	}
	r.Project.Where.Line = max(m.Line(), 1)
	r.Property(format.Line(), "format", strings.TrimSpace("pdm "+version))
	r.Property(m.Get("content_hash").Line(), "content-hash", m.Get("content_hash").Str())
	for _, k := range []struct{ key, name string }{{"strategy", "strategy"}, {"groups", "group"}} {
		for _, v := range m.Get(k.key).Items() {
			r.Property(v.Line(), k.name, v.Str())
		}
	}
	for _, v := range m.Get("targets").Items() {
		r.Property(v.Line(), "target", v.Compact())
	}
}

// extras learns from the manifest which groups are extras.
func (r *reader) extras(manifest *tomllines.Value) {
	r.isExtra = map[string]bool{}
	for _, k := range manifest.Get("project", "optional-dependencies").Keys() {
		r.isExtra[pylock.Normalize(k)] = true
	}
}

// group gives the label of a group; "default" is what the project always needs.
func (r *reader) group(name string) string {
	switch {
	case name == "default":
		return "main"
	case r.isExtra[pylock.Normalize(name)]:
		return pylock.ExtraLabel(name)
	}
	return pylock.GroupLabel(name)
}

var bracket = pattern.Lazy(`^([^\[]*)\[([^\]]*)\]$`)

// add takes an entry in: a package, or a package with extras.
func (r *reader) add(v *tomllines.Value) {
	name, version, extras := v.Get("name").Str(), v.Get("version"), v.Get("extras").Strs()
	if m := bracket.FindStringSubmatch(name); m != nil {
		name = m[1]
		for x := range strings.SplitSeq(m[2], ",") {
			extras = append(extras, strings.TrimSpace(x))
		}
	}
	o := origin(v)
	key := pylock.Normalize(name) + "\x00" + version.Str() + "\x00" + o.At
	p := r.bases[key]
	if p == nil {
		if p = r.Add(name, version.Str(), v.Line()); p == nil {
			return
		}
		r.bases[key] = p
		p.Set("name", &p.Name, name, v.Get("name").Line())
		p.Set("version", &p.Version, version.Str(), version.Line())
		p.Source = o.At
		r.Place(p, o)
		r.artefacts(p, v)
		if p.Version == "" && p.Kind == sbom.KindLibrary && o.Sort == pylock.Index {
			r.Problem(v.Line(), "%s has no version", p.Name)
		}
	}
	r.describe(p, v, len(extras) == 0)
	r.groups(p, v)
	if !r.Own(p) {
		r.entries = append(r.entries, entry{p, v, extras})
	}
}

// describe reads what is about the package and not about what it needs. The
// marker of an entry with extras says when these are needed, and that of the
// plain one counts.
func (r *reader) describe(p *pylock.Package, v *tomllines.Value, plain bool) {
	about, python := v.Get("summary"), v.Get("requires_python")
	p.Set("description", &p.Description, about.Str(), about.Line())
	p.Set("package.requiresPython", &p.Package.RequiresPython, python.Str(), python.Line())
	marker := v.Get("marker")
	if marker == nil {
		marker = v.Get("markers")
	}
	if plain && !r.plain[p] {
		r.plain[p] = true
		p.Always()
	}
	if plain == r.plain[p] {
		r.Marker(p, marker.Str(), marker.Line())
	}
	for _, t := range v.Get("targets").Items() {
		p.Note("target", t.Compact())
	}
}

func (r *reader) groups(p *pylock.Package, v *tomllines.Value) {
	stated := v.Get("groups")
	if stated == nil {
		stated = v.Get("sections")
	}
	if stated == nil || p.Kind != sbom.KindLibrary {
		return
	}
	r.grouped = true
	for _, g := range stated.Strs() {
		r.Group(p, r.group(g), stated.Line())
	}
}

// left tells whether a requirement is of a group that the lock was made without.
func (r *reader) left(w pylock.Want) bool {
	for _, g := range r.doc.Get("metadata", "groups").Strs() {
		if r.group(g) == w.Label || g == "default" && w.Label == "" {
			return false
		}
	}
	return true
}

// direct links the project to what it requires itself, and finds the groups that
// follow.
func (r *reader) direct(manifest *tomllines.Value) {
	wants := pylock.Wants(manifest)
	if manifest == nil || r.Require(wants) == 0 {
		r.Infer()
		return
	}
	own := pylock.Normalize(manifest.Get("project", "name").Str()) // what extras of the project are asked for with
	r.Unknown(slices.DeleteFunc(wants, func(w pylock.Want) bool { return r.left(w) || pylock.Normalize(w.Name) == own }), r.Project.Where.Line)
	if r.grouped {
		return
	}
	for p, groups := range r.Groups([]*pylock.Package{r.Project}) {
		p.Package.Groups = groups
	}
}
