package pickle

import (
	"maps"
	"strconv"
)

func opGlobal(m *machine, a *argument) {
	if validName(a.text) && validName(a.second) {
		m.strong += 2
	}
	m.push(m.byLines(a))
}

// byLines gives a global that stands in lines. Old protocols write it again and
// again, so that names which were seen are known by their bytes.
func (m *machine) byLines(a *argument) *Global {
	t := m.tally
	t.key = append(append(append(t.key[:0], a.text...), '\n'), a.second...)
	if m.proto < 3 {
		t.key = append(t.key, '\n')
	}
	if g := t.lines[string(t.key)]; g != nil && m.fault == "" {
		m.used(g, referenced, nil)
		return g
	}
	g := m.global(kept(a.text), kept(a.second))
	if m.fault == "" && len(t.lines) < maxNames && len(t.key) < maxName {
		t.lines[string(t.key)] = g
	}
	return g
}

func opStackGlobal(m *machine, _ *argument) {
	name, module := m.pop(), m.pop()
	mod, ok1 := text(module)
	n, ok2 := text(name)
	if !ok1 || !ok2 {
		m.push(m.computed(module, name))
		return
	}
	m.strong += 2
	m.push(m.global(mod, n))
}

// computed gives the global whose name is not in the file: a call made it, such as
// str.lower("OS"). No writer of pickles does so.
func (m *machine) computed(module, name Value) Value {
	if m.lost || m.memo.lost || !made(module) && !made(name) {
		m.complain("a name that is no string") // the machine in C refuses
		return Unknown{}
	}
	m.strong += 2
	g := m.tally.global("", "computed name")
	m.used(g, referenced, nil)
	return g
}

// made tells of what running code gave.
func made(v Value) bool {
	switch v.(type) {
	case *Object, *Persistent, Unknown:
		return true
	}
	return false
}

// text gives the constant string, of bytes too.
func text(v Value) (string, bool) {
	switch v := v.(type) {
	case Str:
		return string(v), true
	case *Bytes:
		return v.Head, v.load != nil // a string that looked like a pickle
	}
	return "", false
}

// opExtension: what a code stands for is in a table of the loading process.
func opExtension(m *machine, a *argument) {
	if a.number <= 0 {
		m.complain("an extension code below one")
	}
	m.push(m.global("copyreg", "extension code "+strconv.FormatInt(a.number, 10)))
}

// global notes that a name is imported.
func (m *machine) global(module, name string) *Global {
	if !importable(module) || !importable(name) {
		m.complain("a name that no module can have")
	}
	if m.proto < 3 {
		module, name = python3(module, name)
	}
	g := m.tally.global(module, name)
	m.used(g, referenced, nil)
	m.options.Budget.left -= judgeCost * m.tally.judged
	m.tally.judged = 0
	return g
}

// judgeCost is what the judgement of a name costs, in opcodes.
const judgeCost = 100

// used counts a use. After an error only what is unsafe counts: the rest may be noise.
func (m *machine) used(g *Global, how string, args []Value) {
	if m.fault != "" && (m.tally.of(g).judged() != unsafe || !certain(g)) {
		return
	}
	m.tally.use(g, how, args, m.pos)
}

func opReduce(m *machine, _ *argument) {
	args, callee := m.pop(), m.top()
	t, ok := args.(*Tuple)
	if !ok {
		if _, unknown := args.(Unknown); !unknown {
			m.complain("the arguments of a call are no tuple")
		}
		t = &Tuple{Items: []Value{args}}
	}
	m.setTop(m.call(callee, t.Items, called))
}

func opInst(m *machine, a *argument) {
	if validName(a.text) && validName(a.second) {
		m.strong += 2
	}
	g := m.byLines(a)
	args := append([]Value(nil), m.popMark()...)
	m.push(m.call(g, args, called))
}

func opObj(m *machine, _ *argument) {
	items := append([]Value(nil), m.popMark()...)
	if len(items) == 0 {
		m.complain(underflow)
		m.push(Unknown{})
		return
	}
	m.push(m.call(items[0], items[1:], called))
}

func opNewObj(m *machine, _ *argument) {
	args, cls := m.pop(), m.pop()
	t, ok := args.(*Tuple)
	if !ok {
		m.complain("the arguments of a class are no tuple")
		t = &Tuple{Items: []Value{args}}
	}
	m.push(m.call(cls, t.Items, constructed))
}

func opNewObjEx(m *machine, _ *argument) {
	keywords, args, cls := m.pop(), m.pop(), m.pop()
	t, ok := args.(*Tuple)
	if !ok {
		m.complain("the arguments of a class are no tuple")
		t = &Tuple{Items: []Value{args}}
	}
	m.push(m.call(cls, append(t.Items[:len(t.Items):len(t.Items)], keywords), constructed))
}

// maxNesting bounds calls that folding makes of calls.
const maxNesting = 32

// call notes a call and says what it gives.
func (m *machine) call(callee Value, args []Value, how string) Value {
	return m.apply(callee, args, how, 0)
}

func (m *machine) apply(callee Value, args []Value, how string, depth int) Value {
	if depth > maxNesting {
		m.limit("calls are nested too deep")
		return Unknown{}
	}
	switch c := callee.(type) {
	case *Global:
		if v, ok := m.fold(c, args, how, depth); ok {
			return v
		}
		if v, ok := m.define(c, args); ok {
			return v
		}
		m.used(c, how, args)
		m.allocates(c, args)
		if !holds(c) {
			m.handed(args)
		}
		return &Object{Callee: c, Args: args}
	case *Object:
		if v, ok := m.foldObject(c, args, depth); ok {
			return v
		}
		if v, ok := m.runsOwn(c, args, how); ok {
			return v
		}
		root := rootOf(c)
		m.used(m.tally.global(root.Module, dotted(root.Name, "__call__")), called, args)
		return &Object{Callee: c, Args: args}
	case *Persistent:
		m.used(m.tally.global("", "persistent object"), called, args)
	case Unknown:
		m.used(m.tally.global("", "computed name"), called, args)
	default:
		m.complain("what is called is no function")
	}
	return Unknown{}
}

// rootOf gives the name that the object comes of.
func rootOf(o *Object) *Global {
	for range maxNesting {
		switch c := o.Callee.(type) {
		case *Global:
			return c
		case *Object:
			o = c
			continue
		}
		break
	}
	return &Global{Name: "computed name"}
}

func dotted(name, attribute string) string {
	if name == "" {
		return attribute
	}
	return name + "." + attribute
}

// opBuild gives an object its state: by __setstate__, or by setting attributes.
func opBuild(m *machine, _ *argument) {
	state, to := m.pop(), m.top()
	switch o := to.(type) {
	case *Object:
		m.method(o, "__setstate__", []Value{state})
		if class, is := o.Callee.(*Object); is {
			m.hooked(class, []string{"__setstate__"})
		}
		o.setState(state)
		o.keepHooks(state)
		if o.hooks != nil {
			m.executes(o)
		}
		if Is(o.Callee, "functools", "partial") {
			o.setPartial(state)
		}
		m.shared(o, "sets attributes of")
		if m.options.Arrays || m.proto > 0 {
			m.array(o)
		}
	case *Global:
		m.changes(o, "sets attributes of")
	}
}

// hooks are attributes of an object that opcodes call.
func isHook(v Value) bool {
	s, ok := v.(Str)
	return ok && (s == "__setstate__" || s == "append" || s == "extend" || s == "add" || s == "__setitem__" ||
		s == templateKey || s == formulaKey)
}

// keepHooks looks for attributes that later opcodes would call.
func (o *Object) keepHooks(state Value) {
	parts := []Value{state}
	if t, ok := state.(*Tuple); ok && len(t.Items) == 2 {
		parts = t.Items
	}
	for _, p := range parts {
		d, ok := p.(*Dict)
		if !ok {
			continue
		}
		if o.hooks == nil && d.hooks != nil {
			o.hooks = map[string]Value{}
		}
		maps.Copy(o.hooks, d.hooks)
	}
}

// method calls what the pickle itself put in the place of a method.
func (m *machine) method(o *Object, name string, args []Value) {
	if f, ok := o.hooks[name]; ok {
		m.call(f, append([]Value(nil), args...), called)
	}
}

// changes notes that the pickle changes a class or module, which is for ever and for all.
func (m *machine) changes(g *Global, what string) {
	if m.strict && m.fault != "" {
		return
	}
	m.tally.change(g, what, m.pos)
}
