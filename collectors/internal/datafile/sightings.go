package datafile

import (
	"path"

	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/sbom"
)

// File gives the sighting of the file, with digests and size of its bytes, and what was
// read of its table, whose split follows from the owner where the bytes do not say it.
func (o Owner) File(f *sbom.File, format, mediaType string, t sbom.Table) (sbom.Sighting, error) {
	d, err := f.Digest()
	if err != nil {
		return sbom.Sighting{}, err
	}
	return o.file(f, format, mediaType, t, d), nil
}

func (o Owner) file(f *sbom.File, format, mediaType string, t sbom.Table, d sbom.Digest) sbom.Sighting {
	if t.Split == "" {
		t.Split = o.Split
	}
	return sbom.Sighting{Component: sbom.Component{
		Kind:   sbom.KindFile,
		Name:   path.Base(f.Path),
		Keys:   sbom.Keys{SHA256: d.SHA256(), Path: f.Path},
		Hashes: d.Hashes,
		File:   &sbom.FileFacts{Size: d.Size, Format: format, MediaType: mediaType, Asserted: d.Asserted, Table: t},
	}}
}

// Dataset gives the sighting of the dataset that contains the file; none where the file
// belongs to none.
func (o Owner) Dataset(of sbom.Sighting) []sbom.Sighting {
	if !o.IsData() {
		return nil
	}
	return []sbom.Sighting{{
		Component: sbom.Component{Kind: sbom.KindDataset, Keys: o.Keys, Name: o.Name},
		Links:     []sbom.Link{{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: of.Name, Keys: of.Keys}}},
		Basis:     sbom.Inferred,
	}}
}

// Pointer gives the sightings for a Git LFS pointer in place of the data; ok is false
// where there is none.
func (o Owner) Pointer(f *sbom.File, format, mediaType string) (seen []sbom.Sighting, ok bool, err error) {
	p, ok, err := lfs.Read(f)
	if err != nil || !ok {
		return nil, false, err
	}
	s := o.file(f, format, mediaType, sbom.Table{}, sbom.Digest{Hashes: []sbom.Hash{{Alg: "SHA-256", Value: p.SHA256}}, Size: p.Size, Asserted: true})
	s.Basis = sbom.Declared
	return append([]sbom.Sighting{s}, o.Dataset(s)...), true, nil
}
