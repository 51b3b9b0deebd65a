package pysource

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var tree = fstest.MapFS{
	"p/requirements.txt":   {Data: []byte("# all\nnumpy>=1\n\nscipy  # why\n-r more.txt\n")},
	"p/VERSION":            {Data: []byte("1.2.3\n")},
	"p/kit/__init__.py":    {Data: []byte("\"\"\"Doc.\"\"\"\nfrom .about import *\n__version__ = '4.5'\nAUTHOR = \"Ada\"\n")},
	"p/kit/version.py":     {Data: []byte("MAJOR = 1\nMINOR = 2\n__version__ = '%d.%d' % (MAJOR, MINOR)\n")},
	"p/src/lib/version.py": {Data: []byte("v = '9'\n")},
}

// written writes a value the way Python would, with what is unknown as "?why".
func written(v Value) string {
	s := ""
	switch v.Kind {
	case Unknown:
		s = "?"
	case TextValue:
		s = fmt.Sprintf("%q", v.Text)
	case ListValue:
		var parts []string
		for _, i := range v.Items {
			parts = append(parts, written(i))
		}
		s = "[" + strings.Join(parts, ", ") + "]"
	case DictValue:
		var parts []string
		for _, i := range v.Items {
			parts = append(parts, i.Key+": "+written(i))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case NoneValue:
		s = "None"
	default:
		s = v.Text
	}
	if v.When != "" {
		s += " if " + v.When
	}
	return s
}

// TestValues: what x is after the source.
func TestValues(t *testing.T) {
	for src, want := range map[string]string{
		`x = "a" + 'b' * 2`:                                      `"abb"`,
		`x = ["a"] + list(("b",)) + sorted({"d", "c"})`:          `["a", "b", "c", "d"]`,
		`x = "%s-%d %%" % ("a", 1)`:                              `"a-1 %"`,
		`x = "%(k)s" % {"k": "v"}`:                               `"v"`,
		`x = "{}{1}{k}{{}}".format("a", "b", k="c")`:             `"abc{}"`,
		"v = '1'\nx = f'a{v}' f'{v}b'":                           `"a11b"`,
		"x = dict(a=1, **{'b': ['c']})\nx['d'] = x['b'] + ['e']": `{a: 1, b: ["c"], d: ["c", "e"]}`,
		"x = []\nx.append('a')\nx.extend(['b'])\nx += ['c']\nx.insert(0, 'd')\nx.remove('a')":                                                                     `["b", "c", "d"]`,
		"x = ['a']\nif __name__ == '__main__': x.append('b')":                                                                                                     `["a", "b"]`,
		"import sys\nx = ['a']\nif sys.platform == 'win32':\n  x.append('b')":                                                                                     `["a", "b" if sys.platform == "win32"]`,
		"import sys\nif sys.version_info < (3, 8):\n  x = ['a', 'b']\nelse:\n  x = ['a']":                                                                         `["a", "b" if sys.version_info < (3, 8)]`,
		"import os\nx = 'a' if os.environ.get('X') else 'b'":                                                                                                      `?`,
		"import os\nx = ['a'] + (['b'] if os.getenv('X') else [])":                                                                                                `["a", "b" if os.getenv("X")]`,
		"x = [i.strip() for i in ' a , b '.split(',') if i]":                                                                                                      `["a", "b"]`,
		"x = {k: v for k, v in [('a', 1), ('b', 2)]}":                                                                                                             `{a: 1, b: 2}`,
		"x = []\nfor k, v in {'a': ['1'], 'b': ['2']}.items():\n  x += [k + v[0]]":                                                                                `["a1", "b2"]`,
		"x = open('requirements.txt').read().splitlines()":                                                                                                        `["# all", "numpy>=1", "", "scipy  # why", "-r more.txt"]`,
		"x = [l.strip() for l in open('requirements.txt') if l.strip() and not l.startswith(('#', '-'))]":                                                         `["numpy>=1", "scipy  # why"]`,
		"import os\nhere = os.path.dirname(os.path.abspath(__file__))\nwith open(os.path.join(here, 'VERSION')) as f:\n  x = f.read().strip()":                    `"1.2.3"`,
		"from pathlib import Path\nx = (Path(__file__).parent / 'VERSION').read_text().strip()":                                                                   `"1.2.3"`,
		"def read(*p):\n  return open('/'.join(p)).read()\nimport re\nx = re.search(r\"__version__ = '([^']+)'\", read('kit', '__init__.py'), re.M).group(1)":     `"4.5"`,
		"about = {}\nexec(open('kit/version.py').read(), about)\nx = about['__version__']":                                                                        `"1.2"`,
		"exec(open('kit/version.py').read())\nx = __version__":                                                                                                    `"1.2"`,
		"from kit import AUTHOR as a\nx = a":                                                                                                                      `"Ada"`,
		"import kit.version\nx = kit.version.__version__":                                                                                                         `"1.2"`,
		"from lib.version import v\nx = v":                                                                                                                        `"9"`,
		"def f(a, b='2', *c, **d):\n  return [a, b] + list(c) + [d['e']]\nx = f('1', '2', '3', e='4')":                                                            `["1", "2", "3", "4"]`,
		"def f():\n  return g()\ndef g():\n  return f()\nx = f()":                                                                                                 `?`,
		"try:\n  x = open('VERSION').read()\nexcept IOError:\n  x = 'none'":                                                                                       `"1.2.3\n"`,
		"def g(n):\n  for i in n:\n    if i != 'b':\n      yield i\n  yield from ['z']\nx = list(g(['a', 'b', 'c']))":                                             `["a", "c", "z"]`,
		"def f(y):\n  def g():\n    return y + 'b'\n  return g()\nx = f('a')":                                                                                     `"ab"`,
		"def f():\n  exec(open('kit/version.py').read())\n  return locals()['__version__']\nx = f()":                                                              `"1.2"`,
		"import re\nx = re.split('(>=|==)', 'a>=1==2', maxsplit=1)":                                                                                               `["a", ">=", "1==2"]`,
		"x = ['a', 'b' if u else 'c', 'd' if True else 'e']":                                                                                                      `["a", "b" if u, "c" if not u, "d"]`,
		"x = [isinstance('a', str), isinstance([], str), isinstance((), tuple)]":                                                                                  `[True, False, ?]`,
		"import importlib.util as u\ns = u.spec_from_file_location('v', 'kit/version.py')\nm = u.module_from_spec(s)\ns.loader.exec_module(m)\nx = m.__version__": `"1.2"`,
		"from importlib.machinery import SourceFileLoader as L\nx = L('v', './kit/version.py').load_module().__version__":                                         `"1.2"`,
		"import runpy\nx = runpy.run_path('kit/version.py')['__version__']":                                                                                       `"1.2"`,
		"import importlib\nx = importlib.import_module('kit.version').__version__":                                                                                `"1.2"`,
		"x = open('../outside').read()":                                                                                                                           `?`,
		"x = open('/etc/passwd').read()":                                                                                                                          `?`,
		"x = ['a', unknown(), 'b']":                                                                                                                               `["a", ?, "b"]`,
		"import subprocess\nx = subprocess.check_output(['git'])":                                                                                                 `?`,
		"a = b = 'c'\n(d, e), f = ('g', 'h'), 'i'\nx = a + b + d + e + f":                                                                                         `"ccghi"`,
		"x: list = ['a']\nx[0:1]":                                            `["a"]`,
		"x = 'a,b,c'.split(',')[-1] + 'abc'[1:]":                             `"cbc"`,
		"while u:\n  x = ['a']":                                              `["a"]`,
		"import re\nx = re.findall(r'^(([^=<>]+)(?:[=<>].*)?$)', 'a>=1')[0]": `["a>=1", "a"]`,
	} {
		r := &Runner{Tree: tree, File: "p/setup.py"}
		r.Run(Parse(src))
		if got := written(r.Global("x")); got != want {
			t.Errorf("%s\ngot  %s (%s)\nwant %s", src, got, r.Global("x").Text, want)
		}
	}
}

// TestPlaces: what is read from a file knows its line there.
func TestPlaces(t *testing.T) {
	r := &Runner{Tree: tree, File: "p/setup.py"}
	r.Run(Parse("\nx = open('requirements.txt').read().splitlines()\n"))
	if v := r.Global("x").Items[3]; v.File != "p/requirements.txt" || v.FileLine != 4 || v.Line != 2 {
		t.Errorf("%+v", v)
	}
}

// TestCalled: calls are told with their full names and arguments.
func TestCalled(t *testing.T) {
	src := "from transformers import AutoModel as M\nimport datasets\nNAME = 'org/model'\ndef load(rev='main'):\n    return M.from_pretrained(NAME, revision=rev)\nload(rev='abc')\ndef never(n):\n    datasets.load_dataset(n, 'x')\n"
	var got []string
	r := &Runner{File: "a.py", Called: func(f Found) {
		got = append(got, fmt.Sprintf("%d %s %s %s %v", f.Line, f.Name, written(list(0, f.Args...)), written(Value{Kind: DictValue, Items: f.Named}), f.Unsure))
	}}
	r.Run(Parse(src))
	want := `5 transformers.AutoModel.from_pretrained ["org/model"] {revision: "abc"} false|8 datasets.load_dataset [?, "x"] {} true`
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// TestBounds: what would grow or never end is cut off.
func TestBounds(t *testing.T) {
	for name, src := range map[string]string{
		"doubling": "x = 'a'\n" + strings.Repeat("x = x + x\n", 60),
		"lists":    "x = ['a']\n" + strings.Repeat("x = x + x\n", 60),
		"nested":   "x = ['a']\n" + strings.Repeat("x = [x, x]\n", 60),
		"loops":    "l = ['a'] * 1000\nfor a in l:\n for b in l:\n  for c in l:\n   x = a\n",
		"dict":     "d = {}\nl = [str(i) for i in ['a'] * 20000]\nfor i in l:\n  d[i] = l\n",
		"format":   "x = 'a' * 1000\ny = f'" + strings.Repeat("{x}", 5000) + "'\n",
		"exec":     "exec(open('self.py').read())\n",
		"recurse":  "def f(n):\n  return f(n) + f(n)\nx = f(1)\n",
		"branches": strings.Repeat("if u:\n  a = ['b']\nelse:\n  a = ['c']\n", 5000),
		"repeat":   "x = 'a' * 99999999999\ny = ['a'] * 99999999\n",
		"replace":  "x = ('a' * 100000).replace('a', 'b' * 100000)\n",
		"readings": "for i in ['a'] * 20000:\n  x = open('large').read()\n",
	} {
		fsys := fstest.MapFS{"self.py": {Data: []byte("exec(open('self.py').read())\nexec(open('self.py').read())\n")}, "large": {Data: make([]byte, 4<<20)}}
		began := time.Now()
		r := &Runner{Tree: fsys, File: "setup.py"}
		r.Run(Parse(src))
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}
