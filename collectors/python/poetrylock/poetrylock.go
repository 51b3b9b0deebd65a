// Package poetrylock reads poetry.lock, the lock file of Poetry, after the
// source of Poetry (https://github.com/python-poetry/poetry, src/poetry/packages/locker.py),
// which is the only description of the format. Lock versions 1.0, 1.1, 2.0 and
// 2.1 are known, and the locks before them, which name none.
//
// A package from an index, a repository, a URL or a file is a library; a folder
// is the application of that folder, where its manifest joins it.
//
// The lock does not name what the project itself requires: that is read in the
// pyproject.toml beside it, and where its digest is not the one that the lock was
// made for, that is a finding. Without it, what no package of the lock requires
// must come from the project: these links are inferred, and one package of each
// circle that nothing else leads to. The extras of the project are stated.
//
// What a package is for is what "poetry export" installs it for: "main" without
// extras, or the extras and groups that it is installed with besides. Before lock
// version 2.1 it follows from the edges, if the pyproject.toml is there, or else
// from "category" in locks before 2.0.
//
// Not understood: markers are kept and never evaluated. Where a name is locked
// several times, a dependency leads to each version that its range allows,
// whatever the markers. Lock versions before 2.1 do not tell on which group a
// package is for, except "category" before 2.0. The lock gives the names and
// digests of files and not their addresses.
package poetrylock

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads poetry.lock.
var Collector = sbom.Collector{
	Name: "python/poetrylock",
	Doc: "Python lock files of Poetry (poetry.lock)\n\n" +
		"Locked packages with their exact versions, sources, digests, groups and markers, and\n" +
		"the edges between them. What the project itself requires is read in the\n" +
		"pyproject.toml beside it, else inferred. Tells of a manifest that changed since.",
	Match:   []string{"poetry.lock"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := tomllines.Parse(text)
	if doc.Get("package") == nil && doc.Get("metadata") == nil {
		return nil, errors.Join(err, &sbom.Problem{Reason: "the file has neither packages nor metadata, so it is no lock of Poetry"})
	}
	r := &reader{Lock: pylock.New(f), doc: doc}
	if err != nil {
		r.Broken()
	}
	r.metadata()
	for _, v := range doc.Get("package").Items() {
		r.add(v)
	}
	for _, e := range r.entries {
		r.edges(e)
	}
	r.Complete()
	manifest := pylock.Beside(f)
	known := r.direct(manifest)
	if !known {
		r.extras()
	}
	r.purposes(known)
	if known {
		r.fresh(manifest)
	} else {
		r.Infer()
	}
	r.Unhashed()
	return r.Sightings(), errors.Join(append([]error{err, ctx.Err()}, r.Problems()...)...)
}

type reader struct {
	*pylock.Lock
	doc     *tomllines.Value
	entries []entry
	count   map[string]int // packages by name
}

// entry is a package with its table.
type entry struct {
	p *pylock.Package
	v *tomllines.Value
}

// metadata reads what holds for the whole lock.
func (r *reader) metadata() {
	m := r.doc.Get("metadata")
	format := m.Get("lock-version")
	known := []string{"1.0", "1.1", "2.0", "2.1"}
	switch {
	case format == nil:
		r.Problem(m.Line(), "the lock names no version of its format; it is read as version %s", known[0])
	case !slices.Contains(known, format.Str()):
		r.Problem(format.Line(), "the lock is of version %.20q, which is not known; what is as in version %s is read", format.Text, known[len(known)-1])
	}
	r.Project.Where.Line = max(m.Line(), 1)
	if format != nil {
		r.Property(format.Line(), "format", "poetry "+format.Str())
	}
	for _, k := range []struct{ key, name string }{{"python-versions", "requires-python"}, {"content-hash", "content-hash"}} {
		r.Property(m.Get(k.key).Line(), k.name, m.Get(k.key).Str())
	}
}

// add takes a package in.
func (r *reader) add(v *tomllines.Value) {
	name, release := v.Get("name"), v.Get("version")
	p := r.Add(name.Str(), release.Str(), v.Line())
	if p == nil {
		return
	}
	p.Set("name", &p.Name, name.Str(), name.Line())
	p.Set("version", &p.Version, release.Str(), release.Line())
	about, python := v.Get("description"), v.Get("python-versions")
	p.Set("description", &p.Description, about.Str(), about.Line())
	if python.Str() != "*" {
		p.Set("package.requiresPython", &p.Package.RequiresPython, python.Str(), python.Line())
	}
	r.source(p, v)
	r.groups(p, v)
	if markers := words(v.Get("markers")); len(markers) > 0 {
		p.Package.Markers = markers
		p.Lines["package.markers"] = v.Get("markers").Line()
	}
	if p.Version == "" && p.Kind == sbom.KindLibrary {
		r.Problem(v.Line(), "%s has no version", p.Name)
	}
	r.files(p, v)
	r.entries = append(r.entries, entry{p, v})
}

// words gives the strings of a string, a list or a table, each once.
func words(v *tomllines.Value) []string {
	list := v.Strs()
	for _, k := range v.Keys() {
		list = append(list, v.Get(k).Strs()...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (r *reader) groups(p *pylock.Package, v *tomllines.Value) {
	stated := v.Get("groups")
	if stated == nil {
		stated = v.Get("category")
	}
	for _, g := range stated.Strs() {
		p.Package.Groups = append(p.Package.Groups, pylock.GroupLabel(g))
	}
	slices.Sort(p.Package.Groups)
	p.Package.Groups = slices.Compact(p.Package.Groups)
	if len(p.Package.Groups) > 0 {
		p.Lines["package.groups"] = stated.Line()
	}
}

// source reads the table "source"; without one the package is from PyPI.
func (r *reader) source(p *pylock.Package, v *tomllines.Value) {
	s := v.Get("source")
	o := pylock.Origin{At: s.Get("url").Str(), Subfolder: s.Get("subdirectory").Str(), Editable: v.Get("develop").True(), Line: s.Line()}
	if o.Line == 0 {
		o.Line = v.Line()
	}
	switch kind := s.Get("type").Str(); kind {
	case "", "legacy", "pypi":
		o.Sort = pylock.Index
	case "git":
		o.Sort, o.Ref, o.Commit = pylock.Git, s.Get("reference").Str(), s.Get("resolved_reference").Str()
		if o.Commit == "" {
			o.Commit = o.Ref
		}
	case "url":
		o.Sort = pylock.Direct
	case "file":
		o.Sort = pylock.File
	case "directory":
		o.Sort = pylock.Folder
	default:
		r.Problem(o.Line, "%s is from a source of the type %.50q, which is not known", p.Name, kind)
		return
	}
	r.Place(p, o)
}

// files reads the digests: with the package, or all together before lock
// version 2.0, or as bare digests before that.
func (r *reader) files(p *pylock.Package, v *tomllines.Value) {
	list := v.Get("files").Items()
	if list == nil {
		list = r.doc.Get("metadata", "files", p.Name).Items()
	}
	several := r.listed(p.Name) > 1
	for _, f := range list {
		name := f.Get("file").Str()
		if v.Get("files") == nil && several && !strings.Contains(name, "-"+p.Version+"-") && !strings.Contains(name, "-"+p.Version+".") {
			continue // of another version
		}
		r.Artefact(p, pylock.Artefact{URL: f.Get("url").Str(), Name: name, Digests: f.Get("hash").Strs(), Line: f.Line()})
	}
	for _, h := range r.doc.Get("metadata", "hashes", p.Name).Items() {
		r.Artefact(p, pylock.Artefact{Digests: []string{"sha256:" + h.Str()}, Line: h.Line()})
	}
}

func normal(names []string) []string {
	for i := range names {
		names[i] = pylock.Normalize(names[i])
	}
	return names
}
