package pickle

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// Bounds on the input.
const (
	windowSize = 1 << 18 // bytes that can be looked at ahead
	maxLine    = 1 << 16 // bytes that are kept of a line
)

// input reads a stream through a window.
type input struct {
	r    io.Reader
	buf  []byte
	at   int   // in buf, of the next byte
	end  int   // of what buf holds
	base int64 // offset of buf[0] in the stream
	err  error // of the reader; no more comes
	ends int64 // offset at which a nested stream ends
	idle int   // reads that gave nothing
}

func newInput(r io.Reader, base int64) *input {
	return &input{r: r, base: base, ends: math.MaxInt64, buf: make([]byte, windowSize)}
}

// overBytes reads from memory.
func overBytes(b []byte, base int64) *input {
	return &input{buf: b, end: len(b), base: base, err: io.EOF, ends: math.MaxInt64}
}

func (in *input) offset() int64 { return in.base + int64(in.at) }

// peek gives the next n bytes, less at the end of the stream; n is at most the
// window's size. They hold until the next call.
func (in *input) peek(n int) []byte {
	if in.end-in.at < n {
		in.fill(n)
	}
	have := in.buf[in.at:in.end]
	if left := in.ends - in.offset(); int64(len(have)) > left {
		have = have[:max(0, left)]
	}
	return have[:min(n, len(have))]
}

const maxIdle = 100

func (in *input) fill(n int) {
	if in.err != nil {
		return
	}
	if in.at > 0 && len(in.buf)-in.at < n {
		in.end = copy(in.buf, in.buf[in.at:in.end])
		in.base += int64(in.at)
		in.at = 0
	}
	for in.end-in.at < n && in.end < len(in.buf) && in.err == nil {
		k, err := in.r.Read(in.buf[in.end:])
		in.end += k
		in.err = err
		if in.idle++; k > 0 {
			in.idle = 0
		} else if in.idle > maxIdle && err == nil {
			in.err = io.ErrNoProgress
		}
	}
}

// take gives the next n bytes and goes behind them; less at the end.
func (in *input) take(n int) []byte {
	b := in.peek(n)
	in.at += len(b)
	return b
}

// skip goes n bytes on and tells whether they were there. What is not in the
// window is not read where the reader can seek.
func (in *input) skip(n int64) bool {
	if left := in.ends - in.offset(); n > left {
		in.skip(max(0, left))
		return false
	}
	if s, ok := in.r.(io.Seeker); ok && in.err == nil && n > int64(in.end-in.at)+windowSize {
		return in.jump(s, n)
	}
	for n > 0 {
		b := in.take(int(min(n, windowSize)))
		if len(b) == 0 {
			return false
		}
		n -= int64(len(b))
	}
	return n == 0
}

// jump seeks to the last of the bytes, and reads it: seeking itself does not tell of the end.
func (in *input) jump(s io.Seeker, n int64) bool {
	from, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		in.err = err
		return false
	}
	start := in.base + int64(in.end) // the offset of from
	last := in.offset() + n - 1
	if _, err = s.Seek(last-start, io.SeekCurrent); err != nil {
		in.err = err
		return false
	}
	in.base, in.at, in.end = last, 0, 0
	if len(in.take(1)) == 1 {
		return true
	}
	if end, err := s.Seek(0, io.SeekEnd); err == nil {
		in.base = start + end - from
	}
	return false
}

// broken tells of an error other than the end of the stream.
func (in *input) broken() error {
	if in.err == nil || in.err == io.EOF || in.at < in.end {
		return nil
	}
	return in.err
}

// argument is what stands behind an opcode.
type argument struct {
	number int64
	float  float64
	text   []byte // holds until the next read
	second []byte // of lines
	length int64  // of a text that was longer than what is kept
	load   *loaded
	kept   []byte // for reuse
}

// fault is why a pickle cannot be read on.
type fault string

const (
	ended     fault = "the pickle ends in the middle"
	badLength fault = "a length below zero"
)

// line gives the bytes up to a newline, without it; of a long line the first
// ones. Where the stream ends first, the machine in C drops the last byte.
func (in *input) line() ([]byte, fault) {
	b := in.peek(256)
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		in.at += i + 1
		return b[:i], ""
	}
	b = in.peek(maxLine)
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		in.at += i + 1
		return b[:i], ""
	}
	if len(b) < maxLine {
		return nil, ended
	}
	head := bytes.Clone(b)
	for {
		b = in.peek(maxLine)
		i := bytes.IndexByte(b, '\n')
		if i >= 0 {
			in.at += i + 1
			return head, ""
		}
		if len(b) == 0 {
			return nil, ended
		}
		in.at += len(b)
	}
}

// fixed reads the plain numbers.
func (in *input) fixed(s shape, a *argument) fault {
	size := [...]int{uint1: 1, uint2: 2, int4: 4, uint4: 4, uint8b: 8, float8: 8}[s]
	b := in.take(size)
	if len(b) < size {
		return ended
	}
	switch s {
	case uint1:
		a.number = int64(b[0])
	case uint2:
		a.number = int64(binary.LittleEndian.Uint16(b))
	case int4:
		a.number = int64(int32(binary.LittleEndian.Uint32(b)))
	case uint4:
		a.number = int64(binary.LittleEndian.Uint32(b))
	case uint8b:
		a.number = int64(binary.LittleEndian.Uint64(b))
	case float8:
		a.float = math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return ""
}

// counted reads the length of a text.
func (in *input) counted(s shape) (int64, fault) {
	var a argument
	width := [...]shape{text1: uint1, text4s: int4, text4: uint4, text8: uint8b, long1: uint1, long4: int4}[s]
	if f := in.fixed(width, &a); f != "" {
		return 0, f
	}
	if a.number < 0 {
		return 0, badLength
	}
	return a.number, ""
}

// argument reads what follows an opcode. Texts over maxText are left to the
// caller: length is set, and none of their bytes is read.
func (in *input) argument(s shape, a *argument) (f fault) {
	switch s {
	case bare:
		return ""
	case line:
		a.text, f = in.line()
		return f
	case lines:
		first, f := in.line()
		if f != "" {
			return f
		}
		a.kept = append(a.kept[:0], first...) // the next line may move the window
		a.text = a.kept
		a.second, f = in.line()
		return f
	case text1, text4s, text4, text8, long1, long4:
		if a.length, f = in.counted(s); f != "" || a.length > maxText {
			return f
		}
		if a.text = in.take(int(a.length)); int64(len(a.text)) < a.length {
			return ended
		}
		return ""
	}
	return in.fixed(s, a)
}
