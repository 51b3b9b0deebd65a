// Package native tells of programs, libraries of machine code and harmful scripts
// that lie among the files of a model, or under the name of one. What a file is,
// its header says: ELF, PE, Mach-O and APE programs, and texts that begin with
// "#!". In other folders they are none of our business.
//
// Sources: the System V ABI (ELF), the PE format of Microsoft, mach-o/loader.h of
// Apple, and justine.lol/ape.html.
//
// Not understood: what the code does, other than the few things that harmful
// scripts do; byte code; programs inside of installers.
package native

import (
	"bytes"
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads programs.
var Collector = sbom.Collector{
	Name: "model/native",
	Doc: "Programs among the files of a model (ELF, PE, Mach-O, APE, scripts)\n\n" +
		"Machine code in the folder of a model or under the name of its weights, and shell\nscripts that fetch and run code, hide it, or open a way in.",
	Match:   []string{"*.sh", "*.bat", "*.cmd", "*.ps1"},
	Sniff:   sniff,
	Collect: collect,
}

func sniff(head []byte) bool {
	return content.Program(head) != "" || bytes.HasPrefix(head, []byte("#!"))
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	owner := weights.OwnerOf(f.Path)
	named := owner.Standard && path.Ext(f.Path) != "" && !isScript(f.Path)
	if !named && !weights.Beside(f) {
		return nil, nil
	}
	kind, err := content.Kind(f)
	if err != nil || kind == "llamafile" { // a collector of its own takes it
		return nil, err
	}
	var r content.Report
	if isScript(f.Path) {
		r, err = content.Script(f)
	} else {
		r, err = content.Examine(ctx, f)
	}
	if err != nil || len(r.Findings) == 0 && !named || r.Kind == "" {
		return nil, err
	}
	file, err := weights.File(f, r.Kind)
	if err != nil {
		return nil, err
	}
	file.File.Scan, file.Findings = r.Scan, r.Findings
	model := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: f.Dir()}},
		Links:     []sbom.Link{{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: file.Name, Keys: file.Keys}}},
		Hint:      true,
	}
	return []sbom.Sighting{file, model}, nil
}

// isScript tells names of scripts, whose texts need no first line.
func isScript(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".sh", ".bat", ".cmd", ".ps1":
		return true
	}
	return false
}
