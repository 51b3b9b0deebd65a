package hdf5

import (
	"errors"
	"fmt"
	"math/bits"
)

// fractal is a heap of objects that are known by their ids.
type fractal struct {
	f                     *reader
	filtered              int
	checksums             bool
	maxManaged            uint64
	hugeTree              uint64
	width                 uint64
	start, maxDirect      uint64 // bytes of blocks
	maxBits               int
	root                  uint64
	rows                  uint64
	idLength, offsetBytes int
	lengthBytes           int
}

func (f *reader) fractal(at uint64) (*fractal, error) {
	c, err := f.block(at, int64(22+12*f.l+3*f.o+8), "FRHP")
	if err != nil {
		return nil, err
	}
	h := &fractal{f: f}
	c.skip(1)
	h.idLength, h.filtered = c.u16(), c.u16()
	h.checksums = c.u8()&2 != 0
	h.maxManaged = c.num(4)
	c.length()
	h.hugeTree = c.address()
	c.length()
	c.address()
	for range 8 {
		c.length()
	}
	h.width, h.start, h.maxDirect = c.num(2), c.length(), c.length()
	h.maxBits = c.u16()
	c.u16()
	h.root, h.rows = c.address(), c.num(2)
	switch {
	case c.err != nil:
		return nil, c.err
	case h.filtered != 0:
		return nil, errors.New("a filtered heap is not understood")
	case !power(h.width) || !power(h.start) || !power(h.maxDirect) || h.start > h.maxDirect || h.maxDirect > 1<<32 || h.maxBits > 64 || h.maxBits == 0:
		return nil, errors.New("the sizes of a heap are not possible")
	}
	h.offsetBytes = (h.maxBits + 7) / 8
	h.lengthBytes = min((log2(h.maxDirect)+7)/8, log2(max(h.maxManaged, 1))/8+1)
	return h, nil
}

func power(n uint64) bool { return n > 0 && n&(n-1) == 0 }

func log2(n uint64) int { return bits.Len64(n) - 1 }

// get gives the bytes of an object.
func (h *fractal) get(id []byte) ([]byte, error) {
	if len(id) == 0 {
		return nil, errShort
	}
	c := &cursor{data: id, at: 1, o: h.f.o, l: h.f.l}
	switch id[0] >> 4 & 3 {
	case 0:
		offset, n := c.num(h.offsetBytes), c.num(h.lengthBytes)
		if c.err != nil {
			return nil, c.err
		}
		return h.managed(offset, n)
	case 1:
		return h.huge(c)
	case 2:
		n := int(id[0]&15) + 1
		if h.idLength > 18 { // the longer form of the length
			n = int(id[0]&15)<<8 + c.u8() + 1
		}
		return c.take(n), c.err
	}
	return nil, errors.New("the id of a heap's object is not known")
}

// managed finds the block that holds an offset, through the tables of blocks.
func (h *fractal) managed(offset, n uint64) ([]byte, error) {
	if n > h.maxDirect {
		return nil, errors.New("an object of a heap is larger than its block")
	}
	block, rows := h.root, h.rows
	if rows == 0 {
		return h.direct(block, 0, h.start, offset, n)
	}
	first := uint64(0) // offset of the table
	for range 64 {
		if block == none || offset < first {
			break
		}
		row, column, size, begin := h.locate(offset - first)
		if row >= rows {
			return nil, errors.New("an object lies outside of its heap")
		}
		direct := uint64(log2(h.maxDirect)-log2(h.start)) + 2
		head := uint64(5 + h.f.o + h.offsetBytes)
		data, err := h.f.bytes(block+head+(row*h.width+column)*uint64(h.f.o), int64(h.f.o))
		if err != nil {
			return nil, err
		}
		c := &cursor{data: data, o: h.f.o}
		block = c.address()
		if row < direct {
			return h.direct(block, first+begin, size, offset, n)
		}
		first += begin
		if log2(size) < log2(h.start*h.width) {
			return nil, errors.New("a table of blocks is too small")
		}
		rows = uint64(log2(size)-log2(h.start*h.width)) + 1
	}
	return nil, errors.New("a heap leads nowhere")
}

// locate gives the row and the column of the block that holds an offset of a
// table, the block's size, and where it begins in the table.
func (h *fractal) locate(offset uint64) (row, column, size, begin uint64) {
	first := h.start * h.width
	if offset < first {
		column = offset / h.start
		return 0, column, h.start, column * h.start
	}
	high := log2(offset)
	row = uint64(high-log2(first)) + 1
	if row > 62 {
		return 1 << 62, 0, h.start, 0
	}
	size = h.start << (row - 1)
	column = (offset - 1<<high) / max(size, 1)
	return row, column, size, 1<<high + column*size
}

func (h *fractal) direct(block, first, size, offset, n uint64) ([]byte, error) {
	if block == none || offset < first || offset-first > size || n > size-(offset-first) {
		return nil, errors.New("an object lies outside of its heap")
	}
	return h.f.bytes(block+(offset-first), int64(n))
}

// huge reads an object that stands by itself: its id is an address, or a key of
// a tree.
func (h *fractal) huge(c *cursor) ([]byte, error) {
	if h.idLength-1 >= h.f.o+h.f.l {
		at, n := c.address(), c.length()
		return h.hugeAt(at, n, c.err)
	}
	key := c.num(min(c.left(), 8, h.f.l))
	var data []byte
	found := errors.New("a huge object is not in its tree")
	err := h.f.tree2(h.hugeTree, func(record []byte) error {
		r := &cursor{data: record, o: h.f.o, l: h.f.l}
		at, n, id := r.address(), r.length(), r.length()
		if r.err == nil && id == key && found != nil {
			data, found = h.hugeAt(at, n, nil)
		}
		return r.err
	})
	if err != nil {
		return nil, err
	}
	return data, found
}

func (h *fractal) hugeAt(at, n uint64, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	if n > uint64(h.f.size) {
		return nil, fmt.Errorf("an object of %d bytes is larger than the file", n)
	}
	return h.f.bytes(at, int64(n))
}
