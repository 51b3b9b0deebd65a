package pixi

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
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

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/pixi.toml") }

func run(name, text string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(text)}}, name))
}

// TestRanges: a version is exact where pixi takes it so.
func TestRanges(t *testing.T) {
	for text, want := range map[string]string{
		`"1.2"`: "1.2", `"==1.2"`: "1.2", `"1.2.*"`: "", `">=1.2"`: "", `"*"`: "", `"=1.2"`: "", `"~=1.2"`: "", `"1.2|1.3"`: "",
		`{version = "1.2"}`: "1.2", `{version = "==1.2", build = "h*"}`: "1.2", `{build = "h*"}`: "",
	} {
		seen, err := run("pixi.toml", "[workspace]\n[dependencies]\na = "+text+"\n")
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d sightings, %v", text, len(seen), err)
			continue
		}
		if seen[1].Version != want {
			t.Errorf("%s: version %q, want %q", text, seen[1].Version, want)
		}
	}
}

// TestMany: the packages of one manifest are bounded.
func TestMany(t *testing.T) {
	var b strings.Builder
	b.WriteString("[workspace]\n[dependencies]\n")
	for i := range maxPackages + 50 {
		fmt.Fprintf(&b, "p%d = \"*\"\n", i)
	}
	seen, err := run("pixi.toml", b.String())
	if len(seen) > maxPackages+5 || len(sbom.Problems(err)) != 1 {
		t.Errorf("%d sightings, %v", len(seen), err)
	}
}

func manifests() []string {
	var list []string
	for _, root := range []string{"../../../../shared/corpus/pixi", os.Getenv("MLBOM_CORPUS")} {
		if root == "" {
			continue
		}
		filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && (d.Name() == "pixi.toml" || d.Name() == "pyproject.toml") {
				list = append(list, name)
			}
			return nil
		})
	}
	return list
}

// count reads a manifest with Python's own TOML reader: names and ranges of the
// packages in every table of dependencies.
const count = `
import json, re, sys, tomllib
doc = tomllib.load(open(sys.argv[1], "rb"))
if sys.argv[1].endswith("pyproject.toml"):
    doc = doc.get("tool", {}).get("pixi")
norm = lambda n: re.sub(r"[-_.]+", "-", n).lower()
out = set()
def conda(t):
    for name, v in (t or {}).items():
        if isinstance(v, dict) and (v.keys() & {"git", "path", "url"}): continue
        if name.startswith("if("):
            conda(v); continue
        out.add("conda " + name.lower())
def tables(t):
    for k in ["dependencies", "host-dependencies", "build-dependencies"]: conda(t.get(k))
    for name, v in (t.get("pypi-dependencies") or {}).items():
        if isinstance(v, dict) and v.keys() & {"git", "path", "url"}: continue
        out.add("pypi " + norm(name))
if doc is not None:
    for t in [doc, *doc.get("feature", {}).values(), *[e for e in doc.get("environments", {}).values() if isinstance(e, dict)]]:
        tables(t)
        for x in t.get("target", {}).values(): tables(x)
    p = doc.get("package", {})
    for t in [p, *p.get("target", {}).values()]:
        for k in ["run-dependencies", "host-dependencies", "build-dependencies"]: conda(t.get(k))
    for x in p.get("extra-dependencies", {}).values(): conda(x)
    b = p.get("build", {})
    conda(b.get("additional-dependencies")); conda(b.get("backend", {}).get("additional-dependencies"))
    name = b.get("backend", {}).get("name")
    if name and not b["backend"].keys() & {"git", "path", "url"}: out.add("conda " + name)
json.dump(sorted(out), sys.stdout)
`

// TestOracle compares with Python. Set MLBOM_ORACLE_PYTHON to a Python from 3.11
// on, and MLBOM_CORPUS to a folder with more manifests.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name a Python from 3.11 on")
	}
	total, files := 0, 0
	for _, file := range manifests() {
		out, err := exec.Command(python, "-c", count, file).Output()
		var want []string
		if err != nil || json.Unmarshal(out, &want) != nil {
			t.Logf("%s: Python does not read it", file)
			continue
		}
		data, _ := os.ReadFile(file)
		seen, err := run(filepath.Base(file), string(data))
		if err != nil {
			t.Logf("%s: %v", file, err)
		}
		got := map[string]bool{}
		for _, s := range seen {
			if s.Hint || s.Keys.PURL == "" || s.Kind == sbom.KindApplication {
				continue
			}
			if strings.HasPrefix(s.Keys.PURL, "pkg:conda") {
				got["conda "+s.Name] = true
			} else {
				got["pypi "+strings.NewReplacer("_", "-", ".", "-").Replace(strings.ToLower(s.Name))] = true
			}
		}
		for _, w := range want {
			if !got[w] {
				t.Errorf("%s: missing %q", file, w)
			}
			delete(got, w)
		}
		for g := range got {
			t.Errorf("%s: too many: %q", file, g)
		}
		total += len(want)
		files++
	}
	t.Logf("%d packages of %d files compared", total, files)
}

// TestCorpus reads every manifest that is there.
func TestCorpus(t *testing.T) {
	list := manifests()
	if len(list) == 0 {
		t.Skip("no corpus is there")
	}
	for _, file := range list {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if seen, err := run(filepath.Base(file), string(data)); strings.HasSuffix(file, "pixi.toml") && (len(seen) == 0 || err != nil) {
			t.Logf("%s: %d sightings, %v", file, len(seen), err)
		}
	}
}

// TestSecrets: no credential of an address comes out, also not in a problem.
func TestSecrets(t *testing.T) {
	seen, err := run("pixi.toml", `[workspace]
channels = ["https://u:HIDDEN@h.org/t/HIDDEN/c"]
repository = "https://u:HIDDEN@h.org/r"
[dependencies]
a = { version = "*", channel = "https://u:HIDDEN@h.org/t/HIDDEN/c" }
b = { url = "https://u:HIDDEN@h.org/t/HIDDEN/b.conda" }
c = { git = "https://u:HIDDEN@h.org/c" }
d = "1 ./x https://u:HIDDEN@h.org"
e = "[https://u:HIDDEN@h.org"
[pypi-dependencies]
f = { version = "*", index = "https://u:HIDDEN@h.org/s" }
g = "./x https://u:HIDDEN@h.org"
[pypi-options]
index-url = "https://u:HIDDEN@h.org/s"
find-links = [{ url = "https://u:HIDDEN@h.org/l" }]
`)
	data, _ := json.Marshal(seen)
	if strings.Contains(string(data), "HIDDEN") || err == nil || strings.Contains(err.Error(), "HIDDEN") {
		t.Errorf("a secret is kept: %s %v", data, err)
	}
}
