package installed

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a-1.dist-info/METADATA", []byte("Name: a\nVersion: 1\nRequires-Dist: b>1; extra == 'x'\n"))
}

func FuzzRecord(f *testing.F) {
	f.Add("a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n", "Name: a\nVersion: 1\n", `{"url":"https://example.org/a","vcs_info":{}}`)
	f.Fuzz(func(t *testing.T, record, meta, origin string) {
		tree := fstest.MapFS{
			"a-1.dist-info/RECORD": {Data: []byte(record)}, "a-1.dist-info/METADATA": {Data: []byte(meta)},
			"a-1.dist-info/direct_url.json": {Data: []byte(origin)}, "a.py": {}, "a-1.dist-info/requires.txt": {Data: []byte(record)},
		}
		sbomtest.Collect(t, &Collector, tree)
	})
}

func run(tree fs.FS, name string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(tree, name))
}

// TestNothingOfTheMachine: no path and no credential of the machine that the
// package was installed on gets into what is said of it.
func TestNothingOfTheMachine(t *testing.T) {
	for name, origin := range map[string]string{
		"folder":   `{"url": "file:///home/secret/a", "dir_info": {}}`,
		"archive":  `{"url": "file:///home/secret/a-1.whl", "archive_info": {"hash": "sha256=00"}}`,
		"url":      `{"url": "https://secret:secret@example.org/a-1.whl", "archive_info": {}}`,
		"git":      `{"url": "https://secret@example.org/a", "vcs_info": {"vcs": "git", "commit_id": "00"}}`,
		"no scope": `{"url": "file:///home/secret"}`,
		"broken":   `{"url": "https://secret:secret@`,
	} {
		tree := fstest.MapFS{
			"x/a-1.dist-info/METADATA":        {Data: []byte("Name: a\nVersion: 1\n")},
			"x/a-1.dist-info/direct_url.json": {Data: []byte(origin)},
		}
		seen, err := run(tree, "x/a-1.dist-info/METADATA")
		if len(seen) != 1 {
			t.Fatalf("%s: %d sightings, %v", name, len(seen), err)
		}
		if text := sbomtest.JSON(seen); strings.Contains(text, "secret") || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %s %v", name, text, err)
		}
	}
}

// TestConda: what a builder of conda packages recorded of its machine is no origin,
// and its RECORD is no witness, for conda rewrites prefixes.
func TestConda(t *testing.T) {
	tree := fstest.MapFS{
		"a-1.dist-info/METADATA":        {Data: []byte("Name: a\nVersion: 1\n")},
		"a-1.dist-info/INSTALLER":       {Data: []byte("conda\n")},
		"a-1.dist-info/direct_url.json": {Data: []byte(`{"url": "file:///croot/a/work", "dir_info": {}}`)},
		"a-1.dist-info/RECORD":          {Data: []byte("a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n")},
		"a.py":                          {Data: []byte("prefix = '/opt'\n")},
	}
	seen, err := run(tree, "a-1.dist-info/METADATA")
	if err != nil || seen[0].Keys.PURL != "pkg:pypi/a@1" {
		t.Errorf("%+v %v", seen, err)
	}
	if seen, err = run(tree, "a-1.dist-info/RECORD"); len(seen) != 0 || err != nil {
		t.Errorf("%+v %v", seen, err)
	}
}

// TestRecordIsBounded: files outside are not opened, large and vendored ones not read.
func TestRecordIsBounded(t *testing.T) {
	const digest = ",sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
	tree := fstest.MapFS{
		"s/site-packages/a-1.dist-info/METADATA": {Data: []byte("Name: a\nVersion: 1\n")},
		"s/site-packages/a-1.dist-info/RECORD":   {Data: []byte("../../out.py" + digest + "/etc/out.py" + digest + "big.py" + digest + "../out.py" + digest + "..\\out.py" + digest)},
		"s/site-packages/big.py":                 {Data: make([]byte, maxFile+1)},
		"out.py":                                 {Data: []byte("x")},
		"s/out.py":                               {Data: []byte("x")},
		"s/site-packages/b/_vendor/c-1.dist-info/METADATA": {Data: []byte("Name: c\nVersion: 1\n")},
		"s/site-packages/b/_vendor/c-1.dist-info/RECORD":   {Data: []byte("c.py" + digest)},
		"s/site-packages/b/_vendor/c.py":                   {Data: []byte("x")},
	}
	for _, name := range []string{"s/site-packages/a-1.dist-info/RECORD", "s/site-packages/b/_vendor/c-1.dist-info/RECORD"} {
		if seen, err := run(tree, name); len(seen) != 0 || err != nil {
			t.Errorf("%s: %+v %v", name, seen, err)
		}
	}
	many := strings.Builder{}
	for i := range 50 {
		name := "m" + strings.Repeat("x", i) + ".py"
		many.WriteString(name + digest)
		tree["s/site-packages/"+name] = &fstest.MapFile{Data: []byte("x")}
	}
	tree["s/site-packages/a-1.dist-info/RECORD"].Data = []byte(many.String())
	seen, _ := run(tree, "s/site-packages/a-1.dist-info/RECORD")
	if len(seen) != 1 || len(seen[0].Findings) != maxTold+1 || seen[0].Findings[0].Rule != sbom.RuleDigest {
		t.Errorf("%+v", seen)
	}
}

func TestHostile(t *testing.T) {
	start := time.Now()
	for name, text := range map[string]string{
		"fields":       strings.Repeat("A: b\n", 1<<20),
		"continuation": "Name: a\nVersion: 1\nLicense: x\n" + strings.Repeat(" y\n", 1<<20),
		"requirements": "Name: a\nVersion: 1\n" + strings.Repeat("Requires-Dist: b; extra == 'c'\n", 1<<16),
		"parentheses":  "Name: a\nVersion: 1\nRequires-Dist: b; " + strings.Repeat("(", 1<<12) + "\n",
		"addresses":    "Name: a\nVersion: 1\nAuthor-email: " + strings.Repeat("<", 1<<15) + "\n",
		"classifiers":  "Name: a\nVersion: 1\n" + strings.Repeat("Classifier: License :: x\n", 1<<14),
	} {
		seen, err := run(fstest.MapFS{"a-1.dist-info/METADATA": {Data: []byte(text)}}, "a-1.dist-info/METADATA")
		if len(seen) == 0 && err == nil {
			t.Errorf("%s: nothing is said", name)
		}
	}
	if d := time.Since(start); d > 2*time.Minute {
		t.Errorf("took %v", d)
	}
}

// inventory is what Python itself knows of a folder of packages.
const inventory = `
import importlib.metadata as m, json, re, sys, sysconfig
site = sysconfig.get_paths()["purelib"]
norm = lambda s: re.sub(r"[-_.]+", "-", s).lower()
req = lambda s: norm(re.match(r"[A-Za-z0-9._-]+", s).group())
out = []
for d in m.distributions(path=[site]):
    out.append([norm(d.metadata["Name"]), d.version, sorted({req(r) for r in d.requires or []} - {norm(d.metadata["Name"])})])
json.dump([site, sorted(out)], sys.stdout)
`

// TestOracle compares an environment with what importlib.metadata says of it. Set
// MLBOM_ORACLE_PYTHON to an interpreter, best of an environment with many packages.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later")
	}
	out, err := exec.Command(python, "-c", inventory).Output()
	if err != nil {
		t.Fatal(err)
	}
	var site string
	var want [][]any
	if err := json.Unmarshal(out, &[]any{&site, &want}); err != nil {
		t.Fatal(err)
	}
	got := [][]any{}
	tree := os.DirFS(site)
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, name := range []string{path.Join(e.Name(), "METADATA"), path.Join(e.Name(), "PKG-INFO"), path.Join(e.Name(), "EGG-INFO/PKG-INFO"), e.Name()} {
			if info, err := fs.Stat(tree, name); err == nil && info.Mode().IsRegular() && Collector.Matches(name) && !strings.HasSuffix(name, ".egg-link") {
				got = append(got, known(t, tree, name))
			}
		}
	}
	slices.SortFunc(got, func(a, b []any) int { return strings.Compare(sbomtest.JSON(a), sbomtest.JSON(b)) })
	slices.SortFunc(want, func(a, b []any) int { return strings.Compare(sbomtest.JSON(a), sbomtest.JSON(b)) })
	t.Logf("%d packages", len(want))
	if g, w := sbomtest.JSON(got), sbomtest.JSON(want); g != w {
		t.Error(sbomtest.Difference(w, g))
	}
}

// known is what the collector knows of one package: name, version, requirements.
func known(t *testing.T, tree fs.FS, name string) []any {
	seen, err := run(tree, name)
	if err != nil || len(seen) == 0 {
		t.Fatalf("%s: %d sightings, %v", name, len(seen), err)
	}
	s := seen[0]
	requires := []any{}
	add := func(n string) {
		if n = pylock.Normalize(n); !slices.Contains(requires, any(n)) {
			requires = append(requires, n)
		}
	}
	for _, l := range s.Links {
		if l.Rel == sbom.DependsOn {
			add(l.To.Name)
		}
	}
	for _, p := range s.Properties {
		if p.Name == "mlbom:python:requires" {
			n := strings.IndexFunc(p.Value, func(r rune) bool {
				return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", r)
			})
			if n < 0 {
				n = len(p.Value)
			}
			add(p.Value[:n])
		}
	}
	slices.SortFunc(requires, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return []any{pylock.Normalize(s.Name), s.Version, requires}
}
