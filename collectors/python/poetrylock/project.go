package poetrylock

import (
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// optional is the label of what is only needed for an extra that nobody names.
const optional = "optional"

// direct links the project to what its manifest requires, as Poetry reads it,
// and tells whether the manifest says.
func (r *reader) direct(manifest *tomllines.Value) bool {
	poetry := manifest.Get("tool", "poetry")
	if poetry == nil && manifest.Get("project") == nil {
		return false
	}
	m := &wanting{doc: manifest, poetry: poetry}
	m.main()
	m.groups()
	return r.Require(m.wants) > 0 || len(m.wants) == 0
}

type wanting struct {
	doc, poetry *tomllines.Value
	wants       []pylock.Want
	included    int
}

// main reads what the project needs itself. What [project] states counts, and
// [tool.poetry] only where that says nothing.
func (m *wanting) main() {
	project := m.doc.Get("project")
	stated := project.Get("dependencies") != nil || project.Get("optional-dependencies") != nil
	if stated {
		for _, w := range pylock.Wants(m.doc) {
			if len(w.Label) < 6 || w.Label[:6] != "group:" && w.Label != "dev" {
				m.wants = append(m.wants, w)
			}
		}
	}
	if project.Get("dependencies") != nil && len(project.Get("dependencies").Items()) > 0 || project.Get("optional-dependencies") != nil && !m.dynamic() {
		return
	}
	extras := map[string][]string{}
	table := m.poetry.Get("extras")
	for _, k := range table.Keys() {
		for _, text := range table.Get(k).Strs() {
			name := pylock.Normalize(leading.FindString(text))
			extras[name] = append(extras[name], pylock.ExtraLabel(k))
		}
	}
	deps := m.poetry.Get("dependencies")
	for _, name := range deps.Keys() {
		if pylock.Normalize(name) == "python" {
			continue
		}
		for _, d := range alternatives(deps.Get(name)) {
			labels := []string{""}
			if d.Get("optional").True() {
				if labels = extras[pylock.Normalize(name)]; labels == nil {
					labels = []string{optional}
				}
			}
			m.add(name, d, labels)
		}
	}
}

func (m *wanting) dynamic() bool {
	return slices.Contains(m.doc.Get("project", "dynamic").Strs(), "dependencies")
}

// groups reads the groups of Poetry and of the standard (PEP 735).
func (m *wanting) groups() {
	old := m.poetry.Get("dev-dependencies")
	for _, name := range old.Keys() {
		for _, d := range alternatives(old.Get(name)) {
			m.add(name, d, []string{"dev"})
		}
	}
	groups := m.poetry.Get("group")
	for _, k := range groups.Keys() {
		m.group(k, pylock.GroupLabel(k), nil)
	}
	for _, w := range pylock.Wants(m.doc) {
		if w.Label == "dev" || len(w.Label) > 6 && w.Label[:6] == "group:" {
			m.wants = append(m.wants, w)
		}
	}
}

const maxIncludes = 1000 // groups that groups include, in all

// group reads one group of Poetry with those that it includes.
func (m *wanting) group(name, label string, within []string) {
	if m.included++; m.included > maxIncludes || slices.Contains(within, pylock.Normalize(name)) {
		return
	}
	groups := m.poetry.Get("group")
	for _, k := range groups.Keys() {
		if pylock.Normalize(k) != pylock.Normalize(name) {
			continue
		}
		deps := groups.Get(k, "dependencies")
		for _, d := range deps.Keys() {
			for _, v := range alternatives(deps.Get(d)) {
				m.add(d, v, []string{label})
			}
		}
		for _, include := range groups.Get(k, "include-groups").Strs() {
			m.group(include, label, append(within, pylock.Normalize(name)))
		}
		return
	}
	standard := m.doc.Get("dependency-groups")
	for _, k := range standard.Keys() {
		if pylock.Normalize(k) == pylock.Normalize(name) && len(within) > 0 {
			for _, text := range standard.Get(k).Strs() {
				if w, err := pylock.WantOf(text, label); err == nil {
					m.wants = append(m.wants, w)
				}
			}
		}
	}
}

func alternatives(v *tomllines.Value) []*tomllines.Value {
	if v.Is(tomllines.Array) {
		return v.Items()
	}
	return []*tomllines.Value{v}
}

func (m *wanting) add(name string, d *tomllines.Value, labels []string) {
	w := pylock.Want{Name: name, Range: d.Str()}
	if d.Is(tomllines.Table) {
		w = want(name, d)
	}
	for _, label := range labels {
		w.Label = label
		m.wants = append(m.wants, w)
	}
}

// purposes tells what each package is for. A lock of version 2.1 says so, with
// a marker that says which of its extras the project needs the package for. Older
// ones do not: there it follows from the edges.
func (r *reader) purposes(known bool) {
	walked := r.Groups([]*pylock.Package{r.Project})
	for _, e := range r.entries {
		if e.p.Kind != sbom.KindLibrary {
			continue
		}
		p := e.p.Package
		switch {
		case e.v.Get("groups") != nil:
			p.Groups = r.locked(e)
			for _, label := range walked[e.p] {
				if isExtra(label) && !slices.Contains(p.Groups, label) {
					p.Groups = append(p.Groups, label)
				}
			}
		case known && len(walked[e.p]) > 0:
			p.Groups = walked[e.p]
			delete(e.p.Lines, "package.groups")
		case e.v.Get("optional").True():
			p.Groups = append(p.Groups, walked[e.p]...)
		}
		slices.Sort(p.Groups)
		p.Groups = slices.Compact(p.Groups)
	}
}

func isExtra(label string) bool { return len(label) > 6 && label[:6] == "extra:" }

// locked gives the groups of a package in a lock of version 2.1. One that the
// project only needs for an extra is not for "main".
func (r *reader) locked(e entry) []string {
	var groups []string
	markers := e.v.Get("markers")
	for _, g := range e.v.Get("groups").Strs() {
		text := markers.Str()
		if markers.Is(tomllines.Table) {
			text = markers.Get(g).Str()
		}
		c, err := pylock.ParseMarker(text)
		if text == "" || err != nil {
			c = nil
		}
		label := pylock.GroupLabel(g)
		if c.Holds(pylock.Asked{}) {
			groups = append(groups, label)
			continue
		}
		extras, _ := c.Names()
		for _, x := range extras {
			if c.Holds(pylock.Asked{Extras: map[string]bool{x: true}}) {
				groups = append(groups, pylock.ExtraLabel(x))
			}
		}
	}
	return groups
}
