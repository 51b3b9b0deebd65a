// Package kitfile reads Kitfiles, by which KitOps packs a folder as a ModelKit. See
// collectors/internal/kitfile for what is understood of them.
package kitfile

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/kitfile"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Kitfiles.
var Collector = sbom.Collector{
	Name:    "store/kitfile",
	Doc:     "Kitfiles (Kitfile)\n\nThe model of a ModelKit: name, version, licences, authors, framework, parameters, the\nfiles that it is packed from, and its datasets.",
	Match:   []string{"Kitfile", "Kitfile.yaml", "Kitfile.yml", ".kitfile"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	if !strings.Contains(text, "manifestVersion") && !strings.Contains(text, "package") && !strings.Contains(text, "model") {
		return nil, nil // some other program's file
	}
	return kitfile.Read(text, sbom.Keys{Path: f.Dir()}, "")
}
