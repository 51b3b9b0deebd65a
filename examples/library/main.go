// Library lists the models of a tree with their licences and bases, and writes
// the tree's ML-BOM: what `mlbom generate` does, from Go.
//
//	go run ./examples/library examples/finetuned-model
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/check"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/scan"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: library DIR")
	}
	graph, err := read(context.Background(), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	list(os.Stderr, graph)
	if err := cyclonedx.Encode(os.Stdout, graph, sbom.Meta{ToolName: "library"}, cyclonedx.Options{Version: "1.6"}); err != nil {
		log.Fatal(err)
	}
}

// read makes the graph of a folder.
func read(ctx context.Context, dir string) (*sbom.Graph, error) {
	tree, closer, err := scan.Open(dir)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	report, err := scan.Run(ctx, tree, collectors.All(), scan.Options{})
	if err != nil {
		return nil, err
	}
	report.Sightings = append(report.Sightings, sbom.System{Name: "my system"}.Subject(report)...)
	return check.Run(sbom.Merge(report)), nil
}

// list shows what the graph is good for: nodes, edges, findings, and the place
// of each.
func list(w io.Writer, g *sbom.Graph) {
	for _, n := range g.Nodes {
		if n.Kind != sbom.KindModel || n.Mentioned {
			continue
		}
		fmt.Fprintf(w, "%s in %s\n", n.Name, n.Keys.Path)
		for _, l := range n.Licenses {
			fmt.Fprintf(w, "  licence %s\n", l.ID+l.Expression+l.Name)
		}
		for _, e := range g.Edges {
			if e.From == n.ID && e.Rel == sbom.DerivedFrom {
				fmt.Fprintf(w, "  from %s, as %s says\n", g.Node(e.To).Name, e.Seen[0].Place)
			}
		}
		for _, f := range n.Findings {
			fmt.Fprintf(w, "  %s: %s\n", f.Where, f.Message)
		}
	}
}
