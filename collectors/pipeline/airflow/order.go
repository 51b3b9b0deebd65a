package airflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

// eval gives the tasks that an expression stands for, makes those that it calls into
// being, and notes the order that it says.
func (r *reader) eval(e *pysource.Expr, in place, depth int) []*task {
	if e == nil || depth > maxDeep {
		return nil
	}
	switch e.Kind {
	case pysource.Identifier:
		return r.vars[e.Name]
	case pysource.List, pysource.Tuple, pysource.Set:
		var all []*task
		for _, p := range e.Parts {
			if all = append(all, r.eval(p, in, depth+1)...); len(all) > maxSpan {
				break
			}
		}
		return all
	case pysource.Binary:
		left, right := r.eval(e.Parts[0], in, depth+1), r.eval(e.Parts[1], in, depth+1)
		switch e.Name {
		case ">>":
			r.before(left, right)
		case "<<":
			r.before(right, left)
		default:
			return nil
		}
		return right
	case pysource.Subscript, pysource.Attribute: // a part of what a task gives
		return r.eval(e.Parts[0], in, depth+1)
	case pysource.Call:
		return r.call(e, in, depth)
	}
	return nil
}

// before notes that each of some tasks runs before each of others.
func (r *reader) before(first, then []*task) {
	for _, a := range first[:min(len(first), maxSpan)] {
		for _, b := range then[:min(len(then), maxSpan)] {
			if a != b && r.links < maxLinks && !slices.Contains(b.after, a) {
				b.after = append(b.after, a)
				r.links++
			}
		}
	}
}

// call reads an operator, a task that is a function, or a method that orders tasks.
func (r *reader) call(e *pysource.Expr, in place, depth int) []*task {
	name := r.qualified(e.Parts[0])
	positional, keywords := e.Args()
	given := func() (all []*task) {
		for _, a := range positional {
			all = append(all, r.eval(a, in, depth+1)...)
		}
		for _, k := range keywords {
			all = append(all, r.eval(k.Parts[0], in, depth+1)...)
		}
		return all
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case e.Named("task_id") != nil && (strings.HasPrefix(name, "airflow.") || strings.HasSuffix(last, "Operator") || strings.HasSuffix(last, "Sensor")):
		return r.operator(e, in, last)
	case last == "set_downstream" || last == "set_upstream":
		self, others := r.eval(e.Parts[0].Parts[0], in, depth+1), given()
		if last == "set_upstream" {
			self, others = others, self
		}
		r.before(self, others)
		return nil
	case last == "chain" && strings.HasPrefix(name, "airflow."):
		for i := 1; i < len(positional); i++ {
			r.before(r.eval(positional[i-1], in, depth+1), r.eval(positional[i], in, depth+1))
		}
		return nil
	}
	of := e.Parts[0]
	for of.Kind == pysource.Attribute || of.Kind == pysource.Call { // f.override(...)(), f.partial(...).expand(...)
		of = of.Parts[0]
	}
	if fun := r.functions[of.Name]; of.Kind == pysource.Identifier && fun != nil && in.dag != nil && (e.Parts[0].Kind != pysource.Attribute || last == "expand") {
		made := r.add(&task{of: in.dag, id: in.group + of.Name, operator: "@task", fun: of.Name, line: e.Line})
		r.before(given(), made)
		return made
	}
	given()
	return r.eval(e.Parts[0], in, depth+1)
}

// operator makes a task of an operator's call.
func (r *reader) operator(e *pysource.Expr, in place, operator string) []*task {
	d := in.dag
	if v := e.Named("dag"); v != nil && v.Kind == pysource.Identifier && r.dags[v.Name] != nil {
		d = r.dags[v.Name]
	}
	if d == nil {
		return nil
	}
	id, ok := e.Named("task_id").Literal()
	if !ok {
		d.dynamic++
		return nil
	}
	t := &task{of: d, id: in.group + id, operator: operator, line: e.Line}
	t.image, _ = e.Named("image").Literal()
	for _, key := range []string{"bash_command", "command", "sql"} {
		if c, ok := e.Named(key).Literal(); ok {
			t.command = c
		}
	}
	if f := e.Named("python_callable"); f != nil {
		t.fun = f.Dotted()
	}
	return r.add(t)
}

// add puts a task into its DAG; one that is called again has a number, as Airflow
// gives it.
func (r *reader) add(t *task) []*task {
	if r.tasks++; r.tasks > maxTasks {
		return nil
	}
	id := t.id
	for n := 1; slices.ContainsFunc(t.of.tasks, func(o *task) bool { return o.id == t.id }); n++ {
		if t.operator != "@task" || n > maxSpan {
			return nil // Airflow refuses it
		}
		t.id = id + "__" + strconv.Itoa(n)
	}
	t.of.tasks = append(t.of.tasks, t)
	return []*task{t}
}
