package spdx

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/schema"
)

// pythonTools runs SPDX's program in Python, which reads and checks a document.
func pythonTools(t *testing.T, args ...string) (string, error) {
	t.Helper()
	python := os.Getenv("MLBOM_ORACLE_SPDX_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_SPDX_PYTHON is not set: name a Python that has spdx-tools")
	}
	out, err := exec.Command(python, append([]string{"-m", "spdx_tools.spdx.clitools.pyspdxtools"}, args...)...).CombinedOutput()
	return string(out), err
}

// TestPythonToolsTake: another program takes what is written of a whole document
// of SPDX, natively restored, and refuses one with a broken time.
func TestPythonToolsTake(t *testing.T) {
	r, err := Decode([]byte(whole), "doc")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	dir := t.TempDir()
	for name, data := range map[string][]byte{"a.spdx.json": encode(t, g), "a.spdx.yaml": encodeYAML(t, g), "a.spdx": encodeTags(t, g)} {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := pythonTools(t, "-i", name); err != nil || strings.Contains(out, "ERROR") {
			t.Errorf("%s: %v\n%s", filepath.Base(name), err, out)
		}
	}
	bad := filepath.Join(dir, "bad.spdx.json")
	if err := os.WriteFile(bad, bytes.ReplaceAll(encode(t, g), []byte("2026-01-31T12:00:00Z"), []byte("2026")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := pythonTools(t, "-i", bad); err == nil {
		t.Errorf("a broken time passes:\n%s", out)
	}
}

// TestPythonToolsReadRDF: another program finds the same in RDF. It forgets a
// licence that is a blank node and the brackets of a set inside a set, and adds
// filesAnalyzed.
func TestPythonToolsReadRDF(t *testing.T) {
	small := filepath.Join("..", "..", "schema", "testdata", "small.spdx.rdf.xml")
	data, err := os.ReadFile(small)
	if err != nil {
		t.Fatal(err)
	}
	ours, _, err := schema.JSONOfRDF(data)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.json")
	if text, err := pythonTools(t, "-i", small, "-o", out); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	theirs, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"licenseConcluded, licenseDeclared", "licenseDeclared", "filesAnalyzed"}
	for i, lost := range [][]string{missing(treeOf(t, ours), treeOf(t, theirs)), missing(treeOf(t, theirs), treeOf(t, ours))} {
		for _, l := range lost {
			if what := l[strings.LastIndex(l, ": ")+2:]; !slices.Contains(known, what) {
				t.Errorf("%d: %s", i, l)
			}
		}
	}
}
