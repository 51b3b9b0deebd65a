package poetrylock

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// count reads the lock on its standard input with Python's own TOML reader, and
// counts its packages, its digests, and the edges to names that are locked once.
const count = `
import collections, json, re, sys, tomllib
def norm(name): return re.sub(r"[-_.]+", "-", name).lower()
lock = tomllib.load(sys.stdin.buffer)
times = collections.Counter(norm(p["name"]) for p in lock["package"])
edges = digests = 0
for p in lock["package"]:
    for name, v in p.get("dependencies", {}).items():
        if times[norm(name)] == 1 and norm(name) != norm(p["name"]):
            edges += len(v) if isinstance(v, list) else 1
    if p.get("source", {}).get("type") in (None, "legacy"):
        digests += len(p.get("files", []))
json.dump([len(lock["package"]), edges, digests], sys.stdout)
`

// TestOracle compares with Python. Set MLBOM_ORACLE_PYTHON to an interpreter of
// Python 3.11 or later, and MLBOM_ORACLE_LOCK to a lock of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later")
	}
	name := t.TempDir() + "/poetry.lock"
	if err := os.WriteFile(name, []byte(large(300)), 0o600); err != nil {
		t.Fatal(err)
	}
	names := []string{name}
	if more := os.Getenv("MLBOM_ORACLE_LOCK"); more != "" {
		names = append(names, more)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := counted(t, string(text)), asked(t, python, name); got != want {
			t.Errorf("%s: packages, edges, digests are %v, Python says %v", name, got, want)
		}
	}
}

func asked(t *testing.T, python, name string) (n [3]int) {
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	cmd := exec.Command(python, "-c", count)
	cmd.Stdin, cmd.Stderr = in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func counted(t *testing.T, text string) (n [3]int) {
	seen, err := run("poetry.lock", text)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, s := range seen {
		times[s.Name]++
	}
	for _, s := range seen {
		if s.Keys.Path == "./#python" {
			continue
		}
		n[0]++
		for _, l := range s.Links {
			if l.Rel == sbom.DependsOn && times[l.To.Name] == 1 {
				n[1]++
			}
		}
		if s.Package != nil {
			n[2] += len(s.Package.Integrity)
		}
	}
	return n
}
