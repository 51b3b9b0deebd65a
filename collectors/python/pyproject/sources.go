package pyproject

import (
	"path"
	"strings"

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
				r.indexes[strings.ToLower(name)] = pylock.Clean(at.Str())
			}
			r.secure(at)
			if s := v.Get("verify_ssl"); s.Is(tomllines.Scalar) && !s.True() {
				r.Finding(sbom.RuleInsecureIndex, s.Line(), "the certificate of %s is not checked", pylock.Clean(at.Str()))
			}
		}
	}
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
	if r.doc.Get("project", "dependencies") == nil {
		return
	}
	declared := map[string]bool{}
	for _, v := range r.doc.Get("project", "dependencies").Items() {
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

// from takes a requirement from the source that a table names: git, url, path,
// workspace or a named index, as uv, Poetry, PDM and Pipenv write it.
func (r *reader) from(n pydep.Need, v *tomllines.Value) pydep.Need {
	if m := v.Get("marker").Str(); m != "" {
		n.Marker = both(n.Marker, m)
	}
	if e := v.Get("extra").Str(); e != "" {
		n.Marker = both(n.Marker, "extra == '"+e+"'")
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
		n.Folder = path.Join(v.Get("path").Str()+v.Get("file").Str(), sub)
	case v.Get("workspace").True():
		if dir := r.named(n.Name); dir != "" {
			n.Project = dir
		} else {
			r.Problem(v.Line(), "the workspace member %q is not found in the tree", n.Name)
			n.Project = path.Dir(r.file.Path)
		}
	default:
		n.Index = r.indexes[strings.ToLower(v.Get("index").Str()+v.Get("source").Str())]
	}
	return n
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
