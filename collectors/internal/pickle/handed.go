package pickle

// A mention of a method of a harmless class does nothing. What is handed to a call
// may be called there: sorted calls its key, a DataFrame the key of an item.

// holds tells of what keeps its arguments, or its items, and calls none.
func holds(g *Global) bool {
	switch g.String() {
	case "functools.partial", "_functools.partial", "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
		"collections.deque", "collections.UserDict", "collections.UserList", "numpy.vectorize":
		return true
	}
	return g.Module == "copyreg" || g.Module == "builtins" && (g.Name == "list" || g.Name == "dict" || g.Name == "tuple" || g.Name == "set")
}

const maxHanded = 6 // depth

// handed counts the methods in what a call is given as called.
func (m *machine) handed(args []Value) {
	if m.tally.methods == 0 && m.tally.code.offset == 0 {
		return
	}
	for _, v := range args {
		m.hand(v, 0)
	}
}

func (m *machine) hand(v Value, depth int) {
	if depth > maxHanded || m.options.Budget.left <= 0 {
		return
	}
	m.options.Budget.left--
	all := func(items []Value) {
		for _, item := range items {
			m.hand(item, depth+1)
		}
	}
	switch v := v.(type) {
	case *Global:
		if u := m.tally.of(v); (u.method || maker(v) != "") && u.how == referenced {
			m.used(v, called, nil)
		}
	case *Tuple:
		all(v.Items)
	case *List:
		all(v.Items)
	case *Dict:
		for _, p := range v.Items {
			m.hand(p.Value, depth+1)
		}
	case *Object:
		if madeAs(v, aFunction) {
			m.used(m.tally.global("", ownCode), called, nil)
			return
		}
		m.hand(v.Callee, depth+1)
		all(v.Args)
		if v.State != nil {
			m.hand(v.State, depth+1)
		}
	}
}

// shared notes a change of what a call gave that the whole process has in common.
func (m *machine) shared(o *Object, what string) {
	if Is(o.Callee, "logging", "getLogger") {
		m.changes(o.Callee.(*Global), what+" what it gives by")
	}
}

// setState gives an object its state. Of several, each sets the attributes it has.
func (o *Object) setState(state Value) {
	before, has := o.State.(*Dict)
	if !has || len(before.Items) > maxArguments {
		o.State = state
		return
	}
	merged := &Dict{Items: before.Items[:len(before.Items):len(before.Items)], More: before.More}
	parts := []Value{state}
	if t, ok := state.(*Tuple); ok && len(t.Items) == 2 {
		parts = t.Items
	}
	for _, p := range parts {
		d, ok := p.(*Dict)
		if !ok && p != Value(None{}) {
			o.State = state
			return
		}
		if ok {
			merged.Items = append(merged.Items, d.Items[:min(len(d.Items), maxArguments)]...)
			merged.More += d.More
		}
	}
	o.State = merged
}
