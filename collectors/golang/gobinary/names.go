package gobinary

import (
	"debug/elf"
	"debug/pe"
	"encoding/binary"
	"io"
)

// maxNames bounds what the names of a program's sections can take: each may be as
// long as the table of names, and the libraries copy each. Real programs have some
// tens of sections and a table of one kB.
const maxNames = 64 << 20

const crowded = "the names of the program's sections take more than those of any real one, so it is not read"

// elfNames bounds the bytes of the names of all sections. A table that does not lie
// in the file is no matter: the library refuses it.
func elfNames(r io.ReaderAt, fileSize int64, head []byte) uint64 {
	order := elfOrder(head)
	wide := elf.Class(head[elf.EI_CLASS]) == elf.ELFCLASS64
	begin, each, count, index := uint64(order.Uint32(head[32:])), uint64(order.Uint16(head[46:])), uint64(order.Uint16(head[48:])), uint64(order.Uint16(head[50:]))
	if wide {
		begin, each, count, index = order.Uint64(head[40:]), uint64(order.Uint16(head[58:])), uint64(order.Uint16(head[60:])), uint64(order.Uint16(head[62:]))
	}
	if begin == 0 {
		return 0
	}
	if first, link, _, ok := elfSection(r, order, wide, begin); ok { // where the numbers are too large for the header
		if count == 0 {
			count = first
		}
		if index == uint64(elf.SHN_XINDEX) {
			index = link
		}
	}
	table, _, flags, ok := elfSection(r, order, wide, begin+index*each)
	switch {
	case !ok || count > uint64(fileSize) || table > uint64(fileSize):
		return 0
	case flags&uint64(elf.SHF_COMPRESSED) != 0 || count > maxNames:
		return maxNames + 1
	}
	return count * table
}

// elfSection gives the size, the link and the flags of a section.
func elfSection(r io.ReaderAt, order binary.ByteOrder, wide bool, at uint64) (size, link, flags uint64, ok bool) {
	b := make([]byte, 64)
	if n, _ := r.ReadAt(b, int64(at)); n < 40 || wide && n < 64 {
		return 0, 0, 0, false
	}
	if wide {
		return order.Uint64(b[32:]), uint64(order.Uint32(b[40:])), order.Uint64(b[8:]), true
	}
	return uint64(order.Uint32(b[20:])), uint64(order.Uint32(b[24:])), uint64(order.Uint32(b[8:])), true
}

// peNames bounds the bytes of the names of all sections; behind is where the table
// of long names stands.
func peNames(r io.ReaderAt, sections uint16, behind uint64) uint64 {
	size := make([]byte, 4)
	if _, err := r.ReadAt(size, int64(behind)); err != nil {
		return 0
	}
	return uint64(sections) * uint64(binary.LittleEndian.Uint32(size))
}

// xcoff shows the last symbol alone, for the library wants one: the name of each may
// be as long as the table of names, which stands behind them.
func (g *found) xcoff(r io.ReaderAt, size int64, head []byte) {
	be := binary.BigEndian
	header := append([]byte{}, head[:24]...)
	wide := be.Uint16(head) == 0x01f7
	table, at := uint64(be.Uint32(head[8:])), 12
	if wide {
		table, at = be.Uint64(head[8:]), 20
	}
	count := uint64(be.Uint32(head[at:]))
	last := table + (count-1)*pe.COFFSymbolSize // of the same size
	if count == 0 || table > uint64(size) || last > uint64(size) {
		return
	}
	if wide {
		be.PutUint64(header[8:], last)
	} else {
		be.PutUint32(header[8:], uint32(last))
	}
	be.PutUint32(header[at:], 1)
	g.read(overlay{r, header, 0}, size)
}
