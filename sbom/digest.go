package sbom

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"sync"
)

// Digest is what one pass over a file gives.
type Digest struct {
	Hashes []Hash // SHA-256 first; none where the user wants none
	Size   int64  // bytes
	// Asserted: the store that the file is in states the digest, and the bytes
	// were not read.
	Asserted bool
}

// SHA256 is the lower-case hex digest; "" where there is none.
func (d Digest) SHA256() string {
	for _, h := range d.Hashes {
		if h.Alg == "SHA-256" {
			return h.Value
		}
	}
	return ""
}

// Stated is what a store says of a file whose bytes are not here. A file system
// gives it as the Sys of a file's information, with its address.
type Stated struct {
	Hashes []Hash
	// Costly: there is no digest, and the file is too large and too far away to be
	// read for one.
	Costly bool
}

// Part is a range of a file, in bytes, that has a digest of its own: a tensor.
type Part struct{ At, Size int64 }

// Sum is the SHA-256 of a part; nil where it was not made.
type Sum = *[sha256.Size]byte

// sums are the digests that a file has so far.
type sums struct {
	mu   sync.Mutex
	done bool
	Digest
	err error
}

// Digest gives the digests. The file is read once, whoever asks; not at all,
// where its store states the SHA-256 or [Hashing] says none.
func (f *File) Digest() (Digest, error) {
	d, _, err := f.DigestParts(nil)
	return d, err
}

// SHA256 gives the lower-case hex digest, "" where the user wants none, and the
// size in bytes.
func (f *File) SHA256() (digest string, size int64, err error) {
	d, err := f.Digest()
	return d.SHA256(), d.Size, err
}

// DigestParts gives the digests of the file and of each part, in one pass. Parts
// that are the same range share a digest. There is none of any part where no bytes
// are read, where [Hashing] says NoContent, or where they overlap in other ways or
// lie outside of the file, which is checked by whoever knows the format.
func (f *File) DigestParts(parts []Part) (Digest, []Sum, error) {
	f.sum.mu.Lock()
	defer f.sum.mu.Unlock()
	var of []Sum
	asked := false
	if !f.sum.done {
		f.sum.done = true
		shared := Once(f.FS, digestOf(f.Path), func() digested {
			d, sums, err := f.digest(parts)
			of, asked = sums, true
			return digested{d, err}
		})
		f.sum.Digest, f.sum.err = shared.Digest, shared.err
	}
	if !asked && len(parts) > 0 && f.readsParts() { // somebody read the file for its own digest
		_, sums, err := f.read(nil, parts)
		if err != nil {
			return f.sum.Digest, nil, err
		}
		of = sums
	}
	return f.sum.Digest, of, f.sum.err
}

type (
	digestOf string // path
	digested struct {
		Digest
		err error
	}
)

func (f *File) readsParts() bool {
	h := f.Settings.Hashing
	return f.sum.err == nil && !h.None && !h.NoContent && !f.sum.Asserted
}

func (f *File) digest(parts []Part) (Digest, []Sum, error) {
	info, err := fs.Stat(f.FS, f.Path)
	if err != nil {
		return Digest{}, nil, err
	}
	if stated, ok := info.Sys().(*Stated); ok {
		if d := (Digest{stated.Hashes, info.Size(), len(stated.Hashes) > 0}); d.SHA256() != "" || stated.Costly || f.Settings.Hashing.None {
			return d, nil, nil
		}
	}
	if f.Settings.Hashing.None {
		return Digest{Size: info.Size()}, nil, nil
	}
	if f.Settings.Hashing.NoContent {
		parts = nil
	}
	algorithms := append([]Algorithm{{"SHA-256", sha256.New}}, f.Settings.Hashing.Also...)
	return f.read(algorithms, parts)
}

// read makes the digests of the whole and of the parts.
func (f *File) read(algorithms []Algorithm, parts []Part) (Digest, []Sum, error) {
	h, err := f.FS.Open(f.Path)
	if err != nil {
		return Digest{}, nil, err
	}
	defer h.Close()
	info, err := h.Stat()
	if err != nil {
		return Digest{}, nil, err
	}
	p := newPass(algorithms, parts, info.Size())
	n, err := p.run(h, info.Size())
	if err != nil {
		return Digest{}, nil, err
	}
	d := Digest{Size: n}
	for i, a := range algorithms {
		d.Hashes = append(d.Hashes, Hash{a.Name, hex.EncodeToString(p.whole[i].Sum(nil))})
	}
	return d, p.sums(parts), nil
}
