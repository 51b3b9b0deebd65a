// Package buildhook looks in the source of a build script (setup.py, a build
// backend) for code that runs programs, fetches from a network, runs code that
// it makes up, or writes outside of its tree: whoever builds or installs the
// package runs it. The calls are those of the reports on malicious packages and
// of Bandit's tests (https://bandit.readthedocs.io/en/latest/plugins/).
//
// What counts is code that runs when the script does: the statements of the
// module, functions that they name, and the classes of commands. Names
// are followed through imports, one assignment, getattr() and __import__().
//
// Not followed: functions that are kept in lists or dictionaries, and modules
// that the script imports.
package buildhook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

const maxHooks = 100 // of one source

// Hook is a call that does what a build should not need.
type Hook struct {
	Line    int
	Message string
	// Tool: it runs a compiler, or asks a version control system, and says so in
	// plain words; what that does is the machine's affair, not the package's.
	Tool bool
	Kind Kind
	// Import: the call runs when the source is imported, not only when one of its
	// functions is called. Told by [Model] only.
	Import bool
}

// Kind says what a call does.
type Kind string

// The kinds of call.
const (
	Program Kind = "program" // runs a program
	Fetch   Kind = "fetch"   // reaches out to a network
	Objects Kind = "objects" // makes objects of bytes
	Native  Kind = "native"  // calls machine code
	Code    Kind = "code"    // runs a text or another source as code
	Hidden  Kind = "hidden"  // runs code, or imports a name, that is hidden in an encoded text, or fetched
	Write   Kind = "write"   // writes outside of its tree
)

// Model gives the hooks of a source that is no build script: those of what runs
// when it is imported, and those of its functions, which may run later. What
// stands under if __name__ == "__main__" does not run then.
func Model(m *pysource.Module) []Hook {
	s := &scanner{module: m, runs: func(int) string { return "" }, model: true, defs: map[string]*pysource.Stmt{}, seen: map[*pysource.Stmt]bool{}, from: map[string][]*pysource.Expr{}}
	s.index()
	s.body(m.Body, "")
	s.drain()
	for i := range s.hooks {
		s.hooks[i].Import = true
	}
	for stmt := range pysource.All(m.Body) {
		if stmt.Kind == pysource.Def && !s.seen[stmt] {
			s.seen[stmt] = true
			s.queue = append(s.queue, reached{stmt, "the function " + stmt.Name})
		}
	}
	s.drain()
	slices.SortStableFunc(s.hooks, func(a, b Hook) int { return a.Line - b.Line })
	return s.hooks
}

// Scan gives the hooks of a source by line. The function tells of a line with
// exec() which file of the tree it runs; that is no hook itself, since the file
// can be read like this one.
func Scan(m *pysource.Module, runs func(line int) (file string)) []Hook {
	s := &scanner{module: m, runs: runs, defs: map[string]*pysource.Stmt{}, seen: map[*pysource.Stmt]bool{}, from: map[string][]*pysource.Expr{}}
	s.index()
	s.idle = s.asked()
	s.body(m.Body, "")
	s.drain()
	slices.SortStableFunc(s.hooks, func(a, b Hook) int { return a.Line - b.Line })
	return slices.Compact(s.hooks)
}

// drain looks at what is on the list.
func (s *scanner) drain() {
	for len(s.queue) > 0 && len(s.hooks) < maxHooks {
		next := s.queue[0]
		s.queue = s.queue[1:]
		s.body(next.stmt.Body, next.where)
	}
}

type scanner struct {
	module *pysource.Module
	runs   func(int) string
	defs   map[string]*pysource.Stmt   // functions and classes of the module
	from   map[string][]*pysource.Expr // what names are assigned
	idle   map[string]bool             // commands that run on request only
	seen   map[*pysource.Stmt]bool
	queue  []reached
	hooks  []Hook
	model  bool // it is no build script
	tool   bool // of the call that is judged
	kind   Kind
}

type reached struct {
	stmt  *pysource.Stmt
	where string
}

// index finds definitions and assignments, at whatever depth.
func (s *scanner) index() {
	for stmt := range pysource.All(s.module.Body) {
		switch stmt.Kind {
		case pysource.Def, pysource.Class:
			if s.defs[stmt.Name] == nil {
				s.defs[stmt.Name] = stmt
			}
		case pysource.Assign:
			n := len(stmt.Exprs) - 1
			for _, target := range stmt.Exprs[:n] {
				if target.Kind == pysource.Identifier && stmt.Exprs[n] != nil {
					s.from[target.Name] = append(s.from[target.Name], stmt.Exprs[n])
				}
			}
		}
	}
}

// body looks at statements that run.
func (s *scanner) body(body []*pysource.Stmt, where string) {
	for _, stmt := range body {
		if len(s.hooks) >= maxHooks {
			return
		}
		for _, e := range stmt.Exprs { // decorators and defaults run, too
			s.expr(e, where)
		}
		if s.model && stmt.Kind == pysource.If && isMain(stmt.Exprs) {
			s.body(stmt.Clauses, where)
			continue
		}
		switch stmt.Kind {
		case pysource.Def:
			continue
		case pysource.Class:
			if !s.model && isCommand(s.module, stmt) && !s.idle[stmt.Name] {
				s.reach(stmt, "the command "+stmt.Name)
			} else {
				s.body(withoutMethods(stmt.Body), where)
			}
			continue
		}
		s.body(stmt.Body, where)
		s.body(stmt.Clauses, where)
	}
}

func withoutMethods(body []*pysource.Stmt) []*pysource.Stmt {
	return slices.DeleteFunc(slices.Clone(body), func(s *pysource.Stmt) bool { return s.Kind == pysource.Def })
}

// reach puts a function or a class on the list of what runs.
func (s *scanner) reach(stmt *pysource.Stmt, where string) {
	if s.seen[stmt] {
		return
	}
	s.seen[stmt] = true
	s.queue = append(s.queue, reached{stmt, where})
	if stmt.Kind == pysource.Class {
		for _, m := range stmt.Body {
			if m.Kind == pysource.Def && !s.seen[m] {
				s.seen[m] = true
				s.queue = append(s.queue, reached{m, where})
			}
		}
	}
}

// isMain tells the test __name__ == "__main__".
func isMain(test []*pysource.Expr) bool {
	return len(test) > 0 && test[0] != nil && test[0].Kind == pysource.Binary && test[0].Name == "==" && len(test[0].Parts) == 2 &&
		(test[0].Parts[0].Name == "__name__" && test[0].Parts[1].Name == "__main__" || test[0].Parts[0].Name == "__main__" && test[0].Parts[1].Name == "__name__")
}

// isCommand tells whether a class is a command of setuptools: its name need not
// stand in cmdclass, for a subclass of it may.
func isCommand(m *pysource.Module, class *pysource.Stmt) bool {
	for _, base := range class.Exprs {
		full := strings.ToLower(m.Qualified(base))
		last := full[strings.LastIndexByte(full, '.')+1:]
		if strings.Contains(full, ".command.") || strings.HasPrefix(full, "setuptools.") || strings.HasPrefix(full, "distutils.") || slices.Contains(commands, strings.Trim(last, "_")) {
			return true
		}
	}
	return false
}

var commands = []string{"command", "install", "develop", "build", "build_py", "build_ext", "build_clib", "egg_info", "sdist", "bdist_egg", "bdist_wheel", "buildextension", "easy_install", "install_lib", "install_data", "test", "clean", "editable_wheel"}

// expr looks at calls, and at names of functions, which may be called then.
func (s *scanner) expr(e *pysource.Expr, where string) {
	e.Walk(func(x *pysource.Expr) bool {
		switch x.Kind {
		case pysource.Identifier:
			if def := s.defs[x.Name]; def != nil && !s.idle[x.Name] && (!s.model || x == e && def.Kind == pysource.Def) {
				s.reach(def, s.place(def, where))
			}
		case pysource.Call:
			if def := s.defs[x.Parts[0].Name]; s.model && def != nil && x.Parts[0].Kind == pysource.Identifier {
				s.reach(def, s.place(def, where))
			}
			s.call(x, where)
		}
		return len(s.hooks) < maxHooks
	})
}

func (s *scanner) place(def *pysource.Stmt, where string) string {
	switch {
	case where != "":
		return where
	case def.Kind == pysource.Class:
		return "the class " + def.Name
	}
	return "the function " + def.Name
}

func (s *scanner) call(e *pysource.Expr, where string) {
	s.tool, s.kind = false, ""
	does := s.judge(e)
	if does == "" {
		return
	}
	at := "when the script is read"
	if where != "" {
		at = "in " + where
	}
	s.hooks = append(s.hooks, Hook{Line: e.Line, Message: fmt.Sprintf("%s, %s", does, at), Tool: s.tool, Kind: s.kind})
}
