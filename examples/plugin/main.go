// Plugin is a program of your own: everything that mlbom reads, and a format of
// your house beside it. A collector is a value; it needs no registration, and
// nothing of mlbom changes.
//
//	go run ./examples/plugin DIR >bom.cdx.json
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/examples/plugin/weightsums"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/check"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/scan"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: plugin DIR")
	}
	if err := write(context.Background(), os.Stdout, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func write(ctx context.Context, w io.Writer, dir string) error {
	all := append(collectors.All(), &weightsums.Collector) // the one line
	if err := collectors.Validate(all); err != nil {
		return err
	}
	tree, closer, err := scan.Open(dir)
	if err != nil {
		return err
	}
	defer closer.Close()
	report, err := scan.Run(ctx, tree, all, scan.Options{})
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		fmt.Fprintln(os.Stderr, p.Error())
	}
	report.Sightings = append(report.Sightings, sbom.System{}.Subject(report)...)
	graph := check.Run(sbom.Merge(report))
	return cyclonedx.Encode(w, graph, sbom.Meta{ToolName: "plugin"}, cyclonedx.Options{})
}
