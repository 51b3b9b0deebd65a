package vendor

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/vendor/modules.txt",
		[]byte("## workspace\n# a.b/c v1.0.0 => ./c\n## explicit; go 1.21\na.b/c\n"),
		[]byte("# a.b/c => d.e/f v1.0.0\n## explicit\n#\n##\n# \n"),
		[]byte("# a.b/c v1.0.0 =>\n# a.b/c v1.0.0 => x y z\na.b/../c\n\x00"))
}

const (
	goMod   = "module example.com/app\n\ngo 1.24\n\nrequire example.com/a v1.0.0\n"
	entryOf = "# example.com/a v1.0.0\n## explicit; go 1.20\nexample.com/a\n"
)

// consistency are folders as they may be found, and what is told of them.
var consistency = []struct {
	name, mod, list, want string // want is part of a finding; "" for none
}{
	{"fits", goMod, entryOf, ""},
	{"another version", goMod, strings.ReplaceAll(entryOf, "v1.0.0", "v1.1.0"), "v1.1.0 is vendored"},
	{"not marked", goMod, strings.ReplaceAll(entryOf, "explicit; ", ""), "not marked as explicit"},
	{"lost", goMod, "# example.com/b v1.0.0\nexample.com/b\n", "not marked as explicit"},
	{"too many", "module example.com/app\n\ngo 1.24\n", entryOf, "not required in go.mod"},
	{"before 1.14", strings.ReplaceAll(goMod, "1.24", "1.13"), "# example.com/a v1.0.0\nexample.com/a\n", ""},
	{"before 1.14, another version", strings.ReplaceAll(goMod, "1.24", "1.13"), "# example.com/a v1.1.0\nexample.com/a\n", "v1.1.0 is vendored"},
	{"replaced", goMod + "replace example.com/a => example.com/b v1.0.0\n", "# example.com/a v1.0.0 => example.com/b v1.0.0\n## explicit\nexample.com/a\n# example.com/a => example.com/b v1.0.0\n", ""},
	{"replaced, not told", goMod + "replace example.com/a => example.com/b v1.0.0\n", entryOf, "and not in vendor/modules.txt"},
	{"replaced by another", goMod + "replace example.com/a v1.0.0 => example.com/b v1.0.0\n", "# example.com/a v1.0.0 => example.com/c v1.0.0\n## explicit\nexample.com/a\n", "by example.com/c@v1.0.0 in vendor"},
	{"not replaced", goMod, "# example.com/a v1.0.0 => example.com/b v1.0.0\n## explicit\nexample.com/a\n", "and not in go.mod"},
	{"replaced by a folder", goMod + "replace example.com/a => ./a\n", "# example.com/a v1.0.0 => ./a\n## explicit\nexample.com/a\n# example.com/a => ./a\n", ""},
	{"replaced by another folder", goMod + "replace example.com/a => ./a\n", "# example.com/a v1.0.0 => ./b\n## explicit\nexample.com/a\n# example.com/a => ./b\n", "by ./b in vendor"},
}

func findings(t *testing.T, tree fstest.MapFS) string {
	t.Helper()
	r := sbomtest.Collect(t, &Collector, tree)
	var text []string
	for _, s := range r.Sightings {
		for _, f := range s.Findings {
			if f.Rule != sbom.RuleLockMismatch {
				t.Errorf("rule %s", f.Rule)
			}
			text = append(text, f.Message)
		}
	}
	return strings.Join(text, "\n")
}

func TestConsistency(t *testing.T) {
	for _, c := range consistency {
		got := findings(t, fstest.MapFS{"svc/go.mod": {Data: []byte(c.mod)}, "svc/vendor/modules.txt": {Data: []byte(c.list)}})
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := findings(t, fstest.MapFS{"go.mod": {Data: []byte(goMod)}, "deps/modules.txt": {Data: []byte("# example.com/b v1.0.0\n")}}); got != "" {
		t.Errorf("a folder of another name: %s", got)
	}
	if got := findings(t, fstest.MapFS{"vendor/modules.txt": {Data: []byte(entryOf)}}); got != "" {
		t.Errorf("without go.mod: %s", got)
	}
}

// TestConsistencyLikeGo: the go command refuses the same folders.
func TestConsistencyLikeGo(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command to compare with")
	}
	for _, c := range consistency {
		dir := t.TempDir()
		for name, text := range map[string]string{"go.mod": c.mod, "vendor/modules.txt": c.list, "a.go": "package a\n", "a/go.mod": "module example.com/a\n"} {
			name = filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("go", "list", "-mod=vendor", ".")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
		out, err := cmd.CombinedOutput()
		refused := strings.Contains(string(out), "inconsistent vendoring")
		if err != nil && !refused {
			t.Errorf("%s: the go command fails for another reason: %s", c.name, out)
		}
		if refused != (c.want != "") {
			t.Errorf("%s: the go command says %q, here %q is expected", c.name, out, c.want)
		}
	}
}

func TestWorkspace(t *testing.T) {
	tree := func(list string) fstest.MapFS {
		return fstest.MapFS{
			"w/go.work":            {Data: []byte("go 1.24\nuse ./m\nuse ./n\nreplace example.com/y => ./y\n")},
			"w/m/go.mod":           {Data: []byte("module example.com/m\n\ngo 1.24\n\nrequire example.com/a v1.0.0\n\nreplace example.com/x => ../x\n")},
			"w/n/go.mod":           {Data: []byte("module example.com/n\n\ngo 1.24\n")},
			"w/vendor/modules.txt": {Data: []byte("## workspace\n" + list)},
		}
	}
	if got := findings(t, tree(entryOf+"# example.com/x => ./x\n# example.com/y => ./y\n")); got != "" {
		t.Errorf("a folder that fits: %s", got)
	}
	if got := findings(t, tree(entryOf+"# example.com/x => ../x\n")); strings.Count(got, "\n") != 1 || !strings.Contains(got, "by ./x in") || !strings.Contains(got, "example.com/y is replaced") {
		t.Errorf("a folder that does not fit: %s", got)
	}
}

func TestBounds(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"vendor/modules.txt": {Data: []byte(strings.Repeat("x\n", 500_000))}})
	if len(r.Problems) == 0 || len(r.Problems) > 30 {
		t.Errorf("%d problems", len(r.Problems))
	}
	r = sbomtest.Collect(t, &Collector, fstest.MapFS{"vendor/modules.txt": {Data: []byte("# a.b/c v1.0.0\n" + strings.Repeat("a.b/c/d\n", 5_000))}})
	if len(r.Sightings) != 1 || len(r.Sightings[0].Properties[0].Value) > 10_000 {
		t.Errorf("%d sightings", len(r.Sightings))
	}
}

func TestOtherFolders(t *testing.T) {
	for text, want := range map[string]int{entryOf: 1, "## workspace\n" + entryOf: 1, "# a list of modules\nx\n": 0, "": 0, "x v1.0.0\n": 0} {
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"deps/modules.txt": {Data: []byte(text)}})
		if len(r.Sightings) != want || len(r.Problems) > 0 {
			t.Errorf("%q: %+v", text, r)
		}
	}
}
