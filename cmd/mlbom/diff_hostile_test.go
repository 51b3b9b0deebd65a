package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
)

// hostileGraph has n components of equal names that inject, in a circle.
func hostileGraph(n int, version string) *sbom.Graph {
	name := "a|b ``` <script>x</script> @everyone \x1b[31m\n| row | [l](http://x) \u202e"
	g := &sbom.Graph{}
	id := func(i int) sbom.ID { return sbom.ID(fmt.Sprintf("pkg:npm/p%07d", i%n)) }
	for i := range n {
		c := sbom.Component{Kind: sbom.KindLibrary, Name: name, Version: version, Keys: sbom.Keys{PURL: string(id(i))}, Properties: []sbom.Property{{Name: name, Value: name}}}
		g.Nodes = append(g.Nodes, &sbom.Node{ID: id(i), Component: c})
		g.Edges = append(g.Edges, sbom.Edge{From: id(i), To: id(i + 1), Rel: sbom.DependsOn}, sbom.Edge{From: id(i), To: id(i + 1), Rel: sbom.Contains})
	}
	return g
}

// TestDiffHostile: names of strangers reach neither the terminal nor the page, and a
// comment stays as short as it has to be.
func TestDiffHostile(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n /= 10
	}
	start := time.Now()
	r := diff.Compare(hostileGraph(n, "1"), hostileGraph(n, "2"))
	t.Logf("%d components, %d relations: %v", n, 2*n, time.Since(start))
	if len(r.Changes) != n || r.Paired != n {
		t.Fatalf("%d changes, %d pairs", len(r.Changes), r.Paired)
	}
	d := &comparison{A: "a`|\x1b[1m", B: "b\n# x", Result: r, shown: r.Changes}
	var text, md, data bytes.Buffer
	for _, err := range []error{diffText(&text, d), diffMarkdown(&md, d), diffJSON(&data, d)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if strings.ContainsAny(text.String()+md.String(), "\x1b\u202e") || bytes.ContainsRune(data.Bytes(), '\x1b') {
		t.Error("a terminal escape goes through")
	}
	if strings.Count(text.String(), "\n") > diffLines+10 {
		t.Errorf("text of %d lines", strings.Count(text.String(), "\n"))
	}
	if md.Len() > maxComment {
		t.Errorf("a comment of %d bytes", md.Len())
	}
	if !json.Valid(data.Bytes()) {
		t.Error("not JSON")
	}
	for line := range strings.Lines(md.String()) {
		if strings.HasPrefix(line, "| `") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 4 {
			t.Fatalf("not three cells: %q", line)
		}
		if strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "| row") {
			t.Fatalf("a line of a stranger: %q", line)
		}
	}
}
