package notebook

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// cells asks nbformat for the source of the cells of code, as version 4.
const cells = `
import json, sys, warnings
warnings.simplefilter("ignore")
import nbformat
for name in sys.stdin.read().split("\n"):
    try:
        book = nbformat.read(name, 4)
        print(json.dumps([c.source for c in book.cells if c.cell_type == "code"]))
    except Exception as e:
        print(json.dumps({"refused": repr(e)}))
`

// write has nbformat write notebooks of all its versions that we read.
const write = `
import os, sys
import nbformat
from nbformat import v4
sources = ["import torch\n%matplotlib inline\n\nx = 'a\\u2028b\\\\'", "", "!pip install x\n", "# \u00e9\u4e16\U0001f600\n\tprint(\"q\")"]
book = v4.new_notebook()
for s in sources:
    out = v4.new_output("stream", text="noise\n" * 100)
    book.cells += [v4.new_code_cell(s, outputs=[out]), v4.new_markdown_cell("# import none")]
for version in (3, 4):
    nbformat.write(book, os.path.join(sys.argv[1], "v%d.ipynb" % version), version)
`

// TestOracle compares the source of all cells with what nbformat reads. Set
// MLBOM_ORACLE_PYTHON to a Python that has nbformat, and MLBOM_CORPUS to a folder of
// notebooks of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name a Python that has nbformat")
	}
	if exec.Command(python, "-c", "import nbformat").Run() != nil {
		t.Skip("the Python of MLBOM_ORACLE_PYTHON has no nbformat")
	}
	dir := os.Getenv("MLBOM_CORPUS")
	if dir == "" {
		dir = t.TempDir()
		if out, err := exec.Command(python, "-c", write, dir).CombinedOutput(); err != nil {
			t.Fatalf("nbformat writes no notebooks: %v\n%.2000s", err, out)
		}
	}
	tree := os.DirFS(dir)
	var names []string
	_ = fs.WalkDir(tree, ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".ipynb" {
			names = append(names, name)
		}
		return nil
	})
	ask := exec.Command(python, "-c", cells)
	ask.Dir, ask.Stdin, ask.Stderr = dir, strings.NewReader(strings.Join(names, "\n")), os.Stderr
	out, err := ask.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(names) {
		t.Fatalf("%d answers for %d notebooks: %v", len(lines), len(names), err)
	}
	compared, total := 0, 0
	for i, name := range names {
		book, err := open(sbom.NewFile(tree, name))
		var want []string
		if json.Unmarshal([]byte(lines[i]), &want) != nil {
			t.Logf("%s: %.200s; here %v", name, lines[i], err)
			continue
		}
		compared++
		total += len(want)
		compareCells(t, name, book, want)
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
	t.Logf("%d of %d notebooks, %d cells of code", compared, len(names), total)
}

func compareCells(t *testing.T, name string, b *book, want []string) {
	if b == nil || len(b.cells) != len(want) {
		t.Errorf("%s: %+v, want %d cells", name, b, len(want))
		return
	}
	for i, rows := range b.cells {
		var got []string
		for _, r := range rows {
			got = append(got, r.text)
		}
		if a, b := plain(strings.Join(got, "\n")), plain(want[i]); a != b {
			t.Errorf("%s: cell %d\n got %.500q\nwant %.500q", name, i+1, a, b)
		}
	}
}

// plain drops what no reader of code sees: how lines end, and the last end.
func plain(text string) string {
	return strings.TrimRight(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
}
