package pyproject

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestHookOfHatch: uv-dynamic-versioning holds the dependencies in a table of its own.
func TestHookOfHatch(t *testing.T) {
	const text = `[project]
name = "py-mcp"
dynamic = ["version", "dependencies", "optional-dependencies"]
[build-system]
requires = []
build-backend = "hatchling.build"
[tool.hatch.metadata.hooks.uv-dynamic-versioning]
dependencies = ["anyio>=4.9; python_version < '3.14'", "mcp-types=={{ version }}"]
[tool.hatch.metadata.hooks.uv-dynamic-versioning.optional-dependencies]
cli = ["typer>=0.16", "py-mcp[ws]=={{ version }}"]
`
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"pyproject.toml": {Data: []byte(text)}}, "pyproject.toml"))
	var got []string
	for _, s := range seen {
		if s.Kind == sbom.KindLibrary {
			got = append(got, fmt.Sprint(s.Name, s.Package.Requirements, s.Package.Markers, s.Package.Groups, s.Where.Line))
		}
	}
	want := "[anyio[>=4.9] [python_version < '3.14'] [main] 8 mcp-types[] [] [main] 8 typer[>=0.16] [] [extra:cli] 10]"
	for _, p := range sbom.Problems(err) {
		if p.Line != 3 {
			t.Error(p)
		}
	}
	if fmt.Sprint(got) != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
