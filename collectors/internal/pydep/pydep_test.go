package pydep

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
)

func manifest() *Manifest {
	return New(sbom.NewFile(fstest.MapFS{}, "a/b/pyproject.toml"))
}

// TestKeys: what is not from an index never gets the purl of a name there.
func TestKeys(t *testing.T) {
	sha := strings.Repeat("ab", 20)
	for _, c := range []struct {
		text    string
		want    sbom.Keys
		version string
		rules   string
	}{
		{"Torch_Vision", sbom.Keys{PURL: "pkg:pypi/torch-vision"}, "", ""},
		{"torch==2.5.1", sbom.Keys{PURL: "pkg:pypi/torch@2.5.1"}, "2.5.1", ""},
		{"torch===2.5.1+cu121", sbom.Keys{PURL: "pkg:pypi/torch@2.5.1%2Bcu121"}, "2.5.1+cu121", ""},
		{"torch==2.*", sbom.Keys{PURL: "pkg:pypi/torch"}, "", ""},
		{"torch>=2,<3", sbom.Keys{PURL: "pkg:pypi/torch"}, "", ""},
		{"x @ git+https://u:p@example.org/o/x.git@" + sha, sbom.Keys{URL: "git+https://example.org/o/x.git@" + sha}, "", ""},
		{"x @ git+https://example.org/o/x.git", sbom.Keys{URL: "git+https://example.org/o/x.git"}, "", "unpinned-revision"},
		{"x @ git+ssh://git@example.org/o/x.git@v1#subdirectory=py&egg=x", sbom.Keys{URL: "git+ssh://git@example.org/o/x.git@v1#subdirectory=py"}, "", "unpinned-revision"},
		{"x @ https://u:p@example.org/x-1.2-py3-none-any.whl#sha256=00", sbom.Keys{URL: "https://example.org/x-1.2-py3-none-any.whl"}, "1.2", ""},
		{"x @ https://example.org/x-1.2.tar.gz", sbom.Keys{URL: "https://example.org/x-1.2.tar.gz"}, "1.2", "direct-url"},
		{"x @ https://example.org/x-1.2.tar.gz#sha256=" + strings.Repeat("0", 64), sbom.Keys{URL: "https://example.org/x-1.2.tar.gz"}, "1.2", ""},
		{"x @ git+ssh://git@example.org:o/x.git@a/b", sbom.Keys{URL: "git+ssh://git@example.org/o/x.git@a%2Fb"}, "", "unpinned-revision"},
		{"x @ hg+https://example.org/x@" + sha, sbom.Keys{URL: "hg+https://example.org/x@" + sha}, "", ""},
		{"x @ svn+https://example.org/x@12", sbom.Keys{URL: "svn+https://example.org/x@12"}, "", ""},
		{"x @ svn+https://example.org/x", sbom.Keys{URL: "svn+https://example.org/x"}, "", "unpinned-revision"},
		{"x @ bzr+lp:x@12", sbom.Keys{URL: "bzr+lp:x@12"}, "", "unpinned-revision"},
		{"x @ git+http://${T}:y@example.org/x@" + sha, sbom.Keys{URL: "git+http://example.org/x@" + sha}, "", "insecure-index"},
		{"x @ http://example.org/x.tar.gz", sbom.Keys{URL: "http://example.org/x.tar.gz"}, "", "insecure-index"},
	} {
		m := manifest()
		m.Text(c.text, 3, "main")
		all := m.Sightings()
		if len(all) != 2 || len(m.Problems()) > 0 {
			t.Errorf("%s: %+v %v", c.text, all, m.Problems())
			continue
		}
		s := all[1]
		var rules []string
		for _, f := range append(s.Findings, all[0].Findings...) {
			rules = append(rules, f.Rule)
		}
		if s.Keys != c.want || s.Version != c.version || strings.Join(rules, " ") != c.rules || s.Where.Line != 3 {
			t.Errorf("%s:\ngot  %+v %q %q\nwant %+v %q %q", c.text, s.Keys, s.Version, rules, c.want, c.version, c.rules)
		}
		if l := all[0].Links; len(l) != 1 || l[0].Rel != sbom.DependsOn || l[0].To.Keys != c.want || l[0].Line != 3 {
			t.Errorf("%s: links %+v", c.text, l)
		}
	}
}

func TestFolders(t *testing.T) {
	m := manifest()
	for _, folder := range []string{"../c", ".", "../../../etc", "/etc"} {
		m.Add(Need{Requirement: pep508.Requirement{Name: "n" + folder}, Folder: folder, Line: 1})
	}
	all := m.Sightings()
	if len(all) != 2 || all[1].Keys.Path != "a/c/#python" || all[1].Kind != sbom.KindApplication || !all[1].Mentioned {
		t.Errorf("%+v", all)
	}
	app := all[0]
	if len(app.Findings) != 2 || app.Findings[0].Rule != sbom.RulePathEscape {
		t.Errorf("findings %+v", app.Findings)
	}
	var names []string
	for _, l := range app.Links {
		names = append(names, l.To.Name)
		if l.To.Keys != (sbom.Keys{}) && l.To.Keys.Path != "a/c/#python" {
			t.Errorf("a place out of the tree has keys: %+v", l.To.Keys)
		}
	}
	if strings.Join(names, " ") != "n../c n../../../etc n/etc" {
		t.Errorf("links to %q", names)
	}
}

func TestConstraintsAreHints(t *testing.T) {
	m := manifest()
	m.Add(Need{Requirement: pep508.Requirement{Name: "x", Specifier: "<2"}, Hint: true})
	all := m.Sightings()
	if len(all[0].Links) != 0 || !all[1].Hint || all[1].Package.Requirements[0] != "<2" {
		t.Errorf("%+v", all)
	}
	m = manifest()
	m.Hints = true
	m.Text("y==1", 1)
	if all := m.Sightings(); len(all) != 1 || !all[0].Hint {
		t.Errorf("%+v", all)
	}
}

func TestBounds(t *testing.T) {
	m := manifest()
	for range maxDependencies + 10 {
		m.Text("x", 1)
	}
	for range maxProblems + 10 {
		m.Text("!", 1)
	}
	if n := len(m.Sightings()); n != maxDependencies+1 {
		t.Errorf("%d sightings", n)
	}
	if n := len(m.Problems()); n != maxProblems+1 {
		t.Errorf("%d problems", n)
	}
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://u:p@h/x":          "https://h/x",
		"https://${T}@h/x":         "https://h/x",
		"https://${U}:${P}@h/x":    "https://h/x",
		"https://u:p@${H}/x":       "https://${H}/x",
		"https://a@b@${H}/x":       "https://${H}/x",
		"ssh://git@h:o/r.git":      "ssh://git@h/o/r.git",
		"git@h:o/r.git":            "ssh://git@h/o/r.git",
		"ssh://git@h:22/o/r.git":   "ssh://git@h:22/o/r.git",
		"git+ssh://git@${H}/o/r":   "git+ssh://git@${H}/o/r",
		"git+ssh://git:p@${H}/o/r": "git+ssh://${H}/o/r",
		"https://h/x?token=${T}":   "https://h/x?token=${T}",
		"https://u:p@[bad/x":       "",
		"./wheels":                 "./wheels",
	} {
		if got := Address(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestEdges: names are compared as packages are, and every fork of a package counts.
func TestEdges(t *testing.T) {
	m := manifest()
	m.Text("A_b==1; os_name == 'nt'", 1)
	m.Text("a.b==2; os_name != 'nt'", 2)
	m.Text("c==1", 3)
	m.Edges([]Edge{{From: "a-b", To: "C", Line: 4}, {From: "c", To: "none", Line: 5}}, true)
	m.Resolved()
	all := m.Sightings()
	for i, want := range []int{3, 1, 1, 0} {
		if len(all[i].Links) != want || all[i].Basis != sbom.Resolved || (i > 0) != (all[i].Package != nil && all[i].Package.Dependencies == "complete") {
			t.Errorf("%d: %+v", i, all[i])
		}
	}
	if l := all[1].Links[0]; l.To.Keys.PURL != "pkg:pypi/c@1" || l.Line != 4 {
		t.Errorf("%+v", l)
	}
}

func TestInclude(t *testing.T) {
	m := manifest()
	child := m.Include(sbom.NewFile(fstest.MapFS{}, "x/base.txt"))
	child.Text("a", 1)
	child.Text("!", 2)
	child.Add(Need{Requirement: pep508.Requirement{Name: "b"}, Line: 3, Folder: "../lib"})
	all := child.Sightings()
	if len(all) != 3 || all[0].Keys.Path != "a/b/#python" || all[1].Where.Path != "x/base.txt" || all[2].Keys.Path != "a/lib/#python" {
		t.Errorf("%+v", all)
	}
	if p := sbom.Problems(child.Problems()[0]); p[0].Path != "x/base.txt" || p[0].Line != 2 {
		t.Errorf("%+v", p)
	}
	if again := m.Include(sbom.NewFile(fstest.MapFS{}, "x/none.txt")).Sightings(); len(again) != 0 {
		t.Errorf("an empty file says %+v", again)
	}
}

func TestPinnedAndLoose(t *testing.T) {
	m := manifest()
	m.Add(Need{Requirement: pep508.Requirement{Name: "a", Specifier: ">=1"}, Pinned: "1.5"})
	m.Add(Need{Requirement: pep508.Requirement{Name: "b", Specifier: "==2"}, Loose: true, Hint: true})
	m.Add(Need{Requirement: pep508.Requirement{Name: "c"}, Conda: true, Exact: "3"})
	m.Add(Need{Requirement: pep508.Requirement{Name: "d"}, Indirect: true})
	all := m.Sightings()
	var keys []string
	for _, s := range all[1:] {
		keys = append(keys, s.Keys.PURL+" "+s.Version)
	}
	if got := strings.Join(keys, ", "); got != "pkg:pypi/a@1.5 , pkg:pypi/b , pkg:conda/c@3 3, pkg:pypi/d " || len(all[0].Links) != 2 {
		t.Errorf("%s; %+v", got, all[0].Links)
	}
}

// TestCredentials: what is broken shows no secret, however it is cut.
func TestCredentials(t *testing.T) {
	long := strings.Repeat("s3cr3t", 40)
	m := manifest()
	for _, text := range []string{
		"x @ https://u:s3cr3t@h/x ; nope", "x @ https://u:" + long + "@h/x ; nope", "x==https://u:" + long + "@h", "x===https://u:s3cr3t@h", "x; extra == 'https://u:s3cr3t@h'",
		"https://u:s3cr3t@h/x", "x @ git+https://u:s3cr3t@${H}/x@v1", "x @ file://u:s3cr3t@h/x", "x @ https://u:s3cr3t@h:bad/x", "x ; os_name == https://u:" + long + "@h",
	} {
		m.Text(text, 1)
	}
	m.Add(Need{Requirement: pep508.Requirement{Name: "y"}, Folder: "../../../https://u:s3cr3t@h"})
	for _, p := range m.Problems() {
		if strings.Contains(p.Error(), "s3cr3t") {
			t.Errorf("%v", p)
		}
	}
	for _, s := range m.Sightings() {
		if text := fmt.Sprintf("%+v %+v", s, s.Package); strings.Contains(text, "s3cr3t") {
			t.Error(text)
		}
	}
}
