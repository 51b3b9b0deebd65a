package gguf

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Bounds on a header.
const (
	maxString  = 16 << 20 // bytes
	maxValues  = 64 << 10
	maxTensors = 1 << 20
	maxDims    = 8
	bufferSize = 64 << 10
)

// reader reads the header's numbers and strings in its byte order. The first
// error stays: what follows reads as zero.
type reader struct {
	src   io.ReaderAt
	buf   *bufio.Reader
	at    int64
	limit int64 // the header ends here at the latest: the end of the file
	most  int64 // bytes of a header that are allowed
	order binary.ByteOrder
	wide  bool // 64 bits for counts and lengths; version 1 has 32
	err   error
}

func (r *reader) tooLarge() error {
	return fmt.Errorf("the header is larger than the %d bytes that are allowed (--max-header)", r.most)
}

func newReader(src io.ReaderAt, size, most int64) *reader {
	r := &reader{src: src, limit: size, most: most, order: binary.LittleEndian, wide: true}
	r.seek(0)
	return r
}

func (r *reader) seek(at int64) {
	r.at = at
	section := io.NewSectionReader(r.src, at, max(0, r.limit-at))
	if r.buf == nil {
		r.buf = bufio.NewReaderSize(section, bufferSize)
		return
	}
	r.buf.Reset(section)
}

func (r *reader) reason() string {
	if errors.Is(r.err, io.EOF) || errors.Is(r.err, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("the file ends within the header, at byte %d", r.at)
	}
	return r.err.Error()
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// take reads n bytes, a small number or one that was checked.
func (r *reader) take(n int) []byte {
	if r.err == nil && (r.at+int64(n) > r.limit || r.at+int64(n) > r.most) {
		r.err = io.ErrUnexpectedEOF
		if r.limit > r.most {
			r.err = r.tooLarge()
		}
	}
	if r.err != nil {
		return make([]byte, min(n, 8))
	}
	data := make([]byte, n)
	if _, r.err = io.ReadFull(r.buf, data); r.err != nil {
		return make([]byte, min(n, 8))
	}
	r.at += int64(n)
	return data
}

func (r *reader) u8() uint8   { return r.take(1)[0] }
func (r *reader) u16() uint16 { return r.order.Uint16(r.take(2)) }
func (r *reader) u32() uint32 { return r.order.Uint32(r.take(4)) }
func (r *reader) u64() uint64 { return r.order.Uint64(r.take(8)) }

// count reads a count or a length.
func (r *reader) count() uint64 {
	if r.wide {
		return r.u64()
	}
	return uint64(r.u32())
}

func (r *reader) str(most uint64) string {
	n := r.count()
	if n > most {
		r.fail("a text at byte %d would have %d bytes, and %d are allowed", r.at, n, most)
	}
	if r.err != nil {
		return ""
	}
	s := r.take(int(n))
	if r.err != nil {
		return ""
	}
	return string(s)
}

// skip passes over n bytes without reading them.
func (r *reader) skip(n uint64) {
	if r.err != nil {
		return
	}
	if n > uint64(max(0, min(r.limit, r.most)-r.at)) {
		r.err = io.ErrUnexpectedEOF
		if r.limit > r.most {
			r.err = r.tooLarge()
		}
		return
	}
	if n <= uint64(r.buf.Buffered()) {
		r.buf.Discard(int(n))
		r.at += int64(n)
		return
	}
	r.seek(r.at + int64(n))
}
