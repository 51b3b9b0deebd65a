// Package uvlock reads uv.lock, the lock file of uv, after uv's documentation
// (https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile) and its
// source, which is the only description of the format. Version 1 is known in its
// revisions 0 to 3; later revisions of a version are readable by design. The lock
// of a script with inline metadata (PEP 723), NAME.py.lock, is of the same format:
// there the application is the script.
//
// A package from an index, a repository, a URL or a file is a library; a project
// in a folder (editable, virtual, directory) is the application of that folder,
// where its manifest joins it. A dependency leads to the package that the lock
// means, by version and source where a name is locked several times. What each
// library is needed for (main, dev, group:NAME, extra:NAME) follows from the
// edges that start at the members of the lock.
//
// The ranges that the members asked for (package.metadata) are kept at the
// packages that answer them.
//
// Not understood: markers are kept and never evaluated, so that the edges of all
// platforms stand beside each other; only where extras and groups conflict, what
// is needed for which follows from the part of a marker that speaks of them. The
// lock does not tell of versions that were yanked.
package uvlock

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// knownVersion is the version of the format that the package knows.
const knownVersion = "1"

// Collector reads uv.lock.
var Collector = sbom.Collector{
	Name: "python/uvlock",
	Doc: "Python lock files of uv (uv.lock, NAME.py.lock)\n\n" +
		"Locked packages with their exact versions, sources, files and digests, the edges\n" +
		"between them with markers and extras, and what each is needed for. Packages from git,\n" +
		"URLs and folders are told apart from those of an index.",
	Match:   []string{"uv.lock", "*.py.lock"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := tomllines.Parse(text)
	r := &reader{Lock: pylock.New(f), doc: doc}
	if err != nil {
		r.Broken()
	}
	packages := doc.Get("package")
	if packages == nil {
		packages = doc.Get("distribution") // before uv 0.4
	}
	if doc.Get("version") == nil && packages == nil {
		return nil, errors.Join(err, &sbom.Problem{Reason: "the file has neither a version nor packages, so it is no lock of uv"})
	}
	if script, ok := strings.CutSuffix(f.Path, ".lock"); ok && strings.HasSuffix(script, ".py") {
		r.Project.Keys.Path, r.Project.Name = script, path.Base(script)
	}
	r.version()
	for _, v := range packages.Items() {
		r.add(v)
	}
	r.manifest()
	for _, e := range r.entries {
		r.edges(e)
	}
	r.declared()
	r.Complete()
	r.Unhashed()
	r.fresh(f)
	r.Asked = r.asked
	for p, groups := range r.Groups(r.members()) {
		p.Package.Groups = groups
	}
	return r.Sightings(), errors.Join(append([]error{err, ctx.Err()}, r.Problems()...)...)
}

type reader struct {
	*pylock.Lock
	doc     *tomllines.Value
	entries []entry
}

// entry is a package with its table.
type entry struct {
	p *pylock.Package
	v *tomllines.Value
}

func (r *reader) version() {
	v := r.doc.Get("version")
	switch {
	case v == nil:
		r.Problem(0, "the lock names no version of its format; it is read as version %s", knownVersion)
	case v.Text != knownVersion:
		r.Problem(v.Line(), "the lock is of version %.20q, which is not known; what is as in version %s is read", v.Text, knownVersion)
	}
	r.Project.Where.Line = max(v.Line(), 1)
	format := "uv " + v.Str()
	if v.Is(tomllines.Scalar) {
		format = "uv " + v.Text
	}
	if rev := r.doc.Get("revision"); rev.Is(tomllines.Scalar) {
		format += "." + rev.Text
	}
	r.Property(v.Line(), "format", format)
}

// members are the projects that the lock is made for.
func (r *reader) members() []*pylock.Package {
	list := []*pylock.Package{r.Project}
	for _, e := range r.entries {
		if e.p.Member && e.p != r.Project {
			list = append(list, e.p)
		}
	}
	return list
}

// add takes a package in.
func (r *reader) add(v *tomllines.Value) {
	name, version := v.Get("name"), v.Get("version")
	p := r.Add(name.Str(), version.Str(), v.Line())
	if p == nil {
		return
	}
	p.Set("name", &p.Name, name.Str(), name.Line())
	p.Set("version", &p.Version, version.Str(), version.Line())
	o, ok := origin(v.Get("source"))
	p.Source = o.At
	if o.Sort == pylock.Git && strings.Contains(v.Get("source", "git").Str(), "lfs=true") {
		p.Note("git-lfs", "true")
	}
	if ok {
		r.Place(p, o)
	} else {
		r.Problem(v.Line(), "%s has no source of a sort that is known, so what it is stays open", p.Name)
	}
	if p.Version == "" && p.Kind == sbom.KindLibrary {
		r.Problem(v.Line(), "%s has no version", p.Name)
	}
	if m := v.Get("resolution-markers"); m != nil {
		p.Package.Markers = m.Strs()
		p.Lines["package.markers"] = m.Line()
	}
	r.artefacts(p, o, v)
	if p.Keys.Path == r.Project.Keys.Path && !r.Adopted() {
		r.Adopt(p)
	}
	r.entries = append(r.entries, entry{p, v})
}

// origin reads the table "source".
func origin(v *tomllines.Value) (o pylock.Origin, ok bool) {
	o = pylock.Origin{Line: v.Line(), Subfolder: v.Get("subdirectory").Str()}
	for _, k := range []struct {
		key  string
		sort pylock.Sort
	}{{"registry", pylock.Index}, {"git", pylock.Git}, {"url", pylock.Direct}, {"path", pylock.File},
		{"directory", pylock.Folder}, {"editable", pylock.Folder}, {"virtual", pylock.Folder}} {
		if at := v.Get(k.key); at != nil {
			o.Sort, o.At, o.Editable = k.sort, at.Str(), k.key == "editable"
			if o.Sort == pylock.Git {
				repository(&o)
			}
			return o, true
		}
	}
	return o, false
}

// artefacts reads the files of a package.
func (r *reader) artefacts(p *pylock.Package, o pylock.Origin, v *tomllines.Value) {
	if s := v.Get("sdist"); s != nil {
		r.artefact(p, o, s, "sdist")
	}
	for _, w := range v.Get("wheels").Items() {
		r.artefact(p, o, w, "wheel")
	}
}

func (r *reader) artefact(p *pylock.Package, o pylock.Origin, v *tomllines.Value, sort string) {
	a := pylock.Artefact{
		URL: v.Get("url").Str(), Name: v.Get("filename").Str(), Digests: v.Get("hash").Strs(),
		Uploaded: v.Get("upload-time").Str(), Sort: sort, Line: v.Line(),
		Size: number(v.Get("size")),
	}
	if a.Name == "" {
		a.Name = v.Get("path").Str()
	}
	if o.Sort == pylock.Direct && a.URL == "" {
		a.URL = o.At
	}
	r.Artefact(p, a)
}

func number(v *tomllines.Value) string {
	if !v.Is(tomllines.Scalar) {
		return ""
	}
	return v.Text
}

// candidates gives the packages that a dependency can mean.
func (r *reader) candidates(d *tomllines.Value) []*pylock.Package {
	named := r.Named(d.Get("name").Str())
	version, source := d.Get("version").Str(), d.Get("source")
	if version == "" && source == nil {
		return named
	}
	from, _ := origin(source)
	var list []*pylock.Package
	for _, p := range named {
		if (version == "" || p.Version == version) && (source == nil || p.Source == from.At) {
			list = append(list, p)
		}
	}
	return list
}

// dependency adds the edge that one element of a list of dependencies states.
func (r *reader) dependency(from *pylock.Package, d *tomllines.Value, label string) {
	list := r.candidates(d)
	if len(list) == 0 {
		from.Open()
		r.Problem(d.Line(), "the dependency on %.100q leads to no package of the lock", d.Get("name").Str())
	}
	extras := d.Get("extra")
	if extras == nil {
		extras = d.Get("extras")
	}
	marker := d.Get("marker").Str()
	when := conflicting(marker)
	for _, to := range list {
		r.Link(from, pylock.Edge{To: to, Label: label, Extras: normal(extras.Strs()), Note: marker, Line: d.Line(), When: when})
	}
}

func normal(names []string) []string {
	for i := range names {
		names[i] = pylock.Normalize(names[i])
	}
	return names
}
