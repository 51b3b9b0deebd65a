package pickle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
	"github.com/mlbom/mlbom/sbom"
)

// cloudpickle and dill write functions and classes of a notebook by value: calls
// that make code objects, functions and classes of what stands in the pickle.
// Such calls define and run nothing. So they are no harm by themselves: what the
// code names is told, and it is unsafe where the names reach out of the process,
// or where the pickle calls what it has defined.

// maker tells what kind of thing a call defines, "" for other calls.
func maker(g *Global) string {
	module, name := g.Module, g.Name
	if inner, is := strings.CutPrefix(name, "_dill."); is && module == "dill" { // reached by getattr
		module, name = "dill._dill", inner
	}
	parts := strings.Split(module, ".")
	switch {
	case module == "types":
		return map[string]string{"CodeType": aCode, "FunctionType": aFunction, "MethodType": aMethod}[name]
	case module == "builtins":
		return map[string]string{"classmethod": aMethod, "staticmethod": aMethod, "property": aMethod, "super": aMethod, "setattr": aChange, "type": aClass}[name]
	case module == "dill._dill" || module == "dill.dill":
		return map[string]string{"_load_type": aType, "_create_code": aCode, "_create_function": aFunction, "_create_type": aClass, "_create_cell": aCell,
			"_setattr": aChange, "_import_module": aModule, "_eval_repr": aConstant, "_create_namedtuple": aTuple}[name]
	case slices.Contains(parts, "cloudpickle") || slices.Contains(parts, "cloudpickle_fast"):
		return map[string]string{"_builtin_type": aType, "_make_function": aFunction, "_make_skeleton_class": aClass, "_make_skeleton_enum": anEnum,
			"_make_empty_cell": aCell, "_make_cell": aCell, "_class_setstate": aChange, "_function_setstate": aChange, "subimport": aModule,
			"_get_dataclass_field_type_sentinel": aConstant, "_gen_ellipsis": aCell, "_gen_not_implemented": aCell}[name]
	}
	return ""
}

const (
	aType     = "type"
	aCode     = "code"
	aFunction = "function"
	aMethod   = "method"
	aClass    = "class"
	anEnum    = "enumeration"
	aTuple    = "named tuple"
	aCell     = "cell"
	aChange   = "change"
	aModule   = "module"
	aConstant = "constant"
)

// define follows a call that only defines; ok is false where it may do more.
func (m *machine) define(g *Global, args []Value) (v Value, ok bool) {
	kind := maker(g)
	if kind == "" || !m.defines(g, kind, args) {
		return nil, false
	}
	m.tally.defined(g)
	switch kind {
	case aType:
		s, _ := args[0].(Str)
		name := map[string]string{"SuperType": "super", "LambdaType": "FunctionType"}[string(s)]
		if name == "" {
			name = string(s)
		}
		if builtinType(name) {
			return m.tally.global("builtins", name), true
		}
		return m.tally.global("types", name), true
	case aModule:
		s, _ := args[0].(Str)
		m.tally.code.name(string(s))
		return m.tally.global(string(s), ""), true
	case aCode:
		m.code(g, args)
	case aFunction:
		if len(args) > 1 {
			m.aliased(g, args[1])
		}
	case aChange:
		if t, is := args[len(args)-1].(*Tuple); is && len(t.Items) == 2 {
			if slots, is := t.Items[1].(*Dict); is {
				globals, _ := slots.Get("__globals__")
				m.aliased(g, globals)
			}
		}
		if class, is := args[0].(*Object); is && len(args) > 1 {
			class.Items = append(class.Items, args[1:min(len(args), maxShortTuple)]...)
			m.hooked(class, ownHooks())
		}
		return None{}, true
	}
	o := &Object{Callee: g, Args: args}
	if kind == aClass {
		m.hooked(o, ownHooks())
	}
	return o, true
}

// builtinType tells of a class of Python's own, by its name.
func builtinType(name string) bool {
	v, _ := policy.Judge("builtins", name)
	return v == harmless || slices.Contains([]string{"type", "super", "property", "classmethod", "staticmethod"}, name)
}

// defines tells whether the arguments are those of a definition.
func (m *machine) defines(g *Global, kind string, args []Value) bool {
	if kind == aCell {
		return true
	}
	if len(args) == 0 {
		return false
	}
	name, isText := args[0].(Str)
	switch kind {
	case aType:
		return isText && (builtinType(string(name)) || name == "CodeType" || name == "FunctionType" || name == "LambdaType" || name == "SuperType" || name == "MethodType" ||
			name == "MappingProxyType" || name == "NoneType" || name == "EllipsisType" || name == "NotImplementedType")
	case aCode:
		_, _, ok := namesIn(args)
		return len(args) > 10 && ok
	case aFunction:
		return madeAs(args[0], aCode)
	case aMethod:
		return madeAs(args[0], aFunction)
	case aClass:
		return len(args) > 2 && m.plainMeta(args[0], g)
	case anEnum:
		return len(args) > 3
	case aTuple:
		return len(args) > 2 && args[2] == Value(Str("__main__"))
	case aModule:
		return isText && (m.tally.code.offset > 0 || policy.Knows(string(name))) && !slices.Contains(reachingModules, strings.Split(string(name), ".")[0])
	case aConstant:
		return isText && (strings.HasPrefix(string(name), "_") && g.Name != "_eval_repr" || name == "NotImplemented" || name == "Ellipsis" || name == "None")
	case aChange:
		o, of := args[0].(*Object)
		if of {
			made, is := o.Callee.(*Global)
			return is && maker(made) != ""
		}
		return len(args) == 3 && args[1] == Value(Str("__qualname__")) && Is(args[0], "__main__", nameOf(args[0]))
	}
	return false
}

func nameOf(v Value) string {
	if g, ok := v.(*Global); ok {
		return g.Name
	}
	return ""
}

// plainMeta tells of a metaclass that is Python's own. type itself is the first
// argument of the others, and the maker where builtins.type is called.
func (m *machine) plainMeta(v Value, g *Global) bool {
	if g.Module == "builtins" {
		_, isText := v.(Str)
		return isText
	}
	return Is(v, "builtins", "type") || Is(v, "abc", "ABCMeta") || Is(v, "enum", "EnumMeta") || Is(v, "enum", "EnumType")
}

// madeAs tells whether the value is such a thing that the pickle defined.
func madeAs(v Value, kind string) bool {
	o, ok := v.(*Object)
	if !ok {
		return false
	}
	g, ok := o.Callee.(*Global)
	return ok && maker(g) == kind
}

// defined notes a call that only defines.
func (t *tally) defined(g *Global) {
	u := t.of(g)
	if u.how == "" {
		t.order = append(t.order, g)
	}
	u.defines = true
	if u.how != called {
		u.how, u.times = called, 0
	}
	u.times++
}

// reaching notes code whose names reach out.
func (t *tally) reaching(g *Global, name string, offset int64) {
	u := t.of(g)
	u.hard, u.verdict, u.offset = true, unsafe, offset
	add(&u.reach, name)
	u.why = fmt.Sprintf("makes code that names %s", plain(strings.Join(u.reach, ", ")))
}

// settle takes what is mentioned of cloudpickle and dill, beside definitions, as a part of them.
func (t *tally) settle() {
	if t.code.offset == 0 {
		return
	}
	for g, u := range t.uses {
		if u.how == referenced && (maker(g) != "" || g.Module == "dill" && g.Name == "_dill") {
			u.defines = true
		}
	}
}

func (t *tally) ownFinding() (note, bool) {
	for _, u := range t.uses {
		if u.defines && !u.hard {
			return note{sbom.RuleUnknownCall, t.code.message(), t.code.offset}, true
		}
	}
	return note{}, false
}
