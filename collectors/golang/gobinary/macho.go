package gobinary

import (
	"bytes"
	"debug/macho"
	"encoding/binary"
	"io"
)

// maxCommands bounds the load commands of a Mach-O file, in bytes.
const maxCommands = 1 << 20

// macho reads a program, or each of a universal binary.
func (g *found) macho(r io.ReaderAt, size int64, head []byte) {
	magic := binary.BigEndian.Uint32(head)
	if magic != macho.MagicFat && magic != macho.MagicFat+1 {
		g.thin(r, size)
		return
	}
	entry := 20
	if magic != macho.MagicFat { // 64 bits
		entry = 32
	}
	table := make([]byte, min(int(binary.BigEndian.Uint32(head[4:])), maxArches)*entry)
	n, _ := r.ReadAt(table, 8)
	for table = table[:n]; len(table) >= entry; table = table[entry:] {
		off, length := uint64(binary.BigEndian.Uint32(table[8:])), uint64(binary.BigEndian.Uint32(table[12:]))
		if entry == 32 {
			off, length = binary.BigEndian.Uint64(table[8:]), binary.BigEndian.Uint64(table[16:])
		}
		if off < uint64(size) && length <= uint64(size)-off {
			g.thin(io.NewSectionReader(r, int64(off), int64(length)), int64(length))
		}
	}
}

// thin reads one program where a section of Go's is named. The symbols are
// hidden from the library, for it reads all of them.
func (g *found) thin(r io.ReaderAt, size int64) {
	head := make([]byte, 32)
	if _, err := r.ReadAt(head, 0); err != nil {
		return
	}
	order, begin := binary.ByteOrder(binary.BigEndian), 28
	if head[0] == 0xce || head[0] == 0xcf {
		order = binary.LittleEndian
	}
	if m := order.Uint32(head); m == macho.Magic64 {
		begin = 32
	} else if m != macho.Magic32 {
		return
	}
	if order.Uint32(head[20:]) > maxCommands {
		return // what is not looked at here would not be hidden
	}
	commands := make([]byte, order.Uint32(head[20:]))
	if n, err := r.ReadAt(commands, int64(begin)); err != nil && err != io.EOF || n < len(commands) {
		return
	}
	for at := commands; len(at) >= 8; {
		length := order.Uint32(at[4:])
		if c := macho.LoadCmd(order.Uint32(at)); c == macho.LoadCmdSymtab || c == macho.LoadCmdDysymtab {
			order.PutUint32(at, 0)
		}
		if length < 8 || int64(length) > int64(len(at)) {
			break
		}
		at = at[length:]
	}
	before := len(g.infos)
	if bytes.Contains(commands, []byte("__go_buildinfo\x00")) {
		g.read(overlay{r, commands, int64(begin)}, size)
	}
	if len(g.infos) == before && bytes.Contains(commands, []byte("__gopclntab\x00")) {
		g.problem = silent
	}
}
