package pickle

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
)

const ownCode = "code of the file itself"

// ownCodes is what a stream defines.
type ownCodes struct {
	names     []string // what the code names
	functions []string
	hooks     []string // methods of its classes that loading calls
	offset    int64
}

const maxOwn = 40 // names that are listed

func add(to *[]string, s string) {
	if s != "" && len(*to) < maxOwn && !slices.Contains(*to, s) {
		*to = append(*to, s)
	}
}

func (c *ownCodes) name(s string) { add(&c.names, s) }
func (c *ownCodes) hook(s string) { add(&c.hooks, s) }

// message says what the code is.
func (c *ownCodes) message() string {
	message := "the file holds code of its own, which loading it defines"
	if len(c.functions) > 0 {
		message += ": " + plain(strings.Join(c.functions, ", "))
	}
	if len(c.hooks) > 0 {
		message += "; loading it may call " + strings.Join(c.hooks, ", ")
	}
	if len(c.names) > 0 {
		slices.Sort(c.names)
		message += "; it names " + plain(strings.Join(c.names, ", "))
	}
	return message
}

// code looks at the names in a code object, which follow the code and its constants.
func (m *machine) code(g *Global, args []Value) {
	c := &m.tally.code
	c.offset = cmp.Or(c.offset, m.pos)
	for _, a := range args[:min(len(args), maxArguments)] {
		if s, isText := a.(Str); isText && !strings.ContainsAny(string(s), "<>/\\. ") {
			add(&c.functions, string(s))
		}
	}
	names, constants, _ := namesIn(args)
	for _, item := range itemsOf(names) {
		s, isText := item.(Str)
		if !isText {
			m.tally.reaching(g, "what a call gives", m.pos)
		}
		c.name(string(s))
		if reaches(string(s), args, names, item) {
			m.tally.reaching(g, string(s), m.pos)
		}
	}
	gets := slices.Contains(itemsOf(names), Value(Str("getattr")))
	for _, item := range itemsOf(constants) {
		if s, isText := item.(Str); isText && slices.Contains(reachingNames, string(s)) && (gets || strings.HasPrefix(string(s), "__")) {
			m.tally.reaching(g, string(s), m.pos)
		}
	}
}

// namesIn finds the names and the constants among the arguments of a code object,
// whose order is the same in all versions: code, constants, names, variables.
func namesIn(args []Value) (names, constants *Tuple, ok bool) {
	for i := 0; i+3 < len(args); i++ {
		_, isCode := args[i].(*Bytes)
		first, ok1 := args[i+1].(*Tuple)
		second, ok2 := args[i+2].(*Tuple)
		if _, ok3 := args[i+3].(*Tuple); isCode && ok1 && ok2 && ok3 && first.More == 0 && second.More == 0 {
			return second, first, true
		}
	}
	return &Tuple{}, &Tuple{}, false
}

// reaches tells of a name by which code leaves the process. A method eval is
// common: models have one. So of that name the opcode that loads it is asked for.
func reaches(s string, args []Value, names *Tuple, item Value) bool {
	if s != "eval" {
		return slices.Contains(reachingNames, s)
	}
	at := int64(slices.Index(names.Items, item))
	for _, a := range args {
		b, ok := a.(*Bytes)
		if !ok || len(b.Head) < 4 {
			continue
		}
		for i := 0; i+1 < len(b.Head); i += 2 {
			arg := int64(b.Head[i+1])
			switch b.Head[i] {
			case 116, 101: // LOAD_GLOBAL, LOAD_NAME up to Python 3.12
				if arg == at && len(args) < 18 || len(args) >= 18 && (arg>>1 == at && b.Head[i] == 116 || arg == at && b.Head[i] == 101) {
					return true
				}
			case 91, 92, 93: // later ones
				if len(args) >= 18 && (arg>>1 == at || arg == at) {
					return true
				}
			}
		}
		return false
	}
	return true
}

var (
	reachingModules = []string{"subprocess", "socket", "ctypes", "_ctypes", "pty", "marshal", "runpy", "posix", "nt", "_posixsubprocess", "code", "codeop", "requests", "urllib",
		"http", "httpx", "ftplib", "telnetlib", "smtplib", "paramiko", "webbrowser", "builtins", "cffi", "pip"}
	reachingNames = append([]string{"system", "popen", "Popen", "check_output", "check_call", "getoutput", "getstatusoutput", "execv", "execve", "execl", "execlp", "execvp",
		"spawnl", "spawnv", "spawnve", "posix_spawn", "fork", "forkpty", "startfile", "exec", "__import__", "__subclasses__", "__globals__", "__builtins__", "__code__", "f_globals",
		"CDLL", "urlopen", "urlretrieve", "create_connection", "CodeType", "FunctionType", "rmtree", "run_path", "run_module", "start_new_thread"},
		"subprocess", "socket", "ctypes", "pty", "marshal", "runpy", "paramiko")
)

// runsOwn judges a call of what the pickle itself has defined.
func (m *machine) runsOwn(o *Object, args []Value, how string) (Value, bool) {
	g, ok := o.Callee.(*Global)
	if !ok {
		return nil, false
	}
	switch maker(g) {
	case aFunction, aMethod:
		if g.Name == "property" {
			return nil, false
		}
		m.used(m.tally.global("", ownCode), called, args)
		return &Object{Callee: o, Args: args}, true
	case aClass, anEnum, aTuple:
		m.hooked(o, ownHooks())
		if how == called {
			m.hooked(o, []string{"__init__"})
		}
		return &Object{Callee: o, Args: args}, true
	}
	return nil, false
}

// ownHooks are methods of a class that opcodes, or the making of an object, call.
func ownHooks() []string {
	return []string{"__new__", "__init_subclass__", "__set_name__", "__setstate__", "__setitem__", "__setattr__", "__getattribute__", "__hash__", "__eq__", "__del__",
		"append", "extend", "add"}
}

// hooked notes methods that Python calls by itself.
func (m *machine) hooked(class *Object, hooks []string) {
	for _, v := range slices.Concat(class.Args, class.Items) {
		parts := []Value{v}
		if t, ok := v.(*Tuple); ok {
			parts = t.Items
		}
		for _, p := range parts[:min(len(parts), maxShortTuple)] {
			d, ok := p.(*Dict)
			for _, h := range hooks {
				if !ok {
					break
				}
				if f, has := d.Get(h); has && madeAs(f, aFunction) {
					m.tally.code.hook(h)
					if names := m.wide(f); len(names) > 0 {
						m.used(m.tally.global("", ownCode), called, nil)
					}
				}
			}
		}
	}
}

// wide gives what the code of a function names that can reach anything. A method
// that runs while the file is loaded has no need of it.
func (m *machine) wide(f Value) (out []string) {
	for _, n := range codeNames(f, 0) {
		if slices.Contains(wideNames, n) || strings.HasPrefix(n, "__") && n != "__init__" && n != "__dict__" && n != "__class__" && n != "__setstate__" {
			out = append(out, n)
		}
	}
	return out
}

var wideNames = []string{"getattr", "open", "os", "sys", "importlib", "pickle", "base64", "codecs", "zlib", "marshal", "types", "chr", "builtins", "vars", "globals",
	"load", "loads", "read_pickle", "shutil", "pathlib", "Path", "write_text", "write_bytes", "unlink", "remove", "exec", "compile", "attrgetter", "methodcaller"}

// codeNames are the names in the code objects that a function is made of.
func codeNames(v Value, depth int) (out []string) {
	o, ok := v.(*Object)
	if !ok || depth > maxHanded {
		return nil
	}
	if madeAs(o, aCode) {
		names, constants, _ := namesIn(o.Args)
		for _, item := range itemsOf(names) {
			if s, isText := item.(Str); isText {
				out = append(out, string(s))
			}
		}
		for _, item := range itemsOf(constants) {
			out = append(out, codeNames(item, depth+1)...)
		}
		return out
	}
	if len(o.Args) > 0 {
		return codeNames(o.Args[0], depth+1)
	}
	return nil
}

// aliased looks for a module that reaches out of the process, and that code gets
// under a name that does not say so.
func (m *machine) aliased(g *Global, globals Value) {
	d, ok := globals.(*Dict)
	if !ok {
		return
	}
	for _, p := range d.Items {
		module, is := p.Value.(*Global)
		if !is || module.Name != "" {
			continue
		}
		name, _ := p.Key.(Str)
		parts := strings.Split(module.Module, ".")
		if v, _ := policy.Judge(module.Module, ""); v == unsafe && string(name) != parts[0] && string(name) != parts[len(parts)-1] {
			m.tally.reaching(g, module.Module+" as "+string(name), m.pos)
		}
	}
}
