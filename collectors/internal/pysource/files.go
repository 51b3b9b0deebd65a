package pysource

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

const maxSources = 4 // sources that read each other

// relative gives the path of the source as seen from the folder it runs in.
func (r *Runner) relative() string {
	if rest, ok := strings.CutPrefix(r.File, r.base+"/"); ok {
		return rest
	}
	return r.File
}

// resolve gives the path in the tree that a path in the source means.
func (r *Runner) resolve(name string) (string, bool) {
	if path.IsAbs(name) || strings.ContainsAny(name, "\\\x00") {
		return "", false
	}
	target := path.Join(r.base, name)
	return target, fs.ValidPath(target)
}

// read gives the text of a file of the tree.
func (r *Runner) read(v Value) Value {
	target, ok := r.resolve(v.Text)
	if !ok || r.Tree == nil {
		return unknown(v.Line, "it is read from "+v.Text+", which is outside of the tree")
	}
	text, err := ReadFile(r.Tree, target)
	if err != nil {
		return unknown(v.Line, "it is read from "+v.Text+": "+err.Error())
	}
	out := textOf(text, v.Line)
	out.File = target
	r.steps += len(text) / 1000
	return out
}

func pathPart(of Value, name string) (Value, bool) {
	switch clean := path.Clean(of.Text); name {
	case "parent":
		of.Text = path.Dir(clean)
	case "parents":
		out := list(of.Line)
		for dir := path.Dir(clean); len(out.Items) < 20; dir = path.Dir(dir) {
			out.Items = append(out.Items, Value{Kind: PathValue, Text: dir, Line: of.Line})
		}
		return out, true
	case "name":
		return textOf(path.Base(clean), of.Line), true
	case "stem":
		return textOf(strings.TrimSuffix(path.Base(clean), path.Ext(clean)), of.Line), true
	case "suffix":
		return textOf(path.Ext(clean), of.Line), true
	default:
		return of, false
	}
	return of, true
}

// fromTree gives what a module of the tree assigns to a name: "pkg.__version__".
func (r *Runner) fromTree(full string) (Value, bool) {
	i := strings.LastIndex(full, ".")
	if i <= 0 || r.Tree == nil || len(r.sources) >= maxSources {
		return Value{}, false
	}
	module, name := full[:i], full[i+1:]
	s, known := r.modules[module]
	if !known {
		s = r.load(module)
		r.modules[module] = s
	}
	if s == nil {
		return Value{}, false
	}
	v, ok := s.names[name]
	return v, ok && v.Kind != FunctionValue
}

// load works through a module of the tree; nil where there is none.
func (r *Runner) load(module string) *scope {
	at := strings.ReplaceAll(strings.Trim(module, "."), ".", "/")
	for _, dir := range append([]string{".", "src"}, r.Folders...) {
		dir = path.Join(r.base, dir)
		for _, name := range []string{path.Join(dir, at) + ".py", path.Join(dir, at, "__init__.py")} {
			if name == r.File || !fs.ValidPath(name) {
				continue
			}
			text, err := ReadFile(r.Tree, name)
			if err != nil {
				continue
			}
			inner := &Runner{Tree: r.Tree, File: name, Folders: r.Folders, base: r.base, sources: append(r.sources[:len(r.sources):len(r.sources)], name), steps: r.steps, total: r.total}
			m := Parse(text)
			inner.steps += len(text) / 50
			inner.start(m)
			inner.globals.names["__name__"] = textOf(module, 0)
			inner.block(m.Body, inner.globals)
			r.steps, r.total = inner.steps, inner.total
			for k, v := range inner.globals.names {
				v.File, v.FileLine, v.Line = name, v.Line, 0
				inner.globals.names[k] = v
			}
			return inner.globals
		}
	}
	return nil
}

// exec works through a text as source, into a dictionary where one is named.
func (r *Runner) exec(a arguments, in *scope) Value {
	code, ok := a.arg(0, "")
	none := Value{Kind: NoneValue, Line: a.line}
	if !ok || code.Kind != TextValue || len(r.sources) >= maxSources {
		return none
	}
	r.sources = append(r.sources, code.File)
	defer func() { r.sources = r.sources[:len(r.sources)-1] }()
	m := Parse(code.Text)
	r.steps += len(code.Text) / 50
	inner := &Runner{Tree: r.Tree, File: code.File, Folders: r.Folders, base: r.base, sources: r.sources, steps: r.steps, total: r.total}
	inner.start(m)
	inner.block(m.Body, inner.globals)
	r.steps, r.total = inner.steps, inner.total
	space := in
	if target, ok := a.arg(1, "globals"); ok && target.Kind == DictValue {
		space = &scope{names: map[string]Value{}}
		defer func() { r.fill(target, space, in) }()
	}
	for name, v := range inner.globals.names {
		if name == "__file__" || name == "__name__" || v.Kind == FunctionValue {
			continue
		}
		if v.File == "" {
			v.File, v.FileLine, v.Line = code.File, v.Line, a.line
		}
		space.names[name] = v
	}
	return none
}

// fill puts names into the dictionary of the source that is that very one.
func (r *Runner) fill(target Value, from, in *scope) {
	for s := in; s != nil; s = s.up {
		for name, v := range s.names {
			if v.Kind == DictValue && v.Line == target.Line && same0(v, target) {
				for _, key := range slices.Sorted(maps.Keys(from.names)) {
					v = v.set(key, from.names[key])
				}
				s.names[name] = v
			}
		}
	}
}

// Attribute gives what a module of the tree assigns to a name, as in
// "pkg.version.__version__"; ok is false where the tree has no such name. The
// module is looked for in Folders, beside the folder of File and its src.
func (r *Runner) Attribute(full string) (v Value, ok bool) {
	r.start(&Module{})
	return r.fromTree(full)
}
