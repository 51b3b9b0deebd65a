package pysource

import (
	"slices"
	"strings"
)

// arguments of a call, worked out.
type arguments struct {
	list  []Value
	named []Value
	line  int
}

// arg gives an argument by its position or its name.
func (a arguments) arg(i int, name string) (Value, bool) {
	if i >= 0 && i < len(a.list) {
		return a.list[i], true
	}
	return Value{Kind: DictValue, Items: a.named}.Get(name)
}

func (a arguments) text(i int, name string) (string, bool) {
	v, ok := a.arg(i, name)
	if !ok || v.Kind != TextValue && v.Kind != PathValue {
		return "", false
	}
	return v.Text, true
}

func (r *Runner) arguments(e *Expr, in *scope) arguments {
	a := arguments{line: e.Line}
	for _, p := range e.Parts[1:] {
		switch {
		case p.Kind == Keyword:
			v := r.Eval(p.Parts[0], in)
			v.Key = p.Name
			a.named = append(a.named, v)
		case p.Kind == Star && p.Name == "**":
			a.named = r.merge(Value{Kind: DictValue, Items: a.named, Line: e.Line}, r.Eval(p.Parts[0], in)).Items
		case p.Kind == Star:
			a.list = append(a.list, r.spread(r.Eval(p.Parts[0], in))...)
		default:
			a.list = append(a.list, r.Eval(p, in))
		}
	}
	return a
}

func (r *Runner) call(e *Expr, in *scope) Value {
	fn := r.Eval(e.Parts[0], in)
	a := r.arguments(e, in)
	if fn.Kind == FunctionValue && fn.def != nil {
		return r.function(fn, a)
	}
	name := fn.Text
	if fn.Kind != FunctionValue {
		name = ""
	}
	if fn.self != nil {
		if v, ok := r.method(*fn.self, fn.Text, a); ok {
			return r.sized(v)
		}
		if target := e.Parts[0]; target.Kind == Attribute {
			if v, ok := r.change(target.Parts[0], *fn.self, fn.Text, a, in); ok {
				return v
			}
		}
		name = "." + name
	}
	found := &Found{Name: name, Line: e.Line, Args: a.list, Named: a.named, Expr: e, Of: fn.self, Unsure: r.unsure > 0}
	if r.Called != nil && name != "" {
		r.Called(*found)
	}
	if v, ok := r.followed(fn, found, in); ok {
		return v
	}
	if fn.self == nil {
		if v, ok := r.builtin(name, a, in); ok {
			return r.sized(v)
		}
	}
	for _, v := range a.list {
		if v.Kind == Unknown && fn.self == nil && builtinNames[name] {
			return v
		}
	}
	if fn.self != nil && fn.self.Kind == Unknown && fn.self.Text != "" {
		return *fn.self
	}
	v := unknown(e.Line, "it is what "+Source(e.Parts[0])+"() gives, which is not worked out")
	v.Made = found
	return v
}

// builtinNames are functions whose result is unknown because of what they get.
var builtinNames = map[string]bool{"list": true, "tuple": true, "set": true, "sorted": true, "dict": true, "str": true, "filter": true, "map": true,
	"open": true, "io.open": true, "codecs.open": true, "os.path.join": true, "sum": true}

// function works through a function of the source.
func (r *Runner) function(fn Value, a arguments) Value {
	def, home := fn.def, fn.home
	if home == nil {
		home = r.globals
	}
	if r.calls >= maxCalls {
		return unknown(a.line, def.Name+" calls itself too often")
	}
	r.ran[def] = true
	names := map[string]Value{}
	position := 0
	for _, p := range def.Params {
		switch p.Star {
		case "*":
			if p.Name != "" {
				names[p.Name] = list(a.line, a.list[min(position, len(a.list)):]...)
				position = len(a.list)
			}
		case "**":
			names[p.Name] = Value{Kind: DictValue, Line: a.line, Items: slices.Clone(a.named)}
		default:
			if v, ok := a.arg(position, p.Name); ok && p.Name != "" {
				names[p.Name] = v
			} else if p.Default != nil {
				names[p.Name] = r.byDefault(r.Eval(p.Default, home))
			}
			position++
		}
	}
	return r.body(def, r.options(def, names, home), home)
}

func (r *Runner) body(def *Stmt, names map[string]Value, home *scope) Value {
	for _, p := range def.Params {
		if _, ok := names[p.Name]; !ok && p.Name != "" {
			names[p.Name] = unknown(def.Line, "it is the parameter "+p.Name+" of "+def.Name)
		}
	}
	in := &scope{names: names, up: home}
	if yields(def) {
		in.yield = &Value{Kind: ListValue, Line: def.Line}
	}
	r.calls++
	r.block(def.Body, in)
	r.calls--
	if in.yield != nil {
		return r.sized(*in.yield)
	}
	if in.gives == nil {
		return Value{Kind: NoneValue, Line: def.Line}
	}
	return *in.gives
}

// yields tells whether a function is a generator.
func yields(def *Stmt) bool {
	found := false
	var look func(body []*Stmt)
	look = func(body []*Stmt) {
		for _, s := range body {
			for _, e := range s.Exprs {
				e.Walk(func(x *Expr) bool {
					found = found || x.Kind == Other && x.Name == "yield" || x.Kind == Unary && strings.HasPrefix(x.Name, "yield")
					return !found && x.Kind != Lambda
				})
			}
			if s.Kind != Def && s.Kind != Class {
				look(s.Body)
				look(s.Clauses)
			}
		}
	}
	look(def.Body)
	return found
}

// attribute gives a constant of a module, a part of a path, or a method.
func (r *Runner) attribute(e *Expr, in *scope) Value {
	if name := e.Dotted(); name != "" {
		if v, ok := in.get(name); ok {
			return v
		}
	}
	of := r.Eval(e.Parts[0], in)
	if v, ok := of.attribute(e.Name); ok {
		return v
	}
	if of.Kind == FunctionValue && of.def == nil && of.self == nil {
		full := of.Text + "." + e.Name
		if v, ok := fixed[full]; ok {
			v.Line = e.Line
			return v
		}
		if v, ok := r.fromTree(full); ok {
			return v
		}
		return Value{Kind: FunctionValue, Text: full, Line: e.Line}
	}
	if of.Kind == PathValue {
		if v, ok := pathPart(of, e.Name); ok {
			return v
		}
	}
	return Value{Kind: FunctionValue, Text: e.Name, Line: e.Line, self: &of}
}

// fixed are attributes of modules that are the same everywhere, or that no
// reading can know.
var fixed = map[string]Value{
	"os.path.sep": textOf("/", 0), "os.sep": textOf("/", 0), "os.linesep": textOf("\n", 0), "os.curdir": textOf(".", 0), "os.pardir": textOf("..", 0),
	"re.M": {Kind: NumberValue, Text: "8"}, "re.MULTILINE": {Kind: NumberValue, Text: "8"},
	"re.S": {Kind: NumberValue, Text: "16"}, "re.DOTALL": {Kind: NumberValue, Text: "16"},
	"re.I": {Kind: NumberValue, Text: "2"}, "re.IGNORECASE": {Kind: NumberValue, Text: "2"},
	"sys.platform": {Text: "it is the platform that it runs on"}, "sys.version_info": {Text: "it is the version of Python that runs it"}, "sys.argv": {Text: "it is the command line"},
	"os.environ": {Text: "it is taken from the environment"}, "os.name": {Text: "it is the platform that it runs on"}, "sys.version": {Text: "it is the version of Python that runs it"},
}

// change runs a method that alters what it is of, by assigning it anew.
func (r *Runner) change(target *Expr, of Value, name string, a arguments, in *scope) (Value, bool) {
	none := Value{Kind: NoneValue, Line: a.line}
	if len(a.list) == 0 && (len(a.named) == 0 || name != "update") {
		return none, false
	}
	switch {
	case of.Kind == ListValue && (name == "append" || name == "add"):
		item := a.list[0]
		of = r.add(of, list(a.line, item), a.line)
	case of.Kind == ListValue && name == "insert" && len(a.list) == 2:
		of = r.add(of, list(a.line, a.list[1]), a.line)
	case of.Kind == ListValue && (name == "extend" || name == "update") && len(a.list) > 0:
		of = r.add(of, list(a.line, r.spread(a.list[0])...), a.line)
	case of.Kind == ListValue && (name == "remove" || name == "discard"):
		out := list(of.Line)
		for _, i := range of.Items {
			if !same0(i, a.list[0]) {
				out.Items = append(out.Items, i)
			}
		}
		of = r.sized(out)
	case of.Kind == DictValue && name == "update":
		if len(a.list) > 0 {
			of = r.merge(of, a.list[0])
		}
		of = r.merge(of, Value{Kind: DictValue, Items: a.named})
	case of.Kind == DictValue && name == "setdefault" && len(a.list) == 2 && a.list[0].Kind == TextValue:
		if v, ok := of.Get(a.list[0].Text); ok {
			return v, true
		}
		of, none = of.set(a.list[0].Text, a.list[1]), a.list[1]
	case of.Kind == DictValue && name == "pop" && a.list[0].Kind == TextValue:
		none, _ = of.Get(a.list[0].Text)
		key := a.list[0].Text
		of.Items = slices.DeleteFunc(slices.Clone(of.Items), func(v Value) bool { return v.Key == key })
	default:
		return none, false
	}
	r.rebind(target, of, in)
	return none, true
}

// rebind assigns in the scope that has the name.
func (r *Runner) rebind(target *Expr, v Value, in *scope) {
	if target.Kind == Identifier {
		for s := in; s != nil; s = s.up {
			if _, ok := s.names[target.Name]; ok {
				s.names[target.Name] = v
				return
			}
		}
	}
	r.bind(target, v, in)
}

// items gives what a loop over the value sees.
func (r *Runner) items(v Value) Value {
	switch v.Kind {
	case DictValue:
		out := list(v.Line)
		for _, i := range v.Items {
			key := textOf(i.Key, i.Line)
			key.When = i.When
			if i.Key == "**" {
				key = asUnknown(i)
			}
			out.Items = append(out.Items, key)
		}
		return r.sized(out)
	case FileValue:
		text := r.read(v)
		if text.Kind != TextValue {
			return text
		}
		return r.sized(splitLines(text, true))
	}
	return v
}

// splitLines gives the lines of a text; those of a file know their numbers.
func splitLines(v Value, ends bool) Value {
	out := list(v.Line)
	n := max(v.FileLine, 1)
	for line := range strings.Lines(v.Text) {
		if len(out.Items) > maxItems {
			break // the caller refuses it
		}
		if !ends {
			line = strings.TrimSuffix(line, "\n")
		}
		i := v
		i.Text, i.FileLine = line, 0
		if v.File != "" {
			i.FileLine = n
		}
		n++
		out.Items = append(out.Items, i)
	}
	return out
}
