package archive

import (
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/mlbom/mlbom/sbom"
	"github.com/ulikunitz/xz/lzma"
)

// methods are the names of ways of packing.
var methods = map[uint16]string{0: "stored", 1: "shrink", 6: "implode", 8: "deflate", 9: "deflate64", 12: "bzip2", 14: "lzma", 20: "zstd", 93: "zstd", 95: "xz", 98: "ppmd", 99: "aes"}

const (
	maxWindow = 64 << 20 // bytes that a way of packing may look back, which is memory
	maxProbe  = 1 << 20  // bytes that are unpacked to see whether a flag lies
)

// packed sets how a member is read.
func (a *Archive) packed(m *Member, e entry) {
	if m.Method = methods[e.method]; m.Method == "" {
		m.Method = fmt.Sprintf("method %d", e.method)
	}
	raw := func() io.Reader {
		if !m.locate() {
			return &failed{errors.New("the member is not where its directory says")}
		}
		return io.NewSectionReader(a.r, m.at, m.Stored)
	}
	unpack := unpacker(m.Method)
	if m.Method == "deflate" {
		unpack = func(r io.Reader) (io.ReadCloser, error) { return a.budget.inflate(r), nil }
	}
	if unpack != nil {
		m.open = func() (io.ReadCloser, error) { return unpack(raw()) }
	}
	if m.Encrypted = e.method == 99 || e.flags&flagLocked != 0; m.Encrypted && e.method != 99 && m.open != nil && m.plain() {
		m.Encrypted = false
		a.fault(sbom.RuleEvasion, m.at, "the member %q is marked as encrypted or patched (flags %#x), and it is not: scanners pass over it", clip(m.Name), e.flags)
	}
}

// plain tells whether the bytes of a member that is marked as encrypted are not.
func (m *Member) plain() bool {
	if m.Method == "stored" {
		return m.Stored == m.Size // a key's header takes 12 bytes more
	}
	r, err := m.open()
	if err != nil {
		return false
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, min(m.Size, maxProbe)))
	return err == nil && n == min(m.Size, maxProbe)
}

// unpacker gives the reader of a method; nil where it is not understood.
func unpacker(method string) func(io.Reader) (io.ReadCloser, error) {
	switch method {
	case "stored":
		return func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(r), nil }
	case "bzip2":
		return func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(bzip2.NewReader(r)), nil }
	case "zstd":
		return unZstd
	case "xz":
		return unXZ
	case "lzma":
		return zipLZMA
	}
	return nil
}

// unZstd bounds the memory, and starts no goroutines.
func unZstd(r io.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// zipLZMA reads LZMA as zip has it: a version, and the length of the properties
// before them.
func zipLZMA(r io.Reader) (io.ReadCloser, error) {
	var h [9]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, err
	}
	if n := binary.LittleEndian.Uint16(h[2:]); n != 5 {
		return nil, fmt.Errorf("the properties of LZMA have %d bytes, and 5 are understood", n)
	}
	return rawLZMA(r, h[4:], -1)
}

// rawLZMA reads LZMA by its five properties; size is that of the unpacked bytes,
// -1 where a mark ends them.
func rawLZMA(r io.Reader, props []byte, size int64) (io.ReadCloser, error) {
	head := binary.LittleEndian.AppendUint64(bytes.Clone(props[:5]), uint64(size))
	if dict := binary.LittleEndian.Uint32(head[1:]); dict > maxWindow {
		if size < 0 || size > maxWindow {
			return nil, &LimitError{fmt.Sprintf("it needs a window of %d bytes to unpack, and %d are allowed", dict, maxWindow)}
		}
		binary.LittleEndian.PutUint32(head[1:], maxWindow)
	}
	l, err := lzma.NewReader(io.MultiReader(bytes.NewReader(head), r))
	if err != nil {
		return nil, err
	}
	return io.NopCloser(l), nil
}
