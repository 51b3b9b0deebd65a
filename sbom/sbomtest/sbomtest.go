// Package sbomtest tests collectors. A test of a collector is one line:
//
//	func Test(t *testing.T) { sbomtest.Run(t, &gomod.Collector) }
//
// with archives in testdata/*.txtar: first a file "want.json", then the input
// tree. A file whose name ends in ".hex" holds bytes in hexadecimal, with
// comments after "#", and stands in the tree without that ending. Run with
// "go test -update" to write want.json anew; then read the difference.
package sbomtest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/sbom"
)

var update = flag.Bool("update", false, "write the expectations anew")

const wantName = "want.json"

// Run tests the collector on every archive in testdata.
func Run(t *testing.T, c *sbom.Collector) {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives in testdata: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runArchive(t, c, name) })
	}
}

// Tree gives the input tree of an archive, for tests that look at more than want.json.
func Tree(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	tree, _ := treeOf(t, archive)
	return tree
}

// treeOf gives the tree, and which file of the archive is the expectation; -1 for none.
func treeOf(t testing.TB, archive *txtar.Archive) (tree fstest.MapFS, want int) {
	tree, want = fstest.MapFS{}, -1
	for i, f := range archive.Files {
		if f.Name == wantName {
			want = i
			continue
		}
		data := f.Data
		if strings.HasSuffix(f.Name, ".hex") {
			data = unhex(t, f.Name, data)
		}
		tree[strings.TrimSuffix(f.Name, ".hex")] = &fstest.MapFile{Data: data}
	}
	return tree, want
}

func runArchive(t *testing.T, c *sbom.Collector, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	tree, want := treeOf(t, archive)
	got := Render(t, c, tree)
	if want < 0 {
		archive.Files = append([]txtar.File{{Name: wantName}}, archive.Files...)
		want = 0
	}
	if *update {
		archive.Files[want].Data = got
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	compare(t, archive.Files[want].Data, got)
}

// Folder is the folder MLBOM_CORPUS, or else one with the input trees of all archives in
// testdata, for tests that ask another program of files on a disk.
func Folder(t testing.TB) string {
	if dir := os.Getenv("MLBOM_CORPUS"); dir != "" {
		return dir
	}
	dir := t.TempDir()
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		at := filepath.Join(dir, strings.TrimSuffix(filepath.Base(name), ".txtar"))
		if err := os.CopyFS(at, Tree(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Golden tests the collector on a tree made in Go, against a JSON file.
func Golden(t *testing.T, c *sbom.Collector, tree fs.FS, golden string) {
	t.Helper()
	got := Render(t, c, tree)
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, want, got)
}

func compare(t *testing.T, want, got []byte) {
	t.Helper()
	if bytes.Equal(bytes.TrimSpace(want), bytes.TrimSpace(got)) {
		return
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := 0; i < len(w) || i < len(g); i++ {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			lo := max(0, i-6)
			t.Fatalf("differs at line %d (go test -update writes it anew)\nwant:\n%s\ngot:\n%s", i+1,
				strings.Join(w[min(lo, len(w)):min(i+6, len(w))], "\n"), strings.Join(g[min(lo, len(g)):min(i+6, len(g))], "\n"))
		}
	}
}

// Render collects from every file of the tree that the collector matches or
// sniffs, and gives the report as indented JSON.
func Render(t *testing.T, c *sbom.Collector, tree fs.FS) []byte {
	t.Helper()
	report := Collect(t, c, tree)
	data, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

// Collect is the collector's report on a tree, checked against the contract.
func Collect(t *testing.T, c *sbom.Collector, tree fs.FS) sbom.Report {
	t.Helper()
	var names []string
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && takes(c, tree, name) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(names)
	report := sbom.Report{Sightings: []sbom.Sighting{}}
	for _, name := range names {
		seen, err := c.Collect(context.Background(), sbom.NewFile(tree, name))
		for _, s := range seen {
			checkSighting(t, s)
			s.Where.Path, s.Where.By = cmp.Or(s.Where.Path, name), c.Name
			report.Records = append(report.Records, s.Records...)
			s.Records = nil
			report.Sightings = append(report.Sightings, s)
		}
		for _, p := range sbom.Problems(err) {
			p.Path, p.By = cmp.Or(p.Path, name), c.Name
			report.Problems = append(report.Problems, p)
		}
	}
	return report
}

func takes(c *sbom.Collector, tree fs.FS, name string) bool {
	if c.Matches(name) {
		return true
	}
	if c.Sniff == nil {
		return false
	}
	data, err := fs.ReadFile(tree, name)
	return err == nil && c.Sniff(data[:min(len(data), sbom.HeadSize)])
}

func checkSighting(t *testing.T, s sbom.Sighting) {
	t.Helper()
	if s.Kind == "" {
		t.Errorf("a sighting has no kind: %+v", s)
	}
	for name := range s.Lines {
		if !sbom.IsField(name) {
			t.Errorf("Lines names %q, which is no field of the vocabulary", name)
		}
	}
	if s.Keys.PURL != "" {
		if canonical, err := sbom.NormalizePURL(s.Keys.PURL); err != nil || canonical != s.Keys.PURL {
			t.Errorf("purl %q is not canonical: %q, %v", s.Keys.PURL, canonical, err)
		}
	}
	for _, f := range s.Findings {
		if _, ok := sbom.RuleByID(f.Rule); !ok {
			t.Errorf("finding of unknown rule %q", f.Rule)
		}
	}
	for _, l := range s.Links {
		if l.To.Kind == "" || (l.To.Name == "" && l.To.Keys == sbom.Keys{}) {
			t.Errorf("a link leads nowhere: %+v", l)
		}
	}
}

// Fuzz feeds mutated bytes to the collector under the given file name. It must
// not panic, and twice the same bytes must give the same report. The seeds are
// the archives' inputs and those given.
func Fuzz(f *testing.F, c *sbom.Collector, name string, seeds ...[]byte) {
	f.Helper()
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, a := range archives {
		archive, err := txtar.ParseFile(a)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			input, isHex := strings.CutSuffix(file.Name, ".hex")
			if file.Name == wantName || !c.Matches(input) {
				continue
			}
			if isHex {
				file.Data = unhex(f, file.Name, file.Data)
			}
			seeds = append(seeds, file.Data)
		}
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree := fstest.MapFS{name: &fstest.MapFile{Data: data}}
		a := Render(t, c, tree)
		if b := Render(t, c, tree); !bytes.Equal(a, b) {
			t.Errorf("the same bytes gave two reports:\n%s\n%s", a, b)
		}
	})
}

func unhex(t testing.TB, name string, text []byte) []byte {
	t.Helper()
	var digits strings.Builder
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		digits.WriteString(strings.Join(strings.Fields(line), ""))
	}
	data, err := hex.DecodeString(digits.String())
	if err != nil {
		t.Fatal(errors.Join(errors.New(name), err))
	}
	return data
}
