package sbom

import (
	"fmt"
	"slices"
	"strings"
)

// SelfContained begins the reason of the Problem that records where the sources
// together say that a thing contains itself.
const SelfContained = "nothing can contain itself: "

const maxShownCycle = 6 // members of a cycle that a reason names

// ContainsItself is the relation that a [Contains] becomes where it closes a
// circle: no format can say that a thing contains itself.
const ContainsItself Rel = "contains-itself"

// cut makes [ContainsItself] of the [Contains] that close a circle, and records
// each as a problem of the place that states it. The edges are
// sorted, so the same graph always loses the same ones. A chain can be as long as
// the graph: nothing here recurses.
//
// What an earlier merge decided is decided anew, so that graphs can be joined in
// any order.
func (g *Graph) cut() {
	g.uncut()
	out := map[ID][]int{}
	for i, e := range g.Edges {
		if e.Rel == Contains {
			out[e.From] = append(out[e.From], i)
		}
	}
	starts := []ID{g.Root}
	for _, n := range g.Nodes {
		starts = append(starts, n.ID)
	}
	closing := map[int]bool{}
	place, done := map[ID]int{}, map[ID]bool{} // place is 1-based on the way
	type step struct {
		id   ID
		next int
	}
	for _, start := range starts {
		if done[start] {
			continue
		}
		way := []step{{id: start}}
		place[start] = 1
		for len(way) > 0 {
			top := &way[len(way)-1]
			if top.next == len(out[top.id]) {
				done[top.id] = true
				delete(place, top.id)
				way = way[:len(way)-1]
				continue
			}
			i := out[top.id][top.next]
			top.next++
			switch to := g.Edges[i].To; {
			case place[to] > 0:
				closing[i] = true
				var loop []ID
				for _, s := range way[place[to]-1:] {
					loop = append(loop, s.id)
				}
				g.Problems = append(g.Problems, circle(&g.Edges[i], loop))
			case !done[to]:
				way = append(way, step{id: to})
				place[to] = len(way)
			}
		}
	}
	if len(closing) == 0 {
		return
	}
	for i := range g.Edges {
		if closing[i] {
			g.Edges[i].Rel = ContainsItself
		}
	}
	g.Problems = slices.Compact(sorted(g.Problems, compareProblems))
}

func (g *Graph) uncut() {
	g.Problems = slices.DeleteFunc(g.Problems, func(p Problem) bool { return strings.HasPrefix(p.Reason, SelfContained) })
	var again []Edge
	g.Edges = slices.DeleteFunc(g.Edges, func(e Edge) bool {
		if e.Rel != ContainsItself {
			return false
		}
		e.Rel = Contains
		again = append(again, e)
		return true
	})
	for _, e := range again {
		same := func(o Edge) bool { return o.From == e.From && o.To == e.To && o.Rel == Contains }
		if i := slices.IndexFunc(g.Edges, same); i >= 0 {
			g.Edges[i].Seen = append(g.Edges[i].Seen, e.Seen...)
			g.Edges[i].Notes = append(g.Edges[i].Notes, e.Notes...)
			continue
		}
		g.Edges = append(g.Edges, e)
	}
	if len(again) > 0 {
		sortGraph(g)
	}
}

// circle is the problem of an edge that closes a circle.
func circle(e *Edge, loop []ID) Problem {
	text := ""
	for i, id := range loop {
		if i == maxShownCycle {
			text += "... contains "
			break
		}
		text += fmt.Sprintf("%.100q contains ", string(id))
	}
	p := Problem{Reason: SelfContained + text + fmt.Sprintf("%.100q; the last of these is kept apart", string(e.To))}
	if len(e.Seen) > 0 {
		p.Path, p.Line, p.By = e.Seen[0].Path, e.Seen[0].Line, e.Seen[0].By
	}
	return p
}

// contains tells whether one node holds another, at any depth.
func (ix *index) contains(from, to ID) bool {
	seen := map[ID]bool{}
	stack := []ID{from}
	for len(stack) > 0 {
		var id ID
		id, stack = stack[len(stack)-1], stack[:len(stack)-1]
		if id == to {
			return true
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, i := range ix.out[id] {
			if e := ix.g.Edges[i]; e.Rel == Contains {
				stack = append(stack, e.To)
			}
		}
	}
	return false
}

// holders are the nodes that contain one, at any depth.
func (ix *index) holders(of ID) map[ID]bool {
	in := map[ID][]ID{}
	for _, e := range ix.g.Edges {
		if e.Rel == Contains {
			in[e.To] = append(in[e.To], e.From)
		}
	}
	held, stack := map[ID]bool{}, in[of]
	for len(stack) > 0 {
		var id ID
		id, stack = stack[len(stack)-1], stack[:len(stack)-1]
		if !held[id] {
			held[id] = true
			stack = append(stack, in[id]...)
		}
	}
	return held
}
