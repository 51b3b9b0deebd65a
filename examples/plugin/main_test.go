package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
)

// TestPlugin: what the house's own collector saw is in the document, with its place.
func TestPlugin(t *testing.T) {
	const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "WEIGHTS.sum"), []byte("# not a sum\n"+digest+"  far.safetensors\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(context.Background(), &out, dir); err != nil {
		t.Fatal(err)
	}
	report, err := cyclonedx.Decode(out.Bytes(), "bom.json")
	if err != nil || len(report.Problems) != 1 || report.Problems[0].Line != 1 {
		t.Fatalf("problems %+v, %v; want the one of line 1", report.Problems, err)
	}
	for _, n := range sbom.Merge(report).Nodes {
		if n.Keys.Path == "far.safetensors" && n.Hashes[0].Value == digest && n.Seen[0].Place.String() == "WEIGHTS.sum:2" && n.Seen[0].By == "demo/weightsums" {
			return
		}
	}
	t.Errorf("far.safetensors is not there:\n%s", &out)
}
