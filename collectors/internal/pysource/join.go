package pysource

import (
	"fmt"
	"maps"
	"slices"
)

func (s *scope) fork() *scope {
	return &scope{names: maps.Clone(s.names), up: s.up, yield: s.yield}
}

// join makes one of two ways that a source can go. A way that ends with return
// leaves the other; what both assigned differently is unknown, but lists and
// dictionaries hold what either has, marked with the condition.
func (s *scope) join(a, b *scope, condition string, line int) {
	switch {
	case a.ends != "" && b.ends == "":
		s.names = b.names
		s.gives = first(s.gives, a.gives)
		return
	case b.ends != "" && a.ends == "":
		s.names = a.names
		s.gives = first(s.gives, b.gives)
		return
	}
	if a.ends != "" {
		s.ends = a.ends
	}
	if a.gives != nil && b.gives != nil {
		v := either(*a.gives, *b.gives, condition, line)
		s.gives = &v
	} else {
		s.gives = first(s.gives, first(a.gives, b.gives))
	}
	names := map[string]Value{}
	for name := range a.names {
		names[name] = a.names[name]
	}
	for _, name := range slices.Sorted(maps.Keys(b.names)) {
		v, both := a.names[name]
		if !both {
			names[name] = b.names[name]
		} else if old := s.names[name]; same0(v, b.names[name]) && !empty(v) || unchanged(v, old) && unchanged(b.names[name], old) {
			names[name] = v
		} else {
			names[name] = either(v, b.names[name], condition, line)
		}
	}
	s.names = names
}

const maxPairs = 4_000_000 // entries that are compared at one condition

func empty(v Value) bool { return v.Kind == Unknown }

// unchanged tells a value that a branch left alone; unknown ones have no other mark.
func unchanged(v, old Value) bool {
	return v.Kind == Unknown && old.Kind == Unknown && v.Line == old.Line && v.Text == old.Text || v.Kind == FunctionValue && old.Kind == FunctionValue && v.def == old.def
}

func first(a, b *Value) *Value {
	if a != nil {
		return a
	}
	return b
}

// either is one value or the other, by a condition.
func either(a, b Value, condition string, line int) Value {
	if condition == "" {
		condition = fmt.Sprintf("line %d", line)
	}
	if a.Kind == NoneValue || b.Kind == NoneValue { // an optional list
		if other := b; a.Kind == NoneValue && other.Kind == ListValue {
			a = list(a.Line)
		} else if a.Kind == ListValue {
			b = list(b.Line)
		}
	}
	if a.Kind != b.Kind || a.Kind != ListValue && a.Kind != DictValue {
		if same0(a, b) {
			return a
		}
		if a.Kind == Unknown && a.Text != "" {
			if a.Made != b.Made {
				a.Made = nil
			}
			return a
		}
		return unknown(line, "it depends on "+condition)
	}
	if len(a.Items)*len(b.Items) > maxPairs {
		return unknown(line, "it depends on "+condition+", and is too large to compare")
	}
	out := a
	out.Items = nil
	for _, i := range a.Items {
		if !b.holds(i) {
			if other, ok := b.Get(i.Key); ok && a.Kind == DictValue {
				i = keyed(either(i, other, condition, line), i)
			} else {
				i = i.when(condition)
			}
		}
		out.Items = append(out.Items, i)
	}
	for _, i := range b.Items {
		if _, both := a.Get(i.Key); a.Kind == DictValue && both || a.holds(i) {
			continue
		}
		out.Items = append(out.Items, i.when("not "+condition))
	}
	return out
}

func keyed(v, like Value) Value {
	v.Key, v.When = like.Key, like.When
	return v
}

// holds tells whether a list or a dictionary has that very entry.
func (v Value) holds(i Value) bool {
	return slices.ContainsFunc(v.Items, func(o Value) bool {
		return o.Key == i.Key && o.When == i.When && (same0(o, i) || o.Kind == Unknown && i.Kind == Unknown && o.Line == i.Line && o.Text == i.Text)
	})
}
