package condalock

import (
	"context"
	"encoding/json"
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

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/conda-lock.yml") }

func FuzzList(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/conda-linux-64.lock") }

func run(name, text string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(text)}}, name))
}

func locks() []string {
	var list []string
	for _, root := range []string{"../../../../shared/corpus/conda-lock", os.Getenv("MLBOM_CORPUS")} {
		if root == "" {
			continue
		}
		filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(name, "conda-lock.yml") {
				list = append(list, name)
			}
			return nil
		})
	}
	return list
}

// count reads a lock with PyYAML: what packages there are for which platform with
// which digest, and the edges within each platform.
const count = `
import json, re, sys, yaml
norm = lambda n: re.sub(r"[-_.]+", "-", n).lower()
doc = yaml.load(open(sys.argv[1]), yaml.CBaseLoader)
if doc["version"] != "1":
    sys.exit("another version")
doc["package"] = [p for p in doc["package"] if not p["name"].startswith("__")]  # properties of machines
packages, edges, names = set(), set(), {}
def me(p):
    pip = p["manager"] == "pip"
    return ("pypi " + norm(p["name"]) if pip else "conda " + p["name"].lower()) + " " + p["version"]
for p in doc["package"]:
    names[p["platform"], p["manager"], norm(p["name"]) if p["manager"] == "pip" else p["name"].lower()] = me(p)
    sha = (p.get("hash") or {}).get("sha256") or ""
    sub = p["url"].split("/")[-2] if p["manager"] == "conda" else ""
    packages.add((me(p), sub, sha))
for p in doc["package"]:
    for d in p.get("dependencies") or {}:
        if d == "pip" and p["manager"] == "pip":
            continue
        for manager in [p["manager"], "pip" if p["manager"] == "conda" else "conda"]:
            to = names.get((p["platform"], manager, norm(d) if manager == "pip" else d.lower()))
            if to:
                if to != me(p): edges.add((me(p), to))
                break
json.dump([sorted(packages), sorted(edges)], sys.stdout)
`

// TestOracle compares with PyYAML. Set MLBOM_ORACLE_RATTLER to a Python that has
// PyYAML, and MLBOM_CORPUS to a folder with more locks.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_RATTLER")
	if python == "" {
		t.Skip("MLBOM_ORACLE_RATTLER is not set: name a Python that has PyYAML")
	}
	total := [2]int{}
	for _, file := range locks() {
		out, err := exec.Command(python, "-c", count, file).Output()
		if err != nil {
			t.Logf("%s: PyYAML does not read it as a lock: %v", file, err)
			continue
		}
		var want [2][][]string
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := run("conda-lock.yml", string(data))
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		packages, edges := flat(seen)
		differ(t, file+" packages", packages, want[0])
		differ(t, file+" edges", edges, want[1])
		total[0] += len(want[0])
		total[1] += len(want[1])
	}
	t.Logf("%d packages and %d edges compared", total[0], total[1])
}

func differ(t *testing.T, what string, got map[string]bool, want [][]string) {
	t.Helper()
	for _, w := range want {
		key := strings.Join(w, " ")
		if !got[key] {
			t.Errorf("%s: missing %q", what, key)
		}
		delete(got, key)
	}
	for key := range got {
		t.Errorf("%s: too many: %q", what, key)
	}
}

func flat(seen []sbom.Sighting) (packages, edges map[string]bool) {
	packages, edges = map[string]bool{}, map[string]bool{}
	for _, s := range seen {
		if s.Kind == sbom.KindApplication {
			continue
		}
		for _, r := range s.Refs {
			platform, _, _ := strings.Cut(r.Comment, "/")
			if strings.HasPrefix(ident(s.Component), "pypi") {
				platform = ""
			}
			sha := ""
			for _, h := range r.Hashes {
				if h.Alg == "SHA-256" {
					sha = h.Value
				}
			}
			packages[ident(s.Component)+" "+platform+" "+sha] = true
		}
		for _, l := range s.Links {
			edges[ident(s.Component)+" "+ident(l.To)] = true
		}
	}
	return packages, edges
}

func ident(c sbom.Component) string {
	if strings.HasPrefix(c.Keys.PURL, "pkg:conda") {
		return "conda " + strings.ToLower(c.Name) + " " + c.Version
	}
	return "pypi " + strings.NewReplacer("_", "-", ".", "-").Replace(strings.ToLower(c.Name)) + " " + c.Version
}

// TestCorpus reads every lock that is there, without a problem.
func TestCorpus(t *testing.T) {
	list := locks()
	if len(list) == 0 {
		t.Skip("no corpus is there")
	}
	for _, file := range list {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if seen, err := run("conda-lock.yml", string(data)); err != nil || len(seen) < 3 {
			t.Errorf("%s: %d sightings, %v", file, len(seen), err)
		}
	}
}

// TestBomb: rows that aliases name again and again are not followed for ever.
func TestBomb(t *testing.T) {
	var deps strings.Builder
	for i := range 1000 {
		deps.WriteString("p" + strings.Repeat("x", i%50) + string(rune('a'+i%26)) + ": '', ")
	}
	row := "{name: a, version: '1', manager: conda, platform: linux-64, url: 'https://h.org/c/noarch/a-1-0.conda', dependencies: {" + deps.String() + "}}"
	text := "version: 1\nmetadata: {}\nrow: &row " + row + "\npackage: [" + strings.Repeat("*row, ", 3000) + "*row]\n"
	seen, err := run("conda-lock.yml", text)
	if len(seen) == 0 || err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("%d sightings, %.200v", len(seen), err)
	}
}

// TestSecrets: no credential of an address comes out, also not in a problem.
func TestSecrets(t *testing.T) {
	for name, text := range map[string]string{
		"conda-lock.yml": "version: 1\nmetadata: {channels: [{url: 'https://u:HIDDEN@h.org/t/HIDDEN/c'}, 'https://u:HIDDEN@h.org/d']}\npackage:\n" +
			"- {name: a, version: 1, manager: conda, platform: x, url: 'https://u:HIDDEN@h.org/t/HIDDEN/c/noarch/a-1-0.conda', dependencies: ['[https://u:HIDDEN@h.org/']}\n" +
			"- {name: b, version: 1, manager: pip, platform: x, url: 'https://u:HIDDEN@h.org/b.whl'}\n- {name: c, version: 1, manager: pip, platform: x, url: 'git+https://u:HIDDEN@h.org/c'}\n",
		"conda-linux-64.lock": "@EXPLICIT\nhttps://u:HIDDEN@h.org/t/HIDDEN/c/noarch/a-1-0.conda\nhttps://u:HIDDEN@h.org/t/HIDDEN/none\n# pip b @ https://u:HIDDEN@h.org/b.whl\n# pip ./c @ https://u:HIDDEN@h.org\n",
		"list.txt":            "# packages in environment at /home/HIDDEN:\na 1 0 https://u:HIDDEN@h.org/t/HIDDEN/c\nhttps://u:HIDDEN@h.org/\n",
	} {
		seen, err := run(name, text)
		data, _ := json.Marshal(seen)
		if strings.Contains(string(data), "HIDDEN") || err != nil && strings.Contains(err.Error(), "HIDDEN") || len(seen) < 3 {
			t.Errorf("%s: a secret is kept, or too little is read: %s %v", name, data, err)
		}
	}
}
