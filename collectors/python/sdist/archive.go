package sdist

import (
	"archive/tar"
	"archive/zip"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const maxDirectory = 16 << 20 // bytes of a zip archive's directory

// walk looks at all members of the archive.
func (r *reader) walk() error {
	f, size, err := r.file.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	switch name := strings.ToLower(path.Base(r.file.Path)); {
	case strings.HasSuffix(name, ".zip"):
		return r.zip(f, size)
	case strings.HasSuffix(name, ".bz2"):
		if !begins(f, "BZh") {
			return errElse
		}
		return r.tar(bzip2.NewReader(io.NewSectionReader(f, 0, size)))
	}
	if !begins(f, "\x1f\x8b") {
		return errElse
	}
	z, err := gzip.NewReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return fmt.Errorf("the archive cannot be unpacked: %w", err)
	}
	defer z.Close()
	return r.tar(z)
}

func begins(f io.ReaderAt, magic string) bool {
	head := make([]byte, len(magic))
	n, _ := f.ReadAt(head, 0)
	return string(head[:n]) == magic
}

// unpacked counts the bytes of a stream, and ends it where they are too many.
type unpacked struct {
	r    io.Reader
	left int64
}

var errTooLarge = fmt.Errorf("more than %d MiB of content; the rest is not read", maxUnpacked>>20)

// Read stops at the bound.
func (u *unpacked) Read(p []byte) (int, error) {
	if u.left <= 0 {
		return 0, errTooLarge
	}
	n, err := u.r.Read(p[:min(int64(len(p)), u.left)])
	u.left -= int64(n)
	return n, err
}

func (r *reader) tar(stream io.Reader) error {
	t := tar.NewReader(&unpacked{stream, maxUnpacked})
	for {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		h, err := t.Next()
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, errTooLarge):
			return err
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			if r.top == "" {
				return errElse
			}
			return fmt.Errorf("the archive is damaged: %w", err)
		}
		m := member{name: h.Name, text: func() (string, error) { return text(t) }}
		switch h.Typeflag {
		case tar.TypeXGlobalHeader, tar.TypeXHeader:
			continue
		case tar.TypeDir:
			m.folder = true
		case tar.TypeSymlink, tar.TypeLink:
			m.link, m.hard = h.Linkname, h.Typeflag == tar.TypeLink
		case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
			m.device = true
		}
		if err := r.member(m); err != nil {
			return err
		}
	}
}

// text reads a file up to the bound; a longer one is cut.
func text(from io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(from, maxText))
	if err != nil {
		return "", err
	}
	if s, err := sbom.DecodeText(data); err == nil {
		return s, nil
	}
	return strings.ToValidUTF8(string(data), "\uFFFD"), nil
}

// bounded gives no more than so many bytes while the directory is read.
type bounded struct {
	r    io.ReaderAt
	left int64
}

// ReadAt counts what is asked for.
func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, fmt.Errorf("its directory is larger than %d MiB", maxDirectory>>20)
	}
	return b.r.ReadAt(p, at)
}

func (r *reader) zip(f io.ReaderAt, size int64) error {
	if !begins(f, "PK\x03\x04") {
		return errElse
	}
	b := &bounded{f, maxDirectory}
	z, err := zip.NewReader(b, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return errElse // whether it is an sdist is not known
	}
	b.left = math.MaxInt64
	for _, e := range z.File {
		m := member{name: e.Name, folder: e.FileInfo().IsDir()}
		m.text = func() (string, error) {
			c, err := e.Open()
			if err != nil {
				return "", err
			}
			defer c.Close()
			return text(c)
		}
		if e.Mode()&fs.ModeSymlink != 0 {
			m.link, err = m.text()
			if err != nil || m.link == "" {
				m.link = e.Name
			}
		}
		if err := r.member(m); err != nil {
			return err
		}
	}
	return nil
}
