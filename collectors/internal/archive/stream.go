package archive

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/pierrec/lz4/v4"
)

// zfHead is the length of what joblib of before version 0.10 writes in front of
// zlib: a mark, and the size in hexadecimal digits.
const zfHead = 2 + 19

// streams are the compressions by their first bytes.
var streams = []struct {
	kind, mark string
	open       func(*bufio.Reader) (io.Reader, error)
}{
	{"gzip", "\x1f\x8b\x08", func(r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"bzip2", "BZh", func(r *bufio.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"xz", "\xfd7zXZ\x00", func(r *bufio.Reader) (io.Reader, error) { return unXZ(r) }},
	{"zstd", "\x28\xb5\x2f\xfd", func(r *bufio.Reader) (io.Reader, error) { return unZstd(r) }},
	{"lz4", "\x04\x22\x4d\x18", func(r *bufio.Reader) (io.Reader, error) { return lz4.NewReader(r), nil }},
	{"zf", "ZF0x", func(r *bufio.Reader) (io.Reader, error) {
		if _, err := r.Discard(zfHead); err != nil {
			return nil, err
		}
		if next, err := r.Peek(1); err == nil && next[0] == ' ' { // joblib up to 0.8.4 with Python 2
			_, _ = r.Discard(1)
		}
		return zlib.NewReader(r)
	}},
}

// Compressed knows a compressed stream by its first bytes.
func Compressed(head []byte) (kind string, ok bool) {
	for _, s := range streams {
		if begins(head, s.mark) {
			return s.kind, s.kind != "bzip2" || len(head) > 9 && (string(head[4:10]) == "1AY&SY" || string(head[4:10]) == "\x17rE8P\x90")
		}
	}
	switch {
	case isSkippable(head):
		return "zstd", true
	case isLZMA(head):
		return "lzma", true
	case isZlib(head):
		return "zlib", true
	}
	return "", false
}

func begins(head []byte, mark string) bool {
	return len(head) >= len(mark) && string(head[:len(mark)]) == mark
}

// isSkippable knows a frame that zstd and LZ4 pass over, with one of zstd behind
// it in what head shows.
func isSkippable(head []byte) bool {
	if len(head) < 12 || head[0]&0xf0 != 0x50 || string(head[1:4]) != "\x2a\x4d\x18" {
		return false
	}
	n := uint64(binary.LittleEndian.Uint32(head[4:])) + 8
	return n+4 <= uint64(len(head)) && string(head[n:n+4]) == "\x28\xb5\x2f\xfd"
}

// isLZMA knows the old format by what encoders can write into its header: five
// properties, and a size. It has no mark.
func isLZMA(head []byte) bool {
	if len(head) < 14 || head[0] >= 9*5*5 || head[13] != 0 {
		return false
	}
	dict, size := binary.LittleEndian.Uint32(head[1:]), binary.LittleEndian.Uint64(head[5:])
	if dict < 1<<12 || size != 1<<64-1 && size >= 1<<40 {
		return false
	}
	top := uint32(1) << (31 - bits.LeadingZeros32(dict))
	if dict != top && dict != top|top>>1 && dict != 1<<32-1 {
		return false
	}
	return head[0] == usualLZMA || unpacksLZMA(head)
}

// usualLZMA are the properties that encoders write if not told otherwise. Others
// are in tensors by chance: the bytes behind them have to unpack to something.
const usualLZMA = 0x5d

func unpacksLZMA(head []byte) bool {
	r, err := rawLZMA(bytes.NewReader(head[13:]), []byte{head[0], 0, 0, 1, 0}, -1)
	if err != nil {
		return false
	}
	out := make([]byte, 24)
	n, err := io.ReadFull(r, out)
	if err != nil && (!errors.Is(err, io.ErrUnexpectedEOF) || len(head) >= 512) {
		return false
	}
	return n > 0 && len(bytes.TrimLeft(out[:n], string(out[:1]))) > 0
}

// isZlib knows a header, and tries the bytes behind it: two bytes alone are too
// few to go by.
func isZlib(head []byte) bool {
	if len(head) < 8 || head[0]&0x0f != 8 || head[0] > 0x78 || head[1]&0x20 != 0 || binary.BigEndian.Uint16(head)%31 != 0 {
		return false
	}
	z, err := zlib.NewReader(bytes.NewReader(head))
	if err != nil {
		return false
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, 1<<16))
	return n > 0 && (err == nil || err == io.ErrUnexpectedEOF)
}

// Unpack gives what a compressed stream unpacks to; head are its first bytes,
// which r gives too. It is not ok where the bytes are not compressed, or are
// broken from the start. What the reader gives counts to the budget.
func Unpack(r io.Reader, head []byte, o Options) (content io.Reader, kind string, ok bool) {
	kind, ok = Compressed(head)
	if !ok {
		return nil, "", false
	}
	var err error
	switch kind {
	case "lzma":
		content, err = loneLZMA(r)
	case "zlib":
		content, err = zlib.NewReader(r)
	default:
		for _, s := range streams {
			if s.kind == kind {
				content, err = s.open(bufio.NewReaderSize(r, 1<<15))
			}
		}
	}
	if err != nil {
		content = &failed{fmt.Errorf("the %s stream is broken at its start: %w", kind, err)}
	}
	return limited{content, o.budget()}, kind, true
}

func loneLZMA(r io.Reader) (io.Reader, error) {
	var h [13]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, err
	}
	size := int64(binary.LittleEndian.Uint64(h[5:]))
	return rawLZMA(bufio.NewReaderSize(r, 1<<15), h[:5], size)
}

// failed is a reader that has an error only.
type failed struct{ err error }

// Read fails.
func (f *failed) Read([]byte) (int, error) { return 0, f.err }
