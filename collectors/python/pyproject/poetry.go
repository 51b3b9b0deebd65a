package pyproject

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// poetry reads https://python-poetry.org/docs/pyproject/ and
// https://python-poetry.org/docs/dependency-specification/.
func (r *reader) poetry() {
	p := r.doc.Get("tool", "poetry")
	extras := map[string][]string{}
	table := p.Get("extras")
	for _, k := range table.Keys() {
		for _, v := range table.Get(k).Items() {
			name := v.Str()
			if parsed, err := pep508.Parse(name); err == nil {
				name = parsed.Name
			}
			extras[pep508.Normalize(name)] = append(extras[pep508.Normalize(name)], pylock.ExtraLabel(k))
		}
	}
	deps := p.Get("dependencies")
	for _, name := range deps.Keys() {
		if pep508.Normalize(name) != "python" && len(r.sources[pep508.Normalize(name)]) == 0 {
			groups := extras[pep508.Normalize(name)]
			if len(groups) == 0 {
				groups = []string{"main"}
			}
			r.constraint(name, deps.Get(name), groups)
		}
	}
	dev := p.Get("dev-dependencies")
	for _, name := range dev.Keys() {
		r.constraint(name, dev.Get(name), []string{"dev"})
	}
	r.poetryGroups(p.Get("group"))
	build := p.Get("requires-plugins")
	for _, name := range build.Keys() {
		r.constraint(name, build.Get(name), []string{"build"})
	}
}

// poetryGroups reads groups, which can include each other.
func (r *reader) poetryGroups(groups *tomllines.Value) {
	in := map[string][]string{} // who includes it
	for _, g := range groups.Keys() {
		for _, v := range groups.Get(g, "include-groups").Items() {
			if groups.Get(v.Str()) == nil && r.doc.Get("dependency-groups", v.Str()) == nil {
				r.Problem(v.Line(), "the group %q includes %q, which is not there", g, v.Str())
			}
			in[v.Str()] = append(in[v.Str()], g)
		}
	}
	for _, g := range groups.Keys() {
		all, cyclic := reach(in, g)
		if cyclic {
			r.Problem(groups.Get(g).Line(), "%q includes itself", g)
		}
		for i, name := range all {
			all[i] = pylock.GroupLabel(name)
		}
		slices.Sort(all)
		deps := groups.Get(g, "dependencies")
		for _, name := range deps.Keys() {
			r.constraint(name, deps.Get(name), all)
		}
	}
}

// constraint reads a range, a table, or several tables for several platforms.
func (r *reader) constraint(name string, v *tomllines.Value, groups []string) {
	n := pydep.Need{Line: v.Line(), Groups: groups}
	n.Name = name
	switch v.Kind {
	case tomllines.String:
		r.ranged(n, v.Str())
	case tomllines.Array:
		for _, i := range v.Items() {
			r.constraint(name, i, groups)
		}
	case tomllines.Table:
		n.Extras = v.Get("extras").Strs()
		if v.Get("optional").True() && slices.Equal(groups, []string{"main"}) {
			n.Groups = []string{"optional"}
		}
		n.Marker = v.Get("markers").Str()
		if p := v.Get("python").Str(); p != "" {
			n.Marker = both(n.Marker, interpreter(p))
		}
		if p := v.Get("platform").Str(); p != "" {
			n.Marker = both(n.Marker, `sys_platform == "`+p+`"`)
		}
		r.ranged(r.from(n, v), v.Get("version").Str())
	default:
		r.Problem(v.Line(), "the dependency %q is neither a range nor a table", name)
	}
}

// ranged adds a requirement with one of Poetry's ranges, kept as written; a bare
// version is an exact one.
func (r *reader) ranged(n pydep.Need, text string) {
	n.Specifier = strings.TrimSpace(text)
	if n.Specifier != "" {
		either, err := pep440.ParsePoetry(n.Specifier)
		if err != nil {
			r.Problem(n.Line, "%.100q is no range of Poetry for %s: %v", n.Specifier, n.Name, err)
		} else if len(either) == 1 {
			n.Exact = either[0].Exact()
		}
	}
	if n.URL == "" && n.Folder == "" && n.Project == "" && n.Archive == "" && n.Index == "" {
		r.fromIndex(&n, r.index)
	}
	if n.Specifier == "*" {
		n.Specifier = ""
	}
	if parsed, err := pep508.Parse(n.Name); err != nil || parsed.Name != n.Name {
		r.Problem(n.Line, "%.100q is no name of a package", n.Name)
		return
	}
	if r.name == "" || pep508.Normalize(n.Name) != r.name {
		r.Add(n)
	}
}

var bound = pattern.Lazy(`^(\^|~=|~|==|!=|<=|>=|<|>)?\s*(\d+(?:\.\d+)*)(\.\*)?$`)

// interpreter writes a range of Python versions as a marker.
func interpreter(text string) string {
	var either []string
	for part := range strings.SplitSeq(text, "||") {
		var together []string
		for clause := range strings.SplitSeq(strings.Trim(strings.TrimSpace(part), ","), ",") {
			m := bound.FindStringSubmatch(strings.TrimSpace(clause))
			if m == nil {
				return `python_version in "` + strings.ReplaceAll(text, `"`, "") + `"`
			}
			together = append(together, clauses(m[1], m[2], m[3] != "")...)
		}
		either = append(either, strings.Join(together, " and "))
	}
	return strings.Join(either, " or ")
}

// clauses writes one comparison of Poetry in the markers' own.
func clauses(op, version string, wild bool) []string {
	is := func(op, v string) string { return `python_version ` + op + ` "` + v + `"` }
	parts := strings.Split(version, ".")
	switch {
	case op == "^":
		return []string{is(">=", version), is("<", next(parts, 0))}
	case op == "~", op == "~=":
		at := 1
		if len(parts) == 1 || op == "~=" {
			at = max(len(parts)-2, 0)
		}
		return []string{is(">=", version), is("<", next(parts, at))}
	case wild && op != "!=":
		return []string{is(">=", version), is("<", next(parts, len(parts)-1))}
	case wild:
		return []string{is(op, version+".*")}
	case op == "":
		return []string{is("==", version)}
	}
	return []string{is(op, version)}
}

// next raises the part at i and ends there.
func next(parts []string, i int) string {
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return parts[i]
	}
	return strings.Join(append(append([]string(nil), parts[:i]...), strconv.Itoa(n+1)), ".")
}
