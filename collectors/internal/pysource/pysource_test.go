package pysource

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTokens(t *testing.T) {
	src := "if a:  # c\n\tx = [1,\n  2] \\\n  + 0x1F\ny = rb'\\x' 'z'\n"
	tokens, problems := Tokenize(src)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var got []string
	for _, tok := range tokens {
		text := tok.Text
		if text == "" {
			text = []string{"END", "", "", "", "", "NL", "IN", "OUT"}[tok.Kind]
		}
		got = append(got, fmt.Sprintf("%d:%s", tok.Line, text))
	}
	want := "1:if 1:a 1:: 1:# c 1:NL 2:IN 2:x 2:= 2:[ 2:1 2:, 3:2 3:] 4:+ 4:0x1F 4:NL 5:OUT 5:y 5:= 5:rb'\\x' 5:'z' 5:NL 6:END"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestUnquote(t *testing.T) {
	for token, want := range map[string]Text{
		`'a'`:                        {Value: "a"},
		`"a\n\t\\\"\'"`:              {Value: "a\n\t\\\"'"},
		`'\x41\101\u0042\U0001F600'`: {Value: "AAB😀"},
		`'\q\8'`:                     {Value: `\q\8`},
		"'a\\\nb'":                   {Value: "ab"},
		`r'\n'`:                      {Value: `\n`, raw: true},
		`b'\xff\u0041'`:              {Value: "\xff\\u0041", Bytes: true},
		`Rb"\x"`:                     {Value: `\x`, Bytes: true, raw: true},
		`u'é'`:                       {Value: "é"},
		`"""a"b"""`:                  {Value: `a"b`},
		`'\x4'`:                      {Value: `\x4`},
		`f'{a}'`:                     {Value: "{a}", Fields: true},
	} {
		if got := Unquote(token); got != want {
			t.Errorf("Unquote(%s) = %+v, want %+v", token, got, want)
		}
	}
}

// TestTolerant: a fault spoils its statement, and what follows is read.
func TestTolerant(t *testing.T) {
	for src, line := range map[string]int{
		"x = = 1\nimport good\n":                   1,
		"f(a,\nimport good\n":                      1,
		"def f(:\n    a = 1\n    b\nimport good\n": 1,
		"x = 'open\nimport good\n":                 1,
		"x = '''open\nimport good\n":               1,
		"x = $\nimport good\n":                     1,
		"for in x:\n  y = 1\nimport good\n":        1,
		"if a:\nimport good\n":                     1,
		"a = 1)\nimport good\n":                    1,
		"  x = 1\nimport good\n":                   0,
		"class A:\n    def f(self):\n        x ==== 2\n    def g(self): pass\nimport good\n": 3,
		"try:\n    a\nexcept (:\n    b\nimport good\n":                                       3,
		"x = f'{a'\nimport good\n":                                                           1,
	} {
		m := Parse(src)
		found := false
		for s := range All(m.Body) {
			for _, i := range s.Imports {
				found = found || i.Module == "good"
			}
		}
		if !found {
			t.Errorf("%q: the import is lost: %v", src, m.Problems)
		}
		if line == 0 && len(m.Problems) > 0 || line > 0 && (len(m.Problems) == 0 || m.Problems[0].Line != line) {
			t.Errorf("%q: problems are %v, want one in line %d", src, m.Problems, line)
		}
	}
}

// TestPython2: what only Python 2 has does not break a source.
func TestPython2(t *testing.T) {
	src := "print 'a', x\nprint >>f, 'b'\nprint\nexec code in ns\nexec 'x = 1'\ntry:\n    raise E, 'x'\nexcept (A, B), e:\n    pass\nx = `y`\nn = 0777L\nif a <> b: pass\ndef f(a, (b, c)): pass\ns = ur'x'\nz = [i for i in 1, 2]\n"
	m := Parse(src)
	// one fault at the most: tuples in a comprehension are gone since Python 3
	for _, p := range m.Problems {
		if p.Line < 15 {
			t.Error(p)
		}
	}
	var calls []string
	for e := range Exprs(m.Body) {
		if e.Kind == Call {
			calls = append(calls, fmt.Sprintf("%d %s", e.Line, e.Parts[0].Dotted()))
		}
	}
	if want := []string{"1 print", "2 print", "4 exec", "5 exec"}; !slices.Equal(calls, want) {
		t.Errorf("calls are %q, want %q", calls, want)
	}
}

func TestDecode(t *testing.T) {
	for data, want := range map[string]string{
		"x = 'é'\r\n":                              "x = 'é'\n",
		"\xef\xbb\xbfx":                            "x",
		"# -*- coding: latin-1 -*-\n'\xe9'":        "# -*- coding: latin-1 -*-\n'é'",
		"#!/usr/bin/python\n# coding=cp1252\n\x80": "#!/usr/bin/python\n# coding=cp1252\n€",
		"'\xe9'":                       "",
		"# coding: koi8-r\n'\xc1'":     "",
		"# coding: koi8-r\n'a'":        "# coding: koi8-r\n'a'",
		"x\n# coding: latin-1\n'\xe9'": "",
	} {
		got, err := Decode([]byte(data))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Decode(%q) = %q, %v, want %q", data, got, err, want)
		}
	}
}

// TestHostile: depth and size end with a problem, not with the stack.
func TestHostile(t *testing.T) {
	n := 50_000
	for name, src := range map[string]string{
		"parentheses": strings.Repeat("(", n) + strings.Repeat(")", n),
		"lists":       "x = " + strings.Repeat("[", n),
		"unary":       "x = " + strings.Repeat("-", n) + "1",
		"not":         "x = " + strings.Repeat("not ", n) + "1",
		"sum":         "x = 1" + strings.Repeat("+1", n),
		"attributes":  "x = a" + strings.Repeat(".a", n),
		"calls":       "x = a" + strings.Repeat("()", n),
		"power":       "x = 1" + strings.Repeat("**1", n),
		"lambdas":     "x = " + strings.Repeat("lambda: ", n) + "1",
		"ifs":         "x = 1" + strings.Repeat(" if 1 else 1", n),
		"fields":      "x = " + strings.Repeat("f'{", n),
		"nested":      "x = f\"" + strings.Repeat("{f'{", 1000),
		"quotes":      strings.Repeat("'", n) + "\n" + strings.Repeat("\"\"\"", 1001),
		"blocks":      blocks(3000),
		"braces":      "x = " + strings.Repeat("{", n),
		"decorators":  strings.Repeat("@a\n", n),
		"dedents":     strings.Repeat("if x:\n  y\n", 5000),
		"comments":    strings.Repeat("# c\n", n),
		"unclosed":    strings.Repeat("'''\n\\", n),
		"open fields": strings.Repeat("f'{\n", n),
		"specs":       "x = f\"{" + strings.Repeat("''\n", n) + "}\"",
		"colons":      "x[" + strings.Repeat(":", n) + "]",
		"case":        strings.Repeat("match x:\n case ", 2000),
	} {
		began := time.Now()
		m := Parse(src)
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if len(m.Problems) > 2*maxProblems {
			t.Errorf("%s: %d problems", name, len(m.Problems))
		}
	}
}

func blocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "if x:\n")
	}
	return b.String()
}

func Fuzz(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		m := Parse(src)
		again := Parse(src)
		if fmt.Sprint(facts(m)) != fmt.Sprint(facts(again)) {
			t.Error("the same text gave two trees")
		}
		var a, b []string
		for _, into := range []*[]string{&a, &b} {
			r := &Runner{File: "setup.py", Called: func(c Found) { *into = append(*into, fmt.Sprint(c.Line, c.Name, shown(c.Args), shown(c.Named))) }}
			r.Run(m)
		}
		if !slices.Equal(a, b) {
			t.Errorf("the same text gave two results:\n%q\n%q", a, b)
		}
	})
}

func shown(list []Value) (all []string) {
	for _, v := range list {
		all = append(all, fmt.Sprintf("%d %d %q %q %q", v.Kind, v.Line, v.Key, v.Text, v.When), fmt.Sprint(shown(v.Items)))
	}
	return all
}

var seeds = []string{
	"from setuptools import setup\nsetup(name='x', version='1', **{'install_requires': ['a'] + [\"b%s\" % 1]})\n",
	"import os\nx = {k: [v for v in range(3) if v] for k, *v in y}\nif os.name == 'nt':\n  x['a'] = 1\nelse:\n  x['a'] = 2\nf(**x)\n",
	"def f(a, *b, c=1, **d) -> int:\n    return a[1:2, ...] + f'{a!r:>{b}} {{}}'\nprint(f(*[1], c=2))\n",
	"match x:\n    case {'a': 1}: pass\n    case _ if y: z()\n",
	"with open('a') as f, g(): f.read().strip().split(',')\nasync def g(): await h(); yield x\n",
	"try:\n  a = 1\nexcept (E, F) as e: b\nelse: c\nfinally: d\nwhile x: break\nlambda x, *y: (yield)\n",
	"print 'a'\nexec 'b' in c\nx = 'a' \"b\" rb'c'\nclass A(B, metaclass=C):\n  x: int = 1\n  def f(self): self.x += 1\n",
	"x = []\nfor i in ['a', 'b']:\n  x.append(i)\n  if u: x.extend(i.split())\nsetup(x, '{} {a}'.format(1, a=2), '%(a)s' % {'a': 1})\n",
}
