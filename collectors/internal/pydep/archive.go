package pydep

import (
	"io/fs"
	"path"
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
)

const maxArchives = 200 // files of the tree that are hashed for one manifest

// archive makes it a wheel or a source distribution in the tree: its name says
// name and version, and its bytes the digest.
func (m *Manifest) archive(s *sbom.Sighting, n Need) bool {
	target, ok := m.inside(n.Archive, n.Line)
	if !ok {
		return false
	}
	if f, err := pep508.ParseFile(path.Base(target)); err == nil {
		if s.Version = f.Version.String(); s.Name == "" {
			s.Name = f.Name
		}
	}
	if s.Name == "" {
		s.Name = path.Base(target)
	}
	s.Package.Source = sbom.Source{Type: "path", URL: n.Archive}
	s.Keys.Path = target
	info, err := fs.Stat(m.file.FS, target)
	if err != nil || !info.Mode().IsRegular() {
		m.Problem(n.Line, "the package file %.100q is not in the tree", n.Archive)
		return true
	}
	if m.total.archives++; m.total.archives > maxArchives {
		m.Problem(n.Line, "more than %d package files; the digest of %.100q is not computed", maxArchives, n.Archive)
		return true
	}
	sum, _, err := sbom.NewFile(m.file.FS, target).SHA256()
	if err != nil {
		m.Problem(n.Line, "the package file %.100q cannot be read", n.Archive)
		return true
	}
	s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: sum}}
	if len(n.Integrity) > 0 && strong(&sbom.Sighting{Component: sbom.Component{Package: s.Package}}) && !slices.Contains(n.Integrity, "sha256:"+sum) && onlySHA256(n.Integrity) {
		m.find(s, sbom.RuleDigest, n.Line, n.Archive+" has the SHA-256 "+sum+", which is none of those that the line demands")
	}
	return true
}

// onlySHA256: other digests are not computed, so they decide nothing.
func onlySHA256(sums []string) bool {
	return !slices.ContainsFunc(sums, func(s string) bool { return len(s) < 7 || s[:7] != "sha256:" })
}
