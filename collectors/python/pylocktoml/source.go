package pylocktoml

import (
	"net/url"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// source reads where the package is taken from: a repository, a directory or an
// archive, or else the files of an index.
func (r *reader) source(p *pylock.Package, v *tomllines.Value) {
	var direct []string
	for _, k := range []string{"vcs", "directory", "archive"} {
		if r.optional(v, k, tomllines.Table) != nil {
			direct = append(direct, k)
		}
	}
	files := len(v.Get("wheels").Items())
	if r.optional(v, "sdist", tomllines.Table) != nil {
		files++
	}
	switch {
	case files > 0 && len(direct) > 0:
		r.Problem(v.Line(), "%s has both files of an index and %s: want one of them", p.Name, direct[0])
	case len(direct) > 1:
		r.Problem(v.Line(), "%s has both %s: want one of them", p.Name, strings.Join(direct, " and "))
	case files == 0 && len(direct) == 0:
		r.Problem(v.Line(), "%s has none of vcs, directory, archive, sdist and wheels, so where it comes from stays open", p.Name)
	}
	index := r.optional(v, "index", tomllines.String)
	switch {
	case files > 0 || len(direct) == 0:
		r.Place(p, pylock.Origin{Sort: pylock.Index, At: index.Str(), Line: index.Line()})
		p.Source = index.Str()
		r.files(p, v)
	case direct[0] == "vcs":
		r.vcs(p, v.Get("vcs"))
	case direct[0] == "directory":
		d := v.Get("directory")
		at := r.required(d, "path", tomllines.String)
		p.Source = at.Str()
		r.Place(p, pylock.Origin{Sort: pylock.Folder, At: at.Str(), Subfolder: r.text(d, "subdirectory"), Editable: r.truth(d, "editable"), Line: d.Line()})
	default:
		r.archive(p, v.Get("archive"))
	}
}

func (r *reader) vcs(p *pylock.Package, v *tomllines.Value) {
	system := r.required(v, "type", tomllines.String).Str()
	o := pylock.Origin{
		Sort: pylock.Git, At: r.where(v), Ref: r.text(v, "requested-revision"),
		Commit: r.required(v, "commit-id", tomllines.String).Str(), Subfolder: r.text(v, "subdirectory"), Line: v.Line(),
	}
	if system != "git" {
		o.System = system
	}
	p.Source = o.At
	r.Place(p, o)
}

// where gives the address that a table states as a URL or a path.
func (r *reader) where(v *tomllines.Value) string {
	u, p := r.optional(v, "url", tomllines.String), r.optional(v, "path", tomllines.String)
	if u.Str() == "" && p.Str() == "" {
		r.Problem(v.Line(), "neither url nor path is stated: want one of them")
	}
	if u.Str() != "" {
		return u.Str()
	}
	return p.Str()
}

func (r *reader) archive(p *pylock.Package, v *tomllines.Value) {
	o := pylock.Origin{Sort: pylock.Direct, At: r.where(v), Subfolder: r.text(v, "subdirectory"), Line: v.Line()}
	if v.Get("url").Str() == "" {
		o.Sort = pylock.File
	}
	p.Source = o.At
	r.Place(p, o)
	r.file(p, v, "archive")
}

func (r *reader) files(p *pylock.Package, v *tomllines.Value) {
	if s := v.Get("sdist"); s.Is(tomllines.Table) {
		r.file(p, s, "sdist")
	}
	r.many("wheels", v.Get("wheels"), func(w *tomllines.Value) { r.file(p, w, "wheel") })
}

func (r *reader) file(p *pylock.Package, v *tomllines.Value, sort string) {
	a := pylock.Artefact{URL: v.Get("url").Str(), Name: r.optional(v, "name", tomllines.String).Str(), Sort: sort, Size: r.whole(v, "size"), Line: v.Line()}
	r.optional(v, "upload-time", tomllines.Scalar)
	if uploaded := v.Get("upload-time"); uploaded != nil { // some tools write a text
		a.Uploaded = strings.Replace(uploaded.Text, " ", "T", 1)
	}
	at := r.where(v)
	hashes := r.required(v, "hashes", tomllines.Table)
	for _, k := range hashes.Keys() {
		if !hashes.Get(k).Is(tomllines.String) {
			r.Problem(v.Line(), "a digest of %s is no text", p.Name)
		}
		a.Digests = append(a.Digests, k+":"+hashes.Get(k).Str())
	}
	if hashes != nil && len(hashes.Keys()) == 0 {
		r.Problem(v.Line(), "a file of %s has no digest: want at least one", p.Name)
	}
	if a.Name == "" {
		a.Name = last(at)
	}
	if sort != "archive" && a.Name != "" {
		r.consistent(p, a.Name, sort, v.Line())
	}
	if a.URL == "" && sort != "archive" {
		a.Name = last(at)
	}
	r.Artefact(p, a)
}

// last gives the file name at the end of an address or a path.
func last(at string) string {
	if u, err := url.Parse(at); err == nil && u.Scheme != "" {
		at = u.Path
	}
	at = strings.ReplaceAll(at, "\\", "/")
	return at[strings.LastIndex(at, "/")+1:]
}
