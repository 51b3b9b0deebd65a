// Package airflow reads DAGs of Apache Airflow in Python source text, without running
// it: DAG(...) and @dag, operators with a task_id, functions with @task, groups, and
// the order that ">>", "<<", set_downstream, set_upstream, chain and arguments give.
//
// Tasks whose id is not written down as such (of loops, of f-strings) are counted in the
// property mlbom:airflow:dynamic, and not guessed.
//
// Not understood: DAGs that functions of other files make, dynamic task mapping but for
// the task that is mapped, labels of edges, XCom and assets. A group that stands in an
// order stands for all tasks in it.
//
// Source: github.com/apache/airflow (the documentation's core concepts: DAGs, tasks).
package airflow

import (
	"context"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads DAGs in Python.
var Collector = sbom.Collector{
	Name:    "pipeline/airflow",
	Doc:     "Apache Airflow DAGs (*.py)\n\nTasks with operators, commands and images, and their order, as far as the source states them.",
	Match:   []string{"*.py"},
	Collect: collect,
}

const (
	maxTasks = 2000 // of one file
	maxLinks = 5000 // between them
	maxSpan  = 200  // tasks on one side of ">>"
	maxDeep  = 60   // statements and expressions in each other
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil || !strings.Contains(text, "airflow") || !strings.Contains(text, "DAG") && !strings.Contains(text, "dag") {
		return nil, nil // Python that cannot be read is told by those whose it is
	}
	r := &reader{f: f, m: pysource.Parse(text), vars: map[string][]*task{}, functions: map[string]*pysource.Stmt{}, dags: map[string]*dag{}}
	r.block(r.m.Body, place{}, 0)
	return r.sightings(), nil
}

// dag is one DAG of the file, in order of appearance.
type dag struct {
	id, schedule, description string
	line, dynamic             int
	tasks                     []*task
}

type task struct {
	of                                *dag
	id, operator, command, image, fun string
	line                              int
	after                             []*task
}

// place is where a statement stands: in which DAG and group.
type place struct {
	dag   *dag
	group string
}

type reader struct {
	f         *sbom.File
	m         *pysource.Module
	order     []*dag
	dags      map[string]*dag // by the name of the variable
	vars      map[string][]*task
	functions map[string]*pysource.Stmt // with @task
	tasks     int
	links     int
}

func (r *reader) qualified(e *pysource.Expr) string {
	if e == nil {
		return ""
	}
	return r.m.Qualified(e)
}

func (r *reader) isDAG(e *pysource.Expr) bool {
	name := ""
	if e != nil && e.Kind == pysource.Call {
		name = r.qualified(e.Parts[0])
	}
	return strings.HasPrefix(name, "airflow.") && strings.HasSuffix(name, ".DAG")
}

// begin makes a DAG of a call; one without an id that is written down is none.
func (r *reader) begin(e *pysource.Expr, fallback string) *dag {
	id, ok := e.Named("dag_id").Literal()
	if !ok {
		id, ok = e.First().Literal()
	}
	if !ok {
		id = fallback
	}
	if id == "" || len(r.order) >= maxTasks {
		return nil
	}
	d := &dag{id: id, line: e.Line}
	for _, key := range []string{"schedule", "schedule_interval"} {
		if s, ok := e.Named(key).Literal(); ok && s != "None" {
			d.schedule = s
		}
	}
	d.description, _ = e.Named("description").Literal()
	r.order = append(r.order, d)
	return d
}

// block reads statements in their order.
func (r *reader) block(body []*pysource.Stmt, in place, depth int) {
	if depth > maxDeep {
		return
	}
	for _, s := range body {
		switch s.Kind {
		case pysource.Def:
			r.function(s, in, depth)
		case pysource.With:
			r.with(s, in, depth)
		case pysource.Assign:
			r.assign(s, in)
		default:
			for _, e := range s.Exprs {
				r.eval(e, in, 0)
			}
			r.block(s.Body, in, depth+1)
			r.block(s.Clauses, in, depth+1)
		}
	}
}

// function reads a DAG that is a function, notes a task that is one, and looks into
// others, where DAGs are made too.
func (r *reader) function(s *pysource.Stmt, in place, depth int) {
	for _, e := range s.Exprs {
		call := e
		if e.Kind == pysource.Call {
			call = e.Parts[0]
		}
		name := r.qualified(call)
		if !strings.HasPrefix(name, "airflow.") {
			continue
		}
		switch parts := strings.Split(name, "."); {
		case parts[len(parts)-1] == "dag":
			d := r.begin(e, s.Name)
			if d == nil {
				d = &dag{id: s.Name, line: s.Line}
				r.order = append(r.order, d)
			}
			r.block(s.Body, place{dag: d}, depth+1)
			return
		case parts[len(parts)-1] == "task_group":
			r.block(s.Body, place{in.dag, in.group + s.Name + "."}, depth+1)
			return
		case strings.Contains(name+".", ".task."):
			r.functions[s.Name] = s
			return
		}
	}
	r.block(s.Body, in, depth+1)
}

func (r *reader) with(s *pysource.Stmt, in place, depth int) {
	for i := 0; i+1 < len(s.Exprs); i += 2 {
		e, name := s.Exprs[i], ""
		if s.Exprs[i+1] != nil {
			name = s.Exprs[i+1].Name
		}
		switch {
		case r.isDAG(e):
			if in.dag = r.begin(e, ""); in.dag != nil && name != "" {
				r.dags[name] = in.dag
			}
		case e != nil && e.Kind == pysource.Identifier && r.dags[e.Name] != nil:
			in.dag = r.dags[e.Name]
		case e != nil && e.Kind == pysource.Call && strings.HasSuffix(r.qualified(e.Parts[0]), "TaskGroup"):
			id, ok := e.First().Literal()
			if !ok {
				id, _ = e.Named("group_id").Literal()
			}
			before := r.count(in.dag)
			r.block(s.Body, place{in.dag, in.group + id + "."}, depth+1)
			if in.dag != nil && name != "" {
				r.vars[name] = in.dag.tasks[before:]
			}
			return
		}
	}
	r.block(s.Body, in, depth+1)
}

func (r *reader) count(d *dag) int {
	if d == nil {
		return 0
	}
	return len(d.tasks)
}

func (r *reader) assign(s *pysource.Stmt, in place) {
	value := s.Exprs[len(s.Exprs)-1]
	targets := s.Exprs[:len(s.Exprs)-1]
	if r.isDAG(value) {
		if d := r.begin(value, ""); d != nil && len(targets) > 0 {
			r.dags[targets[0].Name] = d
		}
		return
	}
	made := r.eval(value, in, 0)
	for _, t := range targets {
		if t.Kind == pysource.Identifier && t.Name != "" {
			r.vars[t.Name] = made
		}
	}
}

// sightings writes what was found; a file without a DAG gives nothing.
func (r *reader) sightings() (seen []sbom.Sighting) {
	used := map[string]int{}
	for _, d := range r.order {
		if used[d.id]++; used[d.id] > 1 {
			continue // of one id the last one counts to Airflow, and we cannot know which
		}
		over := r.process(d.id, d.id, "pipeline", d.line)
		over.Description = lineage.Clip(d.description, lineage.MaxText)
		over.Properties = lineage.Property(over.Properties, "mlbom:airflow:schedule", lineage.Clip(d.schedule, lineage.MaxText))
		if d.dynamic > 0 {
			over.Properties = append(over.Properties, sbom.Property{Name: "mlbom:airflow:dynamic", Value: fmt.Sprint(d.dynamic)})
		}
		var stages []sbom.Sighting
		for _, t := range d.tasks {
			s := r.stage(t)
			over.Links = append(over.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: s.Kind, Name: s.Name, Keys: s.Keys}, Line: t.line})
			stages = append(stages, s)
		}
		seen = append(append(seen, over), stages...)
	}
	return seen
}

func (r *reader) process(id, name, kind string, line int) sbom.Sighting {
	return sbom.Sighting{Component: sbom.Component{Kind: sbom.KindProcess, Name: lineage.Clip(name, lineage.MaxText), Keys: sbom.Keys{Path: r.f.Path + "#" + lineage.Clip(id, lineage.MaxText)},
		Process: &sbom.Process{Type: kind, Tool: "airflow"}}, Basis: sbom.Declared, Where: sbom.Place{Line: line}}
}

func (r *reader) stage(t *task) sbom.Sighting {
	s := r.process(t.of.id+"."+t.id, t.id, "stage", t.line)
	s.Properties = lineage.Property(s.Properties, "mlbom:airflow:operator", lineage.Clip(t.operator, lineage.MaxText))
	s.Properties = lineage.Property(s.Properties, "mlbom:airflow:callable", lineage.Clip(t.fun, lineage.MaxText))
	s.Process.Environment = lineage.Property(nil, "image", lineage.Clip(lineage.Image(t.image), lineage.MaxText))
	if c := strings.TrimSpace(t.command); c != "" {
		s.Process.Commands = []string{lineage.NoMail(lineage.Command(lineage.Clip(c, 4*lineage.MaxText)))}
	}
	for _, a := range t.after {
		to := r.process(a.of.id+"."+a.id, a.id, "stage", a.line)
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: sbom.Component{Kind: to.Kind, Name: to.Name, Keys: to.Keys}, Line: t.line})
	}
	return s
}
