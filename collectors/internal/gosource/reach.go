package gosource

import "slices"

// walks are the ways in which packages are reached.
type walks struct{ main, test, tool *walk }

func (w *walks) reached(p *pkg) bool {
	return w.main.at(p) || w.test.at(p) || w.tool.at(p)
}

func (l *loader) walks() *walks {
	var main, test, tool []start
	for _, p := range l.mains {
		main = append(main, whole(p, l.platforms.all))
		for i := range p.tests {
			test = append(test, start{p, &p.tests[i], true})
		}
	}
	w := &walks{main: l.walk(main, false), test: l.walk(test, false)}
	for _, p := range l.packages { // a dependency can name tools too
		for i := range p.tools {
			if w.main.at(p) || w.test.at(p) {
				tool = append(tool, start{p, &p.tools[i], true})
			}
		}
	}
	for _, p := range l.tools {
		tool = append(tool, whole(p, l.platforms.all))
	}
	w.tool = l.walk(tool, true)
	return w
}

// whole begins a walk with a package that stands for itself.
func whole(p *pkg, all set) start {
	return start{edge: &edge{path: p.path, builds: all, full: true, to: p}, begins: true}
}

// start is an import by which a package is reached. Where a walk begins with it,
// from is the package whose test or tool it is, or nil for a package that stands
// for itself.
type start struct {
	from   *pkg
	edge   *edge
	begins bool
}

// walk is what is reached from some imports.
type walk struct {
	platforms *platforms
	by        []start // of each package: how it was reached first
	builds    []set   // in which builds it is reached
	order     []*pkg
	tools     bool // it goes along imports of tools
	blind     bool // a package without source was reached in builds without tags
}

// follows gives the imports of a package along which the walk goes.
func (w *walk) follows(p *pkg) [2][]edge {
	if w.tools {
		return [2][]edge{p.edges, p.tools}
	}
	return [2][]edge{p.edges}
}

func (w *walk) at(p *pkg) bool { return w.by[p.id].edge != nil }

// walk goes along imports that all builds have as far as these lead, then along
// those that some have, then along the rest. Each time nearer packages come
// first, so that the way to each is a shortest one of the best sort.
func (l *loader) walk(starts []start, tools bool) *walk {
	w := &walk{platforms: l.platforms, tools: tools, by: make([]start, len(l.packages)), builds: make([]set, len(l.packages))}
	for class := range 3 {
		queue := slices.Clone(w.order)
		reach := func(s start) {
			if to := s.edge.to; to != nil && s.edge.class() <= class && !w.at(to) {
				w.by[to.id] = s
				w.order = append(w.order, to)
				queue = append(queue, to)
				w.blind = w.blind || class < 2 && !to.seen
			}
		}
		for _, s := range starts {
			reach(s)
		}
		for i := 0; i < len(queue); i++ {
			for _, list := range w.follows(queue[i]) {
				for j := range list {
					reach(start{from: queue[i], edge: &list[j]})
				}
			}
		}
	}
	w.spread(starts)
	return w
}

// spread works out the builds in which each package is reached.
func (w *walk) spread(starts []start) {
	var queue []*pkg
	reach := func(to *pkg, builds set) {
		if to != nil && !builds.without(w.builds[to.id]).empty() {
			w.builds[to.id] = w.builds[to.id].or(builds)
			queue = append(queue, to)
		}
	}
	for _, s := range starts {
		reach(s.edge.to, s.edge.builds)
	}
	for i := 0; i < len(queue); i++ {
		for _, list := range w.follows(queue[i]) {
			for _, e := range list {
				reach(e.to, e.builds.and(w.builds[queue[i].id]))
			}
		}
	}
}

// chain is the way to the package of a module that is reached first, or nil.
func (w *walk) chain(m *module) *Chain {
	var first *pkg
	var builds set
	for _, p := range w.order {
		if p.module == m {
			if first == nil {
				first = p
			}
			builds = builds.or(w.builds[p.id])
		}
	}
	if first == nil {
		return nil
	}
	c := &Chain{Marker: w.platforms.describe(builds)}
	for s := w.by[first.id]; ; s = w.by[s.from.id] {
		c.Packages = append(c.Packages, s.edge.path)
		if s.from != nil {
			c.File, c.Line = s.edge.file, s.edge.line
		}
		if builds.empty() && s.edge.class() > 0 || w.platforms.better(s.edge.text, c.Marker, builds) {
			c.Marker = s.edge.text
		}
		if s.begins && s.from != nil {
			c.Packages = append(c.Packages, s.from.path)
		}
		if s.begins {
			break
		}
	}
	slices.Reverse(c.Packages)
	return c
}
