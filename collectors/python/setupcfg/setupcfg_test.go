package setupcfg

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/setup.cfg") }

// TestGrammar: values as Python's configparser gives them.
func TestGrammar(t *testing.T) {
	for text, want := range map[string]string{
		"[a]\nk = v":                          "v",
		"[a]\nk: v":                           "v",
		"[a]\nk=a=b:c":                        "a=b:c",
		"[a]\nk = a\n b\n c":                  "a\nb\nc",
		"[a]\nk =\n  a\n\n  b\n\nl = 1":       "\na\n\nb",
		"[a]\nk = a ; b # c":                  "a ; b # c",
		"[a]\nk = a\n# comment\n  ; more\n b": "a\nb",
		"[a]\n  k = a\n  l = b":               "a",
		"[a]\nk =":                            "",
		"[a]\nk = %(x)s %":                    "%(x)s %",
		"[a]\r\nk = a\r\n b\r\n":              "a\nb",
	} {
		text, err := sbom.DecodeText([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		c := parse(text)
		if got := c.section("a").get("k").value(); got != want || len(c.problems) > 0 {
			t.Errorf("%q gives %q, %v, want %q", text, got, c.problems, want)
		}
	}
}

// TestFill: references are filled in from the section and from [DEFAULT].
func TestFill(t *testing.T) {
	seen := run(t, "[DEFAULT]\nbase = kit\n[metadata]\nname = %(base)s-x\nversion = 1%%\ndescription = %(missing)s\n")
	if s := seen[0]; s.Name != "kit-x" || s.Version != "1%" || s.Description != "%(missing)s" {
		t.Errorf("name %q, version %q, description %q", s.Name, s.Version, s.Description)
	}
}

// TestVersion: where it can be taken from, and what is said where it cannot.
func TestVersion(t *testing.T) {
	for name, c := range map[string]struct{ cfg, file, text, want, problem string }{
		"attr":            {"attr: a.__version__", "a.py", "__version__ = '1.2'", "1.2", ""},
		"package":         {"attr: a.b.v", "a/b/__init__.py", "v = '1.2'", "1.2", ""},
		"src":             {"attr: a.v", "src/a/__init__.py", "from os import x\nv: str = '1.2'\n", "1.2", ""},
		"tuple":           {"attr: a.v", "a.py", "v = (1, 2, 'rc1')", "1.2.rc1", ""},
		"computed":        {"attr: a.v", "a.py", "import subprocess\nv = subprocess.check_output(['git'])", "", "subprocess.check_output"},
		"no module":       {"attr: b.v", "a.py", "v = '1'", "", "not in the tree"},
		"file":            {"file: VERSION", "VERSION", "1.2\n", "1.2", ""},
		"no version":      {"file: VERSION", "VERSION", "one\n", "", "none by PEP 440"},
		"outside":         {"file: ../VERSION", "VERSION", "1.2\n", "", "leaves the folder"},
		"absolute":        {"file: /VERSION", "VERSION", "1.2\n", "", "leaves the folder"},
		"missing":         {"file: NONE", "VERSION", "1.2\n", "", "not in the tree"},
		"relative module": {"attr: ../a.v", "a.py", "v = '1'", "", "no attribute"},
	} {
		tree := fstest.MapFS{"p/setup.cfg": {Data: []byte("[metadata]\nname = x\nversion = " + c.cfg + "\n")}, "p/" + c.file: {Data: []byte(c.text)}, "VERSION": {Data: []byte("9")}, "a.py": {Data: []byte("v = '9'")}}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(tree, "p/setup.cfg"))
		problem := ""
		for _, p := range sbom.Problems(err) {
			problem += p.Error()
		}
		if seen[0].Version != c.want || !strings.Contains(problem, c.problem) || (problem == "") != (c.problem == "") {
			t.Errorf("%s: version %q, problem %q, want %q, %q", name, seen[0].Version, problem, c.want, c.problem)
		}
	}
}

// TestMarkerOnOneLine: ";" separates requirements on a single line.
func TestMarkerOnOneLine(t *testing.T) {
	seen := run(t, "[options]\ninstall_requires = a; b>=2 ;c ; python_version < '3'\n")
	var got []string
	for _, s := range seen[1:] {
		got = append(got, s.Name+strings.Join(s.Package.Requirements, "")+strings.Join(s.Package.Markers, ""))
	}
	if want := []string{"a", "b>=2", "cpython_version < '3'"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHostile: large values and many options end, and are told.
func TestHostile(t *testing.T) {
	for name, text := range map[string]string{
		"options":  "[metadata]\n" + strings.Repeat("a = 1\nb = 2\n", 50_000),
		"lines":    "[options]\ninstall_requires =\n" + strings.Repeat(" a\n", 100_000),
		"sections": strings.Repeat("[x]\n", 100_000) + "[metadata]\nname = a\n",
		"fill":     "[metadata]\nname = " + strings.Repeat("%(a)s", 20_000) + "\na = " + strings.Repeat("x", 1000),
	} {
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(fstest.MapFS{"setup.cfg": {Data: []byte(text)}}, "setup.cfg"))
		if len(seen) == 0 || err == nil && name != "fill" {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
		}
	}
}

// TestCorpus: files of public projects are read without a problem of grammar.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not here")
	}
	projects, requirements := 0, 0
	for _, name := range files(t) {
		if !strings.Contains(name, "corpus") {
			continue
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(filepath.Dir(name)), "setup.cfg"))
		for _, p := range sbom.Problems(err) {
			if !strings.Contains(p.Reason, "not in the tree") { // what attr: names is not in the corpus
				t.Errorf("%s: %v", name, p.Error())
			}
		}
		if len(seen) > 0 {
			projects++
			requirements += len(seen) - 1
		}
	}
	if projects < 5 || requirements < 20 {
		t.Errorf("%d projects, %d requirements", projects, requirements)
	}
	t.Logf("%d projects, %d requirements", projects, requirements)
}

func run(t *testing.T, text string) []sbom.Sighting {
	t.Helper()
	seen, _ := Collector.Collect(t.Context(), sbom.NewFile(fstest.MapFS{"setup.cfg": {Data: []byte(text)}}, "setup.cfg"))
	if len(seen) == 0 {
		t.Fatalf("%q gives nothing", text)
	}
	return seen
}
