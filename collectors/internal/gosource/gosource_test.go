package gosource

import (
	"fmt"
	"go/build"
	"go/build/constraint"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

// tree makes a file system of an archive.
func tree(text string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(text)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

// vendored gives the input for a main module "m" at the root, with a vendor folder.
func vendored(fsys fs.FS, deps ...string) Input {
	in := Input{Main: []Main{{Module: Module{"m", Source{fsys, ""}}}}}
	for _, d := range deps {
		in.Deps = append(in.Deps, Module{d, Source{fsys, "vendor/" + d}})
	}
	return in
}

func analyze(t *testing.T, in Input) Result {
	t.Helper()
	r, err := Analyze(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// said writes a use in one line.
func said(u Use) string {
	text := strings.Join(u.Groups(), "+")
	if text == "" {
		text = "unused"
	}
	if u.Direct {
		text += " direct"
	}
	if m := u.Marker(); m != "" {
		text += " [" + m + "]"
	}
	if !u.Sure {
		text += "?"
	}
	return text
}

const project = `
-- go.mod --
module m
-- a.go --
package m

import (
	"fmt"
	_ "m/internal/x"
	"a.example/main/pkg" // used
)
-- a_test.go --
package m_test
import "a.example/test"
-- win_windows.go --
package m
import "a.example/win"
-- cgo.go --
package m
// #include <a.h>
import "C"
import "a.example/cgo"
-- tag.go --
//go:build integration && linux

package m
import "a.example/tag"
-- old.go --
// +build !windows,amd64

package m
import "a.example/old"
-- gen.go --
//go:build ignore

package main
import "a.example/ignored"
-- tools/tools.go --
//go:build tools
// +build tools

package tools
import _ "a.example/tool/cmd/x"
-- internal/x/x.go --
package x
import "a.example/main"
-- testdata/t.go --
package t
import "a.example/testdata"
-- _x/t.go --
package t
import "a.example/testdata"
-- nested/go.mod --
module m/nested
-- nested/n.go --
package n
import "a.example/nested"
-- vendor/a.example/main/m.go --
package main
import "a.example/deep"
-- vendor/a.example/main/m_test.go --
package main
import "a.example/deptest"
-- vendor/a.example/main/pkg/m.go --
package pkg
import "golang.org/x/none/y"
-- vendor/a.example/deep/d_linux.go --
package deep
import "a.example/linux"
-- vendor/a.example/deep/d.go --
package deep
-- vendor/a.example/linux/d.go --
package linux
-- vendor/a.example/test/t.go --
package test
import "a.example/deep"
import "a.example/testonly"
-- vendor/a.example/testonly/t.go --
package testonly
-- vendor/a.example/win/w.go --
package win
-- vendor/a.example/cgo/c.go --
package cgo
-- vendor/a.example/tag/c.go --
package tag
-- vendor/a.example/old/c.go --
package old
-- vendor/a.example/tool/cmd/x/c.go --
package main
import "a.example/tooldep"
-- vendor/a.example/deep/tools.go --
//go:build tools
package deep
import _ "a.example/deeptool"
-- vendor/a.example/deeptool/c.go --
package main
-- vendor/a.example/tooldep/c.go --
package tooldep
`

func TestUses(t *testing.T) {
	want := map[string]string{
		"main": "main direct", "deep": "main", "linux": "main [linux]", "test": "test direct", "testonly": "test",
		"win": "main direct [windows]", "cgo": "main direct [cgo]", "tag": "main direct [integration && linux]",
		"old": "main direct [!windows && amd64]", "tool": "tool direct", "tooldep": "tool", "deeptool": "tool",
		"ignored": "unused", "testdata": "unused", "nested": "unused", "deptest": "unused",
	}
	var deps []string
	for name := range want {
		deps = append(deps, "a.example/"+name)
	}
	slices.Sort(deps)
	fsys := tree(project)
	fsys["vendor/golang.org/x/none/y/y.go"] = &fstest.MapFile{Data: []byte("package y")}
	r := analyze(t, vendored(fsys, append(deps, "golang.org/x/none")...))
	for name, w := range want {
		if got := said(r.Uses["a.example/"+name]); got != w {
			t.Errorf("%s: %q, want %q", name, got, w)
		}
	}
	if len(r.Problems)+len(r.Missing) > 0 {
		t.Errorf("problems %v, missing %v", r.Problems, r.Missing)
	}
	chain := r.Uses["a.example/linux"].Main
	if want := []string{"m/internal/x", "a.example/main", "a.example/deep", "a.example/linux"}; !slices.Equal(chain.Packages, want) || chain.File != "internal/x/x.go" || chain.Line != 2 {
		t.Errorf("chain %+v, want %v", chain, want)
	}
	if c := r.Uses["a.example/testonly"].Test; c.File != "a_test.go" || c.Line != 2 || c.Packages[0] != "m" {
		t.Errorf("chain of a test %+v", c)
	}
	if c := r.Uses["a.example/tool"].Tool; c.File != "tools/tools.go" || c.Line != 5 {
		t.Errorf("chain of a tool %+v", c)
	}
	if got := r.Requires["a.example/main"]; !slices.Equal(got, []string{"a.example/deep", "golang.org/x/none"}) {
		t.Errorf("main requires %v", got)
	}
}

// TestNothingSureWithoutSources: what cannot be seen is not called unused.
func TestNothingSureWithoutSources(t *testing.T) {
	fsys := tree(project)
	in := vendored(fsys, "a.example/main", "a.example/deep", "a.example/test", "a.example/testonly", "a.example/nested", "a.example/win")
	for i := range in.Deps {
		in.Deps[i].Source = Source{}
	}
	r := analyze(t, in)
	for name, want := range map[string]string{"main": "main direct", "deep": "unused?", "test": "test direct?", "testonly": "unused?", "nested": "unused?", "win": "main direct [windows]?"} {
		if got := said(r.Uses["a.example/"+name]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !slices.Contains(r.Missing, "a.example/old") {
		t.Errorf("missing %v", r.Missing)
	}
	alone := analyze(t, vendored(fstest.MapFS{"go.mod": {}}, "a.example/main"))
	if got := said(alone.Uses["a.example/main"]); got != "unused?" {
		t.Errorf("a manifest without code: %q", got)
	}
}

// TestFoldersDecide: the longest module path that has the folder provides a
// package, unless a nested module does or the caller knows better.
func TestFoldersDecide(t *testing.T) {
	cache := tree(`
-- x@v1/a/a.go --
package a
-- x@v1/b/b.go --
package b
-- x@v1/b/go.mod --
module x.example/x/b
-- x@v1/c/notes.txt --
-- b@v2/b.go --
package b
-- c@v1/d/d.go --
package d
`)
	main := tree("-- m.go --\npackage m\nimport (\n\"x.example/x/a\"\n\"x.example/x/b\"\n\"x.example/x/c\"\n)\n")
	in := Input{Main: []Main{{Module: Module{"m", Source{main, "."}}}}, Deps: []Module{
		{"x.example/x", Source{cache, "x@v1"}}, {"x.example/x/b", Source{cache, "b@v2"}}, {"x.example/x/a", Source{cache, "c@v1"}}, {"x.example/x/c", Source{cache, "c@v1"}},
	}}
	r := analyze(t, in)
	for name, want := range map[string]string{"": "main direct", "/b": "main direct", "/a": "unused?", "/c": "unused?"} {
		if got := said(r.Uses["x.example/x"+name]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !slices.Equal(r.Missing, []string{"x.example/x/c"}) {
		t.Errorf("missing %v", r.Missing)
	}
	in.Deps = slices.Delete(in.Deps, 1, 2)
	if r := analyze(t, in); !slices.Contains(r.Missing, "x.example/x/b") {
		t.Errorf("the package of a nested module was taken from the outer one: %v", r.Missing)
	}
	in.Owner = func(p string) (string, bool) { return "x.example/x/a", p == "x.example/x/a" }
	if r := analyze(t, in); !slices.Contains(r.Missing, "x.example/x/a") {
		t.Errorf("the owner was not asked: %v", r.Missing)
	}
}

func TestWorkspaceToolsAndIgnored(t *testing.T) {
	fsys := tree(`
-- one/a.go --
package one
import "example.org/two/p"
-- two/p/p.go --
package p
import "d.example/d"
-- two/skip/s.go --
package s
import "d.example/skipped"
-- two/deep/any/s.go --
package s
import "d.example/skipped"
-- v/d/d.go --
package d
-- v/t/cmd/t.go --
package main
import "d.example/d"
-- v/s/s.go --
package s
`)
	r := analyze(t, Input{
		Main: []Main{{Module: Module{"example.org/one", Source{fsys, "one"}}, Tools: []string{"t.example/t/cmd", "cmd/vet"}},
			{Module: Module{"example.org/two", Source{fsys, "two"}}, Ignore: []string{"./skip/", "any"}}},
		Deps: []Module{{"d.example/d", Source{fsys, "v/d"}}, {"t.example/t", Source{fsys, "v/t"}}, {"d.example/skipped", Source{fsys, "v/s"}}},
	})
	for name, want := range map[string]string{"d.example/d": "main+tool direct", "t.example/t": "tool", "d.example/skipped": "unused", "example.org/two": "main direct"} {
		if got := said(r.Uses[name]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestLikeGoBuild holds the evaluation of constraints against go/build, for
// every port.
func TestLikeGoBuild(t *testing.T) {
	files := map[string]string{
		"x_windows.go": "", "x_linux_arm64.go": "", "x_linux_test.go": "", "linux.go": "", "linux_amd64.go": "", "x_unix.go": "", "x_.go": "", "x_zos.go": "", "a.b_windows.go": "",
		"a.go": "//go:build linux\n", "b.go": "//go:build !windows && (amd64 || arm64)\n", "c.go": "// text\n\n//go:build unix\n// +build windows\n\n",
		"d.go": "// +build linux darwin\n// +build amd64\n\n", "e.go": "// +build linux\n", "f.go": "/* c */\n// +build linux\n\n", "g.go": "/*\n//go:build linux\n*/\n",
		"h.go": "//go:build linux\n//go:build windows\n", "i.go": "//go:build (\n", "j.go": "//go:build go1.21 && !go1.99\n", "k.go": "//go:build tag || cgo\n",
		"l.go": "/* a */ //go:build windows\n", "m.go": "\ufeff//go:build windows\n", "n.go": "//go:build linux\r\n\r\n", "o.go": "// +build ignore\n\n", "p.go": "//go:build gc && !gccgo && !race\n",
		"q.go": "//go:build android || ios || illumos\n", "r.go": "package r\n//go:build windows\n",
		"s.go": "//  +build windows\n\n", "t.go": "//+build windows\n\n", "u.go": "/* x\n*/ /* y */\n//go:build plan9\n",
	}
	pl := newPlatforms()
	for name, text := range files {
		text += "package p\n"
		c := pl.condition(name, []byte(text))
		for i, q := range pl.ports {
			for cgo := range 2 {
				if cgo == 1 && !q.cgo {
					continue
				}
				ctx := build.Default
				ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled, ctx.BuildTags = q.os, q.arch, cgo == 1, nil
				ctx.OpenFile = nil
				ctx.ReadDir = nil
				want := matched(t, ctx, name, text)
				if got := c.builds[cgo]>>i&1 == 1; got != want {
					t.Errorf("%s %q on %v cgo=%d: %v, go/build says %v", name, text, q, cgo, got, want)
				}
			}
		}
	}
}

func matched(t *testing.T, ctx build.Context, name, text string) bool {
	dir := "/d"
	ctx.JoinPath = func(parts ...string) string { return strings.Join(parts, "/") }
	ctx.OpenFile = nopOpen(text)
	ok, _ := ctx.MatchFile(dir, name)
	return ok
}

// TestDescription: a set that is written as a constraint and read again is the
// same set.
func TestDescription(t *testing.T) {
	pl := newPlatforms()
	check := func(text string) {
		x, err := constraint.Parse("//go:build " + text)
		if err != nil {
			t.Fatal(text, err)
		}
		s := pl.eval(x, "")
		again := pl.describe(s)
		if again == "" {
			if s != pl.all && !s.empty() {
				t.Errorf("%s: no description", text)
			}
			return
		}
		y, err := constraint.Parse("//go:build " + again)
		if err != nil {
			t.Errorf("%s: %q: %v", text, again, err)
		} else if back := pl.eval(y, ""); back != s {
			t.Errorf("%s: described as %q, which is another set: %v and %v", text, again, s, back)
		}
	}
	for _, text := range []string{"windows", "!windows", "linux", "darwin", "unix", "!unix", "cgo", "!cgo", "linux && cgo", "windows || cgo", "amd64", "!amd64 && !arm64",
		"linux && amd64", "!(linux && amd64)", "android", "linux && !android", "!linux", "ios", "solaris", "illumos || windows", "(linux || darwin) && (amd64 || arm64)",
		"linux && amd64 || windows && arm64", "!linux || cgo", "js || wasip1", "wasm && !cgo", "freebsd && cgo || netbsd && !cgo", "mips64le", "(linux && !cgo) || (darwin && cgo)"} {
		check(text)
	}
	words := []string{"linux", "windows", "darwin", "android", "amd64", "arm64", "cgo", "unix", "ios", "wasm"}
	for i := range 3000 {
		a, b, c := words[i%10], words[i/10%10], words[i/100%10]
		op := []string{"&&", "||"}
		check(fmt.Sprintf("(!%s %s %s) %s %s", a, op[i%2], b, op[i/7%2], c))
	}
	for want, text := range map[string]string{"windows": "windows", "!windows": "!windows", "unix": "unix", "linux": "linux", "darwin || windows": "windows || darwin", "cgo": "cgo", "amd64": "amd64", "windows && cgo": "cgo && windows"} {
		x, _ := constraint.Parse("//go:build " + text)
		if got := pl.describe(pl.eval(x, "")); got != want {
			t.Errorf("%s is described as %q, want %q", text, got, want)
		}
	}
}

func TestSameWhateverTheOrder(t *testing.T) {
	in := vendored(tree(project), "a.example/main", "a.example/deep", "a.example/test", "a.example/linux")
	first := analyze(t, in)
	for range 5 {
		if r := analyze(t, in); !reflect.DeepEqual(r, first) {
			t.Fatalf("another result:\n%+v\n%+v", r, first)
		}
	}
}

// TestPathsStayInside: an import is a name, and no way around in the tree.
func TestPathsStayInside(t *testing.T) {
	fsys := tree("-- a.go --\npackage m\nimport (\n\"a.example/x/../../y\"\n\"../y\"\n\"/y\"\n\"a.example/x//z\"\n\"\"\n)\n-- vendor/y/y.go --\npackage y\nimport \"b.example/b\"\n-- vendor/b.example/b/b.go --\npackage b\n")
	r := analyze(t, vendored(fsys, "a.example/x", "b.example/b"))
	if r.Packages != 1 || r.Uses["b.example/b"].Main != nil {
		t.Errorf("%+v", r)
	}
}

func TestDepth(t *testing.T) {
	deep := strings.Repeat("d/", maxDepth+1)
	r := analyze(t, vendored(tree("-- "+deep+"a.go --\npackage a\nimport \"a.example/b\"\n-- m.go --\npackage m\n-- vendor/a.example/b/b.go --\npackage b\n"), "a.example/b"))
	if len(r.Problems) != 1 || said(r.Uses["a.example/b"]) != "unused?" {
		t.Errorf("%+v", r)
	}
}

// BenchmarkAnalyze reads the go command and the standard library, which are two
// main modules with vendor folders.
func BenchmarkAnalyze(b *testing.B) {
	fsys := os.DirFS(build.Default.GOROOT + "/src")
	if _, err := fs.Stat(fsys, "cmd/go.mod"); err != nil {
		b.Skip("the source of Go is not at hand")
	}
	in := Input{Main: []Main{{Module: Module{"cmd", Source{fsys, "cmd"}}}, {Module: Module{"std", Source{fsys, "."}}}}}
	for _, m := range []string{"golang.org/x/mod", "golang.org/x/tools", "golang.org/x/sys", "golang.org/x/arch", "golang.org/x/sync", "golang.org/x/term", "golang.org/x/text", "github.com/google/pprof"} {
		in.Deps = append(in.Deps, Module{m, Source{fsys, "cmd/vendor/" + m}})
	}
	b.ReportAllocs()
	files := 0
	for b.Loop() {
		r, err := Analyze(b.Context(), in)
		if err != nil {
			b.Fatal(err)
		}
		files = r.Files
	}
	b.ReportMetric(float64(files), "files")
}
