package sbom

import (
	"cmp"
	"slices"
	"strings"
)

// Merge joins everything that was seen into one graph. It is pure, and the
// order of the sightings does not matter.
//
// Identity: two sightings are one component where they share a package URL, or
// within one class of kinds (models, datasets, files, services, software) a
// digest, a URL or a path. Never by name, and never across two different
// package URLs: a key that would fuse them joins nothing, and is recorded as a
// Conflict of the field "identity". A purl without a version joins the one
// versioned purl that is known in its own folder or the nearest parent folder
// that knows any (one above only where the stated range takes it), where a
// lock knows better than a manifest; where that folder knows several (a lock
// can hold one for each platform), it stands for each that the range takes
// which it states. What files in other folders say that the project of a folder
// gets counts for that folder where nothing in it does, and after that what is
// installed in an environment in it. What comes of a joined graph (see
// [Graph.Report]) has been through this, and stands for itself. A thing without
// keys is known by its kind, its name and the folder of the file that speaks of it.
//
// Values: each row of [Fields] says how. First takes the best [Basis], then the
// order of paths, and what a BOM found in the tree says comes last of its basis
// (see [Place.Hearsay]); another value becomes a Conflict. Union is the sorted union.
// What others merely mention fills gaps and contradicts nothing.
//
// Hints add to components that others establish. Facts that follow from the
// joined graph are derived last; see derive.go.
func Merge(r Report) *Graph {
	entries, purls, known := spread(expand(r.Sightings, func(*Sighting) bool { return true }))
	groups := identify(entries, purls, known)
	if dead := deadHints(entries, groups); len(dead) > 0 {
		entries, purls, known = spread(expand(r.Sightings, func(s *Sighting) bool { return !dead[s] }))
		groups = identify(entries, purls, known)
	}
	m := &merger{graph: &Graph{}, ids: make([]ID, len(entries))}
	m.nodes(entries, groups)
	m.edges(entries)
	m.contests(groups)
	m.subjects()
	m.graph.Problems = slices.Compact(sorted(slices.Clone(r.Problems), compareProblems))
	sortGraph(m.graph)
	m.graph.cut()
	derive(m.graph)
	sortGraph(m.graph)
	m.graph.records(r.Records)
	return m.graph
}

// entry is a sighting, or a mention of the far end of a link.
type entry struct {
	*Sighting
	comp    *Component
	also    []Keys
	at      Seen
	mention bool
	from    int // of a mention made by a link: the entry that has the link
	link    *Link
	tie     string // JSON, made where all else is equal
}

const derivedBy = "derived" // the place of facts that follow from the graph

func expand(sightings []Sighting, keep func(*Sighting) bool) []*entry {
	var all []*entry
	for i := range sightings {
		s := &sightings[i]
		if s.Where.By == derivedBy || !keep(s) {
			continue
		}
		all = append(all, &entry{Sighting: s, comp: &s.Component, also: s.Also, at: Seen{s.Where, s.Basis}, mention: s.Mentioned, from: -1})
	}
	slices.SortStableFunc(all, compareEntries)
	for i, n := 0, len(all); i < n; i++ {
		for j := range all[i].Links {
			l := &all[i].Links[j]
			at := all[i].at
			if l.Line > 0 {
				at.Line, at.Offset = l.Line, 0
			}
			all = append(all, &entry{Sighting: all[i].Sighting, comp: &l.To, at: at, mention: true, from: i, link: l})
		}
	}
	return all
}

func compareEntries(a, b *entry) int {
	c := cmp.Or(cmp.Compare(rank(a.mention), rank(b.mention)), compareSeen(a.at, b.at))
	if c != 0 {
		return c
	}
	return cmp.Compare(a.tieBreak(), b.tieBreak())
}

func (e *entry) tieBreak() string {
	if e.tie == "" {
		if e.link != nil {
			e.tie = string(jsonOf(e.comp))
		} else {
			e.tie = string(jsonOf(e.Sighting))
		}
	}
	return e.tie
}

func rank(later bool) int {
	if later {
		return 1
	}
	return 0
}

// compareSeen is the precedence of evidence: basis, hearsay last, path, line,
// offset, collector.
func compareSeen(a, b Seen) int {
	return cmp.Or(cmp.Compare(a.Basis, b.Basis), cmp.Compare(rank(a.Hearsay()), rank(b.Hearsay())), comparePlace(a.Place, b.Place))
}

func comparePlace(a, b Place) int {
	return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset), strings.Compare(a.By, b.By))
}

func compareProblems(a, b Problem) int {
	return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), strings.Compare(a.By, b.By), strings.Compare(a.Reason, b.Reason))
}

// deadHints finds the hints whose group nobody establishes.
func deadHints(entries []*entry, groups *groups) map[*Sighting]bool {
	dead := map[*Sighting]bool{}
	for _, members := range groups.members() {
		if established(entries, members) {
			continue
		}
		for _, i := range members {
			if !entries[i].mention {
				dead[entries[i].Sighting] = true
			}
		}
	}
	return dead
}

// established tells whether a group has more than hints.
func established(entries []*entry, members []int) bool {
	for _, i := range members {
		if e := entries[i]; e.mention || !e.Hint {
			return true
		}
	}
	return false
}

type merger struct {
	graph *Graph
	ids   []ID // of each entry
}

func (m *merger) nodes(entries []*entry, groups *groups) {
	taken := map[ID]bool{}
	for _, members := range groups.members() {
		slices.SortStableFunc(members, func(a, b int) int { return compareEntries(entries[a], entries[b]) })
		list := make([]*entry, len(members))
		for i, j := range members {
			list[i] = entries[j]
		}
		n, conflicts := makeNode(list, groups.purls[groups.find(members[0])])
		for taken[n.ID] {
			n.ID += "+"
		}
		taken[n.ID] = true
		for _, j := range members {
			m.ids[j] = n.ID
		}
		for _, c := range conflicts {
			c.Node = n.ID
			m.graph.Conflicts = append(m.graph.Conflicts, c)
		}
		if slices.ContainsFunc(list, func(e *entry) bool { return e.link == nil && e.Root }) {
			m.graph.Subjects = append(m.graph.Subjects, n.ID)
		}
		m.graph.Nodes = append(m.graph.Nodes, n)
	}
	slices.SortFunc(m.graph.Nodes, func(a, b *Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

// subjects makes the one subject the root. Several stay apart: the caller must
// say what the joined document describes.
func (m *merger) subjects() {
	slices.Sort(m.graph.Subjects)
	if len(m.graph.Subjects) == 1 {
		m.graph.Root, m.graph.Subjects = m.graph.Subjects[0], nil
	}
}

func (m *merger) edges(entries []*entry) {
	type name struct {
		from, to ID
		rel      Rel
	}
	index := map[name]int{}
	for i, e := range entries {
		if e.link == nil || m.ids[i] == m.ids[e.from] {
			continue // a thing does not stand to itself
		}
		k := name{m.ids[e.from], m.ids[i], e.link.Rel}
		j, ok := index[k]
		if !ok {
			j = len(m.graph.Edges)
			index[k] = j
			m.graph.Edges = append(m.graph.Edges, Edge{From: k.from, To: k.to, Rel: k.rel})
		}
		edge := &m.graph.Edges[j]
		edge.Seen = append(edge.Seen, e.at)
		if e.link.Note != "" {
			edge.Notes = append(edge.Notes, e.link.Note)
		}
	}
}

// contests records the keys that would have fused different package URLs.
func (m *merger) contests(groups *groups) {
	for _, c := range groups.contested {
		a, b := m.ids[c.a], m.ids[c.b]
		if a > b {
			a, b = b, a
		}
		m.graph.Conflicts = append(m.graph.Conflicts, Conflict{Node: a, Field: "identity", Key: c.key, Kept: Claim{Value: string(a)}, Dropped: Claim{Value: string(b)}})
	}
}

func sortGraph(g *Graph) {
	slices.SortFunc(g.Nodes, func(a, b *Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for i := range g.Edges {
		e := &g.Edges[i]
		e.Seen = slices.Compact(sorted(e.Seen, compareSeen))
		e.Notes = slices.Compact(sorted(e.Notes, strings.Compare))
	}
	slices.SortFunc(g.Edges, func(a, b Edge) int {
		return cmp.Or(strings.Compare(string(a.From), string(b.From)), strings.Compare(string(a.To), string(b.To)), strings.Compare(string(a.Rel), string(b.Rel)))
	})
	g.Conflicts = slices.CompactFunc(sorted(g.Conflicts, compareConflicts), func(a, b Conflict) bool { return compareConflicts(a, b) == 0 })
}

func compareConflicts(a, b Conflict) int {
	return cmp.Or(strings.Compare(string(a.Node), string(b.Node)), strings.Compare(a.Field, b.Field), strings.Compare(a.Key, b.Key),
		strings.Compare(a.Dropped.Value, b.Dropped.Value), compareSeen(a.Dropped.Seen, b.Dropped.Seen))
}

func sorted[T any](list []T, compare func(a, b T) int) []T {
	slices.SortStableFunc(list, compare)
	return list
}
