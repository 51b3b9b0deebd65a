package hdf5

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// none is the address of nothing, in any width.
const none = ^uint64(0)

var errShort = errors.New("a structure ends in the middle")

// cursor takes values from bytes; after the first that is not there all are 0.
type cursor struct {
	data []byte
	at   int
	o, l int
	err  error
}

func (c *cursor) left() int { return len(c.data) - c.at }

func (c *cursor) take(n int) []byte {
	if c.err != nil || n < 0 || n > c.left() {
		c.err = errShort
		return nil
	}
	c.at += n
	return c.data[c.at-n : c.at]
}

func (c *cursor) skip(n int) { c.take(n) }

// num takes a little-endian number of up to 8 bytes.
func (c *cursor) num(n int) uint64 {
	var buf [8]byte
	if n < 0 || n > 8 {
		c.err = errShort
		return 0
	}
	copy(buf[:], c.take(n))
	return binary.LittleEndian.Uint64(buf[:])
}

func (c *cursor) u8() int        { return int(c.num(1)) }
func (c *cursor) u16() int       { return int(c.num(2)) }
func (c *cursor) u32() int64     { return int64(c.num(4)) }
func (c *cursor) length() uint64 { return c.num(c.l) }

// address takes an offset; all bits set is none.
func (c *cursor) address() uint64 {
	n := c.num(c.o)
	if c.err != nil || c.o < 8 && n == 1<<(8*c.o)-1 {
		return none
	}
	return n
}

// text takes the bytes up to a zero byte, and the zero.
func (c *cursor) text() string {
	if c.err != nil || c.left() <= 0 {
		c.err = errShort
		return ""
	}
	n := bytes.IndexByte(c.data[c.at:min(len(c.data), c.at+maxName+1)], 0)
	if n < 0 {
		c.err = errShort
		return ""
	}
	s := string(c.data[c.at : c.at+n])
	c.at += n + 1
	return s
}

// cString is the text before the first zero byte.
func cString(data []byte) string {
	if n := bytes.IndexByte(data, 0); n >= 0 {
		data = data[:n]
	}
	return string(data)
}
