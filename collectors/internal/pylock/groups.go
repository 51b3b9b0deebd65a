package pylock

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Groups follows the edges from the members of the lock, and tells what each
// library is needed for: the labels of edges, and "main" for those without.
func (l *Lock) Groups(roots []*Package) map[*Package][]string {
	w := &walk{edges: map[state][]Edge{}}
	if !l.Adopted() {
		w.index(l.Project)
	}
	for _, p := range l.Packages {
		w.index(p)
	}
	labels := map[string]bool{}
	for _, r := range roots {
		for _, e := range r.Edges {
			labels[e.Label] = true
		}
	}
	groups := map[*Package][]string{}
	for label := range labels {
		if w.asked = (Asked{}); l.Asked != nil {
			w.asked = l.Asked(label)
		}
		for _, p := range w.needed(roots, label) {
			groups[p] = append(groups[p], or(label, "main"))
		}
		if w.steps > maxSteps {
			l.limit(0, "the lock has too many groups, extras and dependencies to tell which package is needed for which group")
			return nil
		}
	}
	for _, list := range groups {
		slices.Sort(list)
	}
	return groups
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// state is a package with one of its extras, or "" without.
type state struct {
	p     *Package
	label string
}

type walk struct {
	edges map[state][]Edge
	asked Asked
	seen  map[state]bool
	open  []state
	steps int
}

func (w *walk) index(p *Package) {
	for _, e := range p.Edges {
		s := state{p, e.Label}
		w.edges[s] = append(w.edges[s], e)
	}
}

// needed gives the libraries that the roots need under the label.
func (w *walk) needed(roots []*Package, label string) []*Package {
	w.seen = map[state]bool{}
	for _, r := range roots {
		w.follow(state{r, label})
	}
	for len(w.open) > 0 && w.steps <= maxSteps {
		s := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.follow(s)
	}
	var list []*Package
	for s := range w.seen {
		if s.label == "" && s.p.Kind == sbom.KindLibrary {
			list = append(list, s.p)
		}
	}
	return list
}

func (w *walk) follow(from state) {
	for _, e := range w.edges[from] {
		w.steps += 1 + len(e.Extras)
		if e.When != nil && !e.When.Holds(w.asked) {
			continue
		}
		if e.To != from.p || !strings.HasPrefix(from.label, "extra:") { // an extra that asks for another one does not need the project
			w.visit(state{e.To, ""})
		}
		for _, x := range e.Extras {
			w.visit(state{e.To, ExtraLabel(x)})
		}
	}
}

func (w *walk) visit(s state) {
	if !w.seen[s] {
		w.seen[s] = true
		w.open = append(w.open, s)
	}
}
