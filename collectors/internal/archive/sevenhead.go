package archive

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
)

// Bounds on a header; 7-Zip itself allows 32 coders.
const (
	maxFolders = 1 << 16
	maxPacks   = 1 << 18 // packed streams
	maxCoders  = 32
	maxProps   = 1 << 10 // bytes of a coder's properties
)

// sevenReader takes a header apart. The first fault stays in broken, and from
// then on all is zero.
type sevenReader struct {
	data   []byte
	at     int
	most   int // members
	broken string

	packAt    uint64
	packSizes []uint64
	folders   []folder
}

// folder is a run of packed bytes, and the coders that unpack it.
type folder struct {
	coders []coder
	binds  []bind // an input of one coder, and the output that it reads
	packed []uint64
	sizes  []uint64 // of the coders' outputs
	crc    uint32
	hasCRC bool
	parts  []sevenPart
	packs  []span // of the packed streams in the file
}

type coder struct {
	id      uint64
	in, out uint64
	props   []byte
}

type bind struct{ in, out uint64 }

type sevenPart struct {
	size   uint64
	crc    uint32
	hasCRC bool
}

type sevenFile struct {
	name       string
	empty      bool // it has no bytes
	emptyFile  bool // and is no folder
	attributes uint32
}

func (p *sevenReader) fail(why string) {
	if p.broken == "" {
		p.broken = why
	}
	p.at = len(p.data)
}

func (p *sevenReader) byte() byte {
	b := p.bytes(1)
	if b == nil {
		return 0
	}
	return b[0]
}

func (p *sevenReader) bytes(n uint64) []byte {
	if n > uint64(len(p.data)-p.at) {
		p.fail("it ends too early")
		return nil
	}
	b := p.data[p.at : p.at+int(n)]
	p.at += int(n)
	return b
}

// number reads one of up to eight bytes; the ones at the top of the first tell
// how many follow.
func (p *sevenReader) number() uint64 {
	first := p.byte()
	more := bits.LeadingZeros8(^first)
	var n uint64
	for i, b := range p.bytes(uint64(more)) {
		n |= uint64(b) << (8 * i)
	}
	if more < 7 {
		n |= uint64(first&(0x7f>>more)) << (8 * more)
	}
	return n
}

// count reads a number of things, each of which takes some of the bytes that
// follow.
func (p *sevenReader) count(most int) int {
	n := p.number()
	if n > uint64(most) {
		p.fail("it counts more than it can hold")
		return 0
	}
	return int(n)
}

// flags reads one bit for each of n things.
func (p *sevenReader) flags(n int) []bool {
	out := make([]bool, n)
	b := p.bytes(uint64(n+7) / 8)
	for i := range out {
		out[i] = b != nil && b[i/8]>>(7-i%8)&1 == 1
	}
	return out
}

// someFlags reads them where not all are set.
func (p *sevenReader) someFlags(n int) []bool {
	if p.byte() == 0 {
		return p.flags(n)
	}
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	return out
}

// sums reads checksums, of those that have one.
func (p *sevenReader) sums(n int, set func(i int, crc uint32)) {
	for i, has := range p.someFlags(n) {
		if !has {
			continue
		}
		if b := p.bytes(4); b != nil {
			set(i, binary.LittleEndian.Uint32(b))
		}
	}
}

func (p *sevenReader) header() (files []sevenFile) {
	for p.broken == "" {
		switch id := p.byte(); id {
		case idProperties:
			for p.broken == "" && p.byte() != idEnd {
				p.bytes(p.number())
			}
		case idMoreStreams, idMainStreams:
			p.streams()
		case idFiles:
			files = p.files()
		case idEnd:
			return files
		default:
			p.fail("a part of it is not known")
		}
	}
	return files
}

// files reads names and attributes.
func (p *sevenReader) files() []sevenFile {
	files := make([]sevenFile, p.count(min(len(p.data)-p.at, p.most)))
	for p.broken == "" {
		id := p.number()
		if id == idEnd {
			break
		}
		body := p.bytes(p.number())
		if p.broken != "" {
			break
		}
		q := &sevenReader{data: body}
		q.property(id, files)
		if q.broken != "" {
			p.fail(q.broken)
		}
	}
	return files
}

func (p *sevenReader) property(id uint64, files []sevenFile) {
	switch id {
	case idEmptyStream:
		for i, is := range p.flags(len(files)) {
			files[i].empty = is
		}
	case idEmptyFile:
		n := 0
		for i := range files {
			if files[i].empty && n/8 < len(p.data) {
				files[i].emptyFile = p.data[n/8]>>(7-n%8)&1 == 1
				n++
			}
		}
	case idNames:
		if p.byte() != 0 {
			p.fail("its names stand elsewhere")
			return
		}
		for i := range files {
			files[i].name = p.name()
		}
	case idAttributes:
		has := p.someFlags(len(files))
		if p.byte() != 0 {
			p.fail("its attributes stand elsewhere")
			return
		}
		for i := range files {
			if has[i] {
				if b := p.bytes(4); b != nil {
					files[i].attributes = binary.LittleEndian.Uint32(b)
				}
			}
		}
	}
}

// name reads UTF-16 up to a zero.
func (p *sevenReader) name() string {
	var units []uint16
	for p.at+1 < len(p.data) {
		u := binary.LittleEndian.Uint16(p.data[p.at:])
		if p.at += 2; u == 0 {
			return string(utf16.Decode(units))
		}
		units = append(units, u)
	}
	p.fail("a name does not end")
	return ""
}
