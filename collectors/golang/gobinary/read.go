package gobinary

import (
	"debug/buildinfo"
	"debug/elf"
	"debug/pe"
	"encoding/binary"
	"errors"
	"io"
	"runtime/debug"
	"slices"
)

// Bounds on what is read of a program.
const (
	maxRead    = 32 << 20 // bytes in all, beside the digest
	maxHeaders = 12 << 20 // bytes of an ELF file's tables
	maxInfo    = 4 << 20  // bytes of the build information; the largest known have 100 kB
	maxArches  = 16       // programs in a universal binary
)

// Formats of programs.
const (
	formatELF   = "elf"
	formatPE    = "pe"
	formatMachO = "mach-o"
	formatXCOFF = "xcoff"
	formatPlan9 = "plan9"
	formatWasm  = "wasm"
)

// sniff knows the first bytes of programs and shared libraries.
func sniff(head []byte) bool { return formatOf(head) != "" }

// formatOf names the format, "" for none.
func formatOf(head []byte) string {
	if len(head) < 32 {
		return ""
	}
	be := binary.BigEndian
	switch magic := be.Uint32(head); {
	case magic == 0x7f454c46: // type: executable or shared
		order := elfOrder(head)
		if t := elf.Type(order.Uint16(head[16:])); t == elf.ET_EXEC || t == elf.ET_DYN {
			return formatELF
		}
	case magic == 0xfeedface || magic == 0xfeedfacf || magic == 0xcefaedfe || magic == 0xcffaedfe:
		return formatMachO
	case magic == 0xcafebabe || magic == 0xcafebabf: // a class of Java has its version, from 45, where the count is
		if n := be.Uint32(head[4:]); n > 0 && n <= maxArches {
			return formatMachO
		}
	case magic == 0x0061736d && binary.LittleEndian.Uint32(head[4:]) == 1:
		return formatWasm
	case magic>>16 == 0x01df || magic>>16 == 0x01f7: // few sections, and executable
		flags := be.Uint16(head[18:])
		if n := be.Uint16(head[2:]); n > 0 && n < 64 && flags&2 != 0 {
			return formatXCOFF
		}
	case magic == 0x1eb || magic == 0x8a97 || magic == 0x647: // text, and an entry into it
		text, entry := be.Uint32(head[4:]), be.Uint32(head[20:])
		if text > 0x1000 && entry > 0x1000 && entry < 0x400000+text {
			return formatPlan9
		}
	case head[0] == 'M' && head[1] == 'Z':
		return formatPE
	}
	return ""
}

func elfOrder(head []byte) binary.ByteOrder {
	if head[elf.EI_DATA] == byte(elf.ELFDATA2MSB) {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// found is what a file holds.
type found struct {
	format  string
	infos   []*debug.BuildInfo // several in a universal binary
	problem string             // why a program that is Go says nothing
}

const silent = "the program is written in Go, but what it is made of is not in it: it was built before Go 1.13 or by a tool that removes this"

// read finds the build information. Both debug packages and what they read are
// not to be trusted: what they do in a panic is no program.
func read(r io.ReaderAt, size int64) (got found) {
	defer func() {
		if recover() != nil {
			got.infos, got.problem = nil, ""
		}
	}()
	head := make([]byte, 64)
	if n, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) || n < 32 {
		return found{}
	}
	got.format = formatOf(head)
	switch got.format {
	case formatELF:
		got.elf(r, size, head)
	case formatMachO:
		got.macho(r, size, head)
	case formatPE:
		got.pe(r, size, head)
	case formatWasm:
		got.wasm(r, size)
	case formatXCOFF:
		got.xcoff(r, size, head)
	case formatPlan9:
		got.read(r, size)
	}
	return got
}

// read lets debug/buildinfo read one program, with a bound on the bytes.
func (g *found) read(r io.ReaderAt, size int64) {
	info, err := buildinfo.Read(&budget{r, size, maxRead})
	if err == nil {
		g.infos = append(g.infos, info)
	}
}

// elf looks for the section first: a program without it is not Go. Only where
// there are no sections at all are the segments searched.
func (g *found) elf(r io.ReaderAt, size int64, head []byte) {
	if elfNames(r, size, head) > maxNames {
		g.problem = crowded
		return
	}
	f, err := elf.NewFile(&budget{r, size, maxHeaders})
	if err != nil {
		return
	}
	has := func(names ...string) *elf.Section {
		for _, s := range f.Sections {
			if slices.Contains(names, s.Name) {
				return s
			}
		}
		return nil
	}
	info := has(".go.buildinfo")
	switch {
	case info != nil && info.Size > maxInfo:
		g.problem = "the build information is too large to be read"
	case info != nil || len(f.Sections) == 0:
		g.read(r, size)
	}
	if len(g.infos) == 0 && g.problem == "" && has(".gopclntab", ".note.go.buildid", ".data.rel.ro.gopclntab", ".go.buildinfo") != nil {
		g.problem = silent
	}
}

// pe leaves out the symbols, which can be many and say nothing of modules.
func (g *found) pe(r io.ReaderAt, size int64, head []byte) {
	at := int64(binary.LittleEndian.Uint32(head[0x3c:]))
	header := make([]byte, 24)
	if _, err := r.ReadAt(header, at); err != nil || string(header[:4]) != "PE\x00\x00" {
		return
	}
	table, count := binary.LittleEndian.Uint32(header[12:]), binary.LittleEndian.Uint32(header[16:])
	if behind := uint64(table) + uint64(count)*pe.COFFSymbolSize; table != 0 {
		if behind >= 1<<32 {
			return
		}
		if peNames(r, binary.LittleEndian.Uint16(header[6:]), behind) > maxNames {
			g.problem = crowded
			return
		}
		binary.LittleEndian.PutUint32(header[12:], uint32(behind)) // the names of sections stand there
		binary.LittleEndian.PutUint32(header[16:], 0)
	}
	g.read(overlay{r, header, at}, size)
}

// overlay shows a file with some bytes changed.
type overlay struct {
	r     io.ReaderAt
	patch []byte
	at    int64
}

// ReadAt reads the file and puts the patch over it.
func (o overlay) ReadAt(p []byte, off int64) (int, error) {
	n, err := o.r.ReadAt(p, off)
	from, to := max(off, o.at), min(off+int64(n), o.at+int64(len(o.patch)))
	if from < to {
		copy(p[from-off:to-off], o.patch[from-o.at:to-o.at])
	}
	return n, err
}

// budget reads the file up to its size, and not more bytes than it has left.
type budget struct {
	r    io.ReaderAt
	size int64
	left int64
}

var errBudget = errors.New("too much is to be read")

// ReadAt reads within the budget.
func (b *budget) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= b.size {
		return 0, io.EOF
	}
	if b.left -= min(int64(len(p)), b.size-off); b.left < 0 {
		return 0, errBudget
	}
	return b.r.ReadAt(p, off)
}
