package pylock

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

func lock() *Lock { return New(sbom.NewFile(fstest.MapFS{}, "a/x.lock")) }

// add locks an index package.
func add(l *Lock, name, version string) *Package {
	p := l.Add(name, version, 1)
	l.Place(p, Origin{})
	return p
}

func versions(list []*Package) string {
	var names []string
	for _, p := range list {
		names = append(names, p.Version)
	}
	return strings.Join(names, " ")
}

// TestLocal: a local version only answers to itself and to a range without one.
func TestLocal(t *testing.T) {
	l := lock()
	for _, v := range []string{"2.5.1", "2.5.1+cpu", "2.5.1+cu121", "2.6"} {
		add(l, "torch", v)
	}
	for wanted, want := range map[string]string{
		"==2.5.1":           "2.5.1 2.5.1+cpu 2.5.1+cu121",
		"==2.5.1+cpu":       "2.5.1+cpu",
		"===2.5.1+cu121":    "2.5.1+cu121",
		"!=2.5.1+cpu,<2.6":  "2.5.1 2.5.1+cu121",
		">=2.6":             "2.6",
		"~=2.5.0":           "2.5.1 2.5.1+cpu 2.5.1+cu121",
		"":                  "2.5.1 2.5.1+cpu 2.5.1+cu121 2.6",
		"==1":               "2.5.1 2.5.1+cpu 2.5.1+cu121 2.6",
		"==2.5.1 || ==2.6":  "2.5.1 2.5.1+cpu 2.5.1+cu121 2.6",
		"== 2.5.1+CPU":      "2.5.1+cpu",
		"<2.5.1,>=2.5.1.a1": "2.5.1 2.5.1+cpu 2.5.1+cu121 2.6",
	} {
		if got := versions(l.Allowed("Torch", wanted)); got != want {
			t.Errorf("%q allows %q, want %q", wanted, got, want)
		}
	}
}

func TestSameVersion(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"1.0", "1.0.0", true}, {"1.0-1", "1.0.post1", true}, {"1.0", "1.1", false}, {"1+a-b", "1+a.b", true}, {"1", "1+a", false}, {"x", "x", true}, {"x", "y", false}} {
		if got := SameVersion(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

// TestCondition: what the machine decides can hold; what is asked for is known.
func TestCondition(t *testing.T) {
	for _, c := range []struct {
		marker        string
		none, x, y, g bool
	}{
		{"sys_platform == 'win32'", true, true, true, true},
		{"extra == 'X_1'", false, true, false, false},
		{"'x-1' == extra or python_version < '3'", true, true, true, true},
		{"extra == 'x-1' and sys_platform == 'win32'", false, true, false, false},
		{"extra != 'x-1'", true, false, true, true},
		{"extra == 'x-1' or extra == 'y'", false, true, true, false},
		{"'x-1' in extras and 'g' in dependency_groups", false, false, false, false},
		{"'x-1' not in extras", true, false, true, true},
		{"('x-1' in extras or 'g' in dependency_groups) and (os_name == 'nt' or os_name == 'posix')", false, true, false, true},
		{"extra == 'x-1' and extra == 'y' or 'g' in dependency_groups", false, false, false, true},
	} {
		m, err := ParseMarker(c.marker)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]bool{"": c.none, "x-1": c.x, "y": c.y, "g": c.g} {
			asked := Asked{Extras: map[string]bool{name: name != "g"}, Groups: map[string]bool{name: name == "g"}}
			if got := m.Holds(asked); got != want {
				t.Errorf("%s with %q: %v", c.marker, name, got)
			}
		}
	}
	if _, err := ParseMarker(strings.Repeat("(", 1000)); err == nil {
		t.Error("a broken marker is one")
	}
	var none *Condition
	if extras, groups := none.Names(); !none.Holds(Asked{}) || extras != nil || groups != nil {
		t.Error("no marker holds always")
	}
	m, _ := ParseMarker("'b' in extras or 'a' in extras and 'g' in dependency_groups or 'a' in extras")
	if extras, groups := m.Names(); strings.Join(extras, " ") != "a b" || strings.Join(groups, " ") != "g" {
		t.Errorf("names are %q, %q", extras, groups)
	}
}

func TestWants(t *testing.T) {
	doc, err := tomllines.Parse(`
[project]
dependencies = ["a[x]>=1; os_name == 'nt'", "not a requirement"]
[project.optional-dependencies]
Fast = ["b"]
[dependency-groups]
dev = ["c", {include-group = "Test_All"}]
test-all = ["d", {include-group = "dev"}]
[tool.uv]
dev-dependencies = ["e"]
[tool.pdm.dev-dependencies]
docs = ["-e file:///${PROJECT_ROOT}/f#egg=f"]
`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range Wants(doc) {
		got = append(got, w.Label+"/"+w.Name+strings.Join(w.Extras, ",")+w.Range+w.Marker)
	}
	want := "/ax>=1os_name == 'nt' extra:fast/b dev/c dev/d group:test-all/d group:test-all/c dev/e group:docs/f"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	if Wants(nil) != nil {
		t.Error("no manifest wants something")
	}
}

// TestUnhashed: a few packages are told one by one, many all together.
func TestUnhashed(t *testing.T) {
	for _, n := range []int{0, 1, maxNamed, maxNamed + 1, 300} {
		l := lock()
		l.Artefact(add(l, "fine", "1"), Artefact{Name: "f", Digests: []string{"sha256:" + strings.Repeat("ab", 32)}})
		for i := range n {
			p := add(l, "p"+strings.Repeat("x", i), "1")
			if i%2 == 0 {
				l.Artefact(p, Artefact{URL: "https://e.org/a.whl"})
			}
		}
		l.Unhashed()
		at, project := 0, len(l.Project.Findings)
		for _, p := range l.Packages {
			at += len(p.Findings)
		}
		wantAt, wantProject := n, 0
		if n > maxNamed {
			wantAt, wantProject = 0, 1
		}
		if at != wantAt || project != wantProject {
			t.Errorf("%d packages: %d findings at packages, %d at the project", n, at, project)
		}
	}
}

// TestDigestsOfAnySort: what the vocabulary has no name for is kept as written,
// and a digest of the wrong length is none.
func TestDigestsOfAnySort(t *testing.T) {
	l := lock()
	p := add(l, "a", "1")
	l.Artefact(p, Artefact{URL: "https://e.org/a.whl", Digests: []string{"sha3_384:" + strings.Repeat("ab", 48), "blake2s:AB12", "sha256:ab"}, Size: "1_000", Sort: "wheel"})
	if r := p.Refs; len(r) != 1 || len(r[0].Hashes) != 1 || r[0].Hashes[0].Alg != "SHA3-384" || r[0].Comment != "wheel, 1000 bytes" {
		t.Errorf("refs %+v", r)
	}
	if i := p.Package.Integrity; len(i) != 1 || i[0] != "blake2s:ab12 a.whl" {
		t.Errorf("integrity %q", i)
	}
	if len(l.Problems()) != 1 {
		t.Errorf("problems %v", l.Problems())
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"x @ https://u:p@e.org/a and git+ssh://t@e.org/b": "x @ https://e.org/a and git+ssh://e.org/b",
		"https://${U}:${P}@e.org":                         "https://e.org",
		"x from https://u:p@ss@e.org/a":                   "x from https://e.org/a",
		"https://e.org/a@1":                               "https://e.org/a@1",
		"a@b":                                             "a@b",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestJSON: the text is that of Python's json.dumps(sort_keys=True).
func TestJSON(t *testing.T) {
	doc, err := tomllines.Parse("b = [1_000, 0x10, true]\na = {z = \"\\u00e9\\U0001F600\\n\\\"\\u0001\\u007f/\", y = []}\n")
	if err != nil {
		t.Fatal(err)
	}
	j := &JSON{}
	want := `{"a": {"y": [], "z": "\u00e9\ud83d\ude00\n\"\u0001` + "\x7f" + `/"}, "b": [1000, 16, true]}`
	if got := j.Value(doc); got != want || j.Failed {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	j = &JSON{Compact: true}
	if got := j.Value(doc.Get("b")); got != `[1000,16,true]` {
		t.Error(got)
	}
	doc, _ = tomllines.Parse("a = 1.5\n")
	if j.Value(doc); !j.Failed {
		t.Error("a fraction has no text that is sure")
	}
}

// TestConditionalEdges: an edge counts where its condition holds for the label.
func TestConditionalEdges(t *testing.T) {
	l := lock()
	cpu, gpu := add(l, "torch", "1"), add(l, "torch", "2")
	when, err := ParseMarker("extra == 'gpu'")
	if err != nil {
		t.Fatal(err)
	}
	l.Link(l.Project, Edge{To: cpu})
	l.Link(l.Project, Edge{To: gpu, When: when})
	l.Link(l.Project, Edge{To: gpu, Label: "extra:gpu", When: when})
	l.Asked = func(label string) Asked {
		return Asked{Extras: map[string]bool{strings.TrimPrefix(label, "extra:"): true}}
	}
	groups := l.Groups([]*Package{l.Project})
	if strings.Join(groups[cpu], " ") != "main" || strings.Join(groups[gpu], " ") != "extra:gpu" {
		t.Errorf("groups %q, %q", groups[cpu], groups[gpu])
	}
}

// FuzzMarker: whatever follows the grammar of markers is read as a condition that
// answers, and without extras and groups in it, holds.
func FuzzMarker(f *testing.F) {
	for _, s := range []string{"extra == 'x' and (os_name == 'nt' or 'g' in dependency_groups)", "'a' not in extras", "python_version < '3' or extra != \"b\"", "'x' in 'xyz'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseMarker(text)
		if (err == nil) != (c != nil) {
			t.Fatalf("%q: %v, %v", text, c, err)
		}
		extras, groups := c.Names()
		if holds := c.Holds(Asked{}); len(extras)+len(groups) == 0 && !holds {
			t.Errorf("%q does not hold, though nothing that is asked for decides it", text)
		}
	})
}
