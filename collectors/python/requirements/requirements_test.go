package requirements

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a/requirements.txt", []byte("-r requirements.txt\n-c ../x\na==${V} \\\n --hash=sha256:00 # via b\nb\n    # via\n    #   -r x.in\n    #   a\n"))
}

func collectFile(t *testing.T, tree fs.FS, name string) ([]sbom.Sighting, []sbom.Problem) {
	t.Helper()
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(tree, name))
	return seen, sbom.Problems(err)
}

// TestMillionLines: a file of a million requirements ends in one clear problem, and
// in memory that hangs on its size alone.
func TestMillionLines(t *testing.T) {
	var b strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&b, "p%06d==1.0\n", i)
	}
	tree := fstest.MapFS{"requirements.txt": {Data: []byte(b.String())}}
	b.Reset()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	seen, problems := collectFile(t, tree, "requirements.txt")
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
	t.Logf("%v, %d MiB allocated in all", took, allocated)
	if len(seen) != maxRequirements+1 || len(problems) != 1 || problems[0].Line != maxRequirements+1 || !strings.Contains(problems[0].Reason, "the rest, from this line on, is not read") {
		t.Errorf("%d sightings, problems %.300v", len(seen), problems)
	}
	if allocated > 400 && !testing.Short() || took > time.Minute {
		t.Errorf("%v and %d MiB for %d MiB", took, allocated, len(tree["requirements.txt"].Data)>>20)
	}
}

// TestIncludedTree: files that include each other without end are bounded.
func TestIncludedTree(t *testing.T) {
	tree := fstest.MapFS{}
	for i := range 2 * maxIncluded {
		text := fmt.Sprintf("p%d\n-r f%d.txt\n-r f%d.txt\n-c f%d.txt\n", i, 2*i+1, 2*i+2, i)
		tree[fmt.Sprintf("f%d.txt", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	tree["requirements.txt"] = &fstest.MapFile{Data: []byte("-r f0.txt\n")}
	seen, problems := collectFile(t, tree, "requirements.txt")
	packages := map[string]int{}
	for _, s := range seen {
		if s.Kind == sbom.KindLibrary && !s.Hint {
			packages[s.Name]++
		}
	}
	if len(packages) < maxIncluded/3 || len(packages) > maxIncluded {
		t.Errorf("%d packages", len(packages))
	}
	for name, n := range packages {
		if n != 1 {
			t.Errorf("%s is seen %d times", name, n)
		}
	}
	found := false
	for _, p := range problems {
		found = found || strings.Contains(p.Reason, "files are included")
	}
	if !found {
		t.Errorf("problems %.500v", problems)
	}
}

// TestMergeOfIncluded: a file that is read by itself and through another one gives
// the same facts once, and each project what it requires.
func TestMergeOfIncluded(t *testing.T) {
	tree := fstest.MapFS{
		"app/requirements.txt":      {Data: []byte("-r ../common/requirements.txt\n-c constraints.txt\nflask\n")},
		"app/constraints.txt":       {Data: []byte("torch==2.5.1\n")},
		"common/requirements.txt":   {Data: []byte("torch>=2 --hash=sha256:00\n")},
		"common/requirements.in":    {Data: []byte("torch>=2\n")},
		"other/requirements-dev.in": {Data: []byte("torch\n")},
	}
	g := sbom.Merge(sbomtest.Collect(t, &Collector, tree))
	var names []string
	for _, n := range g.Nodes {
		if n.Name == "torch" {
			names = append(names, string(n.ID))
			if n.Version == "2.5.1" && (strings.Join(n.Package.Requirements, " ") != "==2.5.1 >=2" || strings.Join(n.Package.Groups, " ") != "main") {
				t.Errorf("%+v", n.Package)
			}
		}
	}
	if got := strings.Join(names, " "); got != "pkg:pypi/torch pkg:pypi/torch@2.5.1" {
		t.Errorf("torch is %q", got)
	}
	edges := map[string]bool{}
	for _, e := range g.Edges {
		edges[string(e.From)+" > "+string(e.To)] = true
	}
	for _, want := range []string{"app:app/#python > pkg:pypi/torch@2.5.1", "app:app/#python > pkg:pypi/flask", "app:common/#python > pkg:pypi/torch@2.5.1", "app:other/#python > pkg:pypi/torch"} {
		if !edges[want] {
			t.Errorf("no edge %s in %v", want, edges)
		}
	}
	if len(g.Problems) > 0 || len(g.Conflicts) > 0 {
		t.Errorf("%v %v", g.Problems, g.Conflicts)
	}
}

// TestCredentials: no secret of an address leaves the collector.
func TestCredentials(t *testing.T) {
	text := `-i https://u:s3cr3t@h/simple
--extra-index-url http://s3cr3t@h/x
--find-links http://u:s3cr3t@h/x
-r https://u:s3cr3t@h/r.txt
-r http://s3cr3t@${H}/r.txt
git+https://s3cr3t@h/r#egg=a
git+https://s3cr3t:x@${H}/r#egg=b
c @ https://u:s3cr3t@h/c.zip
https://u:s3cr3t@h/not a wheel.whl
https://u:s3cr3t@h/bad.whl
-e git+http://s3cr3t:${T}@h/r@v1
-e https://u:s3cr3t@h/x.zip
d @ https://u:s3cr3t@h:bad/d.zip
e==1 # via x
    # from https://u:s3cr3t@h/simple
f @ git+ssh://u:s3cr3t@h/r ; nope
g @ https://u:s3cr3t@${H}/x ; nope
h===https://u:s3cr3t@h
`
	tree := fstest.MapFS{"requirements.txt": {Data: []byte(text)}}
	if got := string(sbomtest.Render(t, &Collector, tree)); strings.Contains(got, "s3cr3t") {
		i := strings.Index(got, "s3cr3t")
		t.Errorf("a secret is told: %s", got[max(0, i-200):i+20])
	}
}

// TestCorpus runs over the requirements files that lie beside the module.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus")
	}
	tree := os.DirFS(root)
	files, packages := 0, 0
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !Collector.Matches(name) {
			return err
		}
		seen, problems := collectFile(t, tree, name)
		files++
		packages += max(len(seen)-1, 0)
		if len(seen) == 0 {
			t.Logf("%s: nothing: %v", name, problems)
		}
		for _, p := range problems {
			t.Logf("%s:%d: %s", name, p.Line, p.Reason)
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatal(files, err)
	}
	t.Logf("%d files, %d packages", files, packages)
}

// TestLayers: what a lower layer, itself a lock, brings in is no wish of the project's.
func TestLayers(t *testing.T) {
	head := "# This file is autogenerated by pip-compile with Python 3.11\n"
	layer := "asgiref==3.8.1\n    # via\n    #   -r requirements/base.txt\n    #   django\ndjango==4.2.11\n    # via -r requirements/base.txt\n"
	for name, c := range map[string]struct{ base, want string }{
		"a lock":     {head + "asgiref==3.8.1\n    # via django\ndjango==4.2.11\n    # via -r requirements/base.in\n", "[django]"},
		"by a human": {"asgiref\ndjango\n", "[asgiref django]"},
	} {
		tree := fstest.MapFS{"requirements/base.txt": {Data: []byte(c.base)}, "requirements/dev.txt": {Data: []byte(head + layer)}}
		seen, problems := collectFile(t, tree, "requirements/dev.txt")
		var direct []string
		for _, s := range seen {
			for _, l := range s.Links {
				if s.Kind == sbom.KindApplication {
					direct = append(direct, l.To.Name)
				}
			}
		}
		if got := fmt.Sprint(direct); got != c.want || len(problems) > 0 {
			t.Errorf("%s: the project depends on %s, want %s (%v)", name, got, c.want, problems)
		}
	}
}

// TestDigestInAnAddress: it demands no digest of the other lines, as --hash does.
func TestDigestInAnAddress(t *testing.T) {
	sum := strings.Repeat("a", 64)
	for text, want := range map[string]int{
		"a==1\nhttps://x.example/b-1.0-py3-none-any.whl#sha256=" + sum + "\n":                   0,
		"--require-hashes\na==1\nhttps://x.example/b-1.0-py3-none-any.whl#sha256=" + sum + "\n": 1,
		"a==1\nb==1 --hash=sha256:" + sum + "\n":                                                1,
	} {
		seen, _ := collectFile(t, fstest.MapFS{"requirements.txt": {Data: []byte(text)}}, "requirements.txt")
		n := 0
		for _, s := range seen {
			for _, f := range s.Findings {
				if f.Rule == sbom.RuleNoHash {
					n++
				}
			}
		}
		if n != want {
			t.Errorf("%q: %d findings, want %d", text, n, want)
		}
	}
}

// TestPurposeByFolder: what docs/requirements.txt lists is not needed to run the system.
func TestPurposeByFolder(t *testing.T) {
	for name, want := range map[string]string{
		"docs/requirements.txt": "doc", "tests/requirements/base.txt": "test", "requirements/test/base.txt": "test", "tests/requirements-dev.txt": "dev",
		"svc/requirements.txt": "main", "style/requirements.txt": "main", "requirements/base.txt": "main", "requirements.txt": "main", "docs/svc/requirements.txt": "main",
	} {
		if got := groupsOf(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is for %v, want %s", name, got, want)
		}
	}
}
