package poetrylock

import (
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
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

var leading = pattern.Lazy(`^[A-Za-z0-9._-]+`)

// dependency adds the edges of one alternative: a range, or a table. What is
// only needed for an extra of the package counts where that is asked for.
func (r *reader) dependency(from *pylock.Package, name string, d *tomllines.Value, extras []string) {
	w := pylock.Want{Name: name, Range: d.Str()}
	var labels []string
	if d.Is(tomllines.Table) {
		w = want(name, d)
		if d.Get("optional").True() {
			for _, x := range extras {
				labels = append(labels, pylock.ExtraLabel(x))
			}
			if labels == nil {
				labels = []string{optional}
			}
		}
	}
	if labels == nil {
		labels = []string{""}
	}
	for _, to := range r.Wanted(w) {
		for _, label := range labels {
			r.Link(from, pylock.Edge{To: to, Label: label, Extras: normal(w.Extras), Note: note(w.Marker, label), Line: d.Line()})
		}
	}
}

// want reads a dependency that is a table.
func want(name string, d *tomllines.Value) pylock.Want {
	w := pylock.Want{Name: name, Range: d.Get("version").Str(), Extras: d.Get("extras").Strs(), Marker: d.Get("markers").Str()}
	for _, k := range []string{"git", "url", "path", "file"} {
		if at := d.Get(k).Str(); at != "" {
			w.URL = at
		}
	}
	if python := d.Get("python").Str(); w.Marker == "" && python != "" && python != "*" {
		w.Marker = "python " + python
	}
	return w
}

// note leaves a marker out that only says what the label says.
func note(marker, label string) string {
	if c, err := pylock.ParseMarker(marker); err == nil && label != "" {
		if extras, _ := c.Names(); len(extras) == 1 && simple.MatchString(marker) {
			return ""
		}
	}
	return marker
}

var simple = pattern.Lazy(`^extra == ["'][^"']*["']$`)

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

// extras links the project to what its extras name, for which the manifest is
// not needed.
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
}
