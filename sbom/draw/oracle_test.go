package draw

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func pictures(t *testing.T, format string) []string {
	list := []string{drawn(t, shop(), Options{Format: format}), drawn(t, hostileGraph(), Options{Format: format, Nodes: 1000}), drawn(t, &sbom.Graph{}, Options{Format: format})}
	for seed := range uint64(20) {
		list = append(list, drawn(t, sbom.Merge(sbomtest.Random(rand.New(rand.NewPCG(seed, 5)), 30)), Options{Format: format}))
	}
	return list
}

// TestMermaidParses asks Mermaid's own parser, and that every label has the text
// that we meant: MLBOM_ORACLE_MERMAID is a folder whose node_modules has mermaid
// and jsdom.
func TestMermaidParses(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_MERMAID")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_MERMAID names no folder with mermaid in its node_modules")
	}
	script, err := os.ReadFile("testdata/mermaid.mjs")
	if err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(pictures(t, Mermaid))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "--input-type=module", "-e", string(script))
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(string(in))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%.3000s", err, out)
	}
}

// TestDOTParses asks Graphviz: MLBOM_ORACLE_DOT is its program dot.
func TestDOTParses(t *testing.T) {
	dot := os.Getenv("MLBOM_ORACLE_DOT")
	if dot == "" {
		t.Skip("MLBOM_ORACLE_DOT does not name the program dot")
	}
	for i, text := range pictures(t, DOT) {
		cmd := exec.Command(dot, "-Tcanon")
		cmd.Stdin = strings.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "Warning") || strings.Contains(string(out), "URL=") {
			t.Errorf("picture %d: %v\n%.1000s", i, err, out)
		}
	}
}
