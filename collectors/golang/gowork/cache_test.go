package gowork

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/golang/gomod"
	"github.com/mlbom/mlbom/sbom"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// TestTogether: two members need one module in different versions, and both get
// the higher one, which needs more than the lower.
func TestTogether(t *testing.T) {
	tree := fstest.MapFS{
		"w/go.work":     file("go 1.24\n\nuse ./a\nuse ./b\n\nreplace example.com/gone => ./gone\n"),
		"w/a/go.mod":    file("module example.com/a\n\ngo 1.24\n\nrequire example.com/x v1.0.0\n"),
		"w/a/a.go":      file("package a\n\nimport _ \"example.com/x\"\n"),
		"w/b/go.mod":    file("module example.com/b\n\ngo 1.24\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/x v1.1.0 // indirect\n\texample.com/gone v1.0.0\n)\n\nreplace example.com/a => ../a\n"),
		"w/gone/go.mod": file("module example.com/gone\n"),
	}
	cache := fstest.MapFS{
		"cache/download/example.com/x/@v/v1.0.0.mod": file("module example.com/x\n\ngo 1.20\n"),
		"cache/download/example.com/x/@v/v1.1.0.mod": file("module example.com/x\n\ngo 1.20\n\nrequire example.com/y v1.0.0\n"),
		"cache/download/example.com/y/@v/v1.0.0.mod": file("module example.com/y\n"),
	}
	var report sbom.Report
	for name, c := range map[string]*sbom.Collector{"w/go.work": &Collector, "w/a/go.mod": &gomod.Collector, "w/b/go.mod": &gomod.Collector} {
		f := sbom.NewFile(tree, name)
		f.Caches = map[string]fs.FS{sbom.GoModules: cache}
		seen, err := c.Collect(context.Background(), f)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, s := range seen {
			s.Where.Path, s.Where.By = name, c.Name
			report.Sightings = append(report.Sightings, s)
		}
	}
	g := sbom.Merge(report)
	var got []string
	for _, e := range g.Edges {
		got = append(got, strings.TrimSpace(string(e.From)+" "+string(e.Rel)+" "+string(e.To)+" "+strings.Join(e.Notes, ";")))
	}
	want := []string{
		"app:w/#go-work contains app:w/a/#go",
		"app:w/#go-work contains app:w/b/#go",
		"app:w/a/#go depends-on pkg:golang/example.com/x@v1.1.0 v1.0.0",
		"app:w/b/#go depends-on app:w/a/#go",
		"app:w/b/#go depends-on app:w/gone/#go",
		"pkg:golang/example.com/x@v1.1.0 depends-on pkg:golang/example.com/y@v1.0.0",
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("edges\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, n := range g.Nodes {
		if strings.HasSuffix(string(n.ID), "/x@v1.0.0") {
			t.Error("the lower version is there")
		}
		if n.ID == "app:w/#go-work" && (len(n.Findings) != 1 || n.Findings[0].Rule != sbom.RuleLocalReplace || n.Package.Dependencies != "complete") {
			t.Errorf("the workspace: %+v %+v", n.Package, n.Findings)
		}
		if strings.HasSuffix(string(n.ID), "/x@v1.1.0") && !slices.Equal(n.Package.Groups, []string{"main"}) {
			t.Errorf("x is for %v", n.Package.Groups)
		}
	}
	if len(g.Conflicts) > 0 {
		t.Errorf("conflicts %+v", g.Conflicts)
	}
}

// TestVendored: without module cache the vendor folder beside go.work has the
// versions, and its code the edges.
func TestVendored(t *testing.T) {
	tree := fstest.MapFS{
		"go.work":                   file("go 1.24\n\nuse ./a\nuse ./b\n"),
		"a/go.mod":                  file("module example.com/a\n\ngo 1.24\n\nrequire (\n\texample.com/b v0.0.0\n\texample.com/x v1.0.0\n)\n\nrequire example.com/y v1.0.0 // indirect\n"),
		"a/a.go":                    file("package a\n\nimport (\n\t_ \"example.com/b\"\n\t_ \"example.com/x\"\n)\n"),
		"b/go.mod":                  file("module example.com/b\n\ngo 1.24\n"),
		"b/b.go":                    file("package b\n"),
		"vendor/modules.txt":        file("## workspace\n# example.com/x v1.1.0\n## go 1.20\nexample.com/x\n# example.com/y v1.0.0\n## explicit\nexample.com/y\n"),
		"vendor/example.com/x/x.go": file("package x\n\nimport _ \"example.com/y\"\n"),
		"vendor/example.com/y/y.go": file("package y\n"),
	}
	seen, err := gomod.Collector.Collect(context.Background(), sbom.NewFile(tree, "a/go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range seen {
		for _, l := range s.Links {
			got = append(got, s.Name+" "+l.To.Keys.PURL+l.To.Keys.Path+" "+l.Note)
		}
	}
	want := []string{"example.com/a b/#go ", "example.com/a pkg:golang/example.com/x@v1.1.0 ", "example.com/x pkg:golang/example.com/y@v1.0.0 import"}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("links %q, want %q", got, want)
	}
}
