package script

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

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/script.py") }

func run(name string, data []byte) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

// shapes are texts around what the regular expression takes.
var shapes = []string{
	"# /// script\n# a = 1\n# ///\n", "# /// script\r\n# a = 1\r\n# ///\r\n", "# /// script\n#\n# a = 1\n# ///", "# /// script\n# ///\n", "# /// script\n#\n# ///\n",
	"# /// script\n# a\n# ///\n# b\n# ///\n", "# /// script\n#a\n# ///\n", "# /// script \n# a\n# ///\n", "#  /// script\n# a\n# ///\n", "# /// scripts\n# a\n# ///\n",
	"# /// a\n# b\n# ///\n# /// script\n# c\n# ///\n", "# /// a\n# /// script\n# c\n# ///\n", "# /// script\n# a\n\n# ///\n", "# /// script\n\n# a\n# ///\n",
	"x\n# /// script\n#   a\n# ///x\n# ///\n", "# /// script\n# a\n# ///\n\n# /// script\n# b\n# ///\n", "# /// script\n# a\n# /// \n", "# /// script\n# ///\n# ///\n",
	"\ufeff# /// script\n# a\n# ///\n", "# /// script\n# a\n  # ///\n", "# /// sc_ript\n# a\n# ///\n", "# /// script\n# a\n# /// script\n# b\n# ///\n",
}

// reference is the code of the specification.
const reference = `
import json, re, sys
REGEX = r'(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$'
out = []
for text in json.load(sys.stdin):
    found = []
    for match in re.finditer(REGEX, text):
        if match.group("type") == "script":
            found.append(''.join(line[2:] if line.startswith('# ') else line[1:] for line in match.group('content').splitlines(keepends=True)))
    out.append(found)
json.dump(out, sys.stdout)
`

// TestOracle compares with the specification's own code. Set MLBOM_ORACLE_PYTHON
// to a Python, and MLBOM_CORPUS to a folder with scripts.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name a Python")
	}
	texts := append([]string{}, shapes...)
	if root := os.Getenv("MLBOM_CORPUS"); root != "" {
		filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(name, ".py") {
				if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), string(mark)) {
					texts = append(texts, string(data))
				}
			}
			return nil
		})
	}
	for i, text := range texts {
		plain, err := sbom.DecodeText([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = plain // Python reads text with plain newlines too
	}
	in, _ := json.Marshal(texts)
	cmd := exec.Command(python, "-c", reference)
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(in)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want [][]string
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		got := []string{}
		for _, b := range blocks(text) {
			got = append(got, b.text)
		}
		if w := want[i][:min(len(want[i]), maxBlocks)]; fmt.Sprint(got) != fmt.Sprint(w) {
			t.Errorf("%.200q:\ngot  %q\nwant %q", text, got, w)
		}
	}
	t.Logf("%d texts compared", len(texts))
}

// TestSize: of a file too large to be a script the head is read.
func TestSize(t *testing.T) {
	head := []byte("# /// script\n# dependencies = [\"a\"]\n# ///\n")
	data := append(append([]byte{}, head...), make([]byte, maxScript+1)...)
	for i := len(head); i < len(data); i++ {
		data[i] = ' '
	}
	if seen, err := run("big.py", data); err != nil || len(seen) != 2 {
		t.Errorf("%d sightings, %v", len(seen), err)
	}
	late := append(data[len(head):], head...)
	if seen, err := run("late.py", late); err != nil || len(seen) != 0 {
		t.Errorf("%d sightings of what is not read, %v", len(seen), err)
	}
	if seen, err := run("latin.py", []byte("x = '\xe9'\n")); err != nil || seen != nil {
		t.Errorf("%v, %v", seen, err)
	}
}

func TestCRLF(t *testing.T) {
	seen, err := run("a/s.py", []byte("# /// script\r\n# requires-python = \">=3.11\"\r\n# dependencies = [\"b>=1\"]\r\n# ///\r\n"))
	if err != nil || len(seen) != 2 || seen[0].Keys.Path != "a/s.py" || seen[0].Package.RequiresPython != ">=3.11" || seen[1].Keys.PURL != "pkg:pypi/b" || seen[1].Where.Line != 3 {
		t.Errorf("%+v %v", seen, err)
	}
}

// BenchmarkWithout reads a script of 20 KB without metadata, as nearly all are.
func BenchmarkWithout(b *testing.B) {
	tree := fstest.MapFS{"a.py": {Data: []byte(strings.Repeat("def f(x):\n    return x + 1  # a comment\n\n", 500))}}
	b.SetBytes(int64(len(tree["a.py"].Data)))
	b.ReportAllocs()
	for b.Loop() {
		if seen, err := Collector.Collect(context.Background(), sbom.NewFile(tree, "a.py")); seen != nil || err != nil {
			b.Fatal(seen, err)
		}
	}
}
