// Package pycode looks at Python code that comes with a model: what it does when
// a loader imports it. Code of models opens files, fetches weights and compiles
// kernels, so that only what such code has no business with is told: running
// programs, calling out, machine code and evaluated texts at import; code hidden
// in an encoded text, or fetched and run, and shells on a socket anywhere.
//
// Not understood: what modules of the package do that it imports; names that are
// kept in containers. Code that is merely bad is not told of.
package pycode

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/buildhook"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

const maxDoings = 20 // of one source

// Doing is something that the code does.
type Doing struct {
	Line int
	What string
}

// Look gives what is told of code that a model's loader imports.
func Look(src string) []Doing { return look(src, true) }

// LookScript gives what is told of code that lies beside a model and that no
// loader imports, such as an example: what runs when somebody starts it is what
// it says, so only what is hidden counts.
func LookScript(src string) []Doing { return look(src, false) }

func look(src string, loaded bool) []Doing {
	m := pysource.Parse(src)
	hooks := buildhook.Model(m)
	shell := reverse(m)
	var out []Doing
	for _, h := range hooks {
		if len(out) < maxDoings && tells(h, loaded, shell) {
			out = append(out, Doing{h.Line, h.Message})
		}
	}
	out = append(out, interpreter(m)...)
	slices.SortStableFunc(out, func(a, b Doing) int { return a.Line - b.Line })
	return slices.Compact(out)
}

// interpreter looks for the way from any object to the builtins: through the
// globals of a function, or through a name of two underscores that is put
// together so that nobody finds it.
func interpreter(m *pysource.Module) (out []Doing) {
	globals, builtins := 0, false
	for e := range pysource.Exprs(m.Body) {
		switch {
		case e.Kind == pysource.Attribute && e.Name == "__globals__" && globals == 0:
			globals = e.Line
		case e.Kind == pysource.StringLiteral && e.Name == "__builtins__", e.Kind == pysource.Attribute && e.Name == "__builtins__":
			builtins = true
		case e.Kind == pysource.Call && m.Qualified(e.Parts[0]) == "getattr" && len(e.Parts) > 2 && spells(e.Parts[2]):
			out = append(out, Doing{e.Line, "asks for an attribute whose name is put together of underscores, which hides a way into the interpreter"})
		}
	}
	if globals > 0 && builtins {
		out = append(out, Doing{globals, "reaches for the interpreter's builtins through the globals of a function"})
	}
	return out[:min(len(out), maxDoings)]
}

// spells tells "_" * 2 in a name that is put together.
func spells(e *pysource.Expr) bool {
	found := false
	e.Walk(func(x *pysource.Expr) bool {
		found = found || x.Kind == pysource.Binary && x.Name == "*" && len(x.Parts) == 2 && x.Parts[0].Kind == pysource.StringLiteral && x.Parts[0].Name == "_"
		return !found
	})
	return found
}

func tells(h buildhook.Hook, loaded, shell bool) bool {
	switch {
	case h.Kind == buildhook.Hidden:
		return true
	case h.Kind == buildhook.Fetch && shell && strings.Contains(h.Message, "socket.") || h.Kind == buildhook.Program && shell && strings.Contains(h.Message, "pty."):
		return true
	case !loaded || h.Tool:
		return false
	case h.Kind == buildhook.Program:
		return h.Import || strings.Contains(h.Message, "can fetch and run anything")
	case h.Kind == buildhook.Fetch:
		return h.Import && !fetchesModel(h.Message)
	case h.Kind == buildhook.Objects:
		return h.Import && strings.Contains(h.Message, "marshal.")
	}
	return h.Import
}

// fetchesModel tells the calls that load a model's further files from its hub.
func fetchesModel(message string) bool {
	return strings.Contains(message, "huggingface_hub.") || strings.Contains(message, "torch.hub.") || strings.Contains(message, "nltk.download")
}

// reverse tells whether the source binds a socket to a shell: it makes one, and
// puts a file descriptor in the place of another.
func reverse(m *pysource.Module) bool {
	socket, dup := false, false
	for e := range pysource.Exprs(m.Body) {
		if e.Kind == pysource.Call {
			name := m.Qualified(e.Parts[0])
			socket = socket || name == "socket.socket" || name == "socket.create_connection"
			dup = dup || name == "os.dup2" || name == "pty.spawn"
		}
	}
	return socket && dup
}
