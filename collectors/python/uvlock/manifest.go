package uvlock

import (
	"net/url"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// repository takes uv's address of a repository apart: the query holds what was
// asked for and the fragment the commit.
func repository(o *pylock.Origin) {
	u, err := url.Parse(o.At)
	if err != nil {
		return
	}
	q := u.Query()
	for _, k := range []string{"rev", "tag", "branch"} {
		if o.Ref = q.Get(k); o.Ref != "" {
			break
		}
	}
	if s := q.Get("subdirectory"); s != "" {
		o.Subfolder = s
	}
	o.Commit = u.Fragment
	u.RawQuery, u.Fragment, u.RawFragment = "", "", ""
	o.At = u.String()
}

// edges reads what a package needs: always, with an extra, for a group.
func (r *reader) edges(e entry) {
	r.list(e.p, e.v.Get("dependencies"), "")
	extras := e.v.Get("optional-dependencies")
	for _, k := range extras.Keys() {
		r.list(e.p, extras.Get(k), pylock.ExtraLabel(k))
	}
	groups := e.v.Get("dev-dependencies")
	for _, k := range groups.Keys() {
		r.list(e.p, groups.Get(k), pylock.GroupLabel(k))
	}
}

func (r *reader) list(from *pylock.Package, v *tomllines.Value, label string) {
	for _, d := range v.Items() {
		r.dependency(from, d, label)
	}
}

// manifest reads what holds for the whole lock. A lock without the table
// "manifest" is that of the one project in its folder.
func (r *reader) manifest() {
	m := r.doc.Get("manifest")
	for _, member := range m.Get("members").Items() {
		for _, p := range r.Named(member.Str()) {
			if p.Kind == sbom.KindApplication {
				p.Member = true
				r.Contain(p, member.Line())
			}
		}
	}
	r.list(r.Project, m.Get("requirements"), "")
	groups := m.Get("dependency-groups")
	for _, k := range groups.Keys() {
		r.list(r.Project, groups.Get(k), pylock.GroupLabel(k))
	}
	if v := r.doc.Get("requires-python"); v != nil {
		r.Property(v.Line(), "requires-python", v.Str())
	}
	for _, k := range []string{"resolution-markers", "supported-markers", "required-markers"} {
		r.words(strings.TrimSuffix(k, "s"), r.doc.Get(k))
	}
	for _, k := range []string{"overrides", "constraints", "build-constraints"} {
		for _, v := range m.Get(k).Items() {
			r.Property(v.Line(), strings.TrimSuffix(k, "s"), requirement(v))
		}
	}
	r.words("exclude", m.Get("excludes"))
	for _, set := range r.doc.Get("conflicts").Items() {
		r.Property(set.Line(), "conflict", conflict(set))
	}
	options := r.doc.Get("options")
	for _, k := range options.Keys() {
		v := options.Get(k)
		r.Property(v.Line(), k, v.Text)
		for _, name := range v.Keys() { // exclude-newer-package
			r.Property(v.Get(name).Line(), k, name+"="+v.Get(name).Text)
		}
	}
}

func (r *reader) words(name string, v *tomllines.Value) {
	for _, i := range v.Items() {
		r.Property(i.Line(), name, i.Str())
	}
}

// requirement writes a requirement of the manifest in one line.
func requirement(v *tomllines.Value) string {
	text := v.Get("name").Str() + v.Get("specifier").Str()
	for _, k := range []string{"git", "url", "path", "directory", "editable", "virtual"} {
		if at := v.Get(k).Str(); at != "" {
			text += " @ " + pylock.Clean(at)
		}
	}
	if m := v.Get("marker").Str(); m != "" {
		text += " ; " + m
	}
	return text
}

// conflict writes one set of what cannot be installed together.
func conflict(set *tomllines.Value) string {
	var parts []string
	for _, v := range set.Items() {
		text := v.Get("package").Str()
		if x := v.Get("extra").Str(); x != "" {
			text += "[" + x + "]"
		}
		if g := v.Get("group").Str(); g != "" {
			text += ":" + g
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
