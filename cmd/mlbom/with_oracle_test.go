package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/schema"
)

// TestWithRealTools runs Syft, Trivy and cdxgen, where the environment names
// them, on trees of this repository, and looks at the joined document.
func TestWithRealTools(t *testing.T) {
	trees, err := filepath.Glob("../../examples/*/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for i := range trees {
		trees[i] = filepath.Dir(trees[i])
	}
	trees = append(trees, "../../examples/finetuned-model", "../../collectors/bom/bomfile/testdata")
	for tool, stable := range map[string]bool{"syft": true, "trivy": true, "cdxgen": false} { // cdxgen writes an annotation on when it was made
		t.Run(tool, func(t *testing.T) {
			program := os.Getenv("MLBOM_ORACLE_" + strings.ToUpper(tool))
			if program == "" {
				t.Skipf("MLBOM_ORACLE_%s names no program", strings.ToUpper(tool))
			}
			t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
			said := 0
			for _, tree := range trees {
				joined := joinedDocument(t, tree, program)
				sound(t, tree, joined)
				said += bytes.Count(joined, []byte("plugin/"+tool))
				if again := joinedDocument(t, tree, program); stable && !bytes.Equal(joined, again) {
					t.Errorf("%s: two runs of %s give two documents", tree, tool)
				}
				if dir, _ := filepath.Abs(tree); bytes.Contains(joined, []byte(dir)) {
					t.Errorf("%s: where the tree lies is told", tree)
				}
			}
			if said == 0 {
				t.Errorf("%s says nothing of any tree", tool)
			}
		})
	}
}

// joinedDocument is the CycloneDX of a tree; its SPDX must be valid too.
func joinedDocument(t *testing.T, tree, program string) []byte {
	t.Helper()
	dir := t.TempDir()
	args := []string{"mlbom", "generate", "-q", tree, "--with", "'" + program + "'", "-o", "cyclonedx-json=" + dir + "/bom.json", "-o", "spdx-json@3.0.1=" + dir + "/bom.spdx.json"}
	var out, diagnostics bytes.Buffer
	if code := run(context.Background(), args, &out, &diagnostics); code != exitOK {
		t.Fatalf("%s: exit %d: %s", tree, code, &diagnostics)
	}
	data, err := os.ReadFile(dir + "/bom.json")
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(dir + "/bom.spdx.json")
	if err != nil {
		t.Fatal(err)
	}
	for version, text := range map[string][]byte{"1.6": data, "3.0.1": other} {
		format := map[string]string{"1.6": schema.FormatJSON, "3.0.1": schema.FormatSPDX}[version]
		if err := schema.Validate(format, version, text); err != nil {
			t.Errorf("%s: %s %s: %v", tree, format, version, err)
		}
	}
	return data
}

type soundComponent struct {
	Ref        string           `json:"bom-ref"`
	PURL       string           `json:"purl"`
	Components []soundComponent `json:"components"`
}

// sound checks that no package stands twice, no reference leads nowhere and the
// root reaches everything.
func sound(t *testing.T, tree string, data []byte) {
	t.Helper()
	var bom struct {
		Metadata     struct{ Component soundComponent }
		Components   []soundComponent
		Services     []soundComponent
		Dependencies []struct {
			Ref       string
			DependsOn []string
		}
	}
	if err := json.Unmarshal(data, &bom); err != nil {
		t.Fatal(err)
	}
	to := map[string][]string{}
	purls := map[string]int{}
	var walk func(over string, list []soundComponent)
	walk = func(over string, list []soundComponent) {
		for _, c := range list {
			to[c.Ref] = append(to[c.Ref], "")
			if over != "" {
				to[over] = append(to[over], c.Ref)
			}
			if purls[c.PURL]++; c.PURL != "" && purls[c.PURL] > 1 {
				t.Errorf("%s: %s stands twice", tree, c.PURL)
			}
			walk(c.Ref, c.Components)
		}
	}
	root := bom.Metadata.Component.Ref
	walk("", slices.Concat([]soundComponent{bom.Metadata.Component}, bom.Components, bom.Services))
	known := len(to)
	for _, d := range bom.Dependencies {
		for _, ref := range append(d.DependsOn, d.Ref) {
			if to[ref] == nil {
				t.Errorf("%s: the reference %q leads nowhere", tree, ref)
			}
		}
		to[d.Ref] = append(to[d.Ref], d.DependsOn...)
	}
	reached := map[string]bool{"": true}
	for stack := []string{root}; len(stack) > 0; {
		ref := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !reached[ref] {
			reached[ref] = true
			stack = append(stack, to[ref]...)
		}
	}
	if len(reached)-1 != known {
		t.Errorf("%s: the root reaches %d of %d components", tree, len(reached)-1, known)
	}
}
