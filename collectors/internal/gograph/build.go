package gograph

import (
	"context"
	"slices"

	"golang.org/x/mod/module"
)

// pruning says how far the requirements of a module are followed.
type pruning uint8

const (
	pruned    pruning = iota // what modules from Go 1.17 on need indirectly is left out: they list it themselves
	unpruned                 // nothing is left out
	workspace                // as pruned, starting at the members
)

// explicitIndirect is the Go version from which on a go.mod lists all that the
// module's packages need, so that the graph can be pruned there.
const explicitIndirect = "1.17"

// strictGo is the Go version from which on a go statement is a requirement.
const strictGo = "1.21"

func pruningOf(goVersion string) pruning {
	if goVersion == "" || !atLeast(goVersion, explicitIndirect) {
		return unpruned
	}
	return pruned
}

// visit is one version that was reached with one way of pruning. A version may
// be reached twice: unpruned reaches further.
type visit struct {
	module.Version
	pruning
}

type builder struct {
	ctx    context.Context
	in     *Input
	read   *reader
	graph  *Graph
	edges  int
	seen   map[visit]bool
	queue  []visit
	failed map[module.Version]bool
}

func newBuilder(ctx context.Context, in *Input) *builder {
	return &builder{ctx: ctx, in: in, read: newReader(in)}
}

// start empties the graph; the files that were read stay known.
func (b *builder) start() {
	b.graph = &Graph{
		in:       b.in,
		mains:    map[string]bool{},
		required: map[module.Version][]Edge{},
		files:    map[module.Version]*Summary{},
		selected: map[string]string{},
	}
	b.edges, b.seen, b.queue, b.failed = 0, map[visit]bool{}, nil, map[module.Version]bool{}
	for _, m := range b.in.Mains {
		b.graph.mains[m.Path()] = true
		b.graph.selected[m.Path()] = ""
	}
}

// single makes the graph of one main module. In a pruned graph a requirement of
// the main module that is not the selected version is raised to it, and what that
// brings in counts: the go command writes go.mod anew then.
func (b *builder) single() *Graph {
	main := b.in.Mains[0]
	goVersion, how := defaultModGo, unpruned
	if main.File.Go != nil {
		goVersion = main.File.Go.Version
		how = pruningOf(goVersion)
	}
	roots := b.roots(main, goVersion)
	if how == pruned {
		roots = b.highest(roots)
	}
	for range maxRounds {
		b.start()
		b.require(module.Version{Path: main.Path()}, roots)
		for _, r := range roots {
			b.enqueue(r.To, how)
		}
		b.drain()
		raised := b.raise(roots)
		if how == unpruned || !b.graph.Complete() || slices.Equal(raised, roots) {
			return b.graph
		}
		roots = raised
	}
	b.miss(Missing{Module: module.Version{Path: main.Path()}, Reason: "its requirements raise each other without end"})
	return b.graph
}

// roots are the requirements of a main module, with Go itself.
func (b *builder) roots(main Main, goVersion string) []Edge {
	var roots []Edge
	excluded := b.in.excluded()
	for _, r := range main.File.Require {
		if !excluded[r.Mod] {
			roots = append(roots, Edge{r.Mod, r.Indirect})
		}
	}
	roots = append(roots, Edge{To: module.Version{Path: goModule, Version: goVersion}})
	if t := main.File.Toolchain; t != nil {
		roots = append(roots, Edge{To: module.Version{Path: toolchainModule, Version: t.Name}})
	}
	return roots
}

// highest keeps the highest of several requirements of one module, and none of
// the main module itself.
func (b *builder) highest(roots []Edge) []Edge {
	top := map[string]string{}
	for _, r := range roots {
		if v, ok := top[r.To.Path]; !ok || compare(r.To.Path, v, r.To.Version) < 0 {
			top[r.To.Path] = r.To.Version
		}
	}
	for _, m := range b.in.Mains {
		delete(top, m.Path())
	}
	var kept []Edge
	for _, r := range roots {
		if v, ok := top[r.To.Path]; ok && v == r.To.Version {
			kept = append(kept, r)
			delete(top, r.To.Path)
		}
	}
	return kept
}

func (b *builder) raise(roots []Edge) []Edge {
	raised := slices.Clone(roots)
	for i, r := range raised {
		if v := b.graph.selected[r.To.Path]; v != "" {
			raised[i].To.Version = v
		}
	}
	return raised
}

// workspace makes the graph of all members together.
func (b *builder) workspace() *Graph {
	b.start()
	roots := make([]module.Version, 0, len(b.in.Mains)+2)
	for _, m := range b.in.Mains {
		roots = append(roots, module.Version{Path: m.Path()})
	}
	work := b.in.Work.File
	goVersion := defaultWorkGo
	if work.Go != nil {
		goVersion = work.Go.Version
	}
	roots = append(roots, module.Version{Path: goModule, Version: goVersion})
	if work.Toolchain != nil {
		roots = append(roots, module.Version{Path: toolchainModule, Version: work.Toolchain.Name})
	}
	sortModules(roots)
	for _, m := range roots {
		b.selectAtLeast(m)
		b.enqueue(m, workspace)
	}
	b.drain()
	b.reload(roots)
	return b.graph
}

// reload loads in full those dependencies of the members that are selected at a
// higher version than a member asks for: what the member lists of their needs is
// out of date.
func (b *builder) reload(roots []module.Version) {
	relevant := map[string]bool{}
	for _, m := range roots {
		relevant[m.Path] = true
	}
	seen := map[module.Version]bool{}
	for {
		var next []module.Version
		for p := range relevant {
			m := module.Version{Path: p, Version: b.graph.selected[p]}
			if !seen[m] {
				next = append(next, m)
				continue
			}
			for _, e := range b.graph.required[m] {
				s := module.Version{Path: e.To.Path, Version: b.graph.selected[e.To.Path]}
				if compare(s.Path, s.Version, e.To.Version) > 0 && !seen[s] {
					next = append(next, s)
				}
			}
		}
		if len(next) == 0 || b.ctx.Err() != nil {
			return
		}
		for _, m := range next {
			b.enqueue(m, workspace)
			seen[m] = true
			relevant[m.Path] = true
		}
		b.drain()
	}
}

func (b *builder) enqueue(m module.Version, how pruning) {
	v := visit{m, how}
	if m.Version == "none" || b.seen[v] {
		return
	}
	b.seen[v] = true
	b.queue = append(b.queue, v)
}

// drain reads what is in the queue, and what follows from it.
func (b *builder) drain() {
	for i := 0; i < len(b.queue); i++ {
		if b.ctx.Err() != nil || len(b.graph.required) > maxVersions || b.edges > maxEdges {
			b.miss(Missing{Module: b.queue[i].Version, Reason: "the graph is too large to follow"})
			break
		}
		b.visit(b.queue[i])
	}
	b.queue = nil
}

func (b *builder) visit(v visit) {
	s := b.load(v.Version)
	if s == nil {
		return
	}
	next := s.pruning
	if v.pruning == unpruned {
		next = unpruned
	}
	if v.pruning == pruned && s.pruning != unpruned {
		return
	}
	for _, e := range b.graph.required[v.Version] {
		b.enqueue(e.To, next)
	}
}

// load reads the go.mod of a version, and adds its requirements, once.
func (b *builder) load(m module.Version) *Summary {
	if s := b.graph.files[m]; s != nil || b.failed[m] {
		return s
	}
	s, miss := b.read.summary(m)
	if miss != nil {
		b.failed[m] = true
		b.miss(*miss)
		return nil
	}
	b.graph.files[m] = s
	excluded := b.in.excluded()
	edges := s.Require
	if len(excluded) > 0 {
		edges = slices.DeleteFunc(slices.Clone(edges), func(e Edge) bool { return excluded[e.To] })
	}
	b.require(m, edges)
	return s
}

func (b *builder) miss(m Missing) {
	if len(b.graph.Missing) < maxMissing {
		b.graph.Missing = append(b.graph.Missing, m)
	}
}

func (b *builder) require(m module.Version, edges []Edge) {
	b.graph.required[m] = edges
	b.edges += len(edges)
	for _, e := range edges {
		b.selectAtLeast(e.To)
	}
}

func (b *builder) selectAtLeast(m module.Version) {
	if m.Version == "none" {
		return
	}
	if v, ok := b.graph.selected[m.Path]; !ok || compare(m.Path, v, m.Version) < 0 {
		b.graph.selected[m.Path] = m.Version
	}
}
