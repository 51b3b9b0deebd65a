package datadesc

import (
	"crypto/md5"  // #nosec G501 -- what descriptions state
	"crypto/sha1" // #nosec G505
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/sbom"
)

// Held looks at the file that a description means by the draft's path. Where it
// lies in the tree it gives the sighting of its bytes, whose digests are held
// against the stated ones by whoever joins both; a size that is not the stated one
// becomes a finding of the draft. There is none where the file is not here.
func (s *Draft) Held(f *sbom.File) (sbom.Sighting, bool) {
	info, err := fs.Stat(f.FS, s.Keys.Path)
	if s.Keys.Path == "" || err != nil || !info.Mode().IsRegular() {
		return sbom.Sighting{}, false
	}
	file := f.Other(s.Keys.Path)
	seen := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(s.Keys.Path), Keys: sbom.Keys{Path: s.Keys.Path}, File: &sbom.FileFacts{}},
		Basis:     sbom.Observed,
		Where:     sbom.Place{Path: s.Keys.Path},
	}
	if p, ok, err := lfs.Read(file); err == nil && ok {
		seen.Hashes, seen.File.Size, seen.File.Asserted = []sbom.Hash{{Alg: "SHA-256", Value: p.SHA256}}, p.Size, true
	} else if d, err := file.Digest(); err == nil {
		seen.Hashes, seen.File.Size, seen.File.Asserted = slices.Clone(d.Hashes), d.Size, d.Asserted
		s.further(file, &seen)
	} else {
		return sbom.Sighting{}, false
	}
	seen.Keys.SHA256 = valueOf(seen.Hashes, "SHA-256")
	s.compare(&seen)
	return seen, true
}

// further makes the digests that are stated, where none of them is the one that was
// made anyway.
func (s *Draft) further(file *sbom.File, seen *sbom.Sighting) {
	if valueOf(s.Hashes, "SHA-256") != "" || file.Settings.Hashing.None || content.Far(file) {
		return
	}
	for _, stated := range s.Hashes {
		h := newHash(stated.Alg)
		if h == nil || valueOf(seen.Hashes, stated.Alg) != "" {
			continue
		}
		r, _, err := file.Open()
		if err != nil {
			return
		}
		_, err = io.Copy(h, r)
		_ = r.Close()
		if err == nil {
			seen.Hashes = append(seen.Hashes, sbom.Hash{Alg: stated.Alg, Value: hex.EncodeToString(h.Sum(nil))})
		}
	}
}

func newHash(name string) hash.Hash {
	switch name {
	case "MD5":
		return md5.New() // #nosec G401
	case "SHA-1":
		return sha1.New() // #nosec G401
	case "SHA-384":
		return sha512.New384()
	case "SHA-512":
		return sha512.New()
	}
	return nil
}

func valueOf(list []sbom.Hash, alg string) string {
	for _, h := range list {
		if h.Alg == alg {
			return h.Value
		}
	}
	return ""
}

// compare drops a stated digest as a key where the bytes have another one, and
// notes a size that they do not have. A digest that is right outweighs a size.
func (s *Draft) compare(seen *sbom.Sighting) {
	right := false
	for _, stated := range s.Hashes {
		is := valueOf(seen.Hashes, stated.Alg)
		right = right || is == stated.Value
		if is != "" && is != stated.Value && stated.Alg == "SHA-256" {
			s.Keys.SHA256 = ""
		}
	}
	if s.File == nil || s.File.Size == 0 {
		return
	}
	switch size := seen.File.Size; {
	case s.sized && size != s.File.Size && right:
		s.Property("stated-size", strings.TrimSpace(formatSize(s.File.Size)), s.Lines["file.size"])
	case s.sized && size != s.File.Size:
		s.Finding(sbom.RuleDigest, s.Lines["file.size"], "%s has %s, and %s are stated", s.Keys.Path, formatSize(size), formatSize(s.File.Size))
	}
	s.File.Size = 0 // the bytes tell
	delete(s.Lines, "file.size")
}
