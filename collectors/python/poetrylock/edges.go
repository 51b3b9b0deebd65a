package poetrylock

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// edges reads what a package requires. What the lock does not hold was not
// needed on any platform that it is for.
func (r *reader) edges(e entry) {
	needs := e.v.Get("dependencies")
	because := extrasOf(e.v.Get("extras"))
	for _, name := range needs.Keys() {
		v := needs.Get(name)
		alternatives := []*tomllines.Value{v}
		if v.Is(tomllines.Array) {
			alternatives = v.Items()
		}
		for _, d := range alternatives {
			r.dependency(e.p, name, d, because[pylock.Normalize(name)])
		}
	}
}

// extrasOf tells, for each package, which extras require it.
func extrasOf(v *tomllines.Value) map[string][]string {
	because := map[string][]string{}
	for _, extra := range v.Keys() {
		for _, text := range v.Get(extra).Strs() {
			name := pylock.Normalize(leading.FindString(text))
			because[name] = append(because[name], extra)
		}
	}
	return because
}

var leading = regexp.MustCompile(`^[A-Za-z0-9._-]+`)

// dependency adds the edges of one alternative: a range, or a table.
func (r *reader) dependency(from *pylock.Package, name string, d *tomllines.Value, extras []string) {
	wanted := d.Str()
	var note string
	if d.Is(tomllines.Table) {
		wanted, note = d.Get("version").Str(), d.Get("markers").Str()
		if python := d.Get("python").Str(); note == "" && python != "" && python != "*" {
			note = "python " + python
		}
		if d.Get("optional").True() && !strings.Contains(note, "extra") {
			parts := []string{}
			for _, x := range extras {
				parts = append(parts, pylock.ExtraLabel(x))
			}
			note = strings.Join(slices.DeleteFunc(append(parts, note), func(s string) bool { return s == "" }), "; ")
		}
	}
	for _, to := range r.allowed(r.Named(name), wanted) {
		r.Link(from, pylock.Edge{To: to, Extras: normal(d.Get("extras").Strs()), Note: note, Line: d.Line()})
	}
}

// allowed gives the packages of one name whose version the range allows, or all
// where it tells none of them apart.
func (r *reader) allowed(named []*pylock.Package, wanted string) []*pylock.Package {
	if len(named) < 2 || wanted == "" {
		return named
	}
	want, ok := parseRange(wanted)
	if !ok {
		return named
	}
	var list []*pylock.Package
	for _, p := range named {
		v, known := r.versions[p]
		if !known {
			v, _ = parseVersion(p.Version)
			r.versions[p] = v
		}
		if v.ok && want.allows(v) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return named
	}
	return list
}

// listed counts how often the lock has a name, whether read yet or not.
func (r *reader) listed(name string) int {
	if r.count == nil {
		r.count = map[string]int{}
		for _, v := range r.doc.Get("package").Items() {
			r.count[pylock.Normalize(v.Get("name").Str())]++
		}
	}
	return r.count[pylock.Normalize(name)]
}

// extras links the project to what its extras name, and notes at each optional
// package which extras need it.
func (r *reader) extras() {
	table := r.doc.Get("extras")
	for _, extra := range table.Keys() {
		list := table.Get(extra).Items()
		for _, v := range list {
			for _, p := range r.Named(leading.FindString(v.Str())) {
				r.Link(r.Project, pylock.Edge{To: p, Label: pylock.ExtraLabel(extra), Line: v.Line()})
			}
		}
	}
	optional := map[*pylock.Package]bool{}
	for _, e := range r.entries {
		optional[e.p] = e.v.Get("optional").True()
	}
	for p, labels := range r.Groups([]*pylock.Package{r.Project}) {
		if optional[p] && p.Kind == sbom.KindLibrary {
			p.Package.Groups = append(p.Package.Groups, labels...)
			slices.Sort(p.Package.Groups)
			p.Package.Groups = slices.Compact(p.Package.Groups)
		}
	}
}
