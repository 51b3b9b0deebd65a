package pysource

// generator gives where the "yield" of the function at hand puts its values.
func (s *scope) generator() *Value { return s.yield }

// emit takes a value that a generator gives. Those under a condition that is not
// known count like all others.
func (r *Runner) emit(out *Value, how string, v Value) {
	switch {
	case len(out.Items) > maxItems:
	case how == "yield from":
		out.Items = append(out.Items, r.spread(v)...)
	default:
		out.Items = append(out.Items, v)
	}
}
