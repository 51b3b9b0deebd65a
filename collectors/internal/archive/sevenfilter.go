package archive

import (
	"encoding/binary"
	"io"
)

// delta undoes a filter that leaves the difference to the byte some bytes before.
type delta struct {
	r        io.Reader
	distance int
	last     [256]byte
	at       byte
}

// Read adds.
func (d *delta) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	for i := range p[:n] {
		p[i] += d.last[byte(d.distance)+d.at]
		d.last[d.at] = p[i]
		d.at--
	}
	return n, err
}

// x86 undoes a filter (BCJ) that makes the targets of calls and jumps absolute.
// It is that of Bra86.c of the LZMA SDK.
type x86 struct {
	r     io.Reader
	buf   []byte
	from  int // of what is converted and not given yet
	ready int // end of it
	end   int // of what was read
	pos   uint32
	mask  uint32
	err   error
}

// Read converts.
func (x *x86) Read(p []byte) (int, error) {
	if x.buf == nil {
		x.buf = make([]byte, 1<<16)
	}
	for x.from == x.ready {
		if x.err != nil && x.from == x.end {
			return 0, x.err
		}
		x.end = copy(x.buf, x.buf[x.from:x.end])
		x.from, x.ready = 0, 0
		for x.err == nil && x.end < len(x.buf) {
			var n int
			n, x.err = x.r.Read(x.buf[x.end:])
			x.end += n
		}
		x.ready = x.convert(x.buf[:x.end])
		x.pos += uint32(x.ready)
		if x.err != nil {
			x.ready = x.end // the last four bytes can hold no target
		}
	}
	n := copy(p, x.buf[x.from:x.ready])
	x.from += n
	return n, nil
}

var (
	maskAllowed = [8]bool{true, true, true, false, true, false, false, false}
	maskBit     = [8]uint32{0, 1, 2, 2, 3, 3, 3, 3}
)

func isTop(b byte) bool { return b == 0 || b == 0xff }

// convert changes targets in data, and gives how many bytes of it are final.
func (x *x86) convert(data []byte) int {
	if len(data) < 5 {
		return 0
	}
	ip := x.pos + 5
	mask, last, at := x.mask&7, -1, 0
	for limit := len(data) - 4; ; {
		for at < limit && data[at]&0xfe != 0xe8 {
			at++
		}
		if at >= limit {
			break
		}
		if mask = shift(mask, at-last); mask != 0 {
			if b := data[at+4-int(maskBit[mask])]; !maskAllowed[mask] || isTop(b) {
				last, mask, at = at, mask<<1&7|1, at+1
				continue
			}
		}
		last = at
		if !isTop(data[at+4]) {
			mask, at = mask<<1&7|1, at+1
			continue
		}
		to := relative(binary.LittleEndian.Uint32(data[at+1:]), ip+uint32(at), mask)
		binary.LittleEndian.PutUint32(data[at+1:], to&0xffffff|-(to>>24&1)<<24)
		at += 5
	}
	x.mask = shift(mask, at-last)
	return at
}

func shift(mask uint32, by int) uint32 {
	if by > 3 {
		return 0
	}
	return mask << (by - 1) & 7
}

func relative(src, at, mask uint32) uint32 {
	to := src - at
	for range 4 { // twice does, of what an encoder made
		index := maskBit[mask] * 8
		if mask == 0 || !isTop(byte(to>>(24-index))) {
			break
		}
		to = (to ^ (1<<(32-index) - 1)) - at
	}
	return to
}
