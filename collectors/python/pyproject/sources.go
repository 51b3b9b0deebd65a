package pyproject

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// readIndexes reads the named indexes and judges all of them.
func (r *reader) readIndexes() {
	for _, keys := range [][]string{{"tool", "uv", "index"}, {"tool", "poetry", "source"}, {"tool", "pdm", "source"}} {
		for _, v := range r.doc.Get(keys...).Items() {
			at := v.Get("url")
			if name := v.Get("name").Str(); name != "" {
				r.indexes[strings.ToLower(name)] = at
			}
			r.secure(at)
			if s := v.Get("verify_ssl"); s.Is(tomllines.Scalar) && !s.True() {
				r.Finding(sbom.RuleInsecureIndex, s.Line(), "the certificate of %s is not checked", pylock.Clean(at.Str()))
			}
		}
	}
	r.defaultIndex()
	r.severalIndexes()
	for _, keys := range [][]string{{"tool", "uv"}, {"tool", "uv", "pip"}} {
		t := r.doc.Get(keys...)
		for _, k := range []string{"index-url", "extra-index-url", "find-links"} {
			for _, v := range append(t.Get(k).Items(), t.Get(k)) {
				r.secure(v)
			}
		}
		for _, k := range []string{"allow-insecure-host", "trusted-host"} {
			for _, v := range t.Get(k).Items() {
				r.Finding(sbom.RuleInsecureIndex, v.Line(), "the certificate of %s is not checked", v.Str())
			}
		}
		if v := t.Get("index-strategy"); strings.HasPrefix(v.Str(), "unsafe-") {
			r.Finding(sbom.RuleConfusion, v.Line(), "a package is taken from whichever index offers it (%s)", v.Str())
		}
	}
}

// defaultIndex finds the one index that packages come from which name no other: of
// uv the default one or index-url, of Poetry the single primary source, where no
// further index is searched.
func (r *reader) defaultIndex() {
	uv, others := r.doc.Get("tool", "uv"), 0
	found := uv.Get("index-url")
	for _, v := range uv.Get("index").Items() {
		switch {
		case v.Get("default").True():
			found = v.Get("url")
		case !v.Get("explicit").True():
			others++
		}
	}
	others += len(texts(uv.Get("extra-index-url")))
	if primary := r.primarySources(); len(primary) == 1 && found == nil {
		found = primary[0].Get("url")
		for _, v := range r.doc.Get("tool", "poetry", "source").Items() {
			if p := v.Get("priority").Str(); p == "supplemental" {
				others++
			}
		}
	}
	if others == 0 {
		r.index = found
	}
}

// primarySources are those of Poetry that it asks for every package.
func (r *reader) primarySources() (list []*tomllines.Value) {
	for _, v := range r.doc.Get("tool", "poetry", "source").Items() {
		switch strings.ToLower(v.Get("priority").Str()) {
		case "", "primary", "default", "secondary":
			list = append(list, v)
		}
	}
	return list
}

// severalIndexes tells of indexes that are asked for the same package. Poetry asks
// all primary sources, and PDM asks PyPI beside each source that does not say which
// packages it is for.
func (r *reader) severalIndexes() {
	if primary := r.primarySources(); len(primary) > 1 {
		r.Finding(sbom.RuleConfusion, primary[1].Line(), "packages are taken from any of %d primary sources, whichever has the higher version; the second is %.60q", len(primary), primary[1].Get("name").Str())
	}
	if r.doc.Get("tool", "pdm", "resolution", "respect-source-order").True() {
		return
	}
	for _, v := range r.doc.Get("tool", "pdm", "source").Items() {
		if name := v.Get("name").Str(); name != "pypi" && len(v.Get("include_packages").Items()) == 0 && v.Get("type").Str() != "find_links" {
			r.Finding(sbom.RuleConfusion, v.Line(), "packages are taken from %s or from PyPI, whichever has the higher version", pylock.Clean(v.Get("url").Str()))
		}
	}
}

func (r *reader) secure(v *tomllines.Value) {
	if at := pylock.Clean(v.Str()); strings.HasPrefix(strings.ToLower(at), "http://") {
		r.Finding(sbom.RuleInsecureIndex, v.Line(), "packages are taken from %s, without transport security", at)
	}
}

// readSources reads where single packages are taken from: uv's table, and
// Poetry's dependencies where they only add to those of PEP 621.
func (r *reader) readSources() {
	uv := r.doc.Get("tool", "uv", "sources")
	for _, name := range uv.Keys() {
		r.source(name, uv.Get(name))
	}
	declared := map[string]bool{}
	list := r.doc.Get("project", "dependencies").Items()
	extras := r.doc.Get("project", "optional-dependencies")
	for _, k := range extras.Keys() {
		list = append(slices.Clip(list), extras.Get(k).Items()...)
	}
	for _, v := range list {
		if n, err := pep508.Parse(v.Str()); err == nil {
			declared[pep508.Normalize(n.Name)] = true
		}
	}
	poetry := r.doc.Get("tool", "poetry", "dependencies")
	for _, name := range poetry.Keys() {
		if v := poetry.Get(name); declared[pep508.Normalize(name)] && v.Is(tomllines.Table) {
			r.source(name, v)
		}
	}
}

func (r *reader) source(name string, v *tomllines.Value) {
	key := pep508.Normalize(name)
	if v.Is(tomllines.Array) { // one source per marker
		r.sources[key] = append(r.sources[key], v.Items()...)
	} else {
		r.sources[key] = append(r.sources[key], v)
	}
}

// applicable gives the sources of a package where it stands: uv has some for one
// extra or group alone.
func (r *reader) applicable(n pydep.Need) (list []*tomllines.Value) {
	for _, v := range r.sources[pep508.Normalize(n.Name)] {
		extra, group := v.Get("extra").Str(), v.Get("group").Str()
		if (extra == "" || slices.Contains(n.Groups, pylock.ExtraLabel(extra))) && (group == "" || slices.Contains(n.Groups, pylock.GroupLabel(group))) {
			list = append(list, v)
		}
	}
	return list
}

var archive = pattern.Lazy(`(?i)\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)$`)

// from takes a requirement from the source that a table names: git, url, path,
// workspace or a named index, as uv, Poetry, PDM and Pipenv write it.
func (r *reader) from(n pydep.Need, v *tomllines.Value) pydep.Need {
	if m := v.Get("marker").Str(); m != "" {
		n.Marker = both(n.Marker, m)
	}
	n.Editable = n.Editable || v.Get("editable").True() || v.Get("develop").True()
	sub := v.Get("subdirectory").Str()
	switch {
	case v.Get("git").Str() != "":
		n.URL = "git+" + strings.TrimPrefix(pylock.Clean(v.Get("git").Str()), "git+")
		for _, k := range []string{"rev", "tag", "branch", "ref"} {
			if ref := v.Get(k).Str(); ref != "" {
				n.URL += "@" + ref
				break
			}
		}
		if sub != "" {
			n.URL += "#subdirectory=" + sub
		}
	case v.Get("url").Str() != "":
		if n.URL = v.Get("url").Str(); sub != "" {
			n.URL += "#subdirectory=" + sub
		}
	case v.Get("path").Str() != "" || v.Get("file").Str() != "":
		if at := v.Get("path").Str() + v.Get("file").Str(); archive.MatchString(at) {
			n.Archive = at
		} else {
			n.Folder = path.Join(at, sub)
		}
	case v.Get("workspace").True():
		if dir := r.named(n.Name); dir != "" {
			n.Project = dir
		} else {
			r.Problem(v.Line(), "the workspace member %q is not found in the tree", n.Name)
			n.Project = path.Dir(r.file.Path)
		}
	case v.Get("index").Str() == "" && v.Get("source").Str() == "":
		r.fromIndex(&n, r.index)
	default:
		r.fromIndex(&n, r.indexes[strings.ToLower(v.Get("index").Str()+v.Get("source").Str())])
	}
	return n
}

// fromIndex takes a requirement from an index, which can be nil.
func (r *reader) fromIndex(n *pydep.Need, url *tomllines.Value) {
	n.Index, n.IndexLine = pylock.Clean(url.Str()), url.Line()
}

// both joins two markers.
func both(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return paren(a) + " and " + paren(b)
}

func paren(m string) string {
	if strings.Contains(m, " or ") {
		return "(" + m + ")"
	}
	return m
}
