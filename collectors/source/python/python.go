// Package python reads what Python code says of the models and datasets that it
// loads and trains: see collectors/internal/mlcalls for the calls that are known.
//
// The project that the file belongs to uses a model and consumes a dataset, with
// the line of the call. Code of tests and documentation says so in the note of the
// link, and names of theirs without a revision are no finding.
//
// Not understood: what package mlcalls does not; code of packages that lie in the tree
// (site-packages, dist-packages, vendored and built copies), which is not the
// project's; files above 4 MiB.
package python

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the sources.
var Collector = sbom.Collector{
	Name: "source/python",
	Doc: "Python code that loads models and datasets (*.py)\n\n" +
		"Models and datasets that calls name (load_dataset, from_pretrained, read_csv and some 150 others), with their\nrevisions, whether they run code of their own, and what trainers train on what.",
	Match:   []string{"*.py", "*.pyw"},
	Collect: collect,
}

const maxSource = 4 << 20 // bytes

var foreign = pattern.Lazy(`(?i)(?:^|/)(?:site-packages|dist-packages|vendor|vendored|_vendor|third_party|thirdparty|3rdparty|node_modules|build/lib)/`)

var (
	shell = pattern.Lazy(`(?m)^[ \t]*![ \t]*[A-Za-z./~](?:[^\n]*\\\n)*[^\n]*`)
	magic = pattern.Lazy(`(?m)^[ \t]*%{1,2}[A-Za-z](?:[^\n]*\\\n)*[^\n]*`)
)

const ofDatabricks = "# Databricks notebook source"

// withoutShell takes out lines of a shell ("!pip install x"), which no Python begins
// with: notebooks that were saved as a source have them; those of Databricks have magics too.
func withoutShell(text string) string {
	if strings.Contains(text, "!") {
		text = shell.ReplaceAllStringFunc(text, pass)
	}
	if strings.HasPrefix(text, ofDatabricks) {
		text = magic.ReplaceAllStringFunc(text, pass)
	}
	return text
}

// pass stands where lines were, in their number, so that the others keep theirs.
func pass(lines string) string {
	indent := lines[:len(lines)-len(strings.TrimLeft(lines, " \t"))]
	return indent + "pass" + strings.Repeat("\n", strings.Count(lines, "\n"))
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if foreign.MatchString(f.Path) {
		return nil, nil
	}
	data, err := f.Bytes()
	if err != nil || len(data) > maxSource || !mlcalls.Speaks(data) {
		return nil, nil // other collectors say what cannot be read
	}
	text, err := pysource.Decode(data)
	if err != nil {
		return nil, err
	}
	text = withoutShell(text)
	r := mlcalls.Read(f, text)
	all := r.Sightings(f, mlcalls.Project(f, text), mlcalls.Place{})
	if len(all) == 0 {
		return nil, nil
	}
	return all, r.Errors()
}
