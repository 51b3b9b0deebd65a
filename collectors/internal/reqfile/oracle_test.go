package reqfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// pip reads the texts of files with pip's own parser, line by line, and prints
// what it makes of each. In the folder where it runs there is a project "pkg".
const pip = `
import json, logging, os, sys, tempfile
from pip._internal.req.req_file import ParsedLine, OptionParsingError, get_line_parser, handle_requirement_line, preprocess
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.utils.misc import redact_auth_from_url
logging.disable(logging.CRITICAL)
d = json.load(sys.stdin)
where = tempfile.mkdtemp()
os.chdir(where)
os.mkdir("pkg")
open("pkg/pyproject.toml", "w").close()
open("pyproject.toml", "w").close()
parse = get_line_parser(None)
def one(number, line):
    try:
        args, opts = parse(line)
    except OptionParsingError:
        return {"refused": True}
    parsed = ParsedLine("requirements.txt", number, args, opts, False)
    out = {"hashes": sorted(k + ":" + v for k, l in (getattr(opts, "hashes", None) or {}).items() for v in l)}
    if parsed.requirement is None:
        out |= {"r": opts.requirements, "c": opts.constraints, "i": opts.index_url or "", "x": opts.extra_index_urls, "f": opts.find_links, "t": opts.trusted_hosts,
                "flags": [bool(opts.no_index), bool(opts.require_hashes), bool(opts.pre)]}
        return out
    out["requirement"] = True
    try:
        r = install_req_from_parsed_requirement(handle_requirement_line(parsed))
    except Exception as e:
        return out | {"refused": True}
    link = r.link.url if r.link else ""
    return out | {"name": r.req.name if r.req else "", "specifier": str(r.req.specifier) if r.req else "", "extras": sorted(r.extras), "marker": str(r.markers) if r.markers else "",
                  "url": "" if link.startswith("file:") else link, "local": link.startswith("file:"), "editable": r.editable}
json.dump([[one(n, l) for n, l in preprocess(t)] for t in d], sys.stdout)
`

type verdict struct {
	Refused     bool
	Requirement bool
	Hashes      []string
	R, C, X, F  []string
	T           []string
	I           string
	Flags       []bool

	Name, Specifier, Marker, URL string
	Extras                       []string
	Local, Editable              bool
}

// ours says the same of a file.
func ours(text string) (all []verdict) {
	isDir := func(at string) bool {
		return slices.Contains([]string{".", "./", "./pkg", "pkg", "./pkg/", "pkg/"}, at)
	}
	Read(text, func(e Entry) bool {
		v := verdict{Hashes: slices.Sorted(slices.Values(e.All("--hash")))}
		if e.Err != nil {
			all = append(all, verdict{Refused: true})
			return true
		}
		at, editable := e.Editable()
		if e.Args == "" && !editable {
			v.R, v.C, v.X, v.F, v.T = e.All("--requirement"), e.All("--constraint"), e.All("--extra-index-url"), e.All("--find-links"), e.All("--trusted-host")
			if i := e.All("--index-url"); len(i) > 0 {
				v.I = i[len(i)-1]
			}
			for _, name := range []string{"--no-index", "--require-hashes", "--pre"} {
				_, ok := e.First(name)
				v.Flags = append(v.Flags, ok)
			}
			all = append(all, v)
			return true
		}
		v.Requirement = true
		var r Requirement
		var err error
		if editable {
			r, err = ParseEditable(at, isDir)
		} else {
			r, err = Parse(e.Args, isDir)
		}
		if v.Editable = editable; err != nil {
			all = append(all, verdict{Refused: true, Requirement: true, Hashes: v.Hashes})
			return true
		}
		v.Name, v.URL, v.Extras = r.Name, r.URL, r.Extras
		if s, err := pep440.ParseSpecifiers(r.Specifier); err == nil {
			v.Specifier = s.String()
		}
		if m, err := pep508.ParseMarker(r.Marker); err == nil && r.Marker != "" {
			v.Marker = m.String()
		}
		if v.Local = r.Path != "" || strings.HasPrefix(strings.ToLower(r.URL), "file:"); v.Local {
			if v.URL = ""; strings.HasPrefix(r.URL, "file://..") {
				v.Name = "" // pip makes it a path, without the name behind it
			}
		}
		if r.File != nil && r.Specifier == "" && !strings.Contains(r.URL, "egg=") {
			v.Name = "" // pip asks the archive itself
		}
		all = append(all, v)
		return true
	})
	return all
}

func (v verdict) text() string {
	for i := range v.Extras {
		v.Extras[i] = pep508.Normalize(v.Extras[i])
	}
	slices.Sort(v.Extras)
	v.Extras = slices.Compact(v.Extras)
	return fmt.Sprintf("%+v", v)
}

type generator struct{ *rand.Rand }

func (g generator) one(words ...string) string { return words[g.IntN(len(words))] }

func (g generator) maybe(percent int, s string) string {
	if g.IntN(100) < percent {
		return s
	}
	return ""
}

func (g generator) line() string {
	hash := func() string {
		return g.one("--hash=", "--hash ", "--has=") + g.one("sha256:", "sha512:", "sha256:", "md5:", "") + g.one("abcd", "0123")
	}
	switch g.IntN(12) {
	case 0:
		return g.one("-r", "--requirement", "--req", "-c", "--constraint", "--con") + g.one(" ", "=", "") + g.one("base.txt", "'a b.txt'", `a\ b.txt`, `"x.txt"`, "../c.txt")
	case 1:
		return g.one("-i", "--index-url", "--extra-index-url", "--pypi-url", "-f", "--find-links", "--trusted-host", "--ext") + g.one(" ", "=") + g.one("https://h/simple", "h", "'https://h/x y'")
	case 2:
		return g.one("--pre", "--no-index", "--require-hashes", "--pre --no-index", "--prefer-binary", "--no-binary :all:", "--only-binary=a,b", "--bogus", "-Q", "--pre=1", "--no", "-i", "--", "-- -r x", "--pre stray", "-r a -c b -r d")
	case 3:
		return g.one("-e ", "--editable=", "--editable ", "-e") + g.one("./pkg", "pkg", ".", "./pkg[a,B]", "git+https://h/r.git#egg=n", "git+https://h/r.git@v1#egg=n&subdirectory=s", "n@git+https://h/r", `"n @ git+https://h/r@a/b"`, "hg+http://h/r#egg=n", "git://h/r#egg=n", "svn+svn://h/r#egg=n", "bzr+lp:r#egg=n", "https://h/r.zip#egg=n") + g.maybe(15, " "+hash())
	case 4:
		return g.one("https://h/x-1.0-py3-none-any.whl", "https://h/x-1.0.tar.gz", "https://h/x.zip#egg=n", "git+ssh://git@h/r@v1#egg=n", "http://h/a%2Bb-1.0-py2.py3-none-any.whl?x=1#sha256=00", "file:///a/x-1.0-py3-none-any.whl", "https://h/bad.whl", "git+https://h/r") +
			g.maybe(30, g.one(" ; ", "; ", ";")+"python_version < '3'") + g.maybe(20, " "+hash())
	case 5:
		return g.one("./pkg", "./pkg[x]", "./none", "dist/x-1.0-py3-none-any.whl", "x-1.0.tar.gz", "./x-1.0.zip", "../y-2-py3-none-any.whl[z]", "pkg", ".", "x.whl", ".[dev]") + g.maybe(20, "; os_name == 'nt'")
	case 6:
		return g.one("# comment", "  # via x", "a # b", "a#b", "a  #", "#", "a\t# x", "\\", "", "   ", "a \\", "a==1 \\", "    --hash=sha256:00 \\", "# c \\", "a\\ ", "\\a\\")
	}
	r := g.one("a", "A.b", "torch", "x_y", "é") + g.maybe(20, "[u,V]") + g.one("", "", "==1.0", ">=1,<2", " ~= 1.0", " (==1)", "==1.*", "=1", "===x", " @ https://h/a.zip", "@git+https://h/r@v1", "== ${V}", ">=1 ") + g.maybe(25, g.one(" ; ", ";", "; ")+g.one("python_version >= '3.8'", "extra == 'A_b'", "os_name", "sys_platform == 'linux' and os_name == 'posix'"))
	for range g.IntN(6) - 3 {
		r += g.one(" ", "\t", " \\\n  ", "\\\n ", "  \\\n\t") + hash()
	}
	return r + g.maybe(20, g.one(" # via b", "  #c", "\t# d", "#e"))
}

// TestOracle compares with pip's own parser, over the requirements files of the
// corpus and over generated ones.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON names no Python that has pip from 26 on")
	}
	if err := exec.Command(python, "-c", "import pip, sys; sys.exit(int(pip.__version__.split('.')[0]) < 26)").Run(); err != nil {
		t.Skip("the Python of MLBOM_ORACLE_PYTHON has no pip from 26 on")
	}
	names, texts := corpus(t)
	g := generator{rand.New(rand.NewPCG(5, 6))}
	for i := range 1500 {
		var lines []string
		for range 1 + g.IntN(8) {
			lines = append(lines, g.line())
		}
		names, texts = append(names, fmt.Sprintf("generated %d", i)), append(texts, strings.Join(lines, "\n")+"\n")
	}
	data, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-W", "ignore", "-c", pip)
	c.Stdin = bytes.NewReader(data)
	answer, err := c.Output() // what it writes of the lines that it refuses is not shown
	if err != nil {
		t.Fatal(err)
	}
	var want [][]verdict
	if err := json.Unmarshal(answer, &want); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for i, text := range texts {
		got := ours(text)
		for j := range max(len(got), len(want[i])) {
			var a, b verdict
			if j < len(got) {
				a = got[j]
			}
			if j < len(want[i]) {
				b = want[i][j]
			}
			count[fmt.Sprintf("refused %v, requirement %v", b.Refused, b.Requirement)]++
			if b.Refused && a.Editable && !a.Local && a.Name == "" {
				continue // a repository without a name, which is told from its address
			}
			if b.Refused && strings.Contains(a.URL, "egg=") && (strings.ContainsAny(a.URL, "[=") || strings.Contains(a.URL, "+")) {
				continue // extras and versions there, which pip took once; "git:" and "git+git@h:r"
			}
			if b.Refused && a.Editable && a.Local {
				continue // a folder that is not there, which pip tells from a text by looking
			}
			if b.Refused && a.Refused {
				continue // by the line's grammar or by what it means
			}
			if a.text() != b.text() {
				t.Errorf("%s, entry %d of\n%s\ngot  %s\nwant %s", names[i], j, text, a.text(), b.text())
				break
			}
		}
	}
	if count["refused false, requirement true"] < 3000 {
		t.Error("the generated files show too little")
	}
	t.Logf("%d files: %v", len(texts), count)
}

// corpus reads the requirements files that lie beside the module.
func corpus(t *testing.T) (names, texts []string) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(strings.ToLower(filepath.Base(name)), "requirements") || filepath.Ext(name) != ".txt" {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := sbom.DecodeText(data); err == nil {
			names, texts = append(names, name), append(texts, text)
		}
		return nil
	})
	return names, texts
}
