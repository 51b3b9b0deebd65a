package pyproject

import (
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// requirements reads the standard tables.
func (r *reader) requirements() {
	for _, v := range r.doc.Get("build-system", "requires").Items() {
		r.text(v, "build")
	}
	project := r.doc.Get("project")
	for _, v := range project.Get("dependencies").Items() {
		r.text(v, "main")
	}
	r.lists(project.Get("optional-dependencies"), pylock.ExtraLabel, func(v *tomllines.Value) []string {
		n, err := pep508.Parse(v.Str())
		if err != nil || r.name == "" || pep508.Normalize(n.Name) != r.name {
			return nil
		}
		return n.Extras // the project with other extras of its own
	})
	r.lists(r.doc.Get("dependency-groups"), pylock.GroupLabel, func(v *tomllines.Value) []string {
		if name := v.Get("include-group").Str(); name != "" {
			return []string{name}
		}
		return nil
	})
}

// lists reads named lists that can include each other. What stands in one is
// for every list that includes it too.
func (r *reader) lists(table *tomllines.Value, label func(string) string, includes func(*tomllines.Value) []string) {
	known := map[string]*tomllines.Value{}
	for _, k := range table.Keys() {
		if other := known[pep508.Normalize(k)]; other != nil {
			r.Problem(table.Get(k).Line(), "%q is the name of a list above, written in another way", k)
		}
		known[pep508.Normalize(k)] = table.Get(k)
	}
	in := map[string][]string{} // who includes it
	for _, k := range table.Keys() {
		for _, v := range table.Get(k).Items() {
			for _, name := range includes(v) {
				if known[pep508.Normalize(name)] == nil {
					r.Problem(v.Line(), "%q includes %q, which is not there", k, name)
				}
				in[pep508.Normalize(name)] = append(in[pep508.Normalize(name)], pep508.Normalize(k))
			}
		}
	}
	for _, k := range table.Keys() {
		groups, cyclic := reach(in, pep508.Normalize(k))
		if cyclic {
			r.Problem(table.Get(k).Line(), "%q includes itself", k)
		}
		for i, g := range groups {
			groups[i] = label(g)
		}
		slices.Sort(groups)
		for _, v := range table.Get(k).Items() {
			if len(includes(v)) > 0 {
				continue
			}
			if v.Is(tomllines.Table) {
				r.Problem(v.Line(), "an entry of %q is neither a requirement nor an include-group", k)
				continue
			}
			r.text(v, groups...)
		}
	}
}

// reach gives the list and all that include it, however indirectly.
func reach(in map[string][]string, start string) (all []string, cyclic bool) {
	all = []string{start}
	for i := 0; i < len(all); i++ {
		for _, k := range in[all[i]] {
			if k == start {
				cyclic = true
			} else if !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
	}
	return all, cyclic
}
