package condaenv

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/environment.yml") }

func run(name, text string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(text)}}, name))
}

// TestNames: the name of a file says what its packages are for, and files of
// other programs give nothing.
func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"environment.yml": "main", "environment-dev.yml": "dev", "ci/test-environment.yaml": "test", "docs_env.yml": "group:doc",
		"conda.yaml": "main", "env-gpu.yaml": "main", "conda-build.yml": "build",
	} {
		if !Collector.Matches(name) {
			t.Errorf("%s is not matched", name)
		}
		seen, err := run(name, "name: n\ndependencies: [numpy]\n")
		if err != nil || len(seen) != 3 {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
			continue
		}
		if got := seen[2].Package.Groups; !slices.Equal(got, []string{want, "env:n"}) {
			t.Errorf("%s: groups %q, want %q", name, got, want)
		}
	}
	if seen, _ := run("env.yml", "dependencies: [a, {pip: [b]}]"); len(seen) != 3 {
		t.Errorf("%d sightings of a list alone", len(seen))
	}
	if seen, _ := run("my-env.yml", "dependencies: [a]"); len(seen) != 0 {
		t.Errorf("%d sightings of a list in another program's file", len(seen))
	}
	for _, text := range []string{"dependencies: [{a: b}]", "dependencies: {a: 1}\nname: x", "name: x", "- a", "", "dependencies: text\nname: x", "package: x\nname: y\ndependencies: [z]"} {
		if seen, err := run("environment.yml", text); len(seen) != 0 || err != nil {
			t.Errorf("%q: %d sightings, %v", text, len(seen), err)
		}
	}
}

// TestSecrets: nothing of a credential or a home folder comes out.
func TestSecrets(t *testing.T) {
	seen, err := run("environment.yml", `name: n
channels: ["https://u:HIDDEN@h.org/t/HIDDEN/c"]
dependencies:
- https://u:HIDDEN@h.org/t/HIDDEN/c/noarch/a-1-0.conda
- "https://u:HIDDEN@h.org/t/HIDDEN/c::b >=1"
- "https://u:HIDDEN@h.org/c [[["
- pip: ["--index-url=https://u:HIDDEN@h.org/s", "-i https://u:HIDDEN@h.org/s", "c @ https://u:HIDDEN@h.org/c.whl", "https://u:HIDDEN@h.org/d.whl", "-r https://u:HIDDEN@h.org/r.txt", "https://u:HIDDEN@h.org/ not a requirement"]
variables: {KEY: HIDDEN}
prefix: /home/HIDDEN/x
`)
	data, _ := json.Marshal(seen)
	if strings.Contains(string(data), "HIDDEN") {
		t.Errorf("a secret is kept: %s", data)
	}
	if err != nil && strings.Contains(err.Error(), "HIDDEN") {
		t.Errorf("a secret is told: %v", err)
	}
}

// TestHostile: large and nested inputs end in time.
func TestHostile(t *testing.T) {
	many := "name: n\ndependencies:\n" + strings.Repeat("- a=1\n", maxDependencies+100)
	seen, err := run("environment.yml", many)
	if len(seen) > maxDependencies+10 || len(sbom.Problems(err)) != 1 {
		t.Errorf("%d sightings, %v", len(seen), err)
	}
	long := "name: n\ndependencies:\n- pip:\n  - a" + strings.Repeat(" -f x", 1_000_000) + "\n  - b" + strings.Repeat(" -f x", 3000) + "\n  - c\n"
	if seen, err := run("environment.yml", long); err == nil || seen[len(seen)-1].Kind == "" {
		t.Errorf("%d sightings, %v", len(seen), err)
	}
	bomb := "name: n\na: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\ndependencies: [*c, *c, {pip: *c}]\n"
	if seen, _ := run("environment.yml", bomb); len(seen) > 3 {
		t.Errorf("%d sightings of a bomb", len(seen))
	}
}

func environments(t *testing.T) []string {
	var list []string
	for _, root := range []string{"../../../../shared/corpus/conda-environment", "../../../../shared/corpus/mlflow", os.Getenv("MLBOM_CORPUS")} {
		if root == "" {
			continue
		}
		filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && Collector.Matches(d.Name()) {
				list = append(list, name)
			}
			return nil
		})
	}
	return list
}

// count reads an environment with PyYAML and rattler: the packages of conda with
// their exact versions, and the names of those of pip.
const count = `
import json, re, sys, yaml
from rattler import MatchSpec
norm = lambda n: re.sub(r"[-_.]+", "-", n).lower()
doc = yaml.load(open(sys.argv[1]), yaml.CBaseLoader)
if not isinstance(doc, dict) or not isinstance(doc.get("dependencies"), list) or "python" in doc:
    json.dump(None, sys.stdout); sys.exit()
out = []
for d in doc["dependencies"]:
    if isinstance(d, str):
        m = MatchSpec(d, strict=False)
        v = m.version or ""
        exact = v[2:] if re.match(r"==[^,|]*$", v) and (not re.match(r"[\w.-]+=[^=]+$", d)) else ""
        full = re.fullmatch(r"=?(\d+(?:\.\d+){2,})(?:\.\*)?", v)  # "=1.26.4", which we take for the release
        if full and re.search(r"[^=<>!~]=\s*" + re.escape(full[1]) + r"\s*$", d):
            exact = full[1]
        out.append("conda " + m.name.normalized + " " + exact)
    elif isinstance(d, dict):
        for p in d.get("pip") or []:
            n = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", p)
            if n and "://" not in p.split("@")[0]:
                v = re.fullmatch(r"[^=<>~!;]+==\s*([^*,;\s]+)", p)
                out.append("pypi " + norm(n[0]) + " " + (v[1] if v else ""))
json.dump(sorted(set(out)), sys.stdout)
`

// TestOracle compares with PyYAML and rattler. Set MLBOM_ORACLE_RATTLER to a
// Python that has both.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_RATTLER")
	if python == "" {
		t.Skip("MLBOM_ORACLE_RATTLER is not set: name a Python that has py-rattler and PyYAML")
	}
	total, files := 0, 0
	for _, file := range environments(t) {
		out, err := exec.Command(python, "-c", count, file).Output()
		var want []string
		if err != nil || json.Unmarshal(out, &want) != nil || want == nil {
			t.Logf("%s is no environment for PyYAML and rattler", file)
			continue
		}
		data, _ := os.ReadFile(file)
		seen, err := run(filepath.Base(file), string(data))
		for _, p := range sbom.Problems(err) {
			t.Logf("%s: %v", file, &p)
		}
		got := map[string]bool{}
		for _, s := range seen {
			if s.Kind == sbom.KindApplication || s.Keys.PURL == "" {
				continue
			}
			sort := "pypi "
			name := strings.NewReplacer("_", "-", ".", "-").Replace(strings.ToLower(s.Name))
			if strings.HasPrefix(s.Keys.PURL, "pkg:conda") {
				sort, name = "conda ", s.Name
			}
			got[sort+name+" "+s.Version] = true
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
	t.Logf("%d packages of %d environments compared", total, files)
}

// TestCorpus reads every environment that is there.
func TestCorpus(t *testing.T) {
	list := environments(t)
	if len(list) == 0 {
		t.Skip("no corpus is there")
	}
	read := 0
	for _, file := range list {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if seen, _ := run(filepath.Base(file), string(data)); len(seen) > 1 {
			read++
		}
	}
	t.Logf("%d of %d files are environments", read, len(list))
	if read == 0 {
		t.Error("no file of the corpus is one")
	}
}
