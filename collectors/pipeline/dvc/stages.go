package dvc

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// stage is one stage of dvc.yaml with everything filled in, or a *.dvc file.
type stage struct {
	name     string
	file     string // that it stands in
	wdir     string // in the tree; "." for its root
	line     int
	cmd      []string
	deps     []*entry
	outs     []*entry // with metrics and plots
	params   []paramSet
	frozen   bool
	always   bool
	imported bool // from another repository or a database: what it depends on is not of this one
	desc     string
	meta     *value
	group    string // of foreach or matrix
	faults   []error
}

// project is one dvc.yaml.
type project struct {
	file      string
	dir       string
	stages    []*stage
	artifacts []*artifact
	datasets  []*value
	metrics   []*value
	params    []*value
	plots     []*value
	problems  []error
	root      *value
}

// artifact is an entry of "artifacts": what a path is to others.
type artifact struct {
	name, typ, desc string
	at              string
	labels          []string
	meta            *value
	line            int
}

const (
	maxStages   = 10_000 // of one file
	maxTemplate = 20_000_000
)

var topKeys = []string{"stages", "vars", "artifacts", "datasets", "metrics", "params", "plots"}

var stageKeys = []string{"cmd", "wdir", "deps", "params", "vars", "frozen", "meta", "desc", "always_changed", "outs", "metrics", "plots", "matrix", "foreach", "do"}

// parseProject reads dvc.yaml. What DVC itself would refuse is told, and the rest read.
func parseProject(tree fs.FS, file string, root *value, f flags) *project {
	p := &project{file: file, dir: path.Dir(file), root: root}
	for _, m := range root.members {
		if !slices.Contains(topKeys, m.key) {
			p.problem(problemAt(m.v.line, "%q is no part of dvc.yaml", clip(m.key, maxShown)))
		}
	}
	s := newScope(f)
	if isFile(tree, path.Join(p.dir, "params.yaml")) {
		if err := s.file(tree, "params.yaml", p.dir); err != nil {
			p.problem(fmt.Errorf("the variables of params.yaml are not known: %w", err))
		}
	}
	p.problem(s.load(tree, root.get("vars"), p.dir))
	p.readArtifacts(s)
	for _, part := range []struct {
		key  string
		into *[]*value
	}{{"datasets", &p.datasets}, {"metrics", &p.metrics}, {"params", &p.params}, {"plots", &p.plots}} {
		for _, item := range itemsOf(root.get(part.key)) {
			filled, err := s.fill(item, "")
			if p.problem(err); err == nil {
				*part.into = append(*part.into, filled)
			}
		}
	}
	b := &builder{project: p, tree: tree, left: maxTemplate}
	if stages := root.get("stages"); stages.is(dict) {
		for _, m := range stages.members {
			b.definition(m.key, m.v, s)
		}
	}
	return p
}

func (p *project) problem(err error) {
	if err != nil && len(p.problems) < maxProblems {
		p.problems = append(p.problems, err)
	}
}

func (p *project) readArtifacts(s *scope) {
	all := p.root.get("artifacts")
	if !all.is(dict) {
		return
	}
	for _, m := range all.members {
		name, err := s.fill(&value{kind: text, str: m.key, line: m.v.line}, "")
		v, verr := s.fill(m.v, "")
		if err = errors.Join(err, verr); err != nil {
			p.problem(err)
			continue
		}
		if v.get("path").string() == "" {
			p.problem(problemAt(v.line, "the artifact %q has no path", clip(m.key, maxShown)))
			continue
		}
		p.artifacts = append(p.artifacts, &artifact{name: name.shown(), typ: v.get("type").string(), desc: v.get("desc").string(), at: inside(p.dir, v.get("path").string()),
			labels: texts(v.get("labels")), meta: v.get("meta"), line: m.v.line})
	}
}

// builder makes stages of definitions.
type builder struct {
	*project
	tree fs.FS
	left int // values and bytes that may still be made, so that a product of lists has an end
}

func (b *builder) definition(name string, v *value, s *scope) {
	if !v.is(dict) {
		b.problem(problemAt(v.line, "the stage %q is no dictionary", clip(name, maxShown)))
		return
	}
	for _, m := range v.members {
		if !slices.Contains(stageKeys, m.key) {
			b.problem(problemAt(m.v.line, "%q is no part of a stage", clip(m.key, maxShown)))
		}
	}
	switch {
	case v.get("matrix") != nil:
		b.matrix(name, v, s)
	case v.get("foreach") != nil || v.get("do") != nil:
		b.foreach(name, v, s)
	default:
		b.stage(name, "", v.line, v, s)
	}
}

// foreach makes a stage of each entry of a list or dictionary.
func (b *builder) foreach(name string, v *value, s *scope) {
	do := v.get("do")
	over, err := s.fill(v.get("foreach"), "")
	if err == nil && (!over.composite() || !do.is(dict)) {
		err = problemAt(v.line, "the stage %q wants a list or a dictionary in foreach, and a stage in do", clip(name, maxShown))
	}
	if err != nil {
		b.problem(err)
		return
	}
	if over.is(dict) {
		for _, m := range over.members {
			b.stage(name+"@"+m.key, name, v.line, do, s.with([]member{{"item", true, m.v}, {"key", true, &value{kind: text, str: m.key}}}))
		}
		return
	}
	byIndex := slices.ContainsFunc(over.items, (*value).composite)
	seen := map[string]bool{}
	for i, item := range over.items {
		key := item.label(over)
		if byIndex {
			key = fmt.Sprint(i)
		}
		if !seen[key] {
			b.stage(name+"@"+key, name, v.line, do, s.with([]member{{"item", true, item}}))
		}
		seen[key] = true
	}
}

// matrix makes a stage of each combination of several lists.
func (b *builder) matrix(name string, v *value, s *scope) {
	axes, err := s.fill(v.get("matrix"), "")
	if err == nil && !axes.is(dict) {
		err = problemAt(v.line, "the matrix of stage %q is no dictionary", clip(name, maxShown))
	}
	if err != nil {
		b.problem(err)
		return
	}
	total := 1
	for _, m := range axes.members {
		if !m.v.is(list) {
			b.problem(problemAt(v.line, "the matrix of stage %q has %q, which is no list", clip(name, maxShown), clip(m.key, maxShown)))
			return
		}
		if total *= len(m.v.items); total > maxStages {
			b.problem(problemAt(v.line, "the matrix of stage %q makes more than %d stages; none is read", clip(name, maxShown), maxStages))
			return
		}
	}
	template := v.clone()
	template.drop("matrix")
	at, seen := make([]int, len(axes.members)), map[string]bool{}
	for range total {
		item, fragments := &value{kind: dict}, []string{}
		for i, m := range axes.members {
			of := m.v.items[at[i]]
			item.set(m.key, of)
			if of.composite() {
				fragments = append(fragments, fmt.Sprintf("%s%d", m.key, at[i]))
			} else {
				fragments = append(fragments, of.label(m.v))
			}
		}
		key := strings.Join(fragments, "-")
		if !seen[key] {
			b.stage(name+"@"+key, name, v.line, template, s.with([]member{{"key", true, &value{kind: text, str: key}}, {"item", true, item}}))
		}
		seen[key] = true
		for i := len(at) - 1; i >= 0; i-- { // the last list turns first
			if at[i]++; at[i] < len(axes.members[i].v.items) {
				break
			}
			at[i] = 0
		}
	}
}

// stage fills one definition in.
func (b *builder) stage(name, group string, line int, v *value, s *scope) {
	if len(b.stages) >= maxStages || b.left < 0 {
		if b.left >= 0 {
			b.problem(problemAt(line, "there are more than %d stages; the rest is not read", maxStages))
		}
		b.left = -1
		return
	}
	wdir := b.dir
	if w := v.get("wdir"); w.string() != "" {
		filled, err := s.fill(w, "")
		if err != nil {
			b.problem(err)
			return
		}
		wdir = path.Join(b.dir, filled.shown())
	}
	if vars := v.get("vars"); vars != nil {
		s = s.clone()
		if err := s.load(b.tree, vars, wdir); err != nil {
			b.problem(err)
		}
	}
	filled := &value{kind: dict, line: v.line}
	for _, m := range v.members {
		if m.key == "vars" {
			continue
		}
		of, err := s.fill(m.v, m.key)
		if err != nil {
			b.problem(inStage(err, name, m.key))
			continue
		}
		b.left -= weigh(of)
		filled.members = append(filled.members, member{m.key, true, of})
	}
	st := readStage(b.file, name, wdir, filled)
	st.group, st.line = group, line
	for _, fault := range st.faults {
		b.problem(fault)
	}
	b.stages = append(b.stages, st)
}

// inStage says which stage a fault is of.
func inStage(err error, name, key string) error {
	var p *sbom.Problem
	if !errors.As(err, &p) {
		return err
	}
	return problemAt(p.Line, "stage %s, %s: %s", clip(name, maxShown), clip(key, maxShown), p.Reason)
}

// weigh counts values and the bytes of their texts.
func weigh(v *value) int {
	n := 1 + len(v.str)
	for _, item := range v.items {
		n += weigh(item)
	}
	for _, m := range v.members {
		n += len(m.key) + weigh(m.v)
	}
	return n
}

func readStage(file, name, wdir string, v *value) *stage {
	st := &stage{name: name, file: file, wdir: wdir, line: v.line, desc: v.get("desc").string(), meta: v.get("meta")}
	st.cmd = texts(v.get("cmd"))
	st.frozen, st.always = truth(v.get("frozen")) || truth(v.get("locked")), truth(v.get("always_changed"))
	for _, d := range itemsOf(v.get("deps")) {
		e := dependency(d, wdir)
		if e == nil {
			st.faults = append(st.faults, problemAt(d.line, "a dependency is neither a path nor a dictionary with one"))
			continue
		}
		st.deps = append(st.deps, e)
	}
	st.params = mergeParams(v.get("params"), wdir)
	for _, part := range []string{"outs", "metrics", "plots"} {
		for _, o := range itemsOf(v.get(part)) {
			for _, e := range outputs(o, wdir, part) {
				if e == nil {
					st.faults = append(st.faults, problemAt(o.line, "an output is neither a path nor a dictionary with one"))
					continue
				}
				st.outs = append(st.outs, e)
			}
		}
	}
	return st
}

func truth(v *value) bool { return v.is(boolean) && v.str == "True" }

// texts lists the scalars of a list, or a scalar alone.
func texts(v *value) []string {
	switch {
	case v == nil || v.kind == null || v.kind == dict:
		return nil
	case v.kind != list:
		return []string{v.shown()}
	}
	var all []string
	for _, item := range v.items {
		if !item.composite() && item.kind != null {
			all = append(all, item.shown())
		}
	}
	return all
}
