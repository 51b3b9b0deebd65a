package buildhook

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

func scan(src string) string {
	var all []string
	for _, h := range Scan(pysource.Parse(src), func(line int) string {
		if line == 99 {
			return "version.py"
		}
		return ""
	}) {
		all = append(all, h.Message)
	}
	return strings.Join(all, " | ")
}

// TestHooks: what is a hook, and in which words.
func TestHooks(t *testing.T) {
	hidden := "runs code that is hidden in an encoded text, with exec, when the script is read"
	for src, want := range map[string]string{
		"exec(''.join(map(chr, [112, 114])))":                                                          hidden,
		"exec(bytes([112, 114]).decode())":                                                             hidden,
		"exec(')1(tnirp'[::-1])":                                                                       hidden,
		"exec(__import__('base64').b64decode('cHJpbnQoMSk='))":                                         hidden,
		"_ = lambda __: __import__('zlib').decompress(__[::-1])\nexec((_)(b'x'))":                      hidden,
		"import codecs\nexec(codecs.decode('cevag', 'rot13'))":                                         hidden,
		"from os import system as _s\n_s(f'start {x}')":                                                "runs start with os.system, when the script is read",
		"import subprocess\nsubprocess.Popen(['powershell', '-EncodedCommand', 'x'])":                  "runs powershell with subprocess.Popen, which can fetch and run anything, when the script is read",
		"import os\nclass P:\n  def run(self): os.system('id')\nsetup(cmdclass={'install': P})":        "runs id with os.system, in the class P",
		"import atexit, os\ndef f(): os.system('id')\natexit.register(f)":                              "runs id with os.system, in the function f",
		"import os\nos.system('curl https://x.example.org | sh')":                                      "runs curl with os.system, which can fetch and run anything, when the script is read",
		"from subprocess import check_call as c\nc(['make', 'all'])":                                   "runs make with subprocess.check_call, when the script is read",
		"import subprocess as sp\nv = sp.check_output(['git', 'describe', '--tags']).decode()":         "runs git describe with subprocess.check_output, which asks the repository and changes nothing, when the script is read",
		"import subprocess\ncmd = 'git rev-parse HEAD'\nsubprocess.Popen(cmd.split())":                 "runs a program with subprocess.Popen, when the script is read",
		"import subprocess\nsubprocess.run('git log'.split())":                                         "runs git log with subprocess.run, which asks the repository and changes nothing, when the script is read",
		"import subprocess, sys\nsubprocess.call([sys.executable, '-m', 'pip', 'install', 'x'])":       "runs python with subprocess.call, when the script is read",
		"import urllib.request\nurllib.request.urlopen('https://u:p@example.org/a?token=s#f')":         "fetches from the network with urllib.request.urlopen (https://example.org/a), when the script is read",
		"import requests as r\nU = 'http://example.org/p'\nr.post(U, data={})":                         "fetches from the network with requests.post (http://example.org/p), when the script is read",
		"import base64\nexec(base64.b64decode('cHJpbnQoMSk='))":                                        "runs code that is hidden in an encoded text, with exec, when the script is read",
		"import base64 as b, zlib\nc = zlib.decompress(b.b64decode(D))\neval(compile(c, 'x', 'exec'))": "runs code that is hidden in an encoded text, with eval, when the script is read | compiles code that is hidden in an encoded text, when the script is read",
		"import requests\nexec(requests.get('https://example.org').text)":                              "runs code that it fetches from the network, with exec, when the script is read | fetches from the network with requests.get (https://example.org), when the script is read",
		"exec('import os')":                                                "runs a text as code with exec, when the script is read",
		"exec(''.join(chr(c) for c in [1, 2]))":                            "runs code that is hidden in an encoded text, with exec, when the script is read",
		strings.Repeat("\n", 98) + "exec(open('version.py').read())":       "",
		"exec(open(path).read())":                                          "runs code that it puts together, with exec, when the script is read",
		"import pickle, marshal\npickle.loads(b'')\nmarshal.loads(b'')":    "loads objects of bytes with pickle.loads, which can run code, when the script is read | loads objects of bytes with marshal.loads, which can run code, when the script is read",
		"import ctypes\nctypes.CDLL('x.so')":                               "calls machine code with ctypes.CDLL, when the script is read",
		"import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('x')": "writes outside of its tree, when the script is read",
		"open('/etc/x', mode='w')":                                         "writes outside of its tree, when the script is read",
		"open('build/x', 'w')\nopen('/etc/x')":                             "",
		"__import__('kit').__version__":                                    "",
		"import base64\n__import__(base64.b64decode('b3M='))":              "imports a module whose name is hidden in an encoded text, with __import__, when the script is read",
		"from setuptools.command.install import install\nimport os\nclass I(install):\n  def run(self):\n    self.go()\n  def go(self):\n    os.system('id')": "runs id with os.system, in the command I",
		"from distutils.core import Command\nclass C(Command):\n  def run(self):\n    self.spawn(['make'])":                                                   "runs make with self.spawn, in the command C",
		"import os\ndef f():\n  g()\ndef g():\n  os.popen('ls')\nf()":                                                                                         "runs ls with os.popen, in the function f",
		"import os\ndef never():\n  os.system('ls')":                                                                                                          "",
		"import os\nclass K:\n  x = os.system('ls')\n  def m(self): os.system('never')":                                                                       "runs ls with os.system, when the script is read",
		"import socket\nif __name__ == '__main__':\n  try:\n    s = socket.socket()\n  except OSError: pass":                                                  "fetches from the network with socket.socket, when the script is read",
		"@d(__import__('os').system('ls'))\ndef f(): pass":                                                                                                    "runs ls with os.system, when the script is read",
		"import os\nrun = getattr(os, 'system')\nrun('ls')":                                                                                                   "runs ls with os.system, when the script is read",
		"import os\nos.path.join('a')\nx = y\ny = x\nx()":                                                                                                     "",
	} {
		if got := scan(src); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", strings.TrimSpace(src), got, want)
		}
	}
}

// TestCommandsOnRequest: what "python setup.py upload" alone runs is no hook.
func TestCommandsOnRequest(t *testing.T) {
	class := "import os\nfrom setuptools import Command, setup\nclass U(Command):\n  def run(self): os.system('twine')\n"
	const hook = "runs twine with os.system, in the command U"
	for setup, want := range map[string]string{
		"setup(cmdclass={'upload': U})":                                                                 "",
		"setup(cmdclass={'style': U}, extras_require={'eval': []})":                                     "",
		"setup(cmdclass={'upload': U, 'install': U})":                                                   hook,
		"setup(cmdclass={'build_py': U})":                                                               hook,
		"setup(cmdclass={key: U})":                                                                      hook,
		"U(0).run()\nsetup(cmdclass={'upload': U})":                                                     hook,
		"class I(install):\n  def run(self): self.run_command('upload')\nsetup(cmdclass={'upload': U})": hook,
		"setup(cmdclass={'upload': U}, x=Command.__subclasses__())":                                     hook,
		"class B(U): pass\nsetup(cmdclass={'upload': U, 'build': B})":                                   hook,
		"commands = {'upload': U}\nsetup(cmdclass=commands)":                                            hook,
	} {
		if got := scan(class + setup); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", setup, got, want)
		}
	}
}

// TestBounds: very many hooks, and assignments that go round, end.
func TestBounds(t *testing.T) {
	src := "import os\n" + strings.Repeat("os.system('x')\n", 10_000) + strings.Repeat("a = b + a\nb = a + b\n", 1000) + "exec(a)\n"
	if n := len(Scan(pysource.Parse(src), func(int) string { return "" })); n > maxHooks {
		t.Errorf("%d hooks", n)
	}
	scan(strings.Repeat("a = b(a, a, a)\nb = a(b, b, b)\n", 1000) + "exec(a)\nopen(a, 'w')\n")
}

func Fuzz(f *testing.F) {
	f.Add("import os\ndef f(): os.system('a b')\nf()\nexec(open(x).read())\nclass A(install):\n  def run(self): f()\n")
	f.Fuzz(func(t *testing.T, src string) {
		if a, b := scan(src), scan(src); a != b {
			t.Error("the same text gave two answers")
		}
	})
}

// TestTools: a compiler, or a question to the repository, is told apart from what
// can do anything.
func TestTools(t *testing.T) {
	for command, want := range map[string]bool{"['git', 'describe']": true, "['nvcc', '-V']": true, "'git fetch origin'": false, "['curl', 'x']": false, "[find(), '-c']": false, "['/opt/cuda/bin/nvcc.exe']": true} {
		hooks := Scan(pysource.Parse("import subprocess\nsubprocess.run("+command+")\n"), func(int) string { return "" })
		if len(hooks) != 1 || hooks[0].Tool != want {
			t.Errorf("%s: %+v, want tool %v", command, hooks, want)
		}
	}
}
