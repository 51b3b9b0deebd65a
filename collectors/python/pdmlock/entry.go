package pdmlock

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// origin tells where an entry is taken from; one that does not say is from an
// index, which the lock does not name.
func origin(v *tomllines.Value) pylock.Origin {
	o := pylock.Origin{Line: v.Line(), Subfolder: v.Get("subdirectory").Str(), Editable: v.Get("editable").True()}
	for _, k := range []string{"git", "hg", "svn", "bzr"} {
		if at := v.Get(k); at != nil {
			o.Sort, o.At, o.Line = pylock.Git, strings.TrimPrefix(at.Str(), k+"+"), at.Line()
			o.Ref, o.Commit = v.Get("ref").Str(), v.Get("revision").Str()
			if o.Ref == o.Commit {
				o.Ref = ""
			}
			if k != "git" {
				o.System = k
			}
			return o
		}
	}
	at, u := v.Get("path"), v.Get("url")
	switch {
	case at.Str() != "":
		o.Sort, o.At, o.Line = pylock.Folder, at.Str(), at.Line()
		if isFile(o.At) {
			o.Sort = pylock.File
		}
	case strings.HasPrefix(u.Str(), "file:"):
		o.At, o.Line = strings.TrimPrefix(u.Str(), "file:///${PROJECT_ROOT}/"), u.Line()
		if o.Sort = pylock.Folder; isFile(o.At) {
			o.Sort = pylock.File
		}
	case u.Str() != "":
		o.Sort, o.At, o.Line = pylock.Direct, u.Str(), u.Line()
		o.At, _, _ = strings.Cut(o.At, "#")
	}
	return o
}

// isFile tells an archive from a folder.
func isFile(at string) bool {
	for _, end := range []string{".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz"} {
		if strings.HasSuffix(strings.ToLower(at), end) {
			return true
		}
	}
	return false
}

// artefacts reads the files: with the entry, or all together before lock
// version 4.3.
func (r *reader) artefacts(p *pylock.Package, v *tomllines.Value) {
	list := v.Get("files")
	if list == nil {
		list = r.doc.Get("metadata", "files", p.Name+" "+p.Version)
	}
	for _, f := range list.Items() {
		a := pylock.Artefact{URL: f.Get("url").Str(), Name: f.Get("file").Str(), Digests: f.Get("hash").Strs(), Line: f.Line()}
		a.Sort = sortOf(a.Name + a.URL)
		r.Artefact(p, a)
	}
}

func sortOf(name string) string {
	name, _, _ = strings.Cut(name, "#")
	switch {
	case strings.HasSuffix(name, ".whl"):
		return "wheel"
	case isFile(name):
		return "sdist"
	}
	return ""
}

// edges reads what an entry needs. An entry with extras needs the one without,
// which is the same package.
func (r *reader) edges(e entry) {
	list := e.v.Get("dependencies")
	if list != nil && !list.Is(tomllines.Array) {
		e.p.Open()
		r.Problem(list.Line(), "the dependencies of %s are no list, as they were before lock version 2; they are left out", e.p.Name)
	}
	labels := []string{""}
	if len(e.extras) > 0 {
		labels = labels[:0]
		for _, x := range e.extras {
			labels = append(labels, pylock.ExtraLabel(x))
		}
	}
	for _, d := range list.Items() {
		w, err := pylock.LooseWant(d.Str(), "")
		if err != nil {
			e.p.Open()
			r.Problem(d.Line(), "a dependency of %s, %.100q, is no requirement: %v", e.p.Name, pylock.Redact(d.Str()), err)
			continue
		}
		to := r.Wanted(w)
		if len(to) == 0 && w.Marker == "" { // with one, it may hold on no machine that the lock is for
			e.p.Open()
			r.Problem(d.Line(), "the dependency on %.100q leads to no package of the lock", w.Name)
		}
		for _, p := range to {
			for _, label := range labels {
				r.Link(e.p, pylock.Edge{To: p, Label: label, Extras: w.Extras, Note: w.Marker, Line: d.Line()})
			}
		}
	}
}
