package pixilock

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// read says with rattler's own reader what a lock holds: the packages with
// platform and SHA-256, and the edges within each environment and platform. Which
// package of PyPI a conda package is, it does not show, so YAML is asked for that.
const read = `
import json, re, sys, yaml
from rattler import LockFile
norm = lambda n: re.sub(r"[-_.]+", "-", n).lower()
packages, edges = set(), set()
def offers(path):
    found = {}
    for row in yaml.load(open(path), yaml.CSafeLoader).get("packages") or []:
        if row.get("purls") is not None:
            at = row.get("conda") or row.get("url")
            found[at] = [norm(u.split("?")[0].split("@")[0][9:]) for u in row["purls"] if u.startswith("pkg:pypi/")]
    return found
offered = offers(sys.argv[1])
for _, env in LockFile.from_path(sys.argv[1]).environments():
    for platform in env.platforms():
        conda, pypi, rows, guessed = {}, {}, [], set()
        for p in env.packages(platform):
            record = getattr(p, "package_record", None)
            try:
                sha = p.hashes.sha256.hex() if p.hashes.sha256 else ""
            except AttributeError:
                sha = ""
            if record is None and not hasattr(p, "requires_dist"):
                continue  # built from source: rattler's Python shows too little of it
            if record is not None:
                name = record.name.normalized
                me = "conda " + name + " " + str(record.version)
                if "://" not in p.location:
                    continue
                conda[name] = me
                packages.add((me, p.location.split("/")[-2], sha))
                rows.append((me, False, [d.split()[0].split("[")[0] for d in record.depends]))
                for n in offered.get(p.location, [norm(name)]):
                    if n not in pypi or p.location in offered and pypi[n] in guessed:
                        pypi[n] = me
                if p.location not in offered:
                    guessed.add(me)
            else:
                name = norm(p.name)
                me = "pypi " + name + " " + str(p.version or "").replace("<dynamic>", "")
                pypi[name] = me
                packages.add((me, "", sha))
                needs = [d for d in p.requires_dist if not re.search(r"extra\s*==", d)]
                rows.append((me, True, [norm(re.match(r"[A-Za-z0-9._-]+", d)[0]) for d in needs]))
        for me, is_pypi, needs in rows:
            for n in needs:
                to = (pypi if is_pypi else conda).get(n)
                if to and to != me and not (is_pypi and me.split()[1] == n):
                    edges.add((me, to))
json.dump([sorted(packages), sorted(edges)], sys.stdout)
`

// TestOracle compares with rattler. Set MLBOM_ORACLE_RATTLER to a Python that has
// py-rattler and PyYAML, and MLBOM_CORPUS to a folder with more locks.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_RATTLER")
	if python == "" {
		t.Skip("MLBOM_ORACLE_RATTLER is not set: name a Python that has py-rattler")
	}
	total := [2]int{}
	for _, file := range locks(t) {
		cmd := exec.Command(python, "-c", read, file)
		out, err := cmd.Output()
		if err != nil {
			why := err.Error()
			if e, ok := err.(*exec.ExitError); ok {
				lines := strings.Split(strings.TrimSpace(string(e.Stderr)), "\n")
				why = lines[len(lines)-1]
			}
			t.Logf("%s: rattler does not read it: %.200s", file, why)
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
		seen, err := run("pixi.lock", string(data))
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

// differ tells what one side has and the other has not. Edges of extras, which
// rattler's side leaves out, are ours alone.
func differ(t *testing.T, what string, got map[string]bool, want [][]string) {
	t.Helper()
	n := 0
	for _, w := range want {
		key := strings.Join(w, " ")
		if _, ok := got[key]; !ok && n < 10 {
			n++
			t.Errorf("%s: missing %q", what, key)
		}
		delete(got, key)
	}
	var more []string
	for key, sure := range got {
		if sure {
			more = append(more, key)
		}
	}
	slices.Sort(more)
	if len(more) > 0 {
		t.Errorf("%s: %d too many: %.500q", what, len(more), more[:min(len(more), 10)])
	}
}

// flat gives packages and edges in the words of the oracle; the value is false
// for what it cannot know.
func flat(seen []sbom.Sighting) (packages, edges map[string]bool) {
	packages, edges = map[string]bool{}, map[string]bool{}
	for _, s := range seen {
		me := ident(s.Component)
		if me == "" {
			continue
		}
		if s.Keys.PURL == "" {
			packages[me+"  "] = false
		}
		for _, r := range s.Refs {
			platform, _, _ := strings.Cut(r.Comment, "/")
			if strings.HasPrefix(me, "pypi") {
				platform = ""
			}
			sha := ""
			for _, h := range r.Hashes {
				if h.Alg == "SHA-256" {
					sha = h.Value
				}
			}
			building := s.Package != nil && slices.Contains(s.Package.Groups, "build") // rattler shows what is in environments alone
			packages[me+" "+platform+" "+sha] = s.Keys.PURL != "" && !building
		}
		for _, l := range s.Links {
			if l.Rel == sbom.DependsOn {
				edges[me+" "+ident(l.To)] = s.Keys.PURL != "" && l.To.Keys.PURL != "" && !strings.Contains(l.Note, "extra")
			}
		}
	}
	return packages, edges
}

func ident(c sbom.Component) string {
	sort := "pypi"
	if strings.HasPrefix(c.Keys.PURL, "pkg:conda") {
		sort = "conda"
	}
	if c.Name == "" {
		return ""
	}
	if c.Kind == sbom.KindApplication { // rattler keeps no version of a folder
		c.Version = ""
	}
	return sort + " " + strings.ToLower(c.Name) + " " + c.Version
}

// locks lists the locks of the corpus.
func locks(t *testing.T) []string {
	var list []string
	for _, root := range []string{"../../../../shared/corpus/pixi", os.Getenv("MLBOM_CORPUS")} {
		if root == "" {
			continue
		}
		filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Name() == "pixi.lock" && !d.IsDir() {
				list = append(list, name)
			}
			return nil
		})
	}
	return list
}

// TestCorpus reads every lock that is there.
func TestCorpus(t *testing.T) {
	list := locks(t)
	if len(list) == 0 {
		t.Skip("no corpus is there")
	}
	for _, file := range list {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen, err := run("pixi.lock", string(data))
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if len(seen) < 2 {
			t.Errorf("%s gives %d sightings", file, len(seen))
		}
	}
}
