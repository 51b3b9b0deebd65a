package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// fastWhole is up to which size a file is read in whole though only sizes and headers
// are asked for, in bytes.
const fastWhole = 1 << 20

// Seen is what lies in a tree.
type Seen struct {
	Files    map[string]sbom.Digest // by path; without hashes where bytes were not read
	Links    map[string]Link
	LeftOut  []string          // what the BOM leaves out, and is here
	Control  []string          // folders of version control
	Failed   map[string]string // why something could not be looked at, by path
	Owned    map[string]bool   // those of Files that are expected: see LookOptions.Own
	Bytes    int64
	Stopped  error // the tree was not listed to its end
	leftOut  func(name string, folder bool) bool
	fast     bool
	resolved func(name string) (sbom.Digest, error)
	whole    func(name string) (sbom.Digest, error) // whatever the mode
}

// Link is a symbolic link, and why what it leads to is not among the files; "" where
// it is, or where the link leads nowhere.
type Link struct{ Target, Outside string }

// LookOptions steer Look.
type LookOptions struct {
	// LeftOut tells what the BOM leaves out; nil for nothing.
	LeftOut func(name string, folder bool) bool
	// Own tells files that are expected: the BOM itself, and its signature.
	Own func(info fs.FileInfo) bool
	// Fast reads files up to 1 MiB alone.
	Fast     bool
	Progress func(name string, size int64)
}

// Look lists and reads a tree. file gives a file of a scan, whose digests are shared.
func Look(ctx context.Context, file func(name string) *sbom.File, o LookOptions) *Seen {
	w := &walker{fsys: file(".").FS, leftOut: o.LeftOut, own: o.Own, most: MaxFiles}
	s := &Seen{Files: map[string]sbom.Digest{}, Links: map[string]Link{}, Failed: map[string]string{}, Owned: map[string]bool{}, leftOut: o.LeftOut, fast: o.Fast}
	s.Stopped = w.folder(".", 0)
	s.LeftOut, s.Control = w.outside, w.control
	for _, f := range w.owned {
		s.Owned[f.path] = true
	}
	for _, p := range w.problems {
		s.Failed[p.Path] = p.Reason
	}
	var read []found
	for _, f := range append(w.files, w.owned...) { // the BOM may lie where it lists another file
		if o.Fast {
			s.glance(w.fsys, f)
			continue
		}
		read = append(read, f)
	}
	for _, h := range hashAll(ctx, read, file, o.Progress) {
		if h.err != nil {
			s.Failed[h.path] = cause(h.err).Error()
			continue
		}
		s.Files[h.path] = h.Digest
		s.Bytes += h.Size
	}
	for _, l := range w.links {
		s.Links[l.Path] = Link{l.Target, s.leads(w.fsys, l)}
	}
	s.resolved = func(name string) (sbom.Digest, error) {
		if o.Fast {
			d, _, err := glance(w.fsys, name, fastWhole)
			return d, err
		}
		return file(name).Digest()
	}
	s.whole = func(name string) (sbom.Digest, error) {
		d, _, err := glance(w.fsys, name, math.MaxInt64)
		return d, err
	}
	return s
}

// glance takes the size of a large file, and reads a small one.
func (s *Seen) glance(fsys fs.FS, f found) {
	d, n, err := glance(fsys, f.path, fastWhole)
	if err != nil {
		s.Failed[f.path] = cause(err).Error()
		return
	}
	s.Files[f.path] = d
	s.Bytes += n
}

func glance(fsys fs.FS, name string, most int64) (d sbom.Digest, read int64, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return d, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() > most {
		if err == nil {
			_, err = f.Read(make([]byte, 1)) // or what nobody may read would pass
			d.Size = info.Size()
		}
		return d, 0, err
	}
	h := sha256.New()
	d.Size, err = io.Copy(h, f)
	d.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: hex.EncodeToString(h.Sum(nil))}}
	return d, d.Size, err
}

// leads tells why what a link leads to is not among the files.
func (s *Seen) leads(fsys fs.FS, l sbom.TreeLink) string {
	_, err := fs.Stat(fsys, l.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ""
	case errors.Is(err, fs.ErrPermission):
		return "what the link leads to cannot be looked at: " + cause(err).Error()
	case err != nil:
		return "the link leads out of the tree"
	}
	at := path.Join(path.Dir(l.Path), l.Target)
	for part := range strings.SplitSeq(at, "/") {
		if slices.Contains(VersionControl(), part) {
			return "the link leads into version control"
		}
	}
	if s.leftOut != nil && (s.leftOut(at, false) || s.leftOut(at, true)) {
		return "the link leads to what is left out"
	}
	return ""
}
