package buildhook

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

// programs run a program.
var programs = []string{
	"subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen", "subprocess.getoutput", "subprocess.getstatusoutput",
	"os.system", "os.popen", "os.popen2", "os.popen3", "os.startfile", "os.posix_spawn", "os.posix_spawnp", "os.spawnl", "os.spawnle", "os.spawnlp", "os.spawnv", "os.spawnve", "os.spawnvp",
	"os.execl", "os.execle", "os.execlp", "os.execv", "os.execve", "os.execvp", "os.execvpe", "pty.spawn", "commands.getoutput", "commands.getstatusoutput",
	"asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "distutils.spawn.spawn", "sh.Command", "pexpect.spawn",
	"pip.main", "pip._internal.main", "pip._internal.cli.main.main",
}

// fetches reach out to a network; a name that ends in "." stands for all below.
var fetches = []string{
	"urllib.request.urlopen", "urllib.request.urlretrieve", "urllib.request.build_opener", "urllib.urlopen", "urllib.urlretrieve", "urllib2.urlopen",
	"requests.get", "requests.post", "requests.put", "requests.patch", "requests.head", "requests.delete", "requests.request", "requests.Session", "requests.session",
	"httpx.", "aiohttp.", "urllib3.PoolManager", "urllib3.request", "http.client.HTTPConnection", "http.client.HTTPSConnection", "httplib.HTTPConnection", "httplib.HTTPSConnection",
	"ftplib.FTP", "smtplib.SMTP", "smtplib.SMTP_SSL", "socket.socket", "socket.create_connection", "socket.gethostbyname", "socket.getaddrinfo", "telnetlib.Telnet",
	"wget.download", "gdown.download", "pycurl.Curl", "paramiko.", "huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download",
	"torch.hub.load", "torch.hub.load_state_dict_from_url", "torch.hub.download_url_to_file", "nltk.download", "spacy.cli.download", "six.moves.urllib.request.urlopen", "six.moves.urllib.request.urlretrieve",
	"ez_setup.use_setuptools", "webbrowser.open",
}

// loads make objects of bytes, which can run code.
var loads = []string{"pickle.load", "pickle.loads", "cPickle.load", "cPickle.loads", "_pickle.loads", "dill.load", "dill.loads", "cloudpickle.load", "cloudpickle.loads", "marshal.load", "marshal.loads", "shelve.open", "joblib.load", "torch.load"}

// decoders undo an encoding that hides a text.
var decoders = []string{"base64.b64decode", "base64.urlsafe_b64decode", "base64.b32decode", "base64.b16decode", "base64.b85decode", "base64.a85decode", "base64.decodebytes", "binascii.unhexlify", "binascii.a2b_base64",
	"zlib.decompress", "gzip.decompress", "bz2.decompress", "lzma.decompress", "codecs.decode", "bytes.fromhex", "bytearray.fromhex", "marshal.loads", "cryptography.fernet.Fernet", "fernet.Fernet"}

func oneOf(list []string, name string) bool {
	return slices.ContainsFunc(list, func(p string) bool {
		return p == name || strings.HasSuffix(p, ".") && strings.HasPrefix(name, p)
	})
}

// judge says what a call does; "" for what is harmless.
func (s *scanner) judge(e *pysource.Expr) string {
	name := s.name(e.Parts[0])
	positional, _ := e.Args()
	switch {
	case name == "exec" || name == "eval" || name == "execfile" || name == "builtins.exec" || name == "builtins.eval":
		return s.made(name, e, positional)
	case oneOf(programs, name):
		return s.program(name, e, positional)
	case oneOf(fetches, name):
		s.kind = Fetch
		return "fetches from the network with " + name + s.address(e)
	case oneOf(loads, name):
		s.kind = Objects
		return "loads objects of bytes with " + name + ", which can run code"
	case strings.HasPrefix(name, "ctypes.") && (strings.HasSuffix(name, "DLL") || strings.HasSuffix(name, "LoadLibrary") || strings.Contains(name, "windll") || strings.Contains(name, "cdll")):
		s.kind = Native
		return "calls machine code with " + name
	case name == "__import__" || name == "importlib.import_module":
		if len(positional) > 0 && positional[0].Kind != pysource.StringLiteral && s.hidden(positional[0], 0) {
			s.kind = Hidden
			return "imports a module whose name is hidden in an encoded text, with " + name
		}
	case name == "runpy.run_path" || name == "runpy.run_module" || name == "imp.load_source":
		if len(positional) == 0 || !inside(positional) {
			s.kind = Code
			return "runs another source with " + name
		}
	case name == "compile" && len(positional) > 0 && s.hidden(positional[0], 0):
		s.kind = Hidden
		return "compiles code that is hidden in an encoded text"
	}
	return s.method(name, e, positional)
}

// method judges what is known by the name of the method only.
func (s *scanner) method(name string, e *pysource.Expr, positional []*pysource.Expr) string {
	if name == "self.spawn" {
		return s.program(name, e, positional)
	}
	if name == "open" || name == "io.open" || name == "codecs.open" {
		return s.write(e, positional)
	}
	if strings.HasPrefix(name, "shutil.copy") || name == "shutil.move" || name == "os.symlink" {
		if len(positional) > 1 && s.leaves(positional[1], 0) {
			s.kind = Write
			return "writes outside of its tree with " + name
		}
	}
	last := e.Parts[0]
	if last.Kind != pysource.Attribute {
		return ""
	}
	switch last.Name {
	case "exec_module":
		if s.any(e, 0, func(x *pysource.Expr) bool {
			return x.Kind == pysource.StringLiteral && strings.HasSuffix(x.Name, ".py") && !outside(x.Name)
		}) {
			return "" // a file that can be read
		}
		s.kind = Code
		return "runs another source as a module"
	case "write_text", "write_bytes":
		if s.leaves(last.Parts[0], 0) {
			s.kind = Write
			return "writes outside of its tree"
		}
	}
	return ""
}

// made judges code that is run as a text.
func (s *scanner) made(name string, e *pysource.Expr, positional []*pysource.Expr) string {
	name = strings.TrimPrefix(name, "builtins.")
	s.kind = Hidden
	switch {
	case len(positional) == 0:
		return ""
	case s.hidden(positional[0], 0):
		return "runs code that is hidden in an encoded text, with " + name
	case s.fetched(positional[0], 0):
		return "runs code that it fetches from the network, with " + name
	}
	s.kind = Code
	switch {
	case s.runs(e.Line) != "":
		return "" // a file that can be read
	case positional[0].Kind == pysource.StringLiteral:
		return "runs a text as code with " + name
	}
	return "runs code that it puts together, with " + name
}

const maxFollow = 8 // assignments that are followed back

// any tells whether an expression, or what its names are assigned, holds one
// that the question is true of.
func (s *scanner) any(e *pysource.Expr, depth int, is func(*pysource.Expr) bool) bool {
	found := false
	if depth > maxFollow {
		return false
	}
	e.Walk(func(x *pysource.Expr) bool {
		if found = found || is(x); found {
			return false
		}
		if x.Kind == pysource.Identifier {
			for _, value := range s.from[x.Name][:min(len(s.from[x.Name]), maxFollow)] {
				if value != e && s.any(value, depth+4, is) {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

func (s *scanner) hidden(e *pysource.Expr, depth int) bool {
	return s.any(e, depth, func(x *pysource.Expr) bool {
		switch x.Kind {
		case pysource.Identifier: // map(chr, [...])
			return x.Name == "chr"
		case pysource.Subscript: // "..."[::-1]
			return reversed(x.Parts[1])
		case pysource.Call:
		default:
			return false
		}
		name := s.name(x.Parts[0])
		if (name == "bytes" || name == "bytearray") && len(x.Parts) == 2 && len(x.Parts[1].Parts) > 1 {
			return true // bytes([112, 114, ...])
		}
		if oneOf(decoders, name) {
			return true
		}
		return strings.HasSuffix(name, ".b64decode") || strings.HasSuffix(name, ".decompress")
	})
}

// reversed tells the slice "::-1".
func reversed(e *pysource.Expr) bool {
	if e.Kind != pysource.Slice || len(e.Parts) != 3 {
		return false
	}
	step := e.Parts[2]
	return step.Kind == pysource.Unary && step.Name == "-" && step.Parts[0].Name == "1"
}

func (s *scanner) fetched(e *pysource.Expr, depth int) bool {
	return s.any(e, depth, func(x *pysource.Expr) bool {
		return x.Kind == pysource.Call && oneOf(fetches, s.name(x.Parts[0]))
	})
}

// asks are the commands of git that change nothing.
var asks = []string{"describe", "rev-parse", "log", "status", "show", "ls-files", "rev-list", "tag", "branch", "diff", "diff-index", "symbolic-ref", "remote", "--version", "version", "config", "name-rev"}

// compilers are programs that builds of native code call.
var compilers = []string{"nvcc", "hipcc", "gcc", "g++", "cc", "c++", "clang", "clang++", "cl", "ld", "ninja", "rustc", "gfortran", "swig", "cython", "protoc", "pkg-config", "ldconfig",
	"nvidia-smi", "rocm-smi", "rocminfo", "xcrun", "xcodebuild", "sw_vers", "uname", "lsb_release", "llvm-config", "python-config", "pybind11-config", "mysql_config", "pg_config"}

func (s *scanner) program(name string, e *pysource.Expr, positional []*pysource.Expr) string {
	s.kind = Program
	words := s.command(e, positional)
	if len(words) == 0 {
		return "runs a program with " + name
	}
	words = append(strings.Fields(words[0]), words[1:]...)
	if len(words) == 0 {
		return "runs a program with " + name
	}
	program := path.Base(strings.ReplaceAll(words[0], "\\", "/"))
	program = strings.ToValidUTF8(program[:min(len(program), 40)], "")
	git := strings.TrimSuffix(strings.ToLower(program), ".exe") == "git"
	for _, w := range words[1:] {
		if git && slices.Contains(asks, w) {
			s.tool = true
			return "runs git " + w + " with " + name + ", which asks the repository and changes nothing"
		}
	}
	s.tool = slices.Contains(compilers, strings.TrimSuffix(strings.ToLower(program), ".exe"))
	if slices.Contains([]string{"curl", "wget", "bash", "sh", "powershell", "cmd", "nc", "bitsadmin", "certutil", "mshta"}, strings.TrimSuffix(strings.ToLower(program), ".exe")) {
		return "runs " + program + " with " + name + ", which can fetch and run anything"
	}
	return "runs " + program + " with " + name
}

// command gives the words of a command as far as they are plain.
func (s *scanner) command(e *pysource.Expr, positional []*pysource.Expr) []string {
	if len(positional) == 0 {
		for _, p := range e.Parts[1:] {
			if p.Kind == pysource.Keyword && (p.Name == "args" || p.Name == "cmd") {
				positional = p.Parts
			}
		}
	}
	if len(positional) == 0 {
		return nil
	}
	first := positional[0]
	if values := s.from[first.Name]; first.Kind == pysource.Identifier && len(values) == 1 {
		first = values[0]
	}
	if first.Kind == pysource.Call && first.Parts[0].Kind == pysource.Attribute && first.Parts[0].Parts[0].Kind == pysource.StringLiteral {
		first = first.Parts[0].Parts[0] // "git log".split()
	}
	switch first.Kind {
	case pysource.StringLiteral:
		return strings.Fields(first.Name)
	case pysource.Formatted, pysource.Binary:
		if len(first.Parts) > 0 && first.Parts[0].Kind == pysource.StringLiteral {
			return strings.Fields(first.Parts[0].Name)
		}
	case pysource.List, pysource.Tuple:
		var words []string
		for _, p := range first.Parts {
			switch {
			case p.Kind == pysource.StringLiteral:
				words = append(words, p.Name)
			case len(words) == 0 && s.name(p) == "sys.executable":
				words = append(words, "python")
			case len(words) == 0:
				if words = lastText(p); words == nil {
					return nil
				}
			}
		}
		return words
	}
	return nil
}

// lastText gives the end of a path that is put together: "/bin/nvcc".
func lastText(e *pysource.Expr) (words []string) {
	if e.Kind != pysource.Binary && e.Kind != pysource.Formatted && e.Kind != pysource.Call {
		return nil
	}
	if last := e.Parts[len(e.Parts)-1]; last.Kind == pysource.StringLiteral && last.Name != "" {
		return []string{last.Name}
	}
	return nil
}

// address names where something is fetched from, without what may be secret.
func (s *scanner) address(e *pysource.Expr) string {
	at := ""
	s.any(e, 0, func(x *pysource.Expr) bool {
		if x.Kind == pysource.StringLiteral && strings.Contains(x.Name, "://") {
			at, _, _ = strings.Cut(x.Name, "?")
			at, _, _ = strings.Cut(at, "#")
			at, _, _ = strings.Cut(at, "{")
			at = pylock.Clean(at)
		}
		return at != ""
	})
	if at == "" || len(at) > 200 {
		return ""
	}
	return " (" + at + ")"
}

// write judges a file that is opened to be written.
func (s *scanner) write(e *pysource.Expr, positional []*pysource.Expr) string {
	mode := ""
	if len(positional) > 1 && positional[1].Kind == pysource.StringLiteral {
		mode = positional[1].Name
	}
	for _, p := range e.Parts[1:] {
		if p.Kind == pysource.Keyword && p.Name == "mode" && p.Parts[0].Kind == pysource.StringLiteral {
			mode = p.Parts[0].Name
		}
	}
	if strings.ContainsAny(mode, "wax+") && len(positional) > 0 && s.leaves(positional[0], 0) {
		s.kind = Write
		return "writes outside of its tree"
	}
	return ""
}

var places = []string{"os.path.expanduser", "pathlib.Path.home", "site.getsitepackages", "site.getusersitepackages", "sysconfig.get_path", "sysconfig.get_paths", "distutils.sysconfig.get_python_lib", "tempfile.gettempdir", "os.getenv"}

// leaves tells whether a path leads out of the tree.
func (s *scanner) leaves(e *pysource.Expr, depth int) bool {
	if e.Kind == pysource.StringLiteral {
		return outside(e.Name)
	}
	first := true
	return s.any(e, depth, func(x *pysource.Expr) bool {
		switch x.Kind {
		case pysource.StringLiteral:
			was := first
			first = false
			return was && outside(x.Name)
		case pysource.Call:
			return oneOf(places, s.name(x.Parts[0]))
		}
		return false
	})
}

func outside(name string) bool {
	return strings.HasPrefix(name, "/") && len(name) > 1 || strings.HasPrefix(name, "~") || len(name) > 2 && name[1] == ':' && (name[2] == '\\' || name[2] == '/')
}

func inside(positional []*pysource.Expr) bool {
	return positional[0].Kind == pysource.StringLiteral && !outside(positional[0].Name) && !strings.Contains(positional[0].Name, "..")
}
