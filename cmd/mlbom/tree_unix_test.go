//go:build unix

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// oddTree is a tree with all that a list of files can meet.
func oddTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"README.md": "# x\n", "m/model.safetensors": "\x02\x00\x00\x00\x00\x00\x00\x00{}", "__pycache__/x.pyc": "poison", "node_modules/a/index.js": "0",
		".git/HEAD": "ref: refs/heads/main\n", "CVS/Entries": "x", "sub/.git": "gitdir: ../.git/modules/sub\n", "sub/a": "1", "other/.git": "gitdir: x\nevil",
		"odd/ space ": "1", "odd/\"quoted\"": "2", "odd/new\nline": "3", "odd/größe": "4", "odd/back\\slash": "5", "odd/bidi\u202etxt": "6", "odd/</text>": "7", "odd/\ufffe": "8",
		"odd/not\xffutf8": "9", "empty": "", "skip.log": "x", "out/keep": "x",
	} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"link": "m/model.safetensors", "odd/out\u2028side": "/etc/\ufffepasswd", "odd/folder": "../m", "odd/lost": "no where"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func treeOf(t *testing.T, g *sbom.Graph) *sbom.Tree {
	t.Helper()
	tree, err := sbom.ReadTree(&g.Node(g.Root).Component)
	if err != nil || tree == nil {
		t.Fatalf("%v, %v", tree, err)
	}
	return tree
}

// TestTreeList: every file is listed, in every format and through chains of
// conversions, on any number of processors; what cannot be is a problem.
func TestTreeList(t *testing.T) {
	dir := oddTree(t)
	flags := []string{"--exclude", "*.log", "--exclude", "/out/"}
	g := graphOf(t, generated(t, dir, "cyclonedx-json", flags...))
	want := treeOf(t, g)
	var names []string
	for _, f := range want.Files {
		names = append(names, f.Path)
	}
	if listed := []string{"README.md", "__pycache__/x.pyc", "empty", "m/model.safetensors", "node_modules/a/index.js", "odd/ space ", "odd/\"quoted\"", "odd/</text>",
		"odd/back\\slash", "odd/bidi\u202etxt", "odd/größe", "odd/new\nline", "odd/\ufffe", "other/.git", "sub/a"}; !slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(listed))) {
		t.Errorf("listed are %q", names)
	}
	if links := []sbom.TreeLink{{Path: "link", Target: "m/model.safetensors"}, {Path: "odd/folder", Target: "../m"}, {Path: "odd/lost", Target: "no where"}, {Path: "odd/out\u2028side", Target: "/etc/\ufffepasswd"}}; !reflect.DeepEqual(want.Links, links) {
		t.Errorf("links are %q", want.Links)
	}
	if !slices.Equal(want.Exclude, []string{"*.log", "/out/"}) {
		t.Errorf("excluded are %q", want.Exclude)
	}
	for _, path := range []string{"pipe", "odd/not\ufffdutf8"} {
		if !slices.ContainsFunc(g.Problems, func(p sbom.Problem) bool { return p.Path == path }) {
			t.Errorf("no problem tells of %q: %v", path, g.Problems)
		}
	}
	for _, format := range formats {
		for _, version := range versionsOf(format) {
			if version == "1.2" {
				continue // it has no properties
			}
			runtime.GOMAXPROCS(1 + len(version)%4)
			data := generated(t, dir, format+"@"+version, flags...)
			name := filepath.Join(t.TempDir(), "bom")
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, next := range []string{"spdx-tag-value", "cyclonedx-xml@1.4", "spdx-json@3.0.1", "spdx-yaml", "cyclonedx-json@1.7"} {
				if got := treeOf(t, graphOf(t, data)); !reflect.DeepEqual(got, want) {
					t.Fatalf("%s@%s before %s: %+v", format, version, next, got)
				}
				var out, diagnostics bytes.Buffer
				if code := run(context.Background(), []string{"mlbom", "convert", name, "-o", next}, &out, &diagnostics); code != exitOK {
					t.Fatal(diagnostics.String())
				}
				data = out.Bytes()
				if err := os.WriteFile(name, data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	runtime.GOMAXPROCS(runtime.NumCPU())
}

// TestTreeListOfOthers: a BOM in the tree says nothing of the files of ours, and files
// of the run itself are left out.
func TestTreeListOfOthers(t *testing.T) {
	dir := t.TempDir()
	forged := sbom.TreeFile{Path: "forged", SHA256: strings.Repeat("0", 64), Size: 1}.String()
	bom := `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","bom-ref":"a","name":"example.com/app","purl":"pkg:golang/example.com/app","properties":[{"name":"mlbom:key:path","value":"./#go"},{"name":"mlbom:tree:file","value":"` + forged + `"}]}}}`
	for name, text := range map[string]string{"go.mod": "module example.com/app\n\ngo 1.22\n", "vendor.cdx.json": bom} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "own.cdx.json")
	for range 2 {
		generated(t, dir, "cyclonedx-json="+out)
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		tree := treeOf(t, graphOf(t, data))
		if len(tree.Files) != 2 || tree.Files[0].Path != "go.mod" || tree.Files[1].Path != "vendor.cdx.json" || !slices.Equal(tree.Exclude, []string{"/own.cdx.json"}) {
			t.Errorf("%+v", tree)
		}
		if n := strings.Count(string(data), "forged"); n != strings.Count(string(data), `"name": "bom:mlbom:tree:file"`) {
			t.Error("the list of a BOM in the tree is taken for ours")
		}
	}
	for word, reason := range map[string]string{"none": "it was not asked for (--tree-digests none)"} {
		if tree := treeOf(t, graphOf(t, generated(t, dir, "cyclonedx-json", "--tree-digests", word))); tree.None != reason || len(tree.Files) > 0 {
			t.Errorf("%+v", tree)
		}
	}
	if tree := treeOf(t, graphOf(t, generated(t, dir, "cyclonedx-json", "--hash", "none"))); tree.None != "no digests were asked for (--hash none)" {
		t.Errorf("%+v", tree)
	}
}
