package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/schema"
)

// trees are the examples and the flags of their goldens.
var trees = []struct {
	name  string
	flags []string
}{
	{"finetuned-model", nil},
	{"go-service", []string{"--version", "0.3.0"}},
	{"lineage", nil},
	{"dataset", []string{"--name", "river-levels", "--version", "2.1.0"}},
}

const examples = "../../examples"

// generated runs the program on a tree and gives one document.
func generated(t testing.TB, dir, format string, flags ...string) []byte {
	t.Helper()
	var out, diagnostics bytes.Buffer
	args := append([]string{"mlbom", "generate", dir, "-o", format, "--timestamp", "2026-01-31T12:00:00Z", "--go-mod-cache", "none"}, flags...)
	if code := run(context.Background(), args, &out, &diagnostics); code != exitOK {
		t.Fatalf("%s: exit %d\n%s", strings.Join(args, " "), code, &diagnostics)
	}
	return out.Bytes()
}

// TestExamples holds the documents beside the examples to what the program makes.
func TestExamples(t *testing.T) {
	for _, tree := range trees {
		t.Run(tree.name, func(t *testing.T) {
			got := generated(t, filepath.Join(examples, tree.name), "cyclonedx-json", tree.flags...)
			golden := filepath.Join(examples, tree.name+".cdx.json")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "go test ./cmd/mlbom -run Examples -update, then read the difference", want, got)
			if err := schema.Validate(schema.FormatJSON, "1.6", want); err != nil {
				t.Error(err)
			}
		})
	}
}

func same(t *testing.T, hint string, want, got []byte) {
	t.Helper()
	if bytes.Equal(want, got) {
		return
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			t.Fatalf("line %d differs (%s)\nwant %s\ngot  %s", i+1, hint, w[i], g[i])
		}
	}
	t.Fatalf("%d lines, want %d (%s)", len(g), len(w), hint)
}

// TestDeterminism: the same bytes on one processor and on many, for a tree in
// another place, and again.
func TestDeterminism(t *testing.T) {
	for _, tree := range trees {
		dir := filepath.Join(examples, tree.name)
		want := generated(t, dir, "cyclonedx-json@1.7", tree.flags...)
		for _, n := range []int{1, 2, 8} {
			before := runtime.GOMAXPROCS(n)
			got := generated(t, dir, "cyclonedx-json@1.7", tree.flags...)
			runtime.GOMAXPROCS(before)
			same(t, fmt.Sprintf("%s at GOMAXPROCS %d", tree.name, n), want, got)
		}
		elsewhere := filepath.Join(t.TempDir(), "other name")
		if err := os.CopyFS(elsewhere, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		same(t, tree.name+" copied elsewhere", want, generated(t, elsewhere, "cyclonedx-json@1.7", tree.flags...))
	}
}

// TestRoundTrip: what the documents say is what the graph was, in every format
// and version.
func TestRoundTrip(t *testing.T) {
	for _, tree := range trees {
		data, err := os.ReadFile(filepath.Join(examples, tree.name+".cdx.json"))
		if err != nil {
			t.Fatal(err)
		}
		want := graphOf(t, data)
		for _, format := range formats {
			for _, version := range versionsOf(format) {
				if version == "1.2" {
					continue // it has no properties, so it loses what has no field
				}
				got := graphOf(t, generated(t, filepath.Join(examples, tree.name), format+"@"+version, tree.flags...))
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %s@%s gives another graph than the golden", tree.name, format, version)
				}
				doubled := sbom.Report{}
				for range 2 {
					r := got.Report()
					doubled.Sightings = append(doubled.Sightings, r.Sightings...)
					doubled.Problems = append(doubled.Problems, r.Problems...)
				}
				if again := sbom.Merge(doubled); !reflect.DeepEqual(again, got) {
					t.Errorf("%s: %s@%s merged with itself is another graph", tree.name, format, version)
				}
			}
		}
	}
}

func graphOf(t *testing.T, data []byte) *sbom.Graph {
	t.Helper()
	read, err := decodeDocument(data, "bom", "bom", false)
	if err != nil {
		t.Fatal(err)
	}
	return sbom.Merge(read.Report)
}

// documents writes each tree in each version to a folder.
func documents(t *testing.T, format, extension string) (files []string) {
	t.Helper()
	dir := t.TempDir()
	for _, tree := range trees {
		for _, version := range versionsOf(format) {
			name := filepath.Join(dir, tree.name+"-"+version+extension)
			if err := os.WriteFile(name, generated(t, filepath.Join(examples, tree.name), format+"@"+version, tree.flags...), 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, name)
		}
	}
	return files
}

// library is the folder of an installed @cyclonedx/cyclonedx-library.
func library(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("MLBOM_ORACLE_CDXLIB")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_CDXLIB is not set: name a folder where npm installed @cyclonedx/cyclonedx-library")
	}
	return filepath.Join(dir, "node_modules")
}

// TestStrictValidator: an independent validator takes every document.
func TestStrictValidator(t *testing.T) {
	modules := library(t)
	cmd := exec.Command("node", append([]string{"testdata/strict.js"}, documents(t, "cyclonedx-json", ".json")...)...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("%[1]d of %[1]d valid", 6*len(trees))) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestXMLLint: libxml2 takes every document by the official XML schemas, which
// the same library brings.
func TestXMLLint(t *testing.T) {
	modules := library(t)
	xmllint := os.Getenv("MLBOM_ORACLE_XMLLINT")
	if xmllint == "" {
		t.Skip("MLBOM_ORACLE_XMLLINT is not set: name the program xmllint")
	}
	for _, file := range documents(t, "cyclonedx-xml", ".xml") {
		version := strings.TrimSuffix(file[strings.LastIndex(file, "-")+1:], ".xml")
		xsd := filepath.Join(modules, "@cyclonedx", "cyclonedx-library", "res", "schema", "bom-"+version+".SNAPSHOT.xsd")
		if out, err := exec.Command(xmllint, "--noout", "--nonet", "--schema", xsd, file).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// TestSPDXJavaTools: SPDX's own program takes every document.
func TestSPDXJavaTools(t *testing.T) {
	jar := os.Getenv("MLBOM_ORACLE_SPDX_JAVA")
	if jar == "" {
		t.Skip("MLBOM_ORACLE_SPDX_JAVA is not set: name the jar of org.spdx:tools-java with its dependencies")
	}
	for _, file := range append(documents(t, "spdx-json", ".spdx.json"), documents(t, "spdx-tag-value", ".spdx")...) {
		kind := "JSON"
		switch {
		case strings.Contains(file, "-3.0.1."):
			kind = "JSONLD"
		case strings.HasSuffix(file, ".spdx"):
			kind = "TAG"
		}
		out, err := exec.Command("java", "-Dorg.spdx.useJARLicenseInfoOnly=true", "-jar", jar, "Verify", file, kind).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "This SPDX Document is valid.") {
			t.Errorf("%s: %v\n%s", filepath.Base(file), err, out)
		}
	}
}

// TestSHACL: documents of SPDX 3 conform to the shapes of the standard, and one
// with a reference of the wrong class does not.
func TestSHACL(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_SHACL")
	if python == "" {
		t.Skip("MLBOM_ORACLE_SHACL is not set: name a Python that has pyshacl")
	}
	official := os.Getenv("MLBOM_OFFICIAL")
	if official == "" {
		official = filepath.Join("..", "..", "..", "shared", "official")
	}
	shapes := filepath.Join(official, "spdx", "3.0.1")
	if _, err := os.Stat(filepath.Join(shapes, "spdx-model.ttl")); err != nil {
		t.Skip("the official files of SPDX 3.0.1 are not present (MLBOM_OFFICIAL)")
	}
	var files []string
	for _, file := range documents(t, "spdx-json", ".spdx.json") {
		if strings.Contains(file, "-3.0.1.") {
			files = append(files, file)
		}
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(t.TempDir(), "wrong.json")
	broken := bytes.Replace(data, []byte(`"type": "SoftwareAgent"`), []byte(`"type": "Tool"`), 1)
	if err := os.WriteFile(wrong, broken, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, append([]string{"testdata/shacl.py", shapes, wrong}, files...)...).CombinedOutput()
	if want := fmt.Sprintf("%d of %d conform", len(files), len(files)+1); err != nil || !strings.Contains(string(out), want) {
		t.Errorf("%v, want %s\n%s", err, want, out)
	}
	if err := schema.Validate(schema.FormatSPDX, "3.0.1", broken); err == nil {
		t.Error("what the shapes refuse passes here")
	}
}
