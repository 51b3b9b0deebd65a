package xsd

import "slices"

// particle is a part of a content model.
type particle struct {
	kind     byte // 'e' element, 'a' any, 's' sequence, 'c' choice
	optional bool
	repeated bool
	element  *Element
	kids     []*particle
}

// automaton is the content model as Glushkov made it: a state for each particle
// that takes an element, and one for the start. The rule of unique attribution
// makes it deterministic.
type automaton struct {
	states []state
}

type state struct {
	next map[string]int
	any  int // the state of a wildcard; 0 is none
	done bool
	far  int // how many elements are missing at least
}

// span is what a part of the model begins and ends with.
type span struct {
	nullable    bool
	first, last []int
}

type builder struct {
	positions []*particle
	follow    [][]int
}

// automatonOf gives the conflict where the model is not deterministic.
func automatonOf(p *particle) (a automaton, conflict string) {
	b := &builder{follow: [][]int{nil}, positions: []*particle{nil}}
	s := span{nullable: true}
	if p != nil {
		s = b.walk(p)
	}
	b.follow[0] = s.first
	a.states = make([]state, len(b.follow))
	for i := range a.states {
		at := &a.states[i]
		at.next = map[string]int{}
		at.done = i == 0 && s.nullable || slices.Contains(s.last, i)
		for _, to := range b.follow[i] {
			q := b.positions[to]
			switch {
			case q.kind == 'a' && at.any != 0 && at.any != to:
				return a, "two wildcards"
			case q.kind == 'a':
				at.any = to
			case at.next[q.element.Name] != 0 && at.next[q.element.Name] != to:
				return a, q.element.Name
			default:
				at.next[q.element.Name] = to
			}
		}
	}
	a.measure()
	return a, ""
}

// measure counts from the ends backwards.
func (a *automaton) measure() {
	for i := range a.states {
		if a.states[i].far = len(a.states) + 1; a.states[i].done {
			a.states[i].far = 0
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range a.states {
			for _, to := range a.states[i].next {
				if far := a.states[to].far + 1; far < a.states[i].far {
					a.states[i].far, changed = far, true
				}
			}
		}
	}
}

func (b *builder) walk(p *particle) span {
	var s span
	switch p.kind {
	case 'e', 'a':
		b.positions, b.follow = append(b.positions, p), append(b.follow, nil)
		at := []int{len(b.positions) - 1}
		s = span{first: at, last: at}
	case 's':
		s.nullable = true
		for _, kid := range p.kids {
			s = b.join(s, b.walk(kid))
		}
	case 'c':
		s.nullable = len(p.kids) == 0
		for _, kid := range p.kids {
			k := b.walk(kid)
			s = span{s.nullable || k.nullable, slices.Concat(s.first, k.first), slices.Concat(s.last, k.last)}
		}
	}
	if p.repeated {
		b.link(s.last, s.first)
	}
	s.nullable = s.nullable || p.optional
	return s
}

func (b *builder) join(s, k span) span {
	b.link(s.last, k.first)
	out := span{nullable: s.nullable && k.nullable, first: s.first, last: k.last}
	if s.nullable {
		out.first = slices.Concat(s.first, k.first)
	}
	if k.nullable {
		out.last = slices.Concat(s.last, k.last)
	}
	return out
}

func (b *builder) link(from, to []int) {
	for _, f := range from {
		for _, t := range to {
			if !slices.Contains(b.follow[f], t) {
				b.follow[f] = append(b.follow[f], t)
			}
		}
	}
}

// needed lists what must come next: the elements by which the content ends soonest.
func (t *Type) needed(at int) []string {
	s := t.model.states[at]
	return slices.DeleteFunc(t.wanted(at), func(name string) bool { return t.model.states[s.next[name]].far >= s.far })
}

// wanted lists what may come next, in the order of the schema.
func (t *Type) wanted(at int) []string {
	s := t.model.states[at]
	var names []string
	for _, e := range t.Elements {
		if s.next[e.Name] != 0 && !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names
}
