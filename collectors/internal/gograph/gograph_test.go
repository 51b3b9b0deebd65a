package gograph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// cacheOf makes a module cache of go.mod files, by "path@version".
func cacheOf(mods map[string]string) fstest.MapFS {
	cache := fstest.MapFS{}
	for m, text := range mods {
		name, version, _ := strings.Cut(m, "@")
		cache["cache/download/"+name+"/@v/"+version+".mod"] = &fstest.MapFile{Data: []byte("module " + name + "\n" + text)}
	}
	return cache
}

func mainOf(t testing.TB, text string) Main {
	t.Helper()
	file, err := modfile.Parse("go.mod", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return Main{".", file}
}

func build(t testing.TB, text string, mods map[string]string) *Graph {
	t.Helper()
	return Build(context.Background(), Input{Mains: []Main{mainOf(t, text)}, Tree: fstest.MapFS{}, Cache: cacheOf(mods)})
}

func names(list []module.Version) string {
	var text []string
	for _, m := range list {
		text = append(text, strings.TrimPrefix(m.String(), "a.b/"))
	}
	return strings.Join(text, " ")
}

// TestSelection has one case for each rule; that they are the go command's is what
// [TestRandomLikeGo] and [TestLikeGo] show.
func TestSelection(t *testing.T) {
	mods := map[string]string{
		"a.b/x@v1.0.0": "go 1.20\nrequire a.b/y v1.0.0\n",
		"a.b/x@v1.1.0": "go 1.20\nrequire a.b/y v1.1.0\nrequire a.b/main v1.0.0\n",
		"a.b/y@v1.0.0": "go 1.20\nrequire a.b/z v1.0.0\n",
		"a.b/y@v1.1.0": "go 1.20\nrequire a.b/z v1.1.0\n",
		"a.b/z@v1.0.0": "go 1.20\n",
		"a.b/z@v1.1.0": "go 1.20\n",
		"a.b/o@v1.0.0": "go 1.16\nrequire a.b/y v1.1.0\n",
		"a.b/n@v1.0.0": "require a.b/x v1.0.0\n",
	}
	for _, c := range []struct{ name, text, want string }{
		{"pruned", "go 1.20\nrequire a.b/x v1.0.0\n", "x@v1.0.0 y@v1.0.0"},
		{"unpruned", "go 1.16\nrequire a.b/x v1.0.0\n", "x@v1.0.0 y@v1.0.0 z@v1.0.0"},
		{"no go line", "require a.b/x v1.0.0\n", "x@v1.0.0 y@v1.0.0 z@v1.0.0"},
		{"an old dependency is followed", "go 1.20\nrequire a.b/o v1.0.0\n", "o@v1.0.0 y@v1.1.0 z@v1.1.0"},
		{"a root is raised, and then followed", "go 1.20\nrequire a.b/o v1.0.0\nrequire a.b/y v1.0.0 // indirect\n", "o@v1.0.0 y@v1.1.0 z@v1.1.0"},
		{"excluded", "go 1.20\nrequire a.b/x v1.0.0\nexclude a.b/y v1.0.0\n", "x@v1.0.0"},
		{"an excluded root", "go 1.20\nrequire a.b/x v1.0.0\nrequire a.b/y v1.1.0\nexclude a.b/x v1.0.0\n", "y@v1.1.0 z@v1.1.0"},
		{"replaced in one version", "go 1.20\nrequire a.b/x v1.0.0\nreplace a.b/x v1.0.0 => a.b/x v1.1.0\nreplace a.b/main v1.0.0 => a.b/z v1.0.0\n", "x@v1.0.0 y@v1.1.0"},
		{"replaced in another version", "go 1.20\nrequire a.b/x v1.0.0\nreplace a.b/x v1.1.0 => a.b/z v1.1.0\n", "x@v1.0.0 y@v1.0.0"},
		{"twice the same", "go 1.20\nrequire a.b/y v1.0.0\nrequire a.b/y v1.1.0\n", "y@v1.1.0 z@v1.1.0"},
	} {
		g := build(t, "module a.b/main\n"+c.text, mods)
		if !g.Complete() || names(g.Modules()) != c.want {
			t.Errorf("%s: %s, missing %v; want %s", c.name, names(g.Modules()), g.Missing, c.want)
		}
	}
	g := build(t, "module a.b/main\ngo 1.16\nrequire a.b/n v1.0.0\n", mods)
	if _, ok := g.Requires(module.Version{Path: "a.b/z", Version: "v1.0.0"}); !ok {
		t.Error("an unpruned graph does not know the requirements of z")
	}
	if v, ok := g.Selected("a.b/main"); v != "" || !ok {
		t.Errorf("the main module is selected at %q", v)
	}
}

func TestLatest(t *testing.T) {
	cache := cacheOf(map[string]string{
		"a.b/x@v1.0.0":            "",
		"a.b/x@v1.2.0":            "retract [v1.0.0, v1.1.0] // lost data\n",
		"a.b/x@v1.3.0-rc.1":       "retract v1.2.0\n",
		"a.b/!upper@v0.1.0-alpha": "",
	})
	cache["cache/download/a.b/x/@v/v1.9.0.info"] = &fstest.MapFile{}
	cache["cache/download/a.b/x/@v/junk.mod"] = &fstest.MapFile{}
	version, s := Latest(cache, nil, "a.b/x")
	if version != "v1.2.0" {
		t.Fatalf("latest %q", version)
	}
	for v, want := range map[string]bool{"v1.0.0": true, "v1.0.5": true, "v1.1.0": true, "v1.1.1": false, "v1.2.0": false, "v0.9.0": false} {
		if why, ok := s.Withdrawn(v); ok != want || ok && why != "lost data" {
			t.Errorf("%s: %v %q", v, ok, why)
		}
	}
	if version, _ := Latest(cache, nil, "a.b/none"); version != "" {
		t.Errorf("of an unknown module %q", version)
	}
	if version, _ := Latest(cache, nil, "../../etc"); version != "" {
		t.Errorf("of a path that climbs %q", version)
	}
	refuse := Sums{module.Version{Path: "a.b/x", Version: "v1.2.0/go.mod"}: {"h1:other"}}
	if version, _ := Latest(cache, refuse, "a.b/x"); version != "" {
		t.Errorf("a go.mod that go.sum refuses is believed: %q", version)
	}
}

// TestHostile: cycles end, chains of any depth are followed without recursion, and
// what is larger than any real graph is given up and told.
func TestHostile(t *testing.T) {
	cycle := map[string]string{"a.b/x@v1.0.0": "require a.b/y v1.0.0\n", "a.b/y@v1.0.0": "require a.b/x v1.0.0\nrequire a.b/y v1.0.0\n"}
	if g := build(t, "module m\nrequire a.b/x v1.0.0\n", cycle); !g.Complete() || len(g.Modules()) != 2 {
		t.Errorf("a cycle: %v %v", g.Modules(), g.Missing)
	}
	chain := map[string]string{}
	for i := range 20_000 {
		chain[fmt.Sprintf("a.b/x%d@v1.0.0", i)] = fmt.Sprintf("require a.b/x%d v1.0.0\n", i+1)
	}
	g := build(t, "module m\nrequire a.b/x0 v1.0.0\n", chain)
	if len(g.Missing) != 1 || g.Missing[0].Module.Path != "a.b/x20000" {
		t.Errorf("a chain: %d modules, missing %v", len(g.Modules()), g.Missing)
	}
	ladder := map[string]string{} // each version of x asks for the next of y, and the other way
	for i := range 2_000 {
		ladder[fmt.Sprintf("a.b/x@v1.%d.0", i)] = fmt.Sprintf("go 1.20\nrequire a.b/y v1.%d.0\n", i)
		ladder[fmt.Sprintf("a.b/y@v1.%d.0", i)] = fmt.Sprintf("go 1.20\nrequire a.b/x v1.%d.0\n", i+1)
	}
	if g := build(t, "module m\ngo 1.20\nrequire a.b/x v1.0.0\nrequire a.b/y v1.0.0\n", ladder); g.Complete() {
		t.Errorf("a ladder without end is complete: %v", g.Modules())
	}
}

// TestWide: a go.mod of a megabyte that asks for much, in many versions.
func TestWide(t *testing.T) {
	var wide strings.Builder
	wide.WriteString("require (\n")
	for i := range 20_000 {
		fmt.Fprintf(&wide, "a.b/w%d v1.0.0\n", i)
	}
	wide.WriteString(")\n")
	mods := map[string]string{"a.b/wide@v1.0.0": wide.String()}
	var text strings.Builder
	text.WriteString("module m\n")
	for i := range 60 {
		fmt.Fprintf(&text, "require a.b/x%d v1.0.0\nreplace a.b/x%d => a.b/wide v1.0.0\n", i, i)
	}
	g := build(t, text.String(), mods)
	if g.Complete() || len(g.Missing) > maxMissing {
		t.Errorf("%d missing", len(g.Missing))
	}
	huge := map[string]string{"a.b/x@v1.0.0": strings.Repeat("// x\n", maxModFile)}
	if g := build(t, "module m\nrequire a.b/x v1.0.0\n", huge); len(g.Missing) != 1 || !strings.Contains(g.Missing[0].Reason, "larger") {
		t.Errorf("a huge go.mod: %v", g.Missing)
	}
}

func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g := Build(ctx, Input{Mains: []Main{mainOf(t, "module m\nrequire a.b/x v1.0.0\n")}, Tree: fstest.MapFS{}, Cache: cacheOf(map[string]string{"a.b/x@v1.0.0": ""})})
	if g.Complete() {
		t.Error("a graph that was cut short is complete")
	}
}

func TestLocal(t *testing.T) {
	for _, c := range [][3]string{{".", "x", "./x"}, {"w", "w/x", "./x"}, {"w", "x", "../x"}, {"w/v", "x/y", "../../x/y"}, {"w/v", "w", ".."}, {"w", ".", ".."}, {"w/v", "w/x", "../x"}} {
		if got := Local(c[0], c[1]); got != c[2] {
			t.Errorf("Local(%s, %s) = %s, want %s", c[0], c[1], got, c[2])
		}
	}
	for target, want := range map[string]string{"./x": "w/x", "..": ".", "../../x": "", "/x": "", `..\x`: "", "C:/x": ""} {
		if got, ok := Inside("w", target); ok != (want != "") || ok && got != want {
			t.Errorf("Inside(w, %s) = %s %v", target, got, ok)
		}
	}
}

// thousands makes a set of n modules in three versions each, half of them pruned.
func thousands(n int) (string, map[string]string) {
	mods := map[string]string{}
	var text strings.Builder
	text.WriteString("module m\n\ngo 1.24\n\nrequire (\n")
	for i := range n {
		fmt.Fprintf(&text, "a.b/m%d v1.%d.0\n", i, i%3)
		for v := range 3 {
			var b strings.Builder
			b.WriteString([]string{"go 1.16\n", "go 1.21.0\n"}[i%2] + "require (\n")
			for k := 1; k <= 20 && i+k*k < n; k++ {
				fmt.Fprintf(&b, "a.b/m%d v1.%d.0\n", i+k*k, (v+k)%3)
			}
			mods[fmt.Sprintf("a.b/m%d@v1.%d.0", i, v)] = b.String() + ")\n"
		}
	}
	text.WriteString(")\n")
	return text.String(), mods
}

func BenchmarkGraph2000(b *testing.B) {
	text, mods := thousands(2_000)
	cache := cacheOf(mods)
	main := mainOf(b, text)
	b.ReportAllocs()
	for b.Loop() {
		g := Build(context.Background(), Input{Mains: []Main{main}, Tree: fstest.MapFS{}, Cache: cache})
		if !g.Complete() || len(g.Modules()) != 2_000 {
			b.Fatalf("%d modules, missing %v", len(g.Modules()), g.Missing[:min(3, len(g.Missing))])
		}
		b.ReportMetric(float64(len(slices.Collect(maps.Keys(g.required)))), "versions")
	}
}
