// Package policy judges the names of Python that a pickle imports and calls. A
// list says what is harmless: to call it with any arguments, or to make an object
// of it and set its state, neither runs code of the pickle's author nor reaches
// out of the process. A second list says what is unsafe. All else is unknown.
//
// A name is judged on each of its components, since a dotted name walks through
// whatever the modules on the way have imported: "serialization.os.system" of
// torch is os.system.
package policy

import (
	_ "embed"
	"strings"
	"sync"
)

// Verdict is what is known of a name.
type Verdict int

// The verdicts, from best to worst.
const (
	Harmless Verdict = iota
	Unknown
	Unsafe
)

// String is the word of sbom.Use.
func (v Verdict) String() string { return [...]string{"harmless", "unknown", "unsafe"}[v] }

//go:embed harmless.txt
var harmlessText string

//go:embed unsafe.txt
var unsafeText string

//go:embed found.txt
var foundText string

//go:embed weights.txt
var weightsText string

// lists are the files of this folder. A line holds a module and names; "*" are
// all names of the module and of the modules below; "m.**" before names is any
// module from m down; a line in brackets says what the names after it do.
type lists struct {
	exact   map[string]bool     // harmless: "module name"
	below   map[string][]string // harmless: "top name" to the modules from which on
	whole   map[string]string   // unsafe modules, with the reason
	unsafe  map[string]string   // "module name", with the reason
	dotted  map[string]string   // "module.name", with the reason
	weights map[string]bool
	made    map[string]bool // harmless only when made without a call
	tops    map[string]bool // libraries with harmless names
}

var loaded = sync.OnceValue(func() *lists {
	l := &lists{map[string]bool{}, map[string][]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	each(harmlessText, func(_, module, name string) {
		library, _, _ := strings.Cut(module, ".")
		l.tops[library] = true
		name, made := strings.CutPrefix(name, "+")
		if made {
			top, _, _ := strings.Cut(module, ".")
			l.made[top+" "+name] = true
		}
		if from, any := strings.CutSuffix(module, ".**"); any {
			top, _, _ := strings.Cut(from, ".")
			l.below[top+" "+name] = append(l.below[top+" "+name], from)
			return
		}
		l.exact[module+" "+name] = true
	})
	each(unsafeText+foundText, func(why, module, name string) {
		if name == "*" {
			l.whole[module] = why
			return
		}
		l.unsafe[module+" "+name] = why
		l.dotted[module+"."+name] = why
	})
	each(weightsText, func(_, module, name string) { l.weights[module+" "+name], l.exact[module+" "+name] = true, true })
	return l
})

func each(text string, add func(why, module, name string)) {
	why := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			why = strings.Trim(line, "[]")
			continue
		}
		words := strings.Fields(line)
		for _, name := range words[1:] {
			add(why, words[0], name)
		}
	}
}

// Knows tells of a module in a library of which names are known to be harmless.
func Knows(module string) bool {
	top, _, _ := strings.Cut(module, ".")
	l := loaded()
	return l.whole[module] == "" && l.whole[top] == "" && l.tops[top]
}

// WeightsOnly tells whether PyTorch's weights_only loader takes the name.
func WeightsOnly(module, name string) bool { return loaded().weights[module+" "+name] }

// OnlyMade tells of a class that is harmless when an object is made and given its
// state, and that may read files when it is called.
func OnlyMade(module, name string) bool {
	top, _, _ := strings.Cut(module, ".")
	return loaded().made[top+" "+name]
}

// Judge gives what is known of a name, and for an unsafe one what it does.
func Judge(module, name string) (v Verdict, why string) {
	l := loaded()
	if l.exact[module+" "+name] || strings.HasPrefix(module, "__torch__") && !strings.Contains(name, "__") {
		return Harmless, "" // the latter are types of TorchScript, which Python never imports
	}
	if why := l.listed(module, name); why != "" {
		return Unsafe, why
	}
	if why := l.through(module, name); why != "" {
		return Unsafe, why
	}
	if l.harmless(module, name) {
		return Harmless, ""
	}
	if why, ok := gadget(name); ok {
		return Unsafe, why
	}
	return Unknown, ""
}

// listed looks for the module, or one that it is in, and for the name.
func (l *lists) listed(module, name string) string {
	for m := module; ; {
		if why := l.whole[m]; why != "" {
			return why
		}
		i := strings.LastIndexByte(m, '.')
		if i < 0 {
			break
		}
		m = m[:i]
	}
	for n := name; ; {
		if why := l.unsafe[module+" "+n]; why != "" {
			return why
		}
		i := strings.LastIndexByte(n, '.')
		if i < 0 {
			return ""
		}
		n = n[:i]
	}
}

// through looks at what a dotted name, or a module inside another, goes through.
func (l *lists) through(module, name string) string {
	if strings.Count(module, ".")+strings.Count(name, ".") > maxParts {
		return "has more parts than any name of a library"
	}
	parts := strings.Split(name, ".")
	for i, p := range parts {
		switch {
		case strings.HasPrefix(p, "__") && strings.HasSuffix(p, "__") && len(p) > 4:
			return "reaches into the interpreter by " + p
		case inner(p):
			return "reaches into the interpreter by " + p
		}
		bare := strings.TrimLeft(p, "_")
		why := l.whole[bare]
		if why != "" && (core(bare) || i < len(parts)-1) && (i > 0 || len(parts) > 1 || core(bare)) {
			return why + ", reached through " + module
		}
	}
	full := strings.Split(module+"."+name, ".")
	for i := range full {
		for j := i + 1; j <= len(full); j++ {
			path := strings.Join(full[i:j], ".")
			why := l.dotted[path]
			if why != "" && (i == 0 || i >= strings.Count(module, ".")+1 || core(full[i])) {
				return why
			}
			if why := l.whole[path]; why != "" && i == 0 && len(parts) > 1 {
				return why
			}
		}
	}
	if n := strings.LastIndexByte(module, '.'); n > 0 && core(module[n+1:]) && l.whole[module[n+1:]] != "" {
		return l.whole[module[n+1:]]
	}
	return ""
}

const maxParts = 30

// harmless looks for the class in the modules of its package, and for members of
// an enumeration, which are in capitals.
func (l *lists) harmless(module, name string) bool {
	if l.class(module, name) {
		return true
	}
	class, member, dotted := strings.Cut(name, ".")
	return dotted && member != "" && strings.Trim(member, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && l.class(module, class)
}

func (l *lists) class(module, name string) bool {
	if l.exact[module+" "+name] {
		return true
	}
	top, _, _ := strings.Cut(module, ".")
	for _, from := range l.below[top+" "+name] {
		if module == from || strings.HasPrefix(module, from+".") {
			return true
		}
	}
	return false
}

// core are modules that nothing else is named like.
func core(module string) bool {
	switch module {
	case "os", "sys", "posix", "nt", "subprocess", "builtins", "importlib", "ctypes", "shutil", "socket", "pty", "runpy", "marshal", "pickle",
		"posixsubprocess", "webbrowser", "pkgutil":
		return true
	}
	return false
}

// inner are attributes by which code gets from any object to the interpreter.
func inner(name string) bool {
	switch name {
	case "f_globals", "f_builtins", "f_locals", "f_back", "f_code", "gi_frame", "gi_code", "cr_frame", "cr_code", "ag_frame", "tb_frame", "tb_next",
		"func_globals", "func_code", "im_func", "mro", "co_code", "co_consts":
		return true
	}
	return false
}

// gadget knows functions by names that say what they do, whatever the module.
func gadget(name string) (why string, ok bool) {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "eval", "exec", "execfile", "exec_module", "exec_code", "runcode", "runsource", "run_code", "run_path", "run_module", "runstring", "literal_exec":
		return "runs code, by its name", true
	case "system", "popen", "popen2", "popen3", "Popen", "check_output", "check_call", "getoutput", "getstatusoutput", "execv", "execve", "execl",
		"execvp", "spawnv", "spawnl", "spawn", "startfile", "fork_exec", "run_command", "execute_command", "exec_command", "shell_exec", "execle", "execlp", "execvpe",
		"spawnve", "spawnvp", "posix_spawn", "rmtree":
		return "runs programs, by its name", true
	case "import_module", "load_module", "import_string", "import_from_string", "import_object", "import_by_name", "import_item", "load_dynamic",
		"resolve_name", "load_source", "load_entry_point":
		return "imports any module, by its name", true
	case "load_pickle", "read_pickle", "unpickle", "unsafe_load", "full_load", "from_pretrained", "load_from_checkpoint", "load_checkpoint", "load_library", "hub_download":
		return "loads another pickle, model or library, by its name", true
	case "from_file", "fromfile", "tofile", "to_pickle":
		return "reads or writes files, by its name", true
	case "load", "load_model", "save", "save_model", "dump", "dump_model", "to_csv", "to_json", "to_html", "to_excel", "to_parquet", "to_hdf", "to_sql",
		"to_feather", "to_orc", "to_stata", "to_xml", "to_latex", "to_markdown", "to_string", "from_json_file", "from_yaml_file", "save_pretrained", "get_state_dict",
		"save_to_disk", "load_from_file", "save_word2vec_format", "load_word2vec_format":
		if strings.Contains(name, ".") { // of a class
			return "reads or writes files, by its name", true
		}
	case "urlopen", "urlretrieve", "download_url", "download_file":
		return "talks over the network, by its name", true
	}
	return "", false
}
