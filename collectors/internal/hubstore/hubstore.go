// Package hubstore is what the stores of the Hugging Face hub on a disk have in
// common: which repository a folder is a copy of, what the hub says of a file, and
// whether the bytes are those.
//
// The hub knows a large file (LFS, Xet) by the SHA-256 of its content, and a small
// one by its Git blob id: SHA-1 over "blob SIZE\x00" and the content. These
// names are called etags.
package hubstore

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// MaxSmall bounds a file whose Git blob id is compared, in bytes: the hub keeps
// what is larger than 10 MB elsewhere.
const MaxSmall = 10 << 20

// Type is the sort of a repository.
type Type string

// The sorts, as the hub writes them.
const (
	Model   Type = "model"
	Dataset Type = "dataset"
	Space   Type = "space"
)

// Repository gives the component that a folder is a copy of; ok is false where the
// id is none of the hub. A commit may be "".
func Repository(of Type, id, commit, folder string) (c sbom.Component, ok bool) {
	switch of {
	case Model:
		c, ok = hub.Model(id, commit)
	case Dataset:
		c, ok = hub.Dataset(id, commit)
	case Space:
		if c, ok = hub.Model(id, commit); ok {
			address := "https://huggingface.co/spaces/" + id
			c = sbom.Component{Kind: sbom.KindApplication, Name: id, Version: commit, Keys: sbom.Keys{URL: address}, Refs: []sbom.Ref{{Type: "distribution", URL: address}}}
			if commit != "" {
				c.Keys.URL += "/tree/" + commit
			}
		}
	}
	c.Keys.Path = folder
	return c, ok
}

var (
	sha256Name = pattern.Lazy(`^[0-9a-f]{64}$`)
	sha1Name   = pattern.Lazy(`^[0-9a-f]{40}$`)
)

// File is what a store says of one file.
type File struct {
	Path string // below the root
	Etag string
	Size int64 // bytes, as the store states; 0 for not known
	Line int   // of the document that says so; 0 for none
}

// Large tells whether the hub knows the file by the SHA-256 of its content.
func (f File) Large() bool { return sha256Name.MatchString(f.Etag) }

// Sighting gives a large file with the digest that the store states. It is a key
// only where nobody reads the bytes, for they may be others.
func (f File) Sighting(tree fs.FS, hashing sbom.Hashing) (s sbom.Sighting, ok bool) {
	info, err := fs.Stat(tree, f.Path)
	if err != nil || !f.Large() {
		return s, false
	}
	s = sbom.Sighting{Component: sbom.Component{
		Kind: sbom.KindFile, Name: path.Base(f.Path), Keys: sbom.Keys{Path: f.Path},
		Hashes: []sbom.Hash{{Alg: "SHA-256", Value: f.Etag}},
		File:   &sbom.FileFacts{Size: info.Size()},
	}, Basis: sbom.Resolved, Where: sbom.Place{Line: f.Line}}
	if hashing.None {
		s.Keys.SHA256, s.File.Asserted = f.Etag, true
	}
	return s, true
}

// Link ties a file to the model of its folder as one that holds no weights; weights
// are tied by those who read them.
func (f File) Link() (l sbom.Link, ok bool) {
	if hfmodel.IsWeights(path.Base(f.Path)) {
		return l, false
	}
	return sbom.Link{Rel: sbom.Contains, Note: "auxiliary", Line: f.Line, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(f.Path), Keys: sbom.Keys{Path: f.Path}}}, true
}

// Changed compares a small file with its Git blob id, and gives the finding where
// it is another.
func (f File) Changed(tree fs.FS) (sbom.Finding, bool) {
	if !sha1Name.MatchString(f.Etag) {
		return sbom.Finding{}, false
	}
	h, err := tree.Open(f.Path)
	if err != nil {
		return sbom.Finding{}, false
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil || info.Size() > MaxSmall || info.IsDir() {
		return sbom.Finding{}, false
	}
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", info.Size())
	if n, err := io.Copy(sum, io.LimitReader(h, MaxSmall)); err != nil || n != info.Size() {
		return sbom.Finding{}, false
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != f.Etag {
		return sbom.Finding{Rule: sbom.RuleDigest, Where: sbom.Place{Line: f.Line},
			Message: fmt.Sprintf("%s is not the file that was fetched: its Git blob id is %s, and the hub's was %s", f.Path, got, f.Etag)}, true
	}
	return sbom.Finding{}, false
}
