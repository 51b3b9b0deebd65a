package pysource

import (
	"io/fs"
	"path"
	"strings"
)

// Bounds on working out values.
const (
	maxSteps = 300_000
	maxCalls = 20      // functions in each other
	maxSize  = 1 << 20 // bytes of one text
	maxItems = 20_000  // of one list
	maxTotal = 64 << 20
)

// Found is a call that was come across.
type Found struct {
	Name  string // qualified by the imports: "setuptools.setup"
	Line  int
	Args  []Value
	Named []Value // with their Key; "**" stands for a dictionary that is not known
	Expr  *Expr
	Of    *Value // what a method is of
	// Unsure: it stands under a condition that is not known, or in a function
	// that nothing was seen to call.
	Unsure bool
}

// Runner works out the values of a source text: it follows assignments,
// conditions, loops over what is known and functions of the source itself, and
// knows what the usual functions on texts, lists, paths and files give. It has
// no effect on anything and calls nothing; what it cannot know is unknown and
// says why. Both branches of an unknown condition count; what only one of them
// puts into a list is marked with the condition.
type Runner struct {
	Tree fs.FS
	File string // the path of the source, below the root of Tree
	// Folders are more places, as seen from the folder of File, that modules of
	// the tree lie in.
	Folders []string
	// Called is told of every call of an imported or unknown function.
	Called func(Found)
	// Follow: objects have attributes, and what parameters, options and fields are by
	// default counts where nothing else is known; see follow.go.
	Follow bool
	// Gives knows what further functions give; ok is false where it does not.
	Gives func(Found) (v Value, ok bool)

	module  *Module
	globals *scope
	base    string   // the folder that relative paths begin at
	sources []string // files that are being read as source
	modules map[string]*scope
	steps   int
	total   int
	calls   int
	unsure  int
	ran     map[*Stmt]bool
}

type scope struct {
	names map[string]Value
	up    *scope
	gives *Value // what "return" gave
	yield *Value // what a generator gives, of the function itself
	ends  string // "return", "break", "continue"
}

func (s *scope) get(name string) (Value, bool) {
	for ; s != nil; s = s.up {
		if v, ok := s.names[name]; ok {
			return v, true
		}
	}
	return Value{}, false
}

// Run works through a module.
func (r *Runner) Run(m *Module) {
	r.start(m)
	r.block(m.Body, r.globals)
	r.unsure++
	for s := range All(m.Body) { // what nothing calls
		if s.Kind == Def && !r.ran[s] {
			r.ran[s] = true
			r.body(s, r.defaults(s, map[string]Value{}, r.globals), r.globals)
		}
	}
	r.unsure--
}

func (r *Runner) start(m *Module) {
	r.module = m
	r.modules = map[string]*scope{}
	if r.base == "" {
		r.base = path.Dir(r.File)
	}
	r.ran = map[*Stmt]bool{}
	r.globals = &scope{names: map[string]Value{
		"__name__": textOf("__main__", 0),
		"__file__": textOf(r.relative(), 0),
	}}
}

// Global gives the value of a name of the module after Run.
func (r *Runner) Global(name string) Value {
	if v, ok := r.globals.names[name]; ok {
		return v
	}
	return unknown(0, name+" is not assigned")
}

// step counts work; false means that there was too much of it.
func (r *Runner) step() bool {
	r.steps++
	return r.steps < maxSteps && r.total < maxTotal
}

func (r *Runner) block(body []*Stmt, in *scope) {
	for _, s := range body {
		if in.ends != "" || !r.step() {
			return
		}
		r.statement(s, in)
	}
}

func (r *Runner) statement(s *Stmt, in *scope) {
	switch s.Kind {
	case Simple:
		r.simple(s, in)
	case Assign:
		r.assign(s, in)
	case Def:
		in.names[s.Name] = Value{Kind: FunctionValue, Line: s.Line, def: s, home: in}
	case Class:
		r.class(s, in)
	case If:
		r.ifs(s, in)
	case While, Match, Broken:
		r.maybe(s, in)
	case ForLoop:
		r.loop(s, in)
	case With:
		for i := 0; i+1 < len(s.Exprs); i += 2 {
			v := r.Eval(s.Exprs[i], in)
			if s.Exprs[i+1] != nil {
				r.bind(s.Exprs[i+1], v, in)
			}
		}
		r.block(s.Body, in)
	case Try:
		r.try(s, in)
	}
}

func (r *Runner) simple(s *Stmt, in *scope) {
	switch s.Name {
	case "return":
		v := Value{Kind: NoneValue, Line: s.Line}
		if len(s.Exprs) > 0 {
			v = r.Eval(s.Exprs[0], in)
		}
		if in.gives != nil { // another one, under a condition above
			v = either(*in.gives, v, "", s.Line)
		}
		in.gives, in.ends = &v, "return"
		return
	case "break", "continue":
		in.ends = s.Name
		return
	case "raise":
		r.evalAll(s.Exprs, in)
		in.ends = "return"
		return
	case "global", "nonlocal":
		return
	}
	r.evalAll(s.Exprs, in)
}

func (r *Runner) evalAll(list []*Expr, in *scope) {
	for _, e := range list {
		r.Eval(e, in)
	}
}

func (r *Runner) assign(s *Stmt, in *scope) {
	n := len(s.Exprs) - 1
	if s.Exprs[n] == nil {
		return
	}
	v := r.Eval(s.Exprs[n], in)
	if s.Name != "=" && s.Name != ":" {
		v = r.operate(strings.TrimSuffix(s.Name, "="), r.Eval(s.Exprs[0], in), v, s.Line)
	}
	for _, target := range s.Exprs[:n] {
		r.bind(target, v, in)
	}
}

// bind assigns a value to a name, to several, or to a place in a dictionary.
func (r *Runner) bind(target *Expr, v Value, in *scope) {
	switch target.Kind {
	case Identifier:
		in.names[target.Name] = v
	case Tuple, List:
		for i, t := range target.Parts {
			item := unknown(target.Line, "it is a part of what is not known")
			if v.Kind == ListValue && len(v.Items) == len(target.Parts) && t.Kind != Star {
				item = v.Items[i]
			} else if v.Kind == Unknown {
				item.Made = v.Made // "model, tokenizer = ..."
			}
			r.bind(t, item, in)
		}
	case Star:
		r.bind(target.Parts[0], unknown(target.Line, "it takes what others leave"), in)
	case Subscript:
		of, key := r.Eval(target.Parts[0], in), r.Eval(target.Parts[1], in)
		r.steps += len(of.Items) / 8
		if of.Kind == DictValue && key.Kind == TextValue {
			r.bind(target.Parts[0], of.set(key.Text, v), in)
		} else if of.Kind == DictValue {
			r.bind(target.Parts[0], of.set("**", unknown(target.Line, "a key is not known")), in)
		}
	case Attribute:
		if name := target.Dotted(); name != "" {
			in.names[name] = v
		}
	}
}

func (r *Runner) ifs(s *Stmt, in *scope) {
	chain := append([]*Stmt{s}, s.Clauses...)
	for i, c := range chain {
		if c.Kind == ClauseOf {
			r.block(c.Body, in)
			return
		}
		is, known := r.Eval(c.Exprs[0], in).truth()
		if known && is {
			r.block(c.Body, in)
			return
		}
		if !known {
			r.branch(c, chain[i+1:], in)
			return
		}
	}
}

// branch takes both ways of a condition that is not known.
func (r *Runner) branch(c *Stmt, rest []*Stmt, in *scope) {
	condition := Source(c.Exprs[0])
	a, b := in.fork(), in.fork()
	r.steps += len(in.names)
	r.unsure++
	r.block(c.Body, a)
	if len(rest) > 0 {
		next := *rest[0]
		if next.Kind == If {
			next.Clauses = rest[1:]
			r.ifs(&next, b)
		} else {
			r.block(next.Body, b)
		}
	}
	r.unsure--
	in.join(a, b, condition, c.Line)
}

// maybe goes once through what may run, or not, or often.
func (r *Runner) maybe(s *Stmt, in *scope) {
	a, b := in.fork(), in.fork()
	r.steps += len(in.names)
	r.unsure++
	r.evalAll(s.Exprs, a)
	r.block(s.Body, a)
	for _, c := range s.Clauses {
		r.block(c.Body, a)
	}
	r.unsure--
	a.ends = ""
	in.join(a, b, "", s.Line)
}

func (r *Runner) loop(s *Stmt, in *scope) {
	over := r.items(r.Eval(s.Exprs[1], in))
	if over.Kind != ListValue || !over.plain() {
		r.bind(s.Exprs[0], unknown(s.Line, "it goes over what is not known"), in)
		r.maybe(&Stmt{Kind: Broken, Line: s.Line, Body: s.Body}, in)
		return
	}
	for _, item := range over.Items {
		if !r.step() {
			return
		}
		r.bind(s.Exprs[0], item, in)
		r.block(s.Body, in)
		if in.ends == "continue" {
			in.ends = ""
		} else if in.ends != "" {
			break
		}
	}
	if in.ends == "break" {
		in.ends = ""
	}
}

// plain tells whether all entries are there for certain.
func (v Value) plain() bool {
	for _, i := range v.Items {
		if i.When != "" || i.Kind == Unknown {
			return false
		}
	}
	return true
}

// try follows the body; what only the handlers assign counts, too.
func (r *Runner) try(s *Stmt, in *scope) {
	before := in.fork()
	r.steps += len(in.names)
	r.block(s.Body, in)
	for _, c := range s.Clauses {
		if c.Name != "except" {
			r.block(c.Body, in)
			continue
		}
		other := before.fork()
		r.unsure++
		r.block(c.Body, other)
		r.unsure--
		for name, v := range other.names {
			if old, ok := in.names[name]; !ok || old.Kind == Unknown && v.Kind != Unknown && before.names[name].Kind == Unknown && !same0(before.names[name], v) {
				in.names[name] = v
			}
		}
	}
}

func same0(a, b Value) bool {
	is, _ := same(a, b)
	return is
}
