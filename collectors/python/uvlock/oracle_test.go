package uvlock

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// count reads the lock on its standard input with Python's own TOML reader, and
// counts its packages, its edges and its digests.
const count = `
import json, sys, tomllib
lock = tomllib.load(sys.stdin.buffer)
edges = digests = 0
for p in lock["package"]:
    lists = [p.get("dependencies", [])]
    lists += p.get("optional-dependencies", {}).values()
    lists += p.get("dev-dependencies", {}).values()
    for l in lists:
        for d in l:
            named = [q for q in lock["package"] if q["name"] == d["name"]
                     and d.get("version") in (None, q.get("version"))
                     and d.get("source") in (None, q["source"])]
            edges += sum(q is not p for q in named)
    digests += ("sdist" in p) + len(p.get("wheels", []))
json.dump([len(lock["package"]), edges, digests], sys.stdout)
`

// TestOracle compares with Python. Set MLBOM_ORACLE_PYTHON to an interpreter of
// Python 3.11 or later, and MLBOM_ORACLE_LOCK to one more lock.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later")
	}
	texts := map[string]string{"large": large(300)}
	if name := os.Getenv("MLBOM_ORACLE_LOCK"); name != "" {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(data)
	}
	for name, text := range texts {
		file := t.TempDir() + "/uv.lock"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := os.Open(file)
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
		var want [3]int
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		if got := counted(t, text); got != want {
			t.Errorf("%s: packages, edges, digests are %v, Python says %v", name, got, want)
		}
	}
}

func counted(t *testing.T, text string) (n [3]int) {
	seen, err := run("uv.lock", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range seen {
		if len(s.Properties) > 0 {
			continue
		}
		n[0]++
		for _, l := range s.Links {
			if l.Rel == sbom.DependsOn {
				n[1]++
			}
		}
		for _, r := range s.Refs {
			n[2] += len(r.Hashes)
		}
	}
	return n
}
