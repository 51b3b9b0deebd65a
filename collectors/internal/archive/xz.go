package archive

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// The library's own reader of .xz takes the memory that a file asks for, up to
// 4 GiB; so the container is read here, and the library unpacks LZMA2.

const (
	xzMagic = "\xfd7zXZ\x00"
)

var (
	errXZ     = errors.New("the xz stream is broken")
	xzCheck   = [16]int64{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64} // bytes of a check, by its type
	lzma2     = byte(0x21)
	errFilter = errors.New("the xz stream uses a filter that is not understood")
)

// xzReader gives the blocks of all streams in a file. Checks are passed over: a
// loader need not hold to them.
type xzReader struct {
	r     *tally
	check int64
	block *lzma.Reader2 // nil between blocks
	start int64         // of the block's bytes
	err   error
}

// tally counts what was read.
type tally struct {
	*bufio.Reader
	n int64
}

// ReadByte counts.
func (t *tally) ReadByte() (byte, error) {
	c, err := t.Reader.ReadByte()
	if err == nil {
		t.n++
	}
	return c, err
}

// Read counts.
func (t *tally) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.n += int64(n)
	return n, err
}

func (t *tally) skip(n int64) error {
	_, err := io.CopyN(io.Discard, t, n)
	return err
}

func unXZ(r io.Reader) (io.ReadCloser, error) {
	x := &xzReader{r: &tally{Reader: bufio.NewReaderSize(r, 1<<15)}}
	if err := x.stream(); err != nil {
		return nil, err
	}
	return io.NopCloser(x), nil
}

// stream reads a stream's header.
func (x *xzReader) stream() error {
	var h [12]byte
	if _, err := io.ReadFull(x.r, h[:]); err != nil {
		return err
	}
	if string(h[:6]) != xzMagic || h[6] != 0 || h[7] > 15 {
		return errXZ
	}
	x.check = xzCheck[h[7]]
	return nil
}

// Read gives unpacked bytes.
func (x *xzReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for x.err == nil {
		if x.block == nil {
			x.err = x.next()
			continue
		}
		n, err := x.block.Read(p)
		if err == io.EOF {
			x.block, err = nil, x.endBlock()
		}
		if err != nil {
			x.err = unexpected(err)
		}
		if n > 0 || x.err != nil {
			return n, x.err
		}
	}
	return 0, x.err
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// endBlock passes the padding to four bytes, and the check.
func (x *xzReader) endBlock() error { return x.r.skip((4-(x.r.n-x.start)%4)%4 + x.check) }

// next begins a block. Where the index comes, a stream ends; another one may
// follow.
func (x *xzReader) next() error {
	size, err := x.r.ReadByte()
	if err != nil {
		return unexpected(err)
	}
	if size == 0 {
		return x.endStream()
	}
	h := make([]byte, (int(size)+1)*4)
	h[0] = size
	if _, err := io.ReadFull(x.r, h[1:]); err != nil {
		return unexpected(err)
	}
	if crc32.ChecksumIEEE(h[:len(h)-4]) != binary.LittleEndian.Uint32(h[len(h)-4:]) {
		return errXZ
	}
	dict, err := blockDict(h[1 : len(h)-4])
	if err != nil {
		return err
	}
	if dict > maxWindow {
		return &LimitError{fmt.Sprintf("it needs a window of %d bytes to unpack, and %d are allowed", dict, maxWindow)}
	}
	x.start = x.r.n
	x.block, err = lzma.Reader2Config{DictCap: int(max(dict, lzma.MinDictCap))}.NewReader2(x.r)
	return err
}

// blockDict gives the window of a block with LZMA2 alone, from its header behind
// the size.
func blockDict(h []byte) (int64, error) {
	flags := h[0]
	h = h[1:]
	if flags&0x3f != 0 {
		return 0, errFilter
	}
	for _, bit := range []byte{0x40, 0x80} { // sizes, which are not needed
		if flags&bit != 0 {
			_, n := binary.Uvarint(h)
			if n <= 0 {
				return 0, errXZ
			}
			h = h[n:]
		}
	}
	if len(h) < 3 || h[0] != lzma2 || h[1] != 1 {
		return 0, errFilter
	}
	return dictSize(h[2])
}

// dictSize is the window of LZMA2 by its one byte.
func dictSize(b byte) (int64, error) {
	switch {
	case b > 40:
		return 0, errXZ
	case b == 40:
		return 1<<32 - 1, nil
	}
	return (2 | int64(b&1)) << (b/2 + 11), nil
}

// endStream passes the index, whose first byte was read, and the footer.
func (x *xzReader) endStream() error {
	start := x.r.n - 1
	records, err := binary.ReadUvarint(x.r)
	for n := uint64(0); err == nil && n < 2*records; n++ {
		_, err = binary.ReadUvarint(x.r)
	}
	if err == nil {
		err = x.r.skip((4-(x.r.n-start)%4)%4 + 4 + 12)
	}
	if err != nil {
		return unexpected(err)
	}
	for { // padding between streams, in fours
		four, err := x.r.Peek(4)
		switch {
		case len(four) < 4 && err != nil:
			return io.EOF
		case string(four) != "\x00\x00\x00\x00":
			if err := x.stream(); err != nil {
				return io.EOF // something else behind it: readers stop here
			}
			return nil
		}
		if err := x.r.skip(4); err != nil {
			return err
		}
	}
}
