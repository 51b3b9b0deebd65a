// Package lfs knows Git LFS pointer files: the few lines of text that stand in a
// checkout where the large file was not fetched. A pointer states the digest and
// the size of the bytes that it stands for.
//
// Source: git-lfs docs/spec.md, version 1.
package lfs

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// MaxPointer bounds a pointer file, in bytes: the specification's own limit.
const MaxPointer = 1024

const first = "version https://git-lfs.github.com/spec/v1"

// Pointer is what a pointer file states.
type Pointer struct {
	SHA256 string // lower-case hex
	Size   int64  // bytes
}

var oid = pattern.Lazy(`^[0-9a-f]{64}$`)

// Parse reads a pointer; ok is false where the bytes are none.
func Parse(data []byte) (p Pointer, ok bool) {
	if len(data) >= MaxPointer || !bytes.HasPrefix(data, []byte(first)) {
		return Pointer{}, false
	}
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if lines[0] != first {
		return Pointer{}, false
	}
	sized := false
	for _, line := range lines[1:] {
		key, value, _ := strings.Cut(line, " ")
		switch key {
		case "oid":
			digest, isSHA := strings.CutPrefix(value, "sha256:")
			if !isSHA || !oid.MatchString(digest) || p.SHA256 != "" {
				return Pointer{}, false
			}
			p.SHA256 = digest
		case "size":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < 0 || sized {
				return Pointer{}, false
			}
			p.Size, sized = n, true
		}
	}
	return p, p.SHA256 != "" && sized
}

// Read tells whether a pointer lies in the file's place, and what it states.
// Only files below [MaxPointer] are read.
func Read(f *sbom.File) (p Pointer, ok bool, err error) {
	r, size, err := f.Open()
	if err != nil {
		return Pointer{}, false, err
	}
	defer r.Close()
	if size >= MaxPointer {
		return Pointer{}, false, nil
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, MaxPointer))
	if err != nil {
		return Pointer{}, false, err
	}
	p, ok = Parse(data)
	return p, ok, nil
}
