package gomod

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "svc/go.mod",
		[]byte("module m\nrequire (\n\ta v1\n"),
		[]byte("module \"m\"\ntool m/x\nreplace m => ../..\nrequire m v0.0.0-x"),
		[]byte("module m // Deprecated: no\nretract [v1.0.0, v1.1.0] // bad\n"))
}

// read gives the report on one manifest in the folder svc, with its sightings
// by name.
func read(t *testing.T, text string) (sbom.Report, map[string]sbom.Sighting) {
	t.Helper()
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"svc/go.mod": {Data: []byte(text)}})
	byName := map[string]sbom.Sighting{}
	for _, s := range r.Sightings {
		byName[s.Name] = s
	}
	return r, byName
}

func TestReplacement(t *testing.T) {
	const require = "module m\n\ngo 1.26\n\nrequire example.com/a v1.2.3\n"
	for _, c := range []struct {
		replace, name, purl, link string
	}{
		{"", "example.com/a", "pkg:golang/example.com/a@v1.2.3", "pkg:golang/example.com/a@v1.2.3"},
		{"replace example.com/a => example.com/b v1.3.0", "example.com/b", "pkg:golang/example.com/b@v1.3.0", "pkg:golang/example.com/b@v1.3.0"},
		{"replace example.com/a v1.2.3 => example.com/b v1.3.0", "example.com/b", "pkg:golang/example.com/b@v1.3.0", "pkg:golang/example.com/b@v1.3.0"},
		{"replace example.com/a v1.2.4 => example.com/b v1.3.0", "example.com/a", "pkg:golang/example.com/a@v1.2.3", "pkg:golang/example.com/a@v1.2.3"},
		{"replace example.com/a => ../../out", "example.com/a", "pkg:golang/example.com/a", "pkg:golang/example.com/a"},
		{"replace example.com/a => /abs/a", "example.com/a", "pkg:golang/example.com/a", "pkg:golang/example.com/a"},
		{"replace example.com/a => ../lib/a", "", "", "lib/a/#go"},
		{"replace example.com/a => ..", "", "", "./#go"},
		{"replace example.com/a => ./sub/", "", "", "svc/sub/#go"},
	} {
		r, seen := read(t, require+c.replace+"\n")
		if len(r.Problems) > 0 {
			t.Errorf("%s: problems %v", c.replace, r.Problems)
		}
		links := seen["m"].Links
		if len(links) != 1 || links[0].To.Keys.PURL+links[0].To.Keys.Path != c.link || links[0].Line != 5 {
			t.Errorf("%s: links %+v, want %s", c.replace, links, c.link)
		}
		if got := seen[c.name].Keys.PURL; c.name != "" && got != c.purl {
			t.Errorf("%s: purl %q, want %q", c.replace, got, c.purl)
		}
		if _, ok := seen["example.com/a"]; c.name == "" && ok {
			t.Errorf("%s: a project of the tree was seen as a library", c.replace)
		}
	}
}

func TestGroups(t *testing.T) {
	_, seen := read(t, `module m
require (
	example.com/direct v1.0.0
	example.com/deep v1.0.0 // indirect
	example.com/tool v1.0.0 // indirect
	example.com/both v1.0.0
)
tool (
	example.com/tool/cmd/x
	example.com/both/cmd/y
	m/cmd/own
)
`)
	for name, want := range map[string]string{"direct": "main", "deep": "indirect", "tool": "tool", "both": "main tool"} {
		if got := strings.Join(seen["example.com/"+name].Package.Groups, " "); got != want {
			t.Errorf("%s: groups %q, want %q", name, got, want)
		}
	}
	if got := seen["example.com/tool"].Lines["package.groups"]; got != 9 {
		t.Errorf("the tool's group stands at line %d, want 9", got)
	}
}

func TestRepair(t *testing.T) {
	for _, c := range []struct {
		name, text string
		lines      []int // of problems
		want       []string
	}{
		{"branch as version", "module m\nrequire (\n\texample.com/a v1.0.0\n\texample.com/b main\n)\n", []int{4}, []string{"example.com/a"}},
		{"unknown block", "module m\nfuture (\n\tx y\n)\nrequire example.com/a v1.0.0\n", []int{2}, []string{"example.com/a"}},
		{"wrong major", "module m\nrequire example.com/a v2.0.0\nrequire example.com/b v1.0.0\n", []int{2}, []string{"example.com/b"}},
		{"conflict markers", "module m\n<<<<<<< HEAD\nrequire example.com/a v1.0.0\n=======\n>>>>>>> x\n", []int{2, 4, 5}, []string{"example.com/a"}},
		{"escaping module path", "module m\nrequire ../../etc v1.0.0\nrequire example.com/b v1.0.0\n", []int{2}, []string{"example.com/b"}},
	} {
		r, seen := read(t, c.text)
		var lines []int
		for _, p := range r.Problems {
			lines = append(lines, p.Line)
		}
		slices.Sort(lines)
		if !slices.Equal(slices.Compact(lines), c.lines) {
			t.Errorf("%s: problems %+v, want lines %v", c.name, r.Problems, c.lines)
		}
		if seen["m"].Kind != sbom.KindApplication {
			t.Errorf("%s: the module was lost", c.name)
		}
		for _, name := range c.want {
			if _, ok := seen[name]; !ok {
				t.Errorf("%s: %s was lost", c.name, name)
			}
		}
	}
}

func TestHopeless(t *testing.T) {
	if r, _ := read(t, strings.Repeat("require (\n", 200)); len(r.Problems) == 0 {
		t.Error("no problem on nested blocks")
	}
	if r, _ := read(t, strings.Repeat("\n", gomanifest.MaxSize+1)); len(r.Problems) != 1 {
		t.Errorf("problems on a file over the bound: %v", r.Problems)
	}
	var many strings.Builder
	for i := range maxRequirements + 5 {
		fmt.Fprintf(&many, "require a.b/c%d v1.0.0\n", i)
	}
	if r, seen := read(t, "module m\n"+many.String()); len(r.Problems) != 1 || r.Problems[0].Line != maxRequirements+2 || len(seen["m"].Links) != maxRequirements {
		t.Errorf("too many requirements: %v", r.Problems)
	}
	if r, _ := read(t, "module m\nrequire a \"\x00"); len(r.Problems) == 0 {
		t.Error("no problem on an open string")
	}
}
