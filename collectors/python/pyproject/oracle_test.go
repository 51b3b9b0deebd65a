package pyproject

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
)

// names reads files of pyproject.toml with Python's own TOML reader and the
// reference implementation of PEP 508, and prints what each requires by name.
const names = `
import json, os, re, sys, tomllib
from packaging.requirements import Requirement, InvalidRequirement
from packaging.utils import canonicalize_name
def listed(v):
    return [v] if isinstance(v, str) else v or []
def lines(at, name):
    at = os.path.normpath(os.path.join(os.path.dirname(at), name))
    try:
        return [re.sub(r"(^|\s+)#.*$", "", l).strip() for l in open(at, encoding="utf-8")]
    except (OSError, UnicodeDecodeError):
        return []
def names(at):
    try:
        d = tomllib.load(open(at, "rb"))
    except tomllib.TOMLDecodeError:
        return None
    p, tool = d.get("project", {}), d.get("tool", {})
    uv, flit, hatch, poetry = [tool.get(k, {}) for k in ["uv", "flit", "hatch", "poetry"]]
    texts = list(d.get("build-system", {}).get("requires", [])) + list(p.get("dependencies", []))
    for l in [*p.get("optional-dependencies", {}).values(), *d.get("dependency-groups", {}).values(), uv.get("dev-dependencies", []), *uv.get("extra-build-dependencies", {}).values()]:
        texts += [t.get("requirement", t) if isinstance(t, dict) else t for t in l]
    for e in hatch.get("envs", {}).values():
        texts += e.get("dependencies", []) + e.get("extra-dependencies", [])
    build = hatch.get("build", {})
    tables = [build, *build.get("hooks", {}).values(), *build.get("targets", {}).values()]
    tables += [h for t in build.get("targets", {}).values() for h in t.get("hooks", {}).values()]
    for t in tables:
        texts += t.get("dependencies", [])
    for l in tool.get("pdm", {}).get("dev-dependencies", {}).values():
        texts += [t.rpartition("#egg=")[2] for t in l]
    m = flit.get("metadata", {})
    texts += m.get("requires", []) + m.get("dev-requires", []) + [t for l in m.get("requires-extra", {}).values() for t in l]
    st, hook = tool.get("setuptools", {}).get("dynamic", {}), hatch.get("metadata", {}).get("hooks", {}).get("requirements_txt", {})
    files = []
    if "dependencies" in p.get("dynamic", []):
        files += listed(st.get("dependencies", {}).get("file")) + listed(hook.get("files")) + listed(hook.get("filename"))
    if "optional-dependencies" in p.get("dynamic", []):
        for k in st.get("optional-dependencies", {}).values():
            files += listed(k.get("file"))
        for k in hook.get("optional-dependencies", {}).values():
            files += listed(k)
    for f in files:
        texts += lines(at, f)
    found = set()
    for t in texts:
        try:
            found.add(canonicalize_name(Requirement(t).name))
        except (InvalidRequirement, TypeError, AttributeError):
            pass
    for t in [poetry.get("dependencies", {}), poetry.get("dev-dependencies", {}), poetry.get("requires-plugins", {}), *[g.get("dependencies", {}) for g in poetry.get("group", {}).values()]]:
        found |= {canonicalize_name(k) for k, v in t.items() if isinstance(v, (str, dict, list)) and "!" not in k}
    return sorted(found - {"python", canonicalize_name(p.get("name", poetry.get("name", m.get("dist-name", m.get("module", "")))))})
json.dump([names(at) for at in json.load(sys.stdin)], sys.stdout)
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
	more := os.Getenv("MLBOM_CORPUS")
	if more == "" {
		more = filepath.Join("..", "..", "..", "..", "shared", "corpus", "pyproject-toml")
	}
	if _, err := os.Stat(more); err == nil {
		trees = append(trees, more)
	}
	var roots, files, paths []string
	for _, dir := range trees {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, _ fs.DirEntry, err error) error {
			if err == nil && path.Base(name) == "pyproject.toml" {
				roots, files, paths = append(roots, dir), append(files, name), append(paths, filepath.Join(dir, name))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	in, err := json.Marshal(paths)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-c", names)
	c.Stdin, c.Stderr = bytes.NewReader(in), os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want [][]string
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for i, name := range files {
		if want[i] == nil {
			continue // no TOML
		}
		compared++
		if got := required(t, os.DirFS(roots[i]), name); !slices.Equal(got, want[i]) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, want[i])
		}
	}
	t.Logf("%d files compared", compared)
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
