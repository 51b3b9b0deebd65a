package pyproject

import (
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

const maxVersionFile = 1 << 20 // bytes that are read of a file that holds the version

// dynamic tells what the build backend computes, and finds the version where it
// is the plain text of a file.
func (r *reader) dynamic() {
	for _, v := range r.doc.Get("project", "dynamic").Items() {
		switch v.Str() {
		case "version":
			r.version(v)
		case "dependencies", "optional-dependencies":
			if !r.namedFiles(v.Str()) {
				r.Problem(v.Line(), "the %s are computed by the build backend %s; they are not read", v.Str(), r.doc.Get("build-system", "build-backend").Str())
			}
		}
	}
}

// namedFiles tells whether setuptools or a plug-in of Hatch take the
// dependencies from files that the collector of requirements reads.
func (r *reader) namedFiles(field string) bool {
	v := r.doc.Get("tool", "setuptools", "dynamic", field)
	if v == nil {
		v = r.doc.Get("tool", "hatch", "metadata", "hooks", "requirements_txt")
		return v.Get("filename") != nil || v.Get("files") != nil
	}
	tables := []*tomllines.Value{v}
	if field == "optional-dependencies" {
		tables = nil
		for _, k := range v.Keys() {
			tables = append(tables, v.Get(k))
		}
	}
	for _, t := range tables {
		for _, name := range t.Get("file").Strs() {
			if base := strings.ToLower(path.Base(name)); !strings.Contains(base, "requirements") && path.Base(path.Dir(name)) != "requirements" {
				r.Problem(t.Line(), "%.100q holds %s and is read only where its name says requirements", name, field)
			}
		}
	}
	return len(tables) > 0
}

var (
	attribute = regexp.MustCompile(`^[A-Za-z_][\w.]*$`)
	assigned  = regexp.MustCompile(`(?m)^(?:__version__|VERSION|version)\s*(?::\s*[\w.\[\]]+\s*)?=\s*(?:b|u|r)?["']([^"'\n]{1,100})["']`)
)

// version looks into the files that setuptools, Hatch, PDM and Flit take it from.
func (r *reader) version(v *tomllines.Value) {
	if r.App.Version != "" {
		return
	}
	st, hatch := r.doc.Get("tool", "setuptools", "dynamic", "version"), r.doc.Get("tool", "hatch", "version")
	pdm := r.doc.Get("tool", "pdm", "version")
	for _, name := range st.Get("file").Strs() {
		if r.App.Version = strings.TrimSpace(r.content(name)); !pep508.IsVersion(r.App.Version) {
			r.App.Version = ""
		}
		if r.App.Version != "" {
			r.at("version", st)
			return
		}
	}
	if source := hatch.Get("source").Str(); source != "" && source != "regex" {
		return // computed
	}
	type place struct {
		v    *tomllines.Value
		path string
	}
	places := []place{{hatch, hatch.Get("path").Str()}, {pdm, pdm.Get("path").Str()}}
	if at := st.Get("attr").Str(); attribute.MatchString(at) {
		module := strings.ReplaceAll(at[:max(strings.LastIndex(at, "."), 0)], ".", "/")
		for _, dir := range []string{"", "src/", r.doc.Get("tool", "setuptools", "package-dir", "").Str() + "/"} {
			places = append(places, place{st, dir + module + "/__init__.py"}, place{st, dir + module + ".py"})
		}
	}
	if strings.HasPrefix(r.doc.Get("build-system", "build-backend").Str(), "flit") {
		module := strings.ReplaceAll(strings.TrimSpace(r.App.Name), "-", "_")
		if m := r.doc.Get("tool", "flit", "module", "name").Str(); m != "" {
			module = m
		}
		places = append(places, place{v, module + "/__init__.py"}, place{v, "src/" + module + "/__init__.py"}, place{v, module + ".py"})
	}
	for _, p := range places {
		if m := assigned.FindStringSubmatch(r.content(p.path)); m != nil && pep508.IsVersion(m[1]) {
			r.App.Version = m[1]
			r.at("version", p.v)
			return
		}
	}
}

// content gives the text of a file of the project; "" where it has none.
func (r *reader) content(name string) string {
	if name == "" {
		return ""
	}
	return r.read(path.Join(path.Dir(r.file.Path), name))
}

func (r *reader) read(target string) string {
	if target = path.Clean(target); !fs.ValidPath(target) {
		return ""
	}
	h, err := r.file.FS.Open(target)
	if err != nil {
		return ""
	}
	defer func() { _ = h.Close() }()
	if info, err := h.Stat(); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	data, err := io.ReadAll(io.LimitReader(h, maxVersionFile))
	if err != nil {
		return ""
	}
	return string(data)
}
