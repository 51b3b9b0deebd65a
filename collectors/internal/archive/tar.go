package archive

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const block = 512 // bytes of a tar archive's header

// isTar knows a header by its checksum, which is over the whole of it; an
// archive of before POSIX has no other mark.
func isTar(head []byte) bool {
	if len(head) < block || head[0] == 0 {
		return false
	}
	text := strings.Trim(string(head[148:156]), " \x00")
	want, err := strconv.ParseInt(text, 8, 64)
	if err != nil {
		return false
	}
	var unsigned, signed int64
	for i, c := range head[:block] {
		if i >= 148 && i < 156 {
			c = ' '
		}
		unsigned, signed = unsigned+int64(c), signed+int64(int8(c))
	}
	return want == unsigned || want == signed
}

// tar reads the headers, and jumps over the bytes.
func (a *Archive) tar() error {
	s := io.NewSectionReader(a.r, 0, a.size)
	t := tar.NewReader(s)
	for n := 0; ; n++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			if n == 0 {
				return ErrFormat
			}
			a.lacks(sbom.Partial, "it is broken after %d members: %s", n, err)
			break
		}
		if err := a.budget.member(); err != nil {
			a.lacks(sbom.OverLimit, "%s", err)
			return nil
		}
		at, _ := s.Seek(0, io.SeekCurrent)
		m := a.tarMember(h)
		if m.at >= 0 {
			m.at = at
		}
		if m.Stored > a.size-at {
			a.lacks(sbom.Partial, "it ends within the member %q", clip(m.Name))
			m.Stored = max(a.size-at, 0)
		}
		m.open = a.tarOpen(m, n)
		a.Members = append(a.Members, m)
	}
	a.tarRest(s)
	return nil
}

func (a *Archive) tarMember(h *tar.Header) *Member {
	m := &Member{Name: h.Name, Size: h.Size, Stored: h.Size, Method: "stored", from: a}
	sparse := h.Typeflag == tar.TypeGNUSparse
	for key := range h.PAXRecords {
		sparse = sparse || strings.HasPrefix(key, "GNU.sparse.")
	}
	switch h.Typeflag {
	case tar.TypeDir:
		m.Folder = true
	case tar.TypeSymlink, tar.TypeLink:
		m.Link = h.Linkname
		m.Size, m.Stored = 0, 0
		if h.Typeflag == tar.TypeLink && !strings.HasPrefix(m.Link, "/") { // from the root of the archive, not from the folder
			m.Link = strings.Repeat("../", strings.Count(strings.Trim(m.Name, "/"), "/")) + m.Link
		}
	}
	if sparse {
		m.at, m.Stored, m.Method = -1, -1, "sparse"
	}
	return m
}

// tarOpen gives the bytes of the n-th member: by its place, or of one with holes
// by reading from the start.
func (a *Archive) tarOpen(m *Member, n int) func() (io.ReadCloser, error) {
	if m.at >= 0 {
		return func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(a.r, m.at, m.Stored)), nil }
	}
	return func() (io.ReadCloser, error) {
		t := tar.NewReader(io.NewSectionReader(a.r, 0, a.size))
		for range n + 1 {
			if _, err := t.Next(); err != nil && !errors.Is(err, tar.ErrInsecurePath) {
				return nil, err
			}
		}
		return io.NopCloser(t), nil
	}
}

// tarRest looks behind the end: zeros fill the last record, anything else is
// outside of the archive.
func (a *Archive) tarRest(s *io.SectionReader) {
	at, _ := s.Seek(0, io.SeekCurrent)
	buf := make([]byte, 1<<16)
	for from := at; from < a.size; {
		n := int(min(int64(len(buf)), a.size-from))
		if got, _ := a.r.ReadAt(buf[:n], from); got < n {
			return
		}
		if rest := bytes.TrimLeft(buf[:n], "\x00"); len(rest) > 0 {
			from += int64(n - len(rest))
			a.Gaps = append(a.Gaps, Gap{from, a.size - from, After})
			return
		}
		from += int64(n)
	}
}

// Each reads a tar archive that can be read only once, such as one that is
// compressed. Visit gets each member with a reader of its bytes; an error of it
// ends the reading. Of the archive that it gives, the members cannot be opened.
func Each(r io.Reader, o Options, visit func(m *Member, content io.Reader) error) (*Archive, error) {
	a := &Archive{Kind: Tar, budget: o.budget(), Coverage: sbom.Complete}
	t := tar.NewReader(r)
	for n := 0; ; n++ {
		h, err := t.Next()
		var over *LimitError
		switch {
		case errors.Is(err, io.EOF):
			a.names()
			return a, nil
		case errors.As(err, &over):
			a.lacks(sbom.OverLimit, "%s", over)
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			a.lacks(sbom.Partial, "it is broken after %d members: %s", n, err)
		}
		if a.Coverage == sbom.Complete {
			if err := a.budget.member(); err != nil {
				a.lacks(sbom.OverLimit, "%s", err)
			}
		}
		if a.Coverage != sbom.Complete {
			a.names()
			return a, nil
		}
		m := a.tarMember(h)
		m.at = -1
		a.Members = append(a.Members, m)
		content := io.Reader(t)
		if m.Method == "sparse" { // holes are zeros that nothing was read for
			content = limited{t, a.budget}
		}
		if err := visit(m, content); err != nil {
			return a, err
		}
	}
}
