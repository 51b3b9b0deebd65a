// Package notebook reads Jupyter notebooks (nbformat 3 and 4) of Python: the models
// and datasets that code cells name (collectors/internal/mlcalls), those that shell
// commands in them fetch (collectors/internal/shellcalls), and what "%pip install" and
// "!pip install" require.
//
// A notebook is an application of its own, whose key is its path: it is run in an
// environment that it fills itself. A line is that of the .ipynb file, where
// Jupyter writes each line of a cell; findings add the cell, counted from 1 over cells
// of all kinds, and the line in it. Outputs are skipped and never held.
//
// Not understood: notebooks of other languages, of which only shell commands are
// read; magics that are no shell (their line is left out, and all of a cell that one of
// another language or "%%writefile" begins); variables in shell commands; cells
// out of order: they are read from the top.
//
// Source: https://nbformat.readthedocs.io/en/latest/format_description.html and
// IPython's documentation of magics.
package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/shellcalls"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads notebooks.
var Collector = sbom.Collector{
	Name: "source/notebook",
	Doc: "Jupyter notebooks (*.ipynb)\n\n" +
		"Models and datasets that cells load or fetch, what they train on what, and packages that they install.",
	Match:   []string{"*.ipynb"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	book, err := open(f)
	if book == nil {
		return nil, err
	}
	s := sift(book)
	m := pydep.New(f)
	m.App.Keys.Path, m.App.Name = f.Path, path.Base(f.Path)
	install(m, s.pip)
	var r mlcalls.Result
	at := mlcalls.Place{Line: s.line, Says: s.says}
	if src := s.source(); book.python() && mlcalls.Speaks([]byte(src)) {
		r = mlcalls.Read(f, src)
	}
	app := sbom.Component{Kind: sbom.KindApplication, Name: m.App.Name, Keys: m.App.Keys}
	found := r.Sightings(f, app, at)
	fetched := mlcalls.Result{Uses: shellcalls.Read(f, s.shell, true)}
	found = append(found, fetched.Sightings(f, app, mlcalls.Place{})...)
	if len(found) == 0 && len(m.App.Links) == 0 {
		return nil, err
	}
	m.App.Properties = book.properties()
	var more []sbom.Sighting
	for _, o := range found {
		if o.Kind != sbom.KindApplication {
			more = append(more, o)
			continue
		}
		m.App.Links = append(m.App.Links, o.Links...)
		m.App.Findings = append(m.App.Findings, o.Findings...)
		m.App.Properties = append(m.App.Properties, o.Properties...)
		m.App.Where.Line = cmp.Or(m.App.Where.Line, o.Where.Line)
	}
	return append(m.Sightings(), more...), errors.Join(append([]error{err}, m.Problems()...)...)
}

// properties say what the notebook is written for.
func (b *book) properties() []sbom.Property {
	var list []sbom.Property
	for _, p := range []sbom.Property{{Name: "mlbom:notebook:kernel", Value: b.kernel}, {Name: "mlbom:notebook:language", Value: b.language}, {Name: "mlbom:notebook:version", Value: b.version}} {
		if p.Value != "" && len(p.Value) <= 200 {
			list = append(list, p)
		}
	}
	return list
}

// python tells whether the cells are Python, which they are where nothing is said.
func (b *book) python() bool {
	l := strings.ToLower(b.language)
	return l == "" || strings.HasPrefix(l, "python") || l == "ipython"
}

// says gives the cell and the line in it.
func (s *sifted) says(line int) string {
	if line < 1 || line > len(s.code) {
		return ""
	}
	c := s.code[line-1]
	return fmt.Sprintf(" (cell %d, line %d)", c.cell, c.in)
}

// line gives the line of the file. Lines of shell commands are past those of the code.
func (s *sifted) line(line int) int {
	if line >= 1 && line <= len(s.code) {
		return s.code[line-1].at
	}
	return 0
}
