package mof

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/sbom"
)

// TestCorpus reads the declarations below the folder MLBOM_CORPUS: each text of a release
// is in a sighting, but for the framework's own descriptions of components.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("MLBOM_CORPUS")
	if dir == "" {
		t.Skip("MLBOM_CORPUS names no folder of declarations")
	}
	files, present, carried := 0, 0, 0
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".yml") && !strings.HasSuffix(name, ".yaml") {
			return err
		}
		data, err := fs.ReadFile(os.DirFS(dir), name)
		if err != nil || !begins.Match(data) {
			return err
		}
		files++
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(dir), name))
		if err != nil || len(seen) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		text, _ := json.Marshal(seen)
		var root struct{ Release yaml.Node }
		if err := yaml.Unmarshal(data, &root); err != nil {
			t.Fatal(err)
		}
		for _, leaf := range leaves(&root.Release, "") {
			value := leaf[1]
			if leaf[0] == ".components.description" || strings.TrimSpace(value) == "" || hub.IsPlaceholder(value) || strings.EqualFold(value, "undisclosed") {
				continue
			}
			quoted, _ := json.Marshal(value)
			l := sbom.ParseLicense(value)
			present++
			switch short := strings.TrimSuffix(strings.Trim(string(quoted), `"`), "/"); {
			case strings.Contains(string(text), short), strings.Contains(leaf[0], "license") && strings.Contains(string(text), l.ID+l.Name+l.Expression):
				carried++
			case leaf[0] == ".origin" && strings.EqualFold(value, seen[0].Name): // itself
				present--
			default:
				t.Errorf("%s: %s %q is in no sighting", name, leaf[0], value)
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
	t.Logf("%d files: %d values present, %d carried", files, present, carried)
}

// leaves lists path and text of all scalars.
func leaves(n *yaml.Node, at string) (list [][2]string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			list = append(list, leaves(n.Content[i+1], at+"."+n.Content[i].Value)...)
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			list = append(list, leaves(c, at)...)
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			list = append(list, [2]string{at, n.Value})
		}
	}
	return list
}
