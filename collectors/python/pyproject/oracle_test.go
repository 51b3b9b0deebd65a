package pyproject

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
)

// names reads a pyproject.toml with Python's own TOML reader and the reference
// implementation of PEP 508, and prints what is required by name.
const names = `
import json, sys, tomllib
from packaging.requirements import Requirement, InvalidRequirement
from packaging.utils import canonicalize_name
try:
    d = tomllib.load(open(sys.argv[1], "rb"))
except tomllib.TOMLDecodeError:
    print("null")
    sys.exit()
p, tool = d.get("project", {}), d.get("tool", {})
texts = list(d.get("build-system", {}).get("requires", [])) + list(p.get("dependencies", []))
for l in [*p.get("optional-dependencies", {}).values(), *d.get("dependency-groups", {}).values(), tool.get("uv", {}).get("dev-dependencies", [])]:
    texts += l
for e in tool.get("hatch", {}).get("envs", {}).values():
    texts += e.get("dependencies", []) + e.get("extra-dependencies", [])
for l in tool.get("pdm", {}).get("dev-dependencies", {}).values():
    texts += [t.rpartition("#egg=")[2] for t in l]
found = set()
for t in texts:
    try:
        found.add(canonicalize_name(Requirement(t).name))
    except (InvalidRequirement, TypeError, AttributeError):
        pass
poetry = tool.get("poetry", {})
for t in [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {}), *[g.get("dependencies", {}) for g in poetry.get("group", {}).values()]]:
    found |= {canonicalize_name(k) for k, v in t.items() if isinstance(v, (str, dict, list)) and "!" not in k}
found -= {"python", canonicalize_name(p.get("name", poetry.get("name", "")))}
print(json.dumps(sorted(found)))
`

// TestOracle compares with Python. Set MLBOM_ORACLE_PYTHON to an interpreter of
// Python 3.11 or later that has the package packaging, and MLBOM_CORPUS to a
// folder of files of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later with the package packaging")
	}
	trees := []string{unpack(t)}
	if more := os.Getenv("MLBOM_CORPUS"); more != "" {
		trees = append(trees, more)
	}
	compared := 0
	for _, dir := range trees {
		tree := os.DirFS(dir)
		err := fs.WalkDir(tree, ".", func(name string, _ fs.DirEntry, err error) error {
			if err != nil || path.Base(name) != "pyproject.toml" {
				return err
			}
			out, err := exec.Command(python, "-c", names, filepath.Join(dir, name)).CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v: %s", name, err, out)
			}
			var want []string
			if err := json.Unmarshal(out, &want); err != nil {
				t.Fatalf("%s: %v: %s", name, err, out)
			}
			if strings.TrimSpace(string(out)) != "null" {
				compared++
				if got := required(t, tree, name); !slices.Equal(got, want) {
					t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if compared < 3 {
		t.Errorf("%d files compared", compared)
	}
}

// required gives the names of what the project depends on.
func required(t *testing.T, tree fs.FS, name string) []string {
	seen, _ := Collector.Collect(t.Context(), sbom.NewFile(tree, name))
	list := []string{}
	for _, s := range seen {
		for _, l := range s.Links {
			if n := pep508.Normalize(l.To.Name); l.Rel == sbom.DependsOn && !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	slices.Sort(list)
	return list
}

// unpack writes the trees of testdata/*.txtar.
func unpack(t *testing.T) string {
	dir := t.TempDir()
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, a := range archives {
		archive, err := txtar.ParseFile(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			at := filepath.Join(dir, filepath.Base(a), f.Name)
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}
