package schema

import "strings"

// edge says that one element holds, or needs, another.
type edge struct {
	from, to, at string // at is the pointer of what says so
}

const maxShownCycle = 6 // elements of a cycle that a message names

// cycles gives the loops of edges, at most limit of them, each at the edge that
// closes it. It keeps no stack of its own frames: a chain can be as long as the
// document.
func cycles(edges []edge, limit int, say func(cycle []string, at string)) {
	next := map[string][]edge{}
	var order []string
	for _, e := range edges {
		if next[e.from] == nil {
			order = append(order, e.from)
		}
		next[e.from] = append(next[e.from], e)
	}
	done, place := map[string]bool{}, map[string]int{} // place is 1-based in the path
	type step struct {
		id   string
		edge int
	}
	for _, start := range order {
		if done[start] {
			continue
		}
		path := []step{{id: start}}
		place[start] = 1
		for len(path) > 0 && limit > 0 {
			top := &path[len(path)-1]
			if top.edge == len(next[top.id]) {
				done[top.id] = true
				delete(place, top.id)
				path = path[:len(path)-1]
				continue
			}
			e := next[top.id][top.edge]
			top.edge++
			switch at := place[e.to]; {
			case at > 0:
				var loop []string
				for _, s := range path[at-1:] {
					loop = append(loop, s.id)
				}
				say(append(loop, e.to), e.at)
				limit--
			case !done[e.to]:
				path = append(path, step{id: e.to})
				place[e.to] = len(path)
			}
		}
	}
}

// chain shows a cycle: "a" contains "b" contains "a".
func chain(loop []string, verb string) string {
	var b strings.Builder
	for i, id := range loop {
		switch {
		case i > 0 && i < len(loop)-1 && len(loop) > maxShownCycle && i >= maxShownCycle-1:
			if i == maxShownCycle-1 {
				b.WriteString(" " + verb + " ...")
			}
			continue
		case i > 0:
			b.WriteString(" " + verb + " ")
		}
		b.WriteString(quote(id))
	}
	return b.String()
}

// selfContaining is the version whose own example has two packages that contain
// each other; there it is noted only.
const selfContaining = "SPDX-2.2"

// containment reports what holds itself, as a fault.
func containment(edges []edge, add func(Issue)) {
	cycles(edges, MaxIssues, func(loop []string, at string) {
		add(Issue{Rule: RuleCycle, Pointer: at, Message: "nothing can contain itself: " + chain(loop, "contains"), Fix: "remove one of these relationships"})
	})
}

// needs reports the first loop of dependencies, which is legal.
func needs(edges []edge, add func(Issue)) {
	cycles(edges, 1, func(loop []string, at string) {
		add(Issue{Rule: RuleCycle, Pointer: at, Message: "a cycle of dependencies: " + chain(loop, "depends on")})
	})
}

// edges2 are the relationships of SPDX 2 of one meaning; inverse names the one
// that is written from the other end.
func edges2(doc map[string]any, name, inverse string) []edge {
	var out []edge
	each(doc, "", "relationships", func(rel map[string]any, at string) {
		from, _ := rel["spdxElementId"].(string)
		to, _ := rel["relatedSpdxElement"].(string)
		if from == "" || to == "" || to == "NONE" || to == "NOASSERTION" {
			return
		}
		switch rel["relationshipType"] {
		case name:
			out = append(out, edge{from, to, at})
		case inverse:
			out = append(out, edge{to, from, at})
		}
	})
	return out
}

// edges3 are the relationships of SPDX 3 of one type.
func edges3(tree any, name string) []edge {
	var out []edge
	doc, _ := tree.(map[string]any)
	each(doc, "", "@graph", func(rel map[string]any, at string) {
		from, _ := rel["from"].(string)
		if from == "" || rel["relationshipType"] != name {
			return
		}
		for _, v := range asList(rel["to"]) {
			if to, ok := v.(string); ok {
				out = append(out, edge{from, to, at})
			}
		}
	})
	return out
}

// edgesCDX are the dependencies of CycloneDX.
func edgesCDX(tree any) []edge {
	var out []edge
	doc, _ := tree.(map[string]any)
	each(doc, "", "dependencies", func(d map[string]any, at string) {
		from, _ := d["ref"].(string)
		for _, v := range asList(d["dependsOn"]) {
			if to, ok := v.(string); ok && from != "" {
				out = append(out, edge{from, to, at})
			}
		}
	})
	return out
}
