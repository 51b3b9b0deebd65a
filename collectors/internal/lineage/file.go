package lineage

import (
	"io/fs"
	"path"

	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/sbom"
)

// File gives the sighting of a file of the tree that another one names, with the
// digests of its bytes, or those that a Git LFS pointer in its place states; ok is
// false where there is no such file.
func File(f *sbom.File, at string) (s sbom.Sighting, ok bool) {
	info, err := fs.Stat(f.FS, at)
	if at == "" || err != nil || !info.Mode().IsRegular() {
		return s, false
	}
	s = sbom.Sighting{Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}, Where: sbom.Place{Path: at}}
	other := f.Other(at)
	if info.Size() < lfs.MaxPointer {
		if p, pointer, err := lfs.Read(other); err == nil && pointer {
			s.Keys.SHA256, s.Hashes = p.SHA256, []sbom.Hash{{Alg: "SHA-256", Value: p.SHA256}}
			s.File = &sbom.FileFacts{Size: p.Size, Asserted: true}
			s.Basis = sbom.Declared
			return s, true
		}
	}
	d, err := other.Digest()
	if err != nil {
		return s, false
	}
	s.Hashes, s.File = d.Hashes, &sbom.FileFacts{Size: d.Size, Asserted: d.Asserted}
	if d.Size > 0 { // all empty files are the same bytes, and not the same thing
		s.Keys.SHA256 = d.SHA256()
	}
	return s, true
}
