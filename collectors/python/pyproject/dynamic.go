package pyproject

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/reqfile"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

const maxVersionFile = 1 << 20 // bytes that are read of a file that holds the version

// dynamic finds what the build backend takes from files, and tells what it computes.
func (r *reader) dynamic() {
	for _, v := range r.doc.Get("project", "dynamic").Items() {
		switch field := v.Str(); field {
		case "version":
			r.version(v)
		case "dependencies":
			if files, hooks := r.fromFiles(), r.fromHooks(field); !files && !hooks && r.doc.Get("tool", "poetry", "dependencies") == nil {
				r.computed(v)
			}
		case "optional-dependencies":
			if files, hooks := r.extrasFromFiles(), r.fromHooks(field); !files && !hooks && r.doc.Get("tool", "poetry", "extras") == nil {
				r.computed(v)
			}
		}
	}
}

func (r *reader) computed(v *tomllines.Value) {
	backend := r.doc.Get("build-system", "build-backend").Str()
	if backend == "" {
		backend = "setuptools"
	}
	r.Problem(v.Line(), "the %s are computed by the build backend %s; they are not read", v.Str(), backend)
}

// hook is the plug-in hatch-requirements-txt, which reads pip's files.
var hook = []string{"tool", "hatch", "metadata", "hooks", "requirements_txt"}

// fromFiles reads the requirements that setuptools or a plug-in of Hatch take from
// files; it tells whether there are such files.
func (r *reader) fromFiles() bool {
	st := r.doc.Get("tool", "setuptools", "dynamic", "dependencies")
	h := r.doc.Get(hook...)
	names := append(texts(st.Get("file")), texts(h.Get("files"))...)
	names = append(names, texts(h.Get("filename"))...)
	for _, v := range names {
		r.requirementsFile(v, "main")
	}
	return len(names) > 0
}

func (r *reader) extrasFromFiles() bool {
	st := r.doc.Get("tool", "setuptools", "dynamic", "optional-dependencies")
	h := r.doc.Get(append(slices.Clip(hook), "optional-dependencies")...)
	for _, k := range st.Keys() {
		for _, v := range texts(st.Get(k, "file")) {
			r.requirementsFile(v, pylock.ExtraLabel(k))
		}
	}
	for _, k := range h.Keys() {
		for _, v := range texts(h.Get(k)) {
			r.requirementsFile(v, pylock.ExtraLabel(k))
		}
	}
	return len(st.Keys())+len(h.Keys()) > 0
}

// texts gives the values of a list, or the one that stands in its place.
func texts(v *tomllines.Value) []*tomllines.Value {
	if v.Is(tomllines.String) {
		return []*tomllines.Value{v}
	}
	return v.Items()
}

const maxNamedFiles = 50 // files of requirements that one project names

// requirementsFile reads a file of one requirement a line. Options of pip mean
// nothing to a build backend; files that they include are the collector of
// requirements' own.
func (r *reader) requirementsFile(v *tomllines.Value, group string) {
	target := path.Join(path.Dir(r.file.Path), v.Str())
	if path.IsAbs(v.Str()) || !fs.ValidPath(target) {
		r.Finding(sbom.RulePathEscape, v.Line(), "the file %.100q is outside of the tree; it is not read", v.Str())
		return
	}
	if len(r.children) >= maxNamedFiles {
		r.Problem(v.Line(), "more than %d files of requirements; %.100q is not read", maxNamedFiles, v.Str())
		return
	}
	f := sbom.NewFile(r.file.FS, target)
	info, err := fs.Stat(r.file.FS, target)
	if err != nil || !info.Mode().IsRegular() {
		r.Problem(v.Line(), "the file %.100q of requirements is not in the tree", v.Str())
		return
	}
	text, err := f.Text()
	if err != nil {
		r.Problem(v.Line(), "the file %.100q of requirements cannot be read", v.Str())
		return
	}
	child := *r
	child.Manifest = r.Include(f)
	r.children = append(r.children, child.Manifest)
	reqfile.Read(text, func(e reqfile.Entry) bool {
		child.fileLine(e, group)
		return !child.Full()
	})
}

func (r *reader) fileLine(e reqfile.Entry, group string) {
	if e.Args == "" {
		if len(e.Options) > 0 {
			r.Problem(e.Line, "%s is an option of pip, which a build backend does not know", e.Options[0].Name)
		}
		return
	}
	parsed, err := pep508.Parse(e.Args)
	if err != nil {
		r.Problem(e.Line, "%.100q is no requirement: %v", pydep.Address(e.Args), err)
		return
	}
	r.add(pydep.Need{Requirement: parsed, Line: e.Line, Groups: []string{group}})
}

var (
	attribute = pattern.Lazy(`^[A-Za-z_][\w.]*$`)
	assigned  = pattern.Lazy(`(?m)^([A-Za-z_]\w*)\s*(?::\s*[\w.\[\]]+\s*)?=\s*(?:b|u|r)?["']([^"'\n]{1,100})["']`)
)

// literal is a place where a version can stand as a plain text.
type literal struct {
	v     *tomllines.Value
	path  string
	names []string // of the variable
}

var usual = []string{"__version__", "VERSION", "version"}

// version looks into the files that setuptools, Hatch, PDM and Flit take it from.
func (r *reader) version(v *tomllines.Value) {
	if r.App.Version != "" {
		return
	}
	st := r.doc.Get("tool", "setuptools", "dynamic", "version")
	for _, name := range texts(st.Get("file")) {
		if text := strings.TrimSpace(r.content(name.Str())); pep508.IsVersion(text) {
			r.App.Version = text
			r.at("version", st)
			return
		}
	}
	for _, l := range r.literals(v) {
		for _, m := range assigned.FindAllStringSubmatch(r.content(l.path), -1) {
			if slices.Contains(l.names, m[1]) && pep508.IsVersion(m[2]) {
				r.App.Version = m[2]
				r.at("version", l.v)
				return
			}
		}
	}
}

func (r *reader) literals(v *tomllines.Value) (places []literal) {
	st, hatch := r.doc.Get("tool", "setuptools", "dynamic", "version"), r.doc.Get("tool", "hatch", "version")
	pdm := r.doc.Get("tool", "pdm", "version")
	if source := hatch.Get("source").Str(); source == "" || source == "regex" || source == "code" {
		names := usual
		if e := hatch.Get("expression").Str(); attribute.MatchString(e) {
			names = []string{e}
		}
		places = append(places, literal{hatch, hatch.Get("path").Str(), names})
	}
	places = append(places, literal{pdm, pdm.Get("path").Str(), usual})
	if at := st.Get("attr").Str(); attribute.MatchString(at) {
		dot := max(strings.LastIndex(at, "."), 0)
		module, names := strings.ReplaceAll(at[:dot], ".", "/"), []string{strings.TrimPrefix(at[dot:], ".")}
		dirs := append([]string{"", "src/", r.doc.Get("tool", "setuptools", "package-dir", "").Str() + "/"}, r.doc.Get("tool", "setuptools", "packages", "find", "where").Strs()...)
		for _, dir := range dirs {
			places = append(places, literal{st, path.Join(dir, module, "__init__.py"), names}, literal{st, path.Join(dir, module) + ".py", names})
		}
	}
	if strings.HasPrefix(r.doc.Get("build-system", "build-backend").Str(), "flit") {
		places = append(places, r.flitModule(v)...)
	}
	return places
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
