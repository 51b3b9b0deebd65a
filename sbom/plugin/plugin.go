package plugin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/schema"
)

// Tree is what a plugin reads.
type Tree struct {
	Dir string // the folder, for the program
	FS  fs.FS  // the same, to see which paths of the document there are
	// Root is the subject of the document that is being made. The subject of the
	// program's document is the same thing, for both describe the tree.
	Root sbom.Component
}

// Run gives what the program says of the tree: its components, seen by the
// plugin, resolved, at the files that the document names or else at ".". What
// the document cannot say without the folder's own name or random identifiers
// is named by its content, so that the same facts give the same report.
//
// A program that fails, takes longer than the timeout ([DefaultTimeout] if
// zero) or prints no BOM is an error; a BOM that is not quite valid is a problem.
func (c Command) Run(ctx context.Context, tree Tree, timeout time.Duration) (sbom.Report, error) {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	dir, err := filepath.Abs(tree.Dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return sbom.Report{}, err
	}
	data, err := c.output(ctx, dir, timeout)
	if err != nil {
		return sbom.Report{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	return c.read(data, dir, tree)
}

// read makes the report of the document.
func (c Command) read(data []byte, dir string, tree Tree) (sbom.Report, error) {
	by := "plugin/" + c.Name
	d, err := document.Decode(data, document.Options{Name: "its document", Place: by, Lenient: true})
	switch {
	case errors.Is(err, schema.ErrNotBOM):
		return sbom.Report{}, fmt.Errorf("%s: what it printed is no BOM: %w; it begins with %.60q", c.Name, err, data)
	case err != nil:
		return sbom.Report{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	r := &reading{by: by, dir: filepath.ToSlash(dir), tree: tree, spdx: document.IsSPDX(d.Format), known: map[string]string{},
		within: []string{by, strings.Replace(d.Report.Origin.ID, "urn:uuid:", "urn:cdx:", 1)}}
	report := r.report(d.Report)
	if d.Invalid == nil {
		return report, nil
	}
	for _, i := range d.Invalid.Issues {
		if !harmless(i) {
			report.Problems = append(report.Problems, sbom.Problem{Path: ".", By: by, Reason: fmt.Sprintf("the document of %s is not valid %s %s, and is read as far as it goes: %s", c.Name, d.Format, d.Version, i)})
			break
		}
	}
	return report, nil
}

// harmless is what loses nothing: an identifier that stands twice, of which the
// decoder tells where it matters, and an element that a list has twice.
func harmless(i schema.Issue) bool {
	return i.Rule != "" || strings.HasPrefix(i.Message, "items ") && strings.HasSuffix(i.Message, " are equal")
}
