// Package text reads the licence of a project: files LICENSE, LICENCE, COPYING and
// UNLICENSE with whatever ending beside the manifest of a Python or Go project. The
// licence is concluded from the text, with the share of it that is known as
// confidence; package licensetext says what is known.
//
// A licence without a project beside it is none of a component that is known, and
// is left alone, as are those in the folders of packages, which other collectors
// read with the package.
//
// Not understood: which of several licences in one folder applies to what; licences
// of models and datasets, which their cards state.
package text

import (
	"context"
	"io/fs"
	"path"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the licences of projects.
var Collector = sbom.Collector{
	Name: "license/text",
	Doc: "Texts of licences (LICENSE, LICENCE, COPYING, UNLICENSE)\n\n" +
		"The licence of a Python or Go project, concluded from the text beside its manifest.",
	Match:   []string{"LICENSE*", "LICENCE*", "COPYING*", "UNLICENSE*"},
	Collect: collect,
}

// manifests make a folder that of a project.
var manifests = []struct {
	ecosystem string
	files     []string
}{
	{"go", []string{"go.mod"}},
	{"python", []string{"pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "requirements.txt"}},
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !licensetext.IsLicenseFile(path.Base(f.Path)) {
		return nil, nil
	}
	var list []sbom.License
	var seen []sbom.Sighting
	for _, m := range manifests {
		if !has(f, m.files) {
			continue
		}
		if seen == nil {
			text, err := f.Text()
			if err != nil {
				return nil, err
			}
			if list = licensetext.Classify(text); len(list) == 0 {
				return nil, nil
			}
		}
		s := sbom.Sighting{Basis: sbom.Observed, Hint: true, Where: sbom.Place{Line: 1}}
		s.Kind, s.Keys.Path, s.Licenses = sbom.KindApplication, sbom.Project(f.Path, m.ecosystem), list
		seen = append(seen, s)
	}
	return seen, nil
}

func has(f *sbom.File, names []string) bool {
	for _, name := range names {
		if info, err := fs.Stat(f.FS, path.Join(path.Dir(f.Path), name)); err == nil && !info.IsDir() {
			return true
		}
	}
	return false
}
