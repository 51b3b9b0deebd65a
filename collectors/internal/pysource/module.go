package pysource

import (
	"path"
	"strings"
)

// moduleAt gives the module that importlib makes of a file, by the name that it
// has in the tree: what it assigns is found as if it were imported.
func moduleAt(a arguments) (Value, bool) {
	at, ok := a.text(1, "location")
	if !ok {
		at, ok = a.text(1, "path")
	}
	name, isSource := strings.CutSuffix(path.Clean(at), ".py")
	if !ok || !isSource || strings.Contains(name, ".") {
		return Value{}, false
	}
	return Value{Kind: FunctionValue, Text: strings.ReplaceAll(name, "/", "."), Line: a.line}, true
}

// runPath gives what a file assigns, as a dictionary.
func (r *Runner) runPath(at Value, a arguments, in *scope) (Value, bool) {
	code := r.read(at)
	if code.Kind != TextValue {
		return code, true
	}
	space := &scope{names: map[string]Value{}, up: in}
	r.exec(arguments{list: []Value{code}, line: a.line}, space)
	return r.dictionary(space, a.line), true
}
