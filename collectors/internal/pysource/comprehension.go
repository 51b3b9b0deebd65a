package pysource

// comprehension works through one whose sources are known.
func (r *Runner) comprehension(e *Expr, in *scope) Value {
	inner := &scope{names: map[string]Value{}, up: in}
	out := list(e.Line)
	if e.Name == "{:" {
		out.Kind = DictValue
	}
	if bad := r.clauses(e, 1, inner, &out); bad.Kind == Unknown {
		return bad
	}
	return r.sized(out)
}

// clauses runs the "for" clauses from one on; its result is unknown where one
// cannot be followed, and else None.
func (r *Runner) clauses(e *Expr, at int, in *scope, out *Value) Value {
	if at == len(e.Parts) {
		if out.Kind == ListValue {
			out.Items = append(out.Items, r.Eval(e.Parts[0], in))
		} else {
			key, v := r.Eval(e.Parts[0].Parts[0], in), r.Eval(e.Parts[0].Parts[1], in)
			if key.Kind != TextValue {
				return unknown(e.Line, "a key of the dictionary is not known")
			}
			v.Key = key.Text
			out.Items = append(out.Items, v) // the last of a key counts in Get
		}
		return Value{Kind: NoneValue}
	}
	clause := e.Parts[at]
	over := r.items(r.Eval(clause.Parts[1], in))
	if over.Kind != ListValue {
		return asUnknown(over)
	}
	for _, item := range over.Items {
		if !r.step() || len(out.Items) > maxItems {
			return unknown(e.Line, "there is too much to work out")
		}
		if item.Kind == Unknown {
			out.Items = append(out.Items, item)
			continue
		}
		r.bind(clause.Parts[0], item, in)
		take := true
		for _, c := range clause.Parts[2:] {
			is, known := r.Eval(c, in).truth()
			if !known {
				return unknown(c.Line, "the condition "+Source(c)+" is not known")
			}
			take = take && is
		}
		if !take {
			continue
		}
		before := len(out.Items)
		if bad := r.clauses(e, at+1, in, out); bad.Kind == Unknown {
			return bad
		}
		for i := before; item.When != "" && i < len(out.Items); i++ {
			out.Items[i] = out.Items[i].when(item.When)
		}
	}
	return Value{Kind: NoneValue}
}
