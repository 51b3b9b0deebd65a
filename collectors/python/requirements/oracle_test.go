package requirements

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// pip reads each folder's requirements.txt with all that it includes, by pip's own
// functions, and prints what is asked for; null where pip refuses a file.
const pip = `
import json, logging, os, re, sys
from pip._internal.req.req_file import parse_requirements
from pip._internal.req.constructors import install_req_from_parsed_requirement
logging.disable(logging.CRITICAL)
def read(folder, name):
    os.chdir(folder)
    out = set()
    try:
        for parsed in parse_requirements(name, session=None):
            r = install_req_from_parsed_requirement(parsed)
            url = r.link.url if r.link else ""
            name, specifier = (r.req.name, str(r.req.specifier)) if r.req else ("", "")
            if r.link and re.search(r"\.(whl|zip|gz)$", r.link.filename) and "+" not in r.link.scheme:
                name = specifier = "" # which other tests compare
            hashes = sorted(k + ":" + v for k, l in (parsed.options.get("hashes") or {}).items() for v in l)
            out.add("|".join([name, specifier, str(r.markers or ""), "local" if url.startswith("file:") else url,
                " ".join(hashes), " ".join(sorted(e.lower() for e in r.extras)), str(r.editable), str(parsed.constraint)]))
    except Exception as e:
        return None
    return sorted(out)
json.dump([read(*f) for f in json.load(sys.stdin)], sys.stdout)
`

var archived = regexp.MustCompile(`\.(?:whl|zip|gz)$`)

// asked says the same of what this package reads.
func asked(t *testing.T, tree fs.FS, name string) []string {
	t.Helper()
	f := sbom.NewFile(tree, name)
	text, _, err := decode(f)
	if err != nil {
		t.Fatal(err)
	}
	r := newRun(tree, name)
	r.file(&source{Manifest: pydep.New(f), path: name}, text)
	var all []string
	for _, s := range r.sources {
		for _, it := range s.items {
			n := it.need
			set, _ := pep440.ParseSpecifiers(n.Specifier)
			specifier, marker, url, name := set.String(), "", n.URL, n.Name
			if m, err := pep508.ParseMarker(n.Marker); err == nil && n.Marker != "" {
				marker = m.String()
			}
			base, _, _ := strings.Cut(path.Base(n.Archive+url), "#")
			if n.Folder != "" || n.Project != "" || n.Archive != "" {
				url = "local"
			}
			if base, _, _ = strings.Cut(base, "?"); archived.MatchString(base) && !strings.Contains(url, "+http") {
				name, specifier = "", ""
			}
			word := map[bool]string{true: "True", false: "False"}
			for i := range n.Extras {
				n.Extras[i] = strings.ToLower(n.Extras[i]) // as pip does of some
			}
			slices.Sort(n.Extras)
			slices.Sort(n.Integrity)
			all = append(all, strings.Join([]string{name, specifier, marker, url, strings.Join(n.Integrity, " "), strings.Join(n.Extras, " "), word[n.Editable], word[s.constraint]}, "|"))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// plant writes a tree of files that include later ones of them.
func plant(t *testing.T, g *rand.Rand, dir string) {
	t.Helper()
	one := func(words ...string) string { return words[g.IntN(len(words))] }
	names := []string{"requirements.txt", "a/base.txt", "a/b/c.in", "limits.txt", "a/more"}
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "pkg"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pkg", "pyproject.toml"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		var b strings.Builder
		for range 1 + g.IntN(6) {
			if i < len(names)-1 && g.IntN(3) == 0 {
				at, err := filepath.Rel(filepath.Dir(filepath.FromSlash(name)), filepath.FromSlash(names[i+1+g.IntN(len(names)-1-i)]))
				if err != nil {
					t.Fatal(err)
				}
				b.WriteString(one("-r ", "-r", "--requirement=", "--requirem ", "-c ", "--constraint ") + one("", "./") + filepath.ToSlash(at) + "\n")
				continue
			}
			b.WriteString(one("torch", "numpy", "x-y", "A.b") + one("", "", "[c,d]") + one("", "==1.0", ">=1,<2", " ~=1.0", " @ https://h/z.zip", "===1.0+cpu") + one("", "", " ; python_version < '3.9'", " ; extra == 'A_b' or os_name=='nt'") +
				one("", "", " --hash=sha256:aa", " \\\n    --hash=sha256:aa \\\n    --hash=sha512:bb") + one("", "  # via x", "\n    # via\n    #   y") + "\n")
			if g.IntN(6) == 0 && !strings.HasPrefix(name, "limits") {
				b.WriteString(one("./pkg", "dist/q-1.0-py3-none-any.whl", "https://h/w-2.0-py3-none-any.whl", "git+https://h/r@v1#egg=r", "--pre", "-i https://h/s", "\n# c") + "\n")
			}
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOracle compares with pip, over generated trees and the files of the corpus.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" || exec.Command(python, "-c", "import pip, sys; sys.exit(int(pip.__version__.split('.')[0]) < 26)").Run() != nil {
		t.Skip("MLBOM_ORACLE_PYTHON names no Python that has pip from 26 on")
	}
	var files [][2]string
	g := rand.New(rand.NewPCG(7, 8))
	for i := range 150 {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(i))
		plant(t, g, dir)
		files = append(files, [2]string{dir, "requirements.txt"})
	}
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && Collector.Matches(filepath.ToSlash(name)) && !isConstraints(name) {
			files = append(files, [2]string{filepath.Dir(name), filepath.Base(name)})
		}
		return nil
	})
	in, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-W", "ignore", "-c", pip)
	c.Stdin = strings.NewReader(string(in))
	answer, err := c.Output() // what it writes of files that it refuses is not shown
	if err != nil {
		t.Fatal(err)
	}
	var want [][]string
	if err := json.Unmarshal(answer, &want); err != nil {
		t.Fatal(err)
	}
	same, refused, lines := 0, 0, 0
	for i, f := range files {
		if want[i] == nil {
			t.Logf("pip refuses %s", filepath.Join(f[0], f[1]))
			refused++
			continue
		}
		tree, name := f[0], f[1]
		if inside, err := filepath.Rel(root, filepath.Join(tree, name)); err == nil && !strings.HasPrefix(inside, "..") {
			tree, name = root, filepath.ToSlash(inside)
		}
		got := asked(t, os.DirFS(tree), name)
		if !slices.Equal(got, want[i]) {
			t.Errorf("%s:\ngot  %q\nwant %q", filepath.Join(f[0], f[1]), got, want[i])
			continue
		}
		same++
		lines += len(got)
	}
	t.Logf("%d files are read as pip does, with %d requirements; %d are refused by pip", same, lines, refused)
	if same < 140 {
		t.Error("too few")
	}
}
