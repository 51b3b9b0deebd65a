package pysource

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// builtin gives what a function of Python or its library gives; ok is false
// where that is not known here.
func (r *Runner) builtin(name string, a arguments, in *scope) (Value, bool) {
	if v, ok := r.paths(name, a); ok {
		return v, true
	}
	if strings.HasPrefix(name, "re.") {
		return r.pattern(strings.TrimPrefix(name, "re."), a)
	}
	first, given := a.arg(0, "")
	switch name {
	case "list", "tuple", "set", "frozenset", "iter", "sorted", "reversed":
		if !given {
			return list(a.line), true
		}
		return r.listFrom(name, first, a.line)
	case "dict":
		out := Value{Kind: DictValue, Line: a.line}
		if given {
			out = r.merge(out, first)
		}
		return r.merge(out, Value{Kind: DictValue, Items: a.named}), true
	case "str":
		if s, ok := plainText(first); ok {
			first.Kind, first.Text = TextValue, s
			return first, true
		}
	case "int", "float":
		if first.Kind == TextValue || first.Kind == NumberValue {
			first.Kind, first.Text = NumberValue, strings.TrimSpace(first.Text)
			return first, true
		}
	case "len":
		if first.Kind == TextValue {
			return Value{Kind: NumberValue, Text: strconv.Itoa(len(first.Text)), Line: a.line}, true
		}
		if first.Kind == ListValue && first.plain() {
			return Value{Kind: NumberValue, Text: strconv.Itoa(len(first.Items)), Line: a.line}, true
		}
	case "isinstance":
		return isInstance(a)
	case "bool":
		if is, known := first.truth(); known {
			return boolOf(is, a.line), true
		}
	case "sum":
		out := list(a.line)
		for _, i := range r.spread(first) {
			out.Items = append(out.Items, r.spread(i)...)
		}
		return out, given && first.Kind == ListValue
	case "itertools.chain":
		return r.flat(a.list, a.line), true
	case "itertools.chain.from_iterable":
		return r.flat(r.spread(first), a.line), true
	case "filter", "map":
		return r.filter(name, a)
	}
	return r.effect(name, first, a, in)
}

// effect knows functions that read files, run a text, or do nothing that matters.
func (r *Runner) effect(name string, first Value, a arguments, in *scope) (Value, bool) {
	if module, ok := strings.CutSuffix(name, ".load_module"); ok {
		return Value{Kind: FunctionValue, Text: module, Line: a.line}, true
	}
	switch name {
	case "open", "io.open", "codecs.open", "os.fdopen", "tokenize.open":
		if s, ok := a.text(0, "file"); ok {
			mode, _ := a.text(1, "mode")
			if strings.ContainsAny(mode, "wax+") {
				return unknown(a.line, "the file "+s+" is written"), true
			}
			return Value{Kind: FileValue, Text: s, Line: a.line}, true
		}
	case "importlib.util.spec_from_file_location", "importlib.machinery.SourceFileLoader", "imp.load_source":
		return moduleAt(a)
	case "importlib.util.module_from_spec", "importlib.util.spec_from_loader":
		return first, first.Kind == FunctionValue
	case "importlib.import_module", "__import__":
		return Value{Kind: FunctionValue, Text: first.Text, Line: a.line}, first.Kind == TextValue
	case "runpy.run_path":
		return r.runPath(first, a, in)
	case "exec", "execfile":
		return r.execute(name, a, in), true
	case "compile", "ast.literal_eval", "textwrap.dedent", "os.fspath", "typing.cast":
		if name == "ast.literal_eval" {
			return r.literal(first)
		}
		return first, first.Kind != Unknown
	case "globals", "locals", "vars":
		if len(a.list) > 0 {
			return Value{}, false
		}
		space := in
		if name == "globals" {
			space = r.globals
		}
		return r.dictionary(space, a.line), true
	case "print", "warnings.warn", "sys.path.insert", "sys.path.append", "os.chdir", "logging.basicConfig":
		return Value{Kind: NoneValue, Line: a.line}, true
	}
	return Value{}, false
}

// dictionary gives the names of a scope.
func (r *Runner) dictionary(space *scope, line int) Value {
	out := Value{Kind: DictValue, Line: line}
	for _, key := range slices.Sorted(maps.Keys(space.names)) {
		v := space.names[key]
		v.Key = key
		out.Items = append(out.Items, v)
	}
	return r.sized(out)
}

// isInstance compares with the classes of texts, lists and dictionaries. A tuple
// is kept as a list, so that is not known.
func isInstance(a arguments) (Value, bool) {
	if len(a.list) != 2 || a.list[1].Kind != FunctionValue || a.list[0].Kind == Unknown {
		return Value{}, false
	}
	kind, ok := map[string]ValueKind{"str": TextValue, "list": ListValue, "dict": DictValue}[a.list[1].Text]
	return boolOf(a.list[0].Kind == kind, a.line), ok
}

func (r *Runner) execute(name string, a arguments, in *scope) Value {
	if name == "execfile" {
		if s, ok := a.text(0, ""); ok {
			a.list[0] = r.read(Value{Kind: FileValue, Text: s, Line: a.line})
		}
	}
	return r.exec(a, in)
}

func (r *Runner) listFrom(name string, v Value, line int) (Value, bool) {
	if v = r.items(v); v.Kind != ListValue {
		return v, false
	}
	out := list(line, slices.Clone(v.Items)...)
	switch name {
	case "sorted":
		slices.SortStableFunc(out.Items, func(x, y Value) int { return strings.Compare(x.Text, y.Text) })
	case "reversed":
		slices.Reverse(out.Items)
	case "set", "frozenset":
		seen := map[string]bool{}
		out.Items = slices.DeleteFunc(out.Items, func(i Value) bool {
			double := i.Kind == TextValue && seen[i.Text+"\x00"+i.When]
			seen[i.Text+"\x00"+i.When] = true
			return double
		})
	}
	return out, true
}

func (r *Runner) flat(lists []Value, line int) Value {
	out := list(line)
	for _, l := range lists {
		out.Items = append(out.Items, r.spread(l)...)
		if len(out.Items) > maxItems {
			break
		}
	}
	return out
}

// filter knows filter(None, x), and functions of the source.
func (r *Runner) filter(name string, a arguments) (Value, bool) {
	if len(a.list) != 2 {
		return Value{}, false
	}
	over, fn := r.items(a.list[1]), a.list[0]
	if over.Kind != ListValue {
		return over, false
	}
	out := list(a.line)
	for _, i := range over.Items {
		var v Value
		switch {
		case i.Kind == Unknown:
			v = i
		case fn.Kind == NoneValue:
			v = i
		case fn.def != nil && r.step():
			v = r.function(fn, arguments{list: []Value{i}, line: a.line})
		case fn.Kind == FunctionValue && name == "map":
			v, _ = r.method(i, fn.Text[strings.LastIndexByte(fn.Text, '.')+1:], arguments{line: a.line})
		default:
			return Value{}, false
		}
		if name == "map" {
			out.Items = append(out.Items, v)
		} else if is, known := v.truth(); !known || is {
			out.Items = append(out.Items, i)
		}
	}
	return out, true
}

func (r *Runner) literal(v Value) (Value, bool) {
	if v.Kind != TextValue || len(v.Text) > maxSize {
		return v, false
	}
	e, err := ParseExpr(strings.TrimSpace(v.Text), v.Line)
	if err != nil {
		return Value{}, false
	}
	return r.Eval(e, &scope{names: map[string]Value{}}), true
}

// paths knows os.path, pathlib and their kin. Paths are kept as they are seen
// from the folder of the source.
func (r *Runner) paths(name string, a arguments) (Value, bool) {
	var parts []string
	for _, v := range a.list {
		s, ok := plainText(v)
		if !ok {
			return Value{}, false
		}
		parts = append(parts, s)
	}
	one := len(parts) == 1
	switch name {
	case "os.path.join":
		return textOf(joinPath(parts...), a.line), len(parts) > 0
	case "os.path.dirname":
		if one {
			return textOf(strings.TrimSuffix(path.Dir(parts[0]), "."), a.line), true
		}
	case "os.path.basename":
		if one {
			return textOf(path.Base(parts[0]), a.line), true
		}
	case "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expanduser":
		if one {
			return textOf(path.Clean(parts[0]), a.line), true
		}
	case "os.getcwd", "pathlib.Path.cwd":
		kind := TextValue
		if name != "os.getcwd" {
			kind = PathValue
		}
		return Value{Kind: kind, Text: ".", Line: a.line}, true
	case "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath":
		return Value{Kind: PathValue, Text: joinPath(append([]string{"."}, parts...)...), Line: a.line}, true
	case "os.path.exists", "os.path.isfile":
		if one {
			return boolOf(r.read(Value{Text: parts[0]}).Kind == TextValue, a.line), true
		}
	case "os.path.splitext":
		if one {
			ext := path.Ext(parts[0])
			return list(a.line, textOf(strings.TrimSuffix(parts[0], ext), a.line), textOf(ext, a.line)), true
		}
	}
	return Value{}, false
}
