package pipfile

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// label says what a category is for.
func label(category string) string {
	switch category {
	case "packages", "default":
		return "main"
	case "dev-packages", "develop":
		return "dev"
	}
	return pylock.GroupLabel(category)
}

// category reads one table of packages.
func (r *reader) category(name string, v *tomllines.Value) {
	if !v.Is(tomllines.Table) {
		r.Problem(v.Line(), "%.60q is no table, so it is no category of packages", name)
		return
	}
	for _, k := range v.Keys() {
		r.requirement(k, v.Get(k), label(name))
	}
}

// requirement reads one package: a range, or a table.
func (r *reader) requirement(name string, v *tomllines.Value, group string) {
	n := pydep.Need{Line: v.Line(), Groups: []string{group}}
	parsed, err := pep508.Parse(name)
	if err != nil || parsed.Specifier != "" || parsed.URL != "" || parsed.Marker != "" {
		r.Problem(n.Line, "%.100q is no name of a package", pylock.Redact(name))
		return
	}
	n.Name, n.Extras = parsed.Name, parsed.Extras
	switch v.Kind {
	case tomllines.String:
		n.Specifier = v.Str()
	case tomllines.Table:
		n.Specifier = v.Get("version").Str()
		n.Extras = append(n.Extras, v.Get("extras").Strs()...)
		n.Editable = v.Get("editable").True()
		n.Marker = marker(v)
		r.from(&n, v)
	default:
		r.Problem(n.Line, "the package %.100q is neither a range nor a table", name)
		return
	}
	if n.Specifier == "*" {
		n.Specifier = ""
	}
	if pep508.IsVersion(n.Specifier) { // Pipenv takes a bare version for an exact one
		n.Exact = n.Specifier
	} else if err := pep508.CheckSpecifiers(n.Specifier); err != nil && pep508.CheckSpecifiers("=="+n.Specifier) != nil { // "3.*" is "==3.*"
		r.Problem(n.Line, "%v", err)
	}
	for _, text := range v.Get("hashes").Strs() {
		n.Integrity = append(n.Integrity, strings.ToLower(text))
	}
	if text := v.Get("hash").Str(); text != "" {
		n.Integrity = append(n.Integrity, strings.ToLower(text))
	}
	if n.Marker != "" {
		if err := pep508.CheckMarker(n.Marker); err != nil {
			r.Problem(n.Line, "%v", err)
		}
	}
	r.Add(n)
}

// variables are the names of markers, which may stand as keys with a comparison
// as value: sys_platform = "== 'win32'".
var variables = []string{"os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release",
	"platform_system", "platform_version", "python_version", "python_full_version", "implementation_name", "implementation_version"}

func marker(v *tomllines.Value) string {
	var parts []string
	text := v.Get("markers").Str()
	if text == "" {
		text = v.Get("marker").Str()
	}
	if text != "" {
		parts = append(parts, text)
	}
	for _, k := range variables {
		if c := v.Get(k).Str(); c != "" {
			parts = append(parts, k+" "+c)
		}
	}
	if len(parts) > 1 && strings.Contains(" "+text+" ", " or ") {
		parts[0] = "(" + text + ")"
	}
	return strings.Join(parts, " and ")
}

// from reads where the package is taken from.
func (r *reader) from(n *pydep.Need, v *tomllines.Value) {
	if name := v.Get("index").Str(); name != "" {
		if n.Index = r.indexes[name]; n.Index == "" && strings.Contains(name, "://") {
			n.Index = pylock.Clean(name)
		} else if n.Index == "" {
			r.Problem(n.Line, "the index %.60q of %s is not among the sources", pylock.Redact(name), n.Name)
		}
	}
	for _, k := range []string{"git", "hg", "svn", "bzr"} {
		at := v.Get(k).Str()
		if at == "" {
			continue
		}
		n.URL = k + "+" + strings.TrimPrefix(at, k+"+")
		if ref := v.Get("ref").Str(); ref != "" {
			n.URL += "@" + ref
		}
		if sub := v.Get("subdirectory").Str(); sub != "" {
			n.URL += "#subdirectory=" + sub
		}
		return
	}
	for _, k := range []string{"path", "file", "url", "uri"} {
		at := v.Get(k).Str()
		switch {
		case at == "":
		case strings.Contains(at, "://") && !strings.HasPrefix(at, "file://"):
			n.URL = at
		default:
			n.Folder = strings.TrimPrefix(at, "file://")
		}
	}
}
