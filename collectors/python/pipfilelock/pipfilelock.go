// Package pipfilelock reads Pipfile.lock, the lock file of Pipenv, after the
// source of Pipenv and plette (https://github.com/sarugaku/plette), which is the
// only description of the format. Versions 6 and before of "pipfile-spec" are read.
//
// "default" is for main, "develop" for dev, every other table is a category of
// the user's own. A package that stands in several is one, with several groups.
//
// The lock has no edges: it says neither what a package needs nor what the project
// requires itself. The latter is read in the Pipfile beside it; without one the
// project is linked to all packages, and that is inferred. Where the digest of the
// Pipfile is not the one that the lock was made for, that is a finding.
//
// Not understood: markers, which are kept and never evaluated; the addresses of
// files, which the lock does not give.
package pipfilelock

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Pipfile.lock.
var Collector = sbom.Collector{
	Name: "python/pipfilelock",
	Doc: "Python lock files of Pipenv (Pipfile.lock)\n\n" +
		"Locked packages of all categories with versions, sources, indexes, markers and digests.\n" +
		"The lock has no edges; what the project itself requires is read in the Pipfile beside\n" +
		"it, else inferred. Tells of a Pipfile that changed since.",
	Match:   []string{"Pipfile.lock"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := jsonlines.Parse(text)
	if doc.Get("_meta") == nil && doc.Get("default") == nil && doc.Get("develop") == nil {
		return nil, errors.Join(err, &sbom.Problem{Reason: "the file has neither _meta nor packages, so it is no lock of Pipenv"})
	}
	r := &reader{Lock: pylock.New(f), indexes: map[string]string{}, joined: map[string]*pylock.Package{}, always: map[*pylock.Package]bool{}}
	r.meta(doc.Get("_meta"))
	for _, m := range doc.Members {
		if m.Key != "_meta" {
			r.category(m)
		}
	}
	if !r.direct(f, doc.Path("_meta", "hash", "sha256")) {
		r.Infer()
	}
	r.Unhashed()
	return r.Sightings(), errors.Join(append([]error{err, ctx.Err()}, r.Problems()...)...)
}

const maxExtras = 100 // of one package

type reader struct {
	*pylock.Lock
	indexes map[string]string          // by name, as written
	joined  map[string]*pylock.Package // by name, version and source
	always  map[*pylock.Package]bool   // without a marker in some category
}

// meta reads what holds for the whole lock.
func (r *reader) meta(m *jsonlines.Value) {
	r.Project.Where.Line = max(m.LineOf(), 1)
	if spec := m.Get("pipfile-spec"); spec != nil {
		if n, ok := spec.Int(); !ok || n > 6 {
			r.Problem(spec.LineOf(), "the lock is of version %.20q, which is not known; what is as in version 6 is read", spec.Text)
		}
		r.Property(spec.LineOf(), "format", "pipfile-spec "+spec.Text)
	}
	hash := m.Get("hash").Get("sha256")
	r.Property(hash.LineOf(), "content-hash", hash.Str())
	if requires := m.Get("requires"); requires != nil {
		for _, k := range requires.Members {
			r.Property(k.Line, strings.ReplaceAll(k.Key, "_", "-"), k.Value.Str())
		}
	}
	if sources := m.Get("sources"); sources != nil {
		for _, s := range sources.Items {
			r.source(s)
		}
	}
}

func (r *reader) source(s *jsonlines.Value) {
	name, at := s.Get("name").Str(), s.Get("url").Str()
	clean := pylock.Clean(at)
	if clean == "" {
		r.Problem(s.LineOf(), "the source %.50q has no usable url", name)
		return
	}
	r.indexes[name] = at
	r.Property(s.LineOf(), "source", strings.TrimSpace(name+" "+clean))
	if verify, stated := s.Get("verify_ssl").Bool(); stated && !verify && !pylock.Plain(clean) {
		r.Finding(sbom.RuleInsecureIndex, "packages are taken from "+clean+", whose certificate is not checked", s.LineOf())
	}
}

// label says what a category is for.
func label(category string) string {
	switch category {
	case "default":
		return "main"
	case "develop":
		return "dev"
	}
	return pylock.GroupLabel(category)
}

// category reads one table of packages.
func (r *reader) category(m jsonlines.Member) {
	if !m.Value.Is(jsonlines.Object) {
		r.Problem(m.Line, "%.60q is no object, so it is no category of packages", m.Key)
		return
	}
	for _, p := range m.Value.Members {
		if !p.Value.Is(jsonlines.Object) {
			r.Problem(p.Line, "the package %.100q is no object; it is left out", p.Key)
			continue
		}
		r.add(p, label(m.Key))
	}
}

var exact = pattern.Lazy(`^={2,3}\s*`)

// add takes a package in, or one more group of one that is there.
func (r *reader) add(m jsonlines.Member, group string) {
	v := m.Value
	version := v.Get("version")
	release := exact.ReplaceAllString(strings.TrimSpace(version.Str()), "")
	if release == "*" || version.Str() == release && strings.ContainsAny(release, "<>~!,") {
		r.Problem(version.LineOf(), "%s is locked to no exact version: %.60q", m.Key, version.Str())
		release = ""
	}
	o := r.origin(v)
	if o.Line == 0 {
		o.Line = m.Line
	}
	key := pylock.Normalize(m.Key) + "\x00" + release + "\x00" + o.At + "\x00" + o.Commit
	p := r.joined[key]
	if p == nil {
		if p = r.Add(m.Key, release, m.Line); p == nil {
			return
		}
		r.joined[key] = p
		p.Set("version", &p.Version, release, version.LineOf())
		p.Source = o.At
		r.Place(p, o)
		if p.Version == "" && p.Kind == sbom.KindLibrary && o.Sort == pylock.Index {
			r.Problem(m.Line, "%s has no version", m.Key)
		}
		r.Own(p)
	}
	r.describe(p, v, group)
}

// describe reads what can differ from category to category.
func (r *reader) describe(p *pylock.Package, v *jsonlines.Value, group string) {
	if p.Kind == sbom.KindLibrary {
		r.Group(p, group, 0)
	}
	for _, x := range v.Get("extras").Strings() {
		if x = pylock.Normalize(x); len(p.Package.Extras) < maxExtras && !slices.Contains(p.Package.Extras, x) {
			p.Package.Extras = append(p.Package.Extras, x)
			p.Lines["package.extras"] = v.Get("extras").LineOf()
		}
	}
	m := v.Get("markers")
	if m.Str() == "" { // one category that needs it everywhere is enough
		r.always[p] = true
		p.Always()
	}
	if !r.always[p] {
		r.Marker(p, m.Str(), m.LineOf())
	}
	digests := v.Get("hashes").Strings()
	if len(digests) == 0 {
		digests = v.Get("hash").Strings()
	}
	for i, d := range digests {
		line := v.Get("hashes").LineOf()
		if list := v.Get("hashes"); list.Is(jsonlines.Array) && len(list.Items) == len(digests) {
			line = list.Items[i].LineOf()
		}
		if !slices.Contains(p.Package.Integrity, strings.ToLower(d)) {
			r.Artefact(p, pylock.Artefact{Digests: []string{d}, Line: line})
		}
	}
}

// origin tells where a package is taken from. Without a name of an index it is
// the first source.
func (r *reader) origin(v *jsonlines.Value) pylock.Origin {
	editable, _ := v.Get("editable").Bool()
	o := pylock.Origin{Subfolder: v.Get("subdirectory").Str(), Editable: editable}
	for _, k := range []string{"git", "hg", "svn", "bzr"} {
		if at := v.Get(k); at.Str() != "" {
			o.Sort, o.At, o.Commit, o.Line = pylock.Git, strings.TrimPrefix(at.Str(), k+"+"), v.Get("ref").Str(), at.LineOf()
			if k != "git" {
				o.System = k
			}
			return o
		}
	}
	for _, k := range []string{"path", "file", "url", "uri"} {
		at := v.Get(k)
		text := at.Str()
		switch {
		case text == "":
			continue
		case strings.Contains(text, "://") && !strings.HasPrefix(text, "file://"):
			o.Sort, o.At = pylock.Direct, text
		case archive.MatchString(text):
			o.Sort, o.At = pylock.File, text
		default:
			o.Sort, o.At = pylock.Folder, text
		}
		o.Line = at.LineOf()
		return o
	}
	if index := v.Get("index"); index.Str() != "" {
		o.At, o.Line = r.indexes[index.Str()], index.LineOf()
		if o.At == "" && strings.Contains(index.Str(), "://") {
			o.At = index.Str()
		} else if o.At == "" {
			r.Problem(index.LineOf(), "the index %.60q is not among the sources", pylock.Redact(index.Str()))
		}
	}
	return o
}

var archive = pattern.Lazy(`(?i)\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))$`)
