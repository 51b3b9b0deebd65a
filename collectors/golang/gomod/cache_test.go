package gomod

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/sbom"
)

// modCache makes a module cache of go.mod files, by "path@version".
func modCache(mods map[string]string) fstest.MapFS {
	cache := fstest.MapFS{}
	for m, text := range mods {
		name, version, _ := strings.Cut(m, "@")
		cache["cache/download/"+name+"/@v/"+version+".mod"] = &fstest.MapFile{Data: []byte("module " + name + "\n" + text)}
	}
	return cache
}

// with collects one manifest of a tree, with a module cache.
func with(t *testing.T, tree, cache fstest.MapFS, name string) ([]sbom.Sighting, error) {
	t.Helper()
	f := sbom.NewFile(tree, name)
	if cache != nil {
		f.Caches = map[string]fs.FS{sbom.GoModules: cache}
	}
	return Collector.Collect(context.Background(), f)
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// edges writes the links of sightings as "from -> to (note)".
func edges(list []sbom.Sighting) []string {
	var lines []string
	for _, s := range list {
		for _, l := range s.Links {
			line := label(s.Component) + " -> " + label(l.To)
			if l.Note != "" {
				line += " (" + l.Note + ")"
			}
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

func label(c sbom.Component) string {
	if c.Keys.Path != "" {
		return c.Keys.Path
	}
	return strings.TrimPrefix(c.Keys.PURL, "pkg:golang/")
}

func find(list []sbom.Sighting, name string) *sbom.Sighting {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return &sbom.Sighting{}
}

func rules(list []sbom.Finding) string {
	var ids []string
	for _, f := range list {
		ids = append(ids, f.Rule)
	}
	return strings.Join(ids, " ")
}

const main117 = "module example.com/app\n\ngo 1.20\n\nrequire example.com/a v1.0.0\n\nrequire (\n\texample.com/b v1.1.0 // indirect\n\texample.com/lone v1.0.0 // indirect\n)\n"

var mods117 = map[string]string{
	"example.com/a@v1.0.0":    "go 1.18\nrequire example.com/b v1.0.0\nrequire example.com/c v1.0.0 // indirect\n",
	"example.com/b@v1.0.0":    "go 1.18\n",
	"example.com/b@v1.1.0":    "go 1.18\n",
	"example.com/b@v1.2.0":    "go 1.18\nretract v1.1.0 // it lost data\n",
	"example.com/c@v1.0.0":    "go 1.18\nrequire example.com/deep v1.0.0\n",
	"example.com/lone@v1.0.0": "go 1.18\n",
	"example.com/lone@v1.1.0": "go 1.18\n",
}

func TestGraph(t *testing.T) {
	seen, err := with(t, fstest.MapFS{"go.mod": file(main117)}, modCache(mods117), "go.mod")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"./#go -> example.com/a@v1.0.0",
		"./#go -> example.com/lone@v1.0.0 (indirect)",
		"example.com/a@v1.0.0 -> example.com/b@v1.1.0 (v1.0.0)",
		"example.com/a@v1.0.0 -> example.com/c@v1.0.0 (indirect)",
	}
	if got := edges(seen); !slices.Equal(got, want) {
		t.Errorf("edges\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for name, known := range map[string]string{"app": "complete", "a": "complete", "b": "complete", "c": "unknown", "lone": "complete"} {
		s := find(seen, "example.com/"+name)
		if s.Package == nil || s.Package.Dependencies != known {
			t.Errorf("%s: %+v, want dependencies %s", name, s.Package, known)
		}
		if name != "app" && s.Basis != sbom.Resolved {
			t.Errorf("%s is %s", name, s.Basis)
		}
	}
	if s := find(seen, "example.com/b"); rules(s.Findings) != sbom.RuleWithdrawn || !strings.Contains(s.Findings[0].Message, "it lost data") || s.Where.Line != 8 {
		t.Errorf("b: %+v", s)
	}
	if s := find(seen, "example.com/deep"); s.Name != "" {
		t.Errorf("a module beyond the pruning was seen: %+v", s)
	}
	if len(find(seen, "example.com/app").Properties) != 0 {
		t.Error("a hint although the graph is known")
	}
}

// TestBelief: one file that is missing, another one than go.sum stands for, under
// a false name or unreadable, and the manifest alone counts.
func TestBelief(t *testing.T) {
	sum := func(m, text string) string {
		name, version, _ := strings.Cut(m, "@")
		return fmt.Sprintf("%s %s/go.mod %s\n", name, version, gograph.ModSum([]byte("module "+name+"\n"+text)))
	}
	honest := sum("example.com/a@v1.0.0", mods117["example.com/a@v1.0.0"])
	for _, c := range []struct {
		name, sums string
		change     func(fstest.MapFS)
		rule       string
		known      bool
	}{
		{"as it is", "", func(fstest.MapFS) {}, "", true},
		{"with its sum", honest, func(fstest.MapFS) {}, "", true},
		{"missing", "", func(c fstest.MapFS) { delete(c, "cache/download/example.com/b/@v/v1.1.0.mod") }, "", false},
		{"changed", honest, func(c fstest.MapFS) {
			c["cache/download/example.com/a/@v/v1.0.0.mod"] = file("module example.com/a\nrequire example.com/evil v1.0.0\n")
		}, sbom.RuleDigest, false},
		{"false name", "", func(c fstest.MapFS) { c["cache/download/example.com/a/@v/v1.0.0.mod"] = file("module example.com/x\n") }, "", false},
		{"no name", "", func(c fstest.MapFS) { c["cache/download/example.com/a/@v/v1.0.0.mod"] = file("go 1.20\n") }, "", false},
		{"broken", "", func(c fstest.MapFS) { c["cache/download/example.com/a/@v/v1.0.0.mod"] = file("module (\n") }, "", false},
		{"huge", "", func(c fstest.MapFS) {
			c["cache/download/example.com/a/@v/v1.0.0.mod"] = file("module example.com/a\n" + strings.Repeat("// x\n", 1<<20))
		}, "", false},
	} {
		cache := modCache(mods117)
		c.change(cache)
		seen, err := with(t, fstest.MapFS{"go.mod": file(main117), "go.sum": file(c.sums)}, cache, "go.mod")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		app := find(seen, "example.com/app")
		if known := find(seen, "example.com/c").Name != ""; known != c.known {
			t.Errorf("%s: known %v, want %v", c.name, known, c.known)
		}
		if hint := len(app.Properties) == 1; hint == c.known {
			t.Errorf("%s: properties %v", c.name, app.Properties)
		}
		if len(app.Properties) == 1 && strings.Contains(app.Properties[0].Value, "clean -modcache") != (c.rule == sbom.RuleDigest) { // what is there is not fetched again
			t.Errorf("%s: the help is %q", c.name, app.Properties[0].Value)
		}
		if got := strings.Contains(rules(app.Findings), sbom.RuleDigest); got != (c.rule == sbom.RuleDigest) {
			t.Errorf("%s: findings %+v", c.name, app.Findings)
		}
		if find(seen, "example.com/a").Keys.PURL != "pkg:golang/example.com/a@v1.0.0" {
			t.Errorf("%s: a was lost", c.name)
		}
	}
}

func treeOf(files map[string]string) fstest.MapFS {
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = file(text)
	}
	return tree
}

func TestOrigin(t *testing.T) {
	cache := modCache(map[string]string{"example.com/a@v1.0.0": "go 1.20\n", "example.com/b@v1.0.0": "", "example.com/c@v1.0.0": ""})
	hash := strings.Repeat("1a", 20)
	cache["cache/download/example.com/a/@v/v1.0.0.info"] = file(`{"Version":"v1.0.0","Time":"2026-01-02T03:04:05Z","Origin":{"VCS":"git","URL":"https://user:secret@example.com/git/a","Hash":"` + hash + `","Ref":"refs/tags/v1.0.0"}}`)
	cache["cache/download/example.com/b/@v/v1.0.0.info"] = file(`{"Version":"v1.0.1","Time":"2026-01-02T03:04:05Z"}`)
	cache["cache/download/example.com/c/@v/v1.0.0.info"] = file(`{"Version":"v1.0.0","Time":"yesterday","Origin":{"VCS":"git","URL":"../c","Hash":"x"}}`)
	seen, err := with(t, treeOf(map[string]string{"go.mod": "module m\n\ngo 1.20\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0\n\texample.com/c v1.0.0\n)\n"}), cache, "go.mod")
	if err != nil {
		t.Fatal(err)
	}
	want := sbom.Source{Type: "git", URL: "https://example.com/git/a", Ref: "refs/tags/v1.0.0", Commit: hash}
	if s := find(seen, "example.com/a"); s.Package.Source != want || s.Released != "2026-01-02T03:04:05Z" || len(s.Refs) != 1 || s.Refs[0].URL != want.URL {
		t.Errorf("a: %+v %+v", s.Package.Source, s.Component)
	}
	for _, name := range []string{"b", "c"} {
		if s := find(seen, "example.com/"+name); s.Package.Source != (sbom.Source{}) || s.Released != "" || len(s.Refs) > 0 {
			t.Errorf("%s: %+v", name, s.Component)
		}
	}
}

// TestUnpacked: a module that lies in a module cache is no main module.
func TestUnpacked(t *testing.T) {
	for dir, want := range map[string]bool{"pkg/mod/example.com/app@v1.0.0": false, "mod/app@v0.0.0-20260101000000-123456789abc/sub": false, "svc@v1": true, "svc": true} {
		seen, err := with(t, treeOf(map[string]string{dir + "/go.mod": main117}), modCache(mods117), dir+"/go.mod")
		if err != nil {
			t.Fatal(err)
		}
		if got := find(seen, "example.com/app").Package.Dependencies == "complete"; got != want {
			t.Errorf("%s: resolved %v", dir, got)
		}
	}
}
