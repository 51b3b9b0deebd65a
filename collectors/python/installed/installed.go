// Package installed reads what Python's installers leave beside the packages
// they install: the folders NAME-VERSION.dist-info
// (https://packaging.python.org/en/latest/specifications/recording-installed-packages/)
// with METADATA, RECORD, WHEEL, INSTALLER, REQUESTED, direct_url.json
// (https://packaging.python.org/en/latest/specifications/direct-url/), the texts
// of licences (PEP 639) and the BOMs of PEP 770, and what came before them:
// NAME.egg-info as a folder or a file, NAME.egg-link and unpacked eggs
// (https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html).
//
// A requirement leads to the package beside it that it means, with its version.
// One that is not installed is no component where it has a marker, for it is of
// another platform or an extra; it is kept as a property. Two folders of one
// package, of which one is stale, are two packages, as both can be imported.
//
// RECORD is held against the files that run without being asked for and those
// that say what the package is: startup files (*.pth), modules at the top of a
// package and the metadata itself, up to a bound. Byte for byte proof of all
// files is left to others, for it would read the whole environment.
//
// A folder of egg-info beside a setup.py is what a build left in the project's own
// tree. It adds to the project what nothing else there says.
//
// Not understood: markers are kept and not evaluated; SOURCES.txt and
// installed-files.txt, which have no digests; RECORD.jws and RECORD.p7s;
// entry points. A package that was installed from a folder of the machine is
// known by the folder of its metadata alone: the path would tell who worked on
// which machine.
package installed

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the metadata of installed Python packages.
var Collector = sbom.Collector{
	Name: "python/installed",
	Doc: "Installed Python packages (*.dist-info, *.egg-info, *.egg-link)\n\n" +
		"Name, version, licence, authors and addresses; what a package requires, as edges between what is installed;\n" +
		"from which repository, archive or folder it was installed, and by what; texts of licences; BOMs that it brings\n" +
		"along (PEP 770); files that are not those that were recorded.",
	Match: []string{
		"*dist-info/METADATA", "*.dist-info/RECORD",
		"*.dist-info/LICEN[CS]E*", "*.dist-info/COPYING*", "*.dist-info/UNLICENSE*",
		"*.dist-info/licenses/*", "*.dist-info/licenses/*/*", "*.dist-info/licenses/*/*/*", "*.dist-info/licenses/*/*/*/*",
		"*.dist-info/licenses/*/*/*/*/*", "*.dist-info/licenses/*/*/*/*/*/*", "*.dist-info/licenses/*/*/*/*/*/*/*",
		"*egg-info/PKG-INFO", "*.egg-info", "*.egg-link", "*.egg/EGG-INFO/PKG-INFO",
	},
	Sniff:   sniff,
	Collect: collect,
}

// sniff knows metadata wherever it lies, as in an unpacked sdist.
func sniff(head []byte) bool {
	const first = "metadata-version:"
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	return len(head) > len(first) && bytes.EqualFold(head[:len(first)], []byte(first)) && bytes.Contains(bytes.ToLower(head), []byte("\nname:"))
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	base := strings.ToLower(path.Base(f.Path))
	switch {
	case base == "metadata", base == "pkg-info", strings.HasSuffix(base, ".egg-info"):
		return distribution(f)
	case base == "record":
		return record(f)
	case strings.HasSuffix(base, ".egg-link"):
		return link(f)
	case strings.Contains(strings.ToLower(f.Path), ".dist-info/"):
		return licenseFile(f)
	case strings.HasSuffix(strings.ToLower(path.Dir(f.Path)), "-info"):
		return nil, nil // not the file that its folder has for this
	}
	return distribution(f)
}

// reader reads one distribution.
type reader struct {
	file     *sbom.File
	folder   string // of the metadata: "x/a-1.dist-info"
	read     int    // packages beside it that were read
	problems []error
}

func (r *reader) problem(text string) {
	r.problems = append(r.problems, &sbom.Problem{Reason: text})
}

// distribution reads METADATA or PKG-INFO and what stands beside it.
func distribution(f *sbom.File) ([]sbom.Sighting, error) {
	m, err := metadata(f)
	if m == nil {
		return nil, err
	}
	s, ok := m.Describe()
	if !ok {
		return nil, errors.Join(m.Problems()...)
	}
	s.Basis = sbom.Observed
	r := &reader{file: f, folder: path.Dir(f.Path)}
	if strings.HasSuffix(strings.ToLower(f.Path), ".egg-info") {
		r.folder = "" // a single file: nothing stands beside it
	}
	requires := m.Requires()
	if legacy := path.Base(f.Path); strings.EqualFold(legacy, "pkg-info") {
		requires = append(requires, r.sections(&s)...)
	}
	s.Package.Dependencies = "complete"
	if r.folder == "" && len(requires) == 0 {
		s.Package.Dependencies = "unknown" // distutils knew of none
	}
	r.origin(&s)
	r.installer(&s)
	r.bring(&s)
	r.links(&s, requires)
	r.residue(&s)
	list := []sbom.Sighting{s}
	if env, ok := environment(f.Path, s); ok {
		list = append(list, env)
	}
	return list, errors.Join(append(m.Problems(), r.problems...)...)
}

// residue makes a folder of egg-info that a build left in a source tree, and the
// PKG-INFO of an unpacked sdist, what they are: the project, as it was at some time,
// which what stands there now overrules.
func (r *reader) residue(s *sbom.Sighting) {
	lower := strings.ToLower(r.folder)
	dir := r.folder
	switch {
	case strings.HasSuffix(lower, "dist-info"), strings.HasSuffix(lower, "/egg-info"):
		return
	case strings.HasSuffix(lower, ".egg-info"):
		dir = path.Dir(dir)
		if path.Base(dir) == "src" || path.Base(dir) == "lib" {
			dir = path.Dir(dir)
		}
	}
	for _, name := range []string{"setup.py", "setup.cfg", "pyproject.toml"} {
		if _, err := fs.Stat(r.file.FS, path.Join(dir, name)); err == nil {
			s.Kind, s.Keys = sbom.KindApplication, sbom.Keys{Path: sbom.Project(path.Join(dir, name), "python")}
			s.Basis, s.Package.Dependencies = sbom.Inferred, ""
			return
		}
	}
}
