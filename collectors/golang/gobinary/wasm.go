package gobinary

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// Bounds on a WebAssembly module
// (https://webassembly.github.io/spec/core/binary/modules.html).
const (
	maxSections = 1_000
	maxSegments = 1_000_000
	maxCustom   = 64 // bytes of a section's name
)

// Ids of sections.
const (
	sectionCustom = 0
	sectionData   = 11
)

// wasm reads the data that a module of Go begins with. The linker leaves runs of
// zeros out of it, so that the information is put together from segments.
func (g *found) wasm(r io.ReaderAt, size int64) {
	isGo := false
	at := int64(8)
	for range maxSections {
		head := make([]byte, 1+binary.MaxVarintLen32+binary.MaxVarintLen32+maxCustom)
		n, _ := r.ReadAt(head, at)
		head = head[:n]
		if n < 2 {
			break
		}
		length, k := binary.Uvarint(head[1:])
		if k <= 0 || length > uint64(size) {
			break
		}
		body := at + 1 + int64(k)
		switch head[0] {
		case sectionCustom:
			isGo = isGo || bytes.HasPrefix(head[1+k:], []byte("\x0ago:buildid"))
		case sectionData:
			if isGo {
				g.data(io.NewSectionReader(r, body, int64(length)))
			}
		}
		at = body + int64(length)
	}
	if isGo && len(g.infos) == 0 {
		g.problem = silent
	}
}

// piece is a part of a module's memory.
type piece struct {
	at   uint64
	data []byte
}

// data goes through the segments until the one that the information begins in,
// and keeps what follows close behind.
func (g *found) data(r io.Reader) {
	in := bufio.NewReaderSize(r, 1<<16)
	count, err := binary.ReadUvarint(in)
	var pieces []piece
	kept := 0
	for i := uint64(0); err == nil && i < count && i < maxSegments && kept < maxInfo; i++ {
		var p piece
		var length uint64
		if p.at, length, err = segment(in); err != nil || length > maxRead {
			break
		}
		if pieces == nil && length > maxInfo { // text and tables: the information is small data
			if p, err = search(in, p, length); err != nil {
				break
			}
		} else {
			p.data = make([]byte, length)
			if _, err = io.ReadFull(in, p.data); err != nil {
				break
			}
		}
		if pieces == nil {
			j := bytes.Index(p.data, magic())
			if j < 0 {
				continue
			}
			p.at, p.data = p.at+uint64(j), p.data[j:]
		}
		pieces = append(pieces, p)
		kept += len(p.data)
	}
	if info := inline(func(off uint64, n int) []byte { return memory(pieces, off, n) }); info != nil {
		g.infos = append(g.infos, info)
	}
}

// search looks through a long segment, and gives it from the information on.
func search(in *bufio.Reader, p piece, length uint64) (piece, error) {
	for length > 0 {
		look, err := in.Peek(int(min(length, 1<<15)))
		if err != nil {
			return piece{}, err
		}
		skip := len(look)
		if j := bytes.Index(look, magic()); j >= 0 {
			if j == 0 {
				p.data = make([]byte, min(length, maxInfo))
				if _, err := io.ReadFull(in, p.data); err != nil {
					return piece{}, err
				}
				_, err := in.Discard(int(length) - len(p.data))
				return p, err
			}
			skip = j
		} else if uint64(skip) < length {
			skip -= len(magic()) // it may stand across the end
		}
		if _, err := in.Discard(skip); err != nil {
			return piece{}, err
		}
		p.at, length = p.at+uint64(skip), length-uint64(skip)
	}
	return p, nil
}

// segment reads the head of an active segment: "i32.const at end" and a length.
func segment(in *bufio.Reader) (at, length uint64, err error) {
	var head [2]byte
	if _, err = io.ReadFull(in, head[:]); err != nil || head != [2]byte{0, 0x41} {
		return 0, 0, io.ErrUnexpectedEOF
	}
	shift := 0
	for b := byte(0x80); b&0x80 != 0; shift += 7 {
		if b, err = in.ReadByte(); err != nil || shift > 28 {
			return 0, 0, io.ErrUnexpectedEOF
		}
		at |= uint64(b&0x7f) << shift
	}
	if end, err := in.ReadByte(); err != nil || end != 0x0b {
		return 0, 0, io.ErrUnexpectedEOF
	}
	length, err = binary.ReadUvarint(in)
	return at & (1<<32 - 1), length, err
}

// memory gives n bytes from an offset behind the first piece's begin; what no
// piece holds is zero.
func memory(pieces []piece, off uint64, n int) []byte {
	if len(pieces) == 0 {
		return nil
	}
	last := pieces[len(pieces)-1]
	from := pieces[0].at + off
	if end := last.at + uint64(len(last.data)) + 32; from+uint64(n) > end {
		n = int(max(end, from) - from)
	}
	out := make([]byte, n)
	for _, p := range pieces {
		if p.at < from+uint64(n) && p.at+uint64(len(p.data)) > from {
			if p.at >= from {
				copy(out[p.at-from:], p.data)
			} else {
				copy(out, p.data[from-p.at:])
			}
		}
	}
	return out
}
