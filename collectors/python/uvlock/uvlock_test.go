package uvlock

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/uv.lock") }

func run(name, text string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(text)}}, name))
}

func named(seen []sbom.Sighting, name string) *sbom.Sighting {
	for i := range seen {
		if seen[i].Name == name {
			return &seen[i]
		}
	}
	return &sbom.Sighting{}
}

func lock(source string) string {
	return "version = 1\n[[package]]\nname = \"A_b.c\"\nversion = \"1.0\"\nsource = { " + source + " }\n"
}

// TestKeys: what does not come from an index is not the package on PyPI.
func TestKeys(t *testing.T) {
	commit := strings.Repeat("0a", 20)
	for name, c := range map[string]struct {
		source string
		key    sbom.Keys
		rule   string // of the findings at the package
	}{
		"index":         {`registry = "https://pypi.org/simple"`, sbom.Keys{PURL: "pkg:pypi/a-b-c@1.0"}, ""},
		"other index":   {`registry = "https://u:p@x.example.org/simple"`, sbom.Keys{PURL: "pkg:pypi/a-b-c@1.0"}, ""},
		"git":           {`git = "https://u:p@example.org/r?rev=main#` + commit + `"`, sbom.Keys{URL: "git+https://example.org/r@" + commit}, ""},
		"git in folder": {`git = "https://example.org/r?subdirectory=x#` + commit + `"`, sbom.Keys{URL: "git+https://example.org/r@" + commit + "#subdirectory=x"}, ""},
		"no commit":     {`git = "https://example.org/r?tag=v1"`, sbom.Keys{URL: "git+https://example.org/r@v1"}, sbom.RuleUnpinned},
		"url":           {`url = "https://u:p@example.org/a.whl"`, sbom.Keys{URL: "https://example.org/a.whl"}, sbom.RuleDirectURL},
		"plain url":     {`url = "http://example.org/a.whl"`, sbom.Keys{URL: "http://example.org/a.whl"}, sbom.RuleInsecureIndex + " " + sbom.RuleDirectURL},
		"file":          {`path = "../a.whl"`, sbom.Keys{Path: "x/a.whl"}, ""},
		"folder":        {`directory = "lib"`, sbom.Keys{Path: "x/y/lib/#python"}, ""},
		"root":          {`virtual = "../.."`, sbom.Keys{Path: "./#python"}, ""},
		"itself":        {`editable = "."`, sbom.Keys{Path: "x/y/#python"}, ""},
		"outside":       {`editable = "../../.."`, sbom.Keys{}, sbom.RulePathEscape},
		"absolute":      {`directory = "/a"`, sbom.Keys{}, sbom.RulePathEscape},
		"drive":         {`directory = "C:/a"`, sbom.Keys{}, sbom.RulePathEscape},
		"backslashes":   {`directory = "..\\\\..\\\\..\\\\a"`, sbom.Keys{}, sbom.RulePathEscape},
		"unknown":       {`svn = "https://example.org/r"`, sbom.Keys{}, ""},
	} {
		seen, err := run("x/y/uv.lock", lock(c.source))
		if (err != nil) != (name == "unknown") {
			t.Errorf("%s: %v", name, err)
		}
		s := named(seen, "A_b.c")
		var rules []string
		for _, f := range s.Findings {
			if f.Rule != sbom.RuleNoHash { // none of them has files
				rules = append(rules, f.Rule)
			}
		}
		rule := strings.Join(rules, " ")
		if s.Keys != c.key || rule != c.rule || s.Where.Line != 2 {
			t.Errorf("%s: keys %+v, rule %q at line %d, want %+v, %q", name, s.Keys, rule, s.Where.Line, c.key, c.rule)
		}
		if strings.Contains(fmt.Sprintf("%+v", seen), "u:p@") {
			t.Errorf("%s: credentials are kept", name)
		}
	}
}

// TestSecondVersion: an edge leads to the version and the source that it names.
func TestSecondVersion(t *testing.T) {
	text := "version = 1\n" +
		"[[package]]\nname = \"app\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"x\", version = \"2\" }, { name = \"y\", source = { path = \"y.whl\" } }]\n" +
		"[[package]]\nname = \"x\"\nversion = \"1\"\nsource = { registry = \"https://a.example.org\" }\n" +
		"[[package]]\nname = \"x\"\nversion = \"2\"\nsource = { registry = \"https://a.example.org\" }\n" +
		"[[package]]\nname = \"y\"\nversion = \"1\"\nsource = { registry = \"https://a.example.org\" }\n" +
		"[[package]]\nname = \"y\"\nversion = \"1\"\nsource = { path = \"y.whl\" }\n"
	seen, err := run("uv.lock", text)
	if err != nil {
		t.Fatal(err)
	}
	var to []string
	for _, l := range named(seen, "app").Links {
		to = append(to, l.To.Keys.PURL+l.To.Keys.Path)
	}
	if !slices.Equal(to, []string{"pkg:pypi/x@2", "y.whl"}) {
		t.Errorf("links lead to %q", to)
	}
}

// TestHostile: what grows faster than the file is cut off, and told.
func TestHostile(t *testing.T) {
	var b strings.Builder
	b.WriteString("version = 1\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "[[package]]\nname = \"x\"\nversion = \"%d\"\nsource = { registry = \"https://a.example.org\" }\n", i)
	}
	b.WriteString("[[package]]\nname = \"app\"\nsource = { virtual = \".\" }\ndependencies = [\n" + strings.Repeat("{ name = \"x\" },\n", 3000) + "]\n")
	began := time.Now()
	seen, err := run("uv.lock", b.String())
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
	if n := len(named(seen, "app").Links); n > 200_000 {
		t.Errorf("%d links", n)
	}
	if text := fmt.Sprint(err); !strings.Contains(text, "locked more than") || !strings.Contains(text, "dependencies; the rest is left out") {
		t.Errorf("problems are %.300s", text)
	}
}

func large(packages int) string {
	var b strings.Builder
	b.WriteString("version = 1\nrevision = 3\n")
	digest := strings.Repeat("ab", 32)
	for i := range packages {
		fmt.Fprintf(&b, "\n[[package]]\nname = \"package-%d\"\nversion = \"1.%d\"\nsource = { registry = \"https://pypi.org/simple\" }\ndependencies = [\n", i, i)
		for j := i + 1; j < min(i+5, packages); j++ {
			fmt.Fprintf(&b, "    { name = \"package-%d\", marker = \"sys_platform == 'linux'\" },\n", j)
		}
		fmt.Fprintf(&b, "]\nsdist = { url = \"https://files.example.org/p-%d.tar.gz\", hash = \"sha256:%s\", size = 1, upload-time = \"2025-01-01T00:00:00Z\" }\n", i, digest)
		fmt.Fprintf(&b, "wheels = [\n    { url = \"https://files.example.org/p-%d.whl\", hash = \"sha256:%s\", size = 1, upload-time = \"2025-01-01T00:00:00Z\" },\n]\n", i, digest)
	}
	b.WriteString("\n[[package]]\nname = \"app\"\nversion = \"1.0\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"package-0\" }]\n")
	return b.String()
}

func BenchmarkLock5000(b *testing.B) {
	text := large(5_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := run("uv.lock", text); err != nil {
			b.Fatal(err)
		}
	}
}
