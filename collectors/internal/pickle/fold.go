package pickle

import "strings"

// fold follows the calls whose result a pickle needs to reach other names, and
// those that call or make what they are given. ok is false where the call is to
// be judged as any other.
func (m *machine) fold(g *Global, args []Value, how string, depth int) (v Value, ok bool) {
	switch g.Module {
	case "builtins":
		return m.foldBuiltin(g, args)
	case "copyreg":
		return m.foldCopyreg(g, args, depth)
	case "importlib", "importlib._bootstrap", "pkgutil":
		return m.foldImport(g, args, how)
	case "numpy.core", "numpy._core":
		if v := m.foldUfunc(g, args); v != nil {
			return v, true
		}
	case "_codecs":
		if g.Name == "encode" && len(args) > 0 && (len(args) == 1 || plainCodec(args[1])) {
			switch s := args[0].(type) {
			case Str:
				m.used(g, how, nil)
				return latin1(string(s)), true
			case *Bytes: // a string that holds a pickle
				m.used(g, how, nil)
				return s, true
			}
		}
	case "operator", "_operator":
		if getsPlainly(g, args) { // nothing is got before it is called
			m.tally.folded(g)
			return &Object{Callee: g, Args: args}, true
		}
	case "dateutil.tz.tz", "dateutil.tz", "dateutil.zoneinfo":
		if g.Name == "tzfile" && len(args) > 0 && args[0] == Value(None{}) { // its own data follow, and no file is opened
			m.tally.folded(g)
			return &Object{Callee: g, Args: args}, true
		}
	case "torch._tensor":
		if g.Name == "_rebuild_from_type_v2" && len(args) > 2 {
			m.used(g, how, args)
			m.apply(args[0], itemsOf(args[2]), called, depth+1)
			return &Object{Callee: g, Args: args}, true
		}
	}
	if loader(g) && len(args) > 0 {
		return m.foldLoader(g, args, how)
	}
	return nil, false
}

// getsPlainly tells of itemgetter with constants and attrgetter with plain names.
func getsPlainly(g *Global, args []Value) bool {
	for _, v := range args {
		switch v := v.(type) {
		case Int:
			if g.Name == "attrgetter" {
				return false
			}
		case Str:
			if g.Name == "attrgetter" && (!identifiers(string(v)) || strings.Contains("."+string(v), "._")) {
				return false
			}
		default:
			return false
		}
	}
	return len(args) > 0 && (g.Name == "itemgetter" || g.Name == "attrgetter")
}

func (m *machine) foldBuiltin(g *Global, args []Value) (Value, bool) {
	switch g.Name {
	case "getattr":
		if len(args) < 2 {
			return nil, false
		}
		name, isText := args[1].(Str)
		if !isText {
			return nil, false
		}
		if v := m.attribute(args[0], string(name)); v != nil {
			m.tally.folded(g)
			return v, true
		}
	case "__import__":
		if len(args) > 0 {
			if s, isText := args[0].(Str); isText {
				m.used(g, called, args)
				return m.tally.global(string(s), ""), true
			}
		}
	case "type":
		if len(args) == 1 {
			m.tally.folded(g)
			if o, isObject := args[0].(*Object); isObject {
				return o.Callee, true
			}
			return m.tally.global("builtins", typeName(args[0])), true
		}
	}
	return nil, false
}

// typeName is the class of a constant.
func typeName(v Value) string {
	switch v.(type) {
	case None:
		return "NoneType"
	case Bool:
		return "bool"
	case Int, Big:
		return "int"
	case Float:
		return "float"
	case Str:
		return "str"
	case *Bytes:
		return "bytes"
	case *List:
		return "list"
	case *Tuple:
		return "tuple"
	case *Dict:
		return "dict"
	case *Set:
		return "set"
	case *Global:
		return "type"
	}
	return "object"
}

// attribute follows getattr: an attribute of a name is a longer name, one of an
// object is a name of its class. nil where it cannot be told.
func (m *machine) attribute(of Value, name string) Value {
	var base *Global
	switch v := of.(type) {
	case *Global:
		base = v
	case *Object:
		base = rootOf(v)
		if base.Module == "" {
			return nil
		}
	case Unknown, *Persistent:
		return nil
	default:
		base = m.tally.global("builtins", typeName(of))
	}
	if len(base.Name)+len(name) > maxName {
		return nil
	}
	g := m.tally.global(base.Module, dotted(base.Name, name))
	m.used(g, referenced, nil)
	return g
}

func (m *machine) foldCopyreg(g *Global, args []Value, depth int) (Value, bool) {
	if len(args) == 0 {
		return nil, false
	}
	switch g.Name {
	case "_reconstructor", "__newobj__", "__newobj_ex__":
		m.used(g, called, args)
		how := constructed
		if g.Name == "_reconstructor" && len(args) > 1 { // base.__init__ is called too
			if base, is := args[1].(*Global); !is || base.Module != "builtins" {
				how = called
			}
		}
		return m.apply(args[0], args[1:], how, depth+1), true
	}
	return nil, false
}

// foldImport knows which module is imported; the call stays what it is.
func (m *machine) foldImport(g *Global, args []Value, how string) (Value, bool) {
	if len(args) == 0 {
		return nil, false
	}
	s, ok := args[0].(Str)
	if !ok {
		return nil, false
	}
	switch g.Name {
	case "import_module", "__import__", "_gcd_import":
		m.used(g, how, args)
		return m.tally.global(string(s), ""), true
	case "resolve_name":
		m.used(g, how, args)
		module, name, colon := strings.Cut(string(s), ":")
		if i := strings.LastIndexByte(module, '.'); !colon && i > 0 {
			module, name = module[:i], module[i+1:]
		}
		v := m.tally.global(module, name)
		m.used(v, referenced, nil)
		return v, true
	}
	return nil, false
}

// foldUfunc knows the name that NumPy up to 1 imports for a function of arrays.
func (m *machine) foldUfunc(g *Global, args []Value) Value {
	if g.Name != "_ufunc_reconstruct" || len(args) != 2 {
		return nil
	}
	module, ok1 := args[0].(Str)
	name, ok2 := args[1].(Str)
	if !ok1 || !ok2 {
		return nil
	}
	v := m.tally.global(string(module), string(name))
	m.used(v, referenced, nil)
	if m.tally.of(v).judged() == harmless {
		m.tally.folded(g)
	} else {
		m.used(g, called, args)
	}
	return v
}

// foldObject calls what functools.partial, operator.attrgetter and their like made.
func (m *machine) foldObject(o *Object, args []Value, depth int) (Value, bool) {
	g, ok := o.Callee.(*Global)
	if !ok || len(o.Args) == 0 {
		return nil, false
	}
	switch g.String() {
	case "functools.partial", "functools.partialmethod":
		all := append(append([]Value(nil), few(o.Args[1:])...), few(args)...)
		if t, ok := o.State.(*Tuple); ok && len(t.Items) > 2 {
			m.handed(t.Items[2:3]) // keywords
		}
		return m.apply(o.Args[0], all, called, depth+1), true
	case "operator.attrgetter", "_operator.attrgetter":
		name, isText := o.Args[0].(Str)
		if !isText || len(args) == 0 {
			return nil, false
		}
		m.used(g, called, o.Args)
		return m.attribute(args[0], string(name)), m.attribute(args[0], string(name)) != nil
	case "operator.methodcaller", "_operator.methodcaller":
		name, isText := o.Args[0].(Str)
		if !isText || len(args) == 0 {
			return nil, false
		}
		m.used(g, called, o.Args)
		if f := m.attribute(args[0], string(name)); f != nil {
			return m.apply(f, o.Args[1:], called, depth+1), true
		}
	}
	return nil, false
}

// setPartial reads what the state of a partial is: function, arguments, keywords, attributes.
func (o *Object) setPartial(state Value) {
	if t, ok := state.(*Tuple); ok && len(t.Items) >= 2 {
		o.Args = append([]Value{t.Items[0]}, few(itemsOf(t.Items[1]))...)
	}
}

// few bounds what is copied of arguments, which a pickle can use again and again.
func few(args []Value) []Value { return args[:min(len(args), maxArguments)] }

const maxArguments = 64

func itemsOf(v Value) []Value {
	switch v := v.(type) {
	case *Tuple:
		return v.Items
	case *List:
		return v.Items
	}
	return nil
}

// latin1 is how protocol 2 spells bytes.
func latin1(s string) *Bytes {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = append(out, byte(r))
	}
	return &Bytes{Head: string(out), Len: int64(len(out))}
}

// plainCodec tells of codecs that write letters as bytes; others write anything
// ("rot13" gives text, "base64" decodes).
func plainCodec(v Value) bool {
	switch v {
	case Str("latin1"), Str("latin-1"), Str("iso-8859-1"), Str("utf-8"), Str("utf8"), Str("ascii"):
		return true
	}
	return false
}

// loader tells of functions that load a pickle from the bytes they are given.
func loader(g *Global) bool {
	switch g.Name {
	case "loads", "_loads", "_load_from_bytes", "Unpickler", "load":
		return true
	}
	return false
}

// foldLoader judges what is loaded, where it stands in the stream.
func (m *machine) foldLoader(g *Global, args []Value, how string) (Value, bool) {
	b, ok := args[0].(*Bytes)
	if o, made := args[0].(*Object); made && len(o.Args) > 0 { // io.BytesIO(b"...")
		b, ok = o.Args[0].(*Bytes)
	}
	if !ok || b.load == nil {
		return nil, false
	}
	if !b.load.ran {
		m.tally.merge(b.load.tally)
		b.load.ran = true
	}
	m.cover(b.load.coverage, b.load.reason)
	if g.Module == "torch.storage" && b.load.coverage == complete {
		m.tally.folded(g) // as harmless as what it loads
		return &Object{Callee: g, Args: args}, true
	}
	m.used(g, how, args)
	return &Object{Callee: g, Args: args}, true
}
