package pysource

import (
	"maps"
	"slices"
)

// What a Runner does only where it is to follow: a build script that sets
// attributes is read as before.

// class works through a body; what it assigns are the attributes of the class.
func (r *Runner) class(s *Stmt, in *scope) {
	inner := &scope{names: map[string]Value{}, up: in}
	r.block(s.Body, inner)
	v := Value{Kind: FunctionValue, Line: s.Line, Text: s.Name}
	if r.Follow {
		for _, key := range slices.Sorted(maps.Keys(inner.names)) {
			if i := inner.names[key]; i.def == nil {
				i.Key = key
				v.Items = append(v.Items, i)
			} else if key == "__init__" {
				v.Items = append(v.Items, Value{Kind: FunctionValue, Key: key})
			}
		}
	}
	in.names[s.Name] = v
}

// attribute gives what an object or a class is known to hold.
func (v Value) attribute(name string) (Value, bool) {
	if v.Kind != ObjectValue && (v.Kind != FunctionValue || len(v.Items) == 0) {
		return Value{}, false
	}
	for _, i := range v.Items {
		if i.Key == name && i.Key != "__init__" {
			i.Key = ""
			return i, true
		}
	}
	return Value{}, false
}

// followed gives what a class of the source or a function that the caller knows gives.
func (r *Runner) followed(fn Value, f *Found, in *scope) (Value, bool) {
	if !r.Follow {
		return Value{}, false
	}
	if r.Gives != nil {
		if v, ok := r.Gives(*f); ok {
			return v, true
		}
	}
	if fn.Kind != FunctionValue || fn.self != nil || len(fn.Items) == 0 {
		return Value{}, false
	}
	return r.sized(fn.Object(f)), true
}

// Object gives an instance of a class, with what it is told at its making where
// the class has no __init__ of its own.
func (v Value) Object(f *Found) Value {
	o := Value{Kind: ObjectValue, Line: v.Line, Text: v.Text, Made: f}
	own := slices.ContainsFunc(v.Items, func(i Value) bool { return i.Key == "__init__" })
	for _, i := range v.Items {
		if i.Key != "__init__" {
			i.Default = true
			o.Items = append(o.Items, i)
		}
	}
	if own || f == nil {
		return o
	}
	for _, n := range f.Named {
		at := slices.IndexFunc(o.Items, func(i Value) bool { return i.Key == n.Key })
		if at >= 0 {
			o.Items[at] = n
		} else {
			o.Items = append(o.Items, n)
		}
	}
	return o
}

func (r *Runner) byDefault(v Value) Value {
	v.Default = v.Default || r.Follow
	return v
}

// defaults gives a function that nothing calls what its parameters are by default.
func (r *Runner) defaults(def *Stmt, names map[string]Value, home *scope) map[string]Value {
	if !r.Follow {
		return names
	}
	for _, p := range def.Params {
		if p.Default != nil && p.Name != "" {
			names[p.Name] = r.byDefault(r.Eval(p.Default, home))
		}
	}
	return r.options(def, names, home)
}

// options gives parameters what decorators such as click.option say:
// @click.option("--model-name", "-m", "model", default="gpt2").
func (r *Runner) options(def *Stmt, names map[string]Value, home *scope) map[string]Value {
	if !r.Follow || r.Gives == nil {
		return names
	}
	for _, d := range def.Exprs {
		if d.Kind != Call || r.module.Qualified(d.Parts[0]) == "" {
			continue
		}
		a := r.arguments(d, home)
		v, ok := r.Gives(Found{Name: r.module.Qualified(d.Parts[0]), Line: d.Line, Args: a.list, Named: a.named, Expr: d})
		if !ok || v.Kind != DictValue {
			continue
		}
		for _, i := range v.Items {
			if _, given := names[i.Key]; !given && takes(def, i.Key) {
				names[i.Key] = r.byDefault(i)
			}
		}
	}
	return names
}

func takes(def *Stmt, name string) bool {
	return slices.ContainsFunc(def.Params, func(p Param) bool { return p.Name == name && p.Star == "" })
}
