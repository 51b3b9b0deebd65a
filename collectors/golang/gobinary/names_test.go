package gobinary

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"testing"
)

// crowdedELF has many sections whose names all are one long text.
func crowdedELF(sections, table int, flags uint64) []byte {
	le := binary.LittleEndian
	file := pack(le, []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"), uint16(2), uint16(62), uint32(1),
		uint64(0), uint64(0), uint64(64+table), uint32(0), uint16(64), uint16(56), uint16(0), uint16(64), uint16(sections), uint16(1))
	file = append(file, bytes.Repeat([]byte("a"), table-1)...)
	file = append(file, make([]byte, 1+64)...)
	for i := 1; i < sections; i++ {
		kind, f := uint32(1), uint64(0)
		if i == 1 {
			kind, f = 3, flags
		}
		size := uint64(16)
		if i == 1 {
			size = uint64(table)
		}
		file = append(file, pack(le, uint32(i), kind, f, uint64(0), uint64(64), size, uint32(0), uint32(0), uint64(1), uint64(0))...)
	}
	return file
}

// crowdedPE has many sections whose names are one long text.
func crowdedPE(sections, table int) []byte {
	le := binary.LittleEndian
	file := make([]byte, 64)
	copy(file, "MZ")
	le.PutUint32(file[0x3c:], 64)
	file = append(file, pack(le, []byte("PE\x00\x00"), uint16(0x8664), uint16(sections), uint32(0), uint32(64+24+40*sections), uint32(0), uint16(0), uint16(2))...)
	for range sections {
		s := make([]byte, 40)
		copy(s, "/4")
		file = append(file, s...)
	}
	file = le.AppendUint32(file, uint32(table))
	return append(append(file, bytes.Repeat([]byte("a"), table-5)...), 0)
}

// crowdedMachO has a table of symbols behind more commands than are looked at, each
// of whose names is the same long text.
func crowdedMachO(symbols, table int) []byte {
	le := binary.LittleEndian
	const filler = maxCommands
	begin := 32 + filler + 24
	file := pack(le, uint32(0xfeedfacf), uint32(0x0100000c), uint32(0), uint32(2), uint32(2), uint32(filler+24), uint32(0), uint32(0), uint32(0x32), uint32(filler))
	file = append(file, "__go_buildinfo\x00"...)
	file = append(file, make([]byte, 32+filler-len(file))...)
	file = append(file, pack(le, uint32(2), uint32(24), uint32(begin), uint32(symbols), uint32(begin+16*symbols), uint32(table))...)
	for range symbols {
		file = append(file, make([]byte, 16)...)
	}
	return append(append(file, bytes.Repeat([]byte("a"), table-1)...), 0)
}

// crowdedXCOFF has symbols each of whose names is the same long text.
func crowdedXCOFF(symbols, table int) []byte {
	be := binary.BigEndian
	file := pack(be, uint16(0x01f7), uint16(1), uint32(0), uint64(24+72), uint16(0), uint16(2), uint32(symbols))
	file = append(file, make([]byte, 72)...)
	for range symbols {
		file = append(file, pack(be, uint64(0), uint32(4), uint16(1), uint16(0), uint8(2), uint8(0))...)
	}
	file = be.AppendUint32(file, uint32(table))
	return append(append(file, bytes.Repeat([]byte("a"), table-5)...), 0)
}

// TestNamesAreBounded: the libraries copy the name of each section and symbol, and
// each name can be as long as the table of names.
func TestNamesAreBounded(t *testing.T) {
	for name, file := range map[string][]byte{
		"elf": crowdedELF(1000, 1<<20, 0), "elf, packed names": crowdedELF(3, 100, 0x800), "pe": crowdedPE(1000, 1<<20), "mach-o": crowdedMachO(1000, 1<<20), "xcoff": crowdedXCOFF(1000, 1<<20),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := read(bytes.NewReader(file), int64(len(file)))
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 2*maxNames || len(got.infos) > 0 {
			t.Errorf("%s: %d MiB", name, used>>20)
		}
		if name[0] == 'e' && got.problem != crowded {
			t.Errorf("%s: problem %q", name, got.problem)
		}
	}
}

// xcoffFile has a section of data and two symbols.
func xcoffFile(data []byte) []byte {
	be := binary.BigEndian
	const base, begin = 0x1000, 24 + 72
	table := begin + len(data)
	file := pack(be, uint16(0x01f7), uint16(1), uint32(0), uint64(table), uint16(0), uint16(2), uint32(2))
	file = append(file, pack(be, [8]byte{'.', 'd', 'a', 't', 'a'}, uint64(base), uint64(base), uint64(len(data)), uint64(begin), uint64(0), uint64(0), uint32(0), uint32(0), uint32(0x40), uint32(0))...)
	file = append(file, data...)
	for range 2 {
		file = append(file, pack(be, uint64(0), uint32(4), uint16(1), uint16(0), uint8(2), uint8(0))...)
	}
	return append(be.AppendUint32(file, 8), "abc\x00"...)
}

// TestXCOFF: that the symbols are hidden hides no program.
func TestXCOFF(t *testing.T) {
	file := xcoffFile(inlined("go1.26.1", "path\texample.com/x\nmod\texample.com/x\tv1.0.0\t\n"))
	got := read(bytes.NewReader(file), int64(len(file)))
	if len(got.infos) != 1 || got.infos[0].Main.Path != "example.com/x" {
		t.Errorf("%+v", got)
	}
}
