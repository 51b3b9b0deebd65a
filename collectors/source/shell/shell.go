// Package shell reads what shell scripts, makefiles and container files say of models
// and datasets that they fetch or train with: see collectors/internal/shellcalls.
//
// Not understood: what package shellcalls does not; variables of make and of container files.
package shell

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/collectors/internal/shellcalls"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name: "source/shell",
	Doc: "Shell scripts, makefiles and container files that fetch models and datasets\n\n" +
		"Models and datasets that commands name literally (hf download, kaggle, git clone, wget, ollama, options of training scripts).",
	Match:   []string{"*.sh", "*.bash", "*.slurm", "*.sbatch", "makefile", "gnumakefile", "*.mk", "justfile", "dockerfile", "dockerfile.*", "*.dockerfile", "containerfile"},
	Collect: collect,
}

const maxScript = 2 << 20 // bytes

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	data, err := f.Bytes()
	if err != nil || len(data) > maxScript {
		return nil, nil // no script
	}
	text, err := sbom.DecodeText(data)
	if err != nil {
		return nil, nil // nothing that a shell reads
	}
	var lines []shellcalls.Line
	at := 0
	for line := range strings.Lines(text) {
		at++
		lines = append(lines, shellcalls.Line{Text: strings.TrimRight(line, "\n"), At: at})
	}
	r := mlcalls.Result{Uses: shellcalls.Read(f, lines, false)}
	return r.Sightings(f, mlcalls.Project(f, ""), mlcalls.Place{}), nil
}
