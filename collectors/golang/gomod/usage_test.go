package gomod

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// used is a module that needs others for its packages, its tests, a tool, one
// system alone and for nothing.
var used = map[string]string{
	"go.mod": `module example.com/app

go 1.24

require (
	example.com/lib v1.0.0
	example.com/check v1.0.0
	example.com/win v1.0.0
	example.com/idle v1.0.0
)

require (
	example.com/deep v1.0.0 // indirect
	example.com/gen v1.0.0 // indirect
)

tool example.com/gen/cmd/gen
`,
	"app.go":         "package app\n\nimport _ \"example.com/lib\"\n",
	"app_windows.go": "package app\n\nimport _ \"example.com/win\"\n",
	"app_test.go":    "package app\n\nimport _ \"example.com/check\"\n",
}

// sources lie unpacked in the cache.
var sources = map[string]string{
	"example.com/lib@v1.0.0/lib.go":         "package lib\n\nimport _ \"example.com/deep/pkg\"\n",
	"example.com/deep@v1.0.0/pkg/pkg.go":    "package pkg\n",
	"example.com/check@v1.0.0/check.go":     "package check\n",
	"example.com/win@v1.0.0/win.go":         "package win\n",
	"example.com/idle@v1.0.0/idle.go":       "package idle\n",
	"example.com/gen@v1.0.0/cmd/gen/gen.go": "package main\n",
}

func TestUsage(t *testing.T) {
	mods := map[string]string{}
	for _, name := range []string{"lib", "deep", "check", "win", "idle", "gen"} {
		mods["example.com/"+name+"@v1.0.0"] = "go 1.24\n"
	}
	groups := func(drop string) map[string]string {
		cache := modCache(mods)
		for name, text := range sources {
			if drop == "" || !strings.HasPrefix(name, "example.com/"+drop+"@") {
				cache[name] = file(text)
			}
		}
		seen, err := with(t, treeOf(used), cache, "go.mod")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, s := range seen {
			if s.Package != nil {
				got[strings.TrimPrefix(s.Name, "example.com/")] = strings.Join(slices.Concat(s.Package.Groups, s.Package.Markers), " ")
			}
		}
		return got
	}
	compare := func(what string, got map[string]string, want map[string]string) {
		for name, w := range want {
			if got[name] != w {
				t.Errorf("%s: %s is for %q, want %q", what, name, got[name], w)
			}
		}
	}
	compare("all sources", groups(""), map[string]string{"lib": "main", "deep": "main", "check": "test", "win": "main windows", "idle": "unused", "gen": "tool"})
	// without the source of lib nobody knows what it imports
	compare("one is lost", groups("lib"), map[string]string{"lib": "main", "deep": "indirect", "check": "indirect", "idle": "main", "gen": "tool"})
}

func TestVendored(t *testing.T) {
	tree := treeOf(used)
	list := ""
	for name, text := range sources {
		dir, _, _ := strings.Cut(name, "@")
		_, rest, _ := strings.Cut(name, "/v1.0.0/")
		if rest == "" {
			_, rest, _ = strings.Cut(name, "@v1.0.0/")
		}
		if !strings.Contains(name, "idle") {
			tree["vendor/"+dir+"/"+rest] = file(text)
		}
	}
	for _, m := range []string{"check", "deep/pkg", "gen/cmd/gen", "lib", "win"} {
		name, _, _ := strings.Cut(m, "/")
		list += "# example.com/" + name + " v1.0.0\n## explicit; go 1.24\nexample.com/" + m + "\n"
	}
	tree["vendor/modules.txt"] = file(list + "# example.com/idle v1.0.0\n## explicit\n")
	seen, err := with(t, tree, nil, "go.mod")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"./#go -> example.com/check@v1.0.0",
		"./#go -> example.com/gen@v1.0.0 (tool)",
		"./#go -> example.com/idle@v1.0.0",
		"./#go -> example.com/lib@v1.0.0",
		"./#go -> example.com/win@v1.0.0",
		"example.com/lib@v1.0.0 -> example.com/deep@v1.0.0 (import)",
	}
	if got := edges(seen); !slices.Equal(got, want) {
		t.Errorf("edges\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for name, group := range map[string]string{"lib": "main", "deep": "main", "check": "test", "gen": "tool", "idle": "unused"} {
		s := find(seen, "example.com/"+name)
		if !slices.Equal(s.Package.Groups, []string{group}) {
			t.Errorf("%s is for %v, want %s", name, s.Package.Groups, group)
		}
		if known := name != "idle"; known != (s.Basis == sbom.Resolved && s.Package.Dependencies == "complete") {
			t.Errorf("%s: %s %+v", name, s.Basis, s.Package)
		}
	}
}

// TestOldVendored: before Go 1.17 only the vendor folder knows what is selected.
func TestOldVendored(t *testing.T) {
	seen, err := with(t, treeOf(map[string]string{
		"go.mod":             "module example.com/app\n\ngo 1.16\n\nrequire example.com/a v1.0.0\n",
		"vendor/modules.txt": "# example.com/a v1.2.0\n## explicit\nexample.com/a\n# example.com/b v0.1.0\nexample.com/b\n",
	}), nil, "go.mod")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"./#go -> example.com/a@v1.2.0", "./#go -> example.com/b@v0.1.0 (indirect)"}
	if got := edges(seen); !slices.Equal(got, want) {
		t.Errorf("edges %v, want %v", got, want)
	}
}
