package gobinary

import (
	"bytes"
	"encoding/binary"
)

// The tests make small files that have of each format what is read, and no code.

const framing = "0123456789abcdef"

// inlined is build information as it stands in a program since Go 1.18.
func inlined(version, text string) []byte {
	head := make([]byte, 32)
	copy(head, "\xff Go buildinf:\x08\x02")
	if text != "" {
		text = framing + text + framing
	}
	for _, s := range []string{version, text} {
		head = binary.AppendUvarint(head, uint64(len(s)))
		head = append(head, s...)
	}
	return append(head, make([]byte, 16)...)
}

func pack(order binary.ByteOrder, values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		if err := binary.Write(&b, order, v); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

// elfFile has one section of the given name, in a segment of its own.
func elfFile(section string, data []byte) []byte {
	const base, begin = 0x400000, 64 + 56 + 8 // the information stands at a multiple of 16
	le := binary.LittleEndian
	names := "\x00" + section + "\x00.shstrtab\x00"
	table := begin + len(data) + len(names)
	file := pack(le, []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"), uint16(2), uint16(62), uint32(1),
		uint64(base), uint64(64), uint64(table), uint32(0), uint16(64), uint16(56), uint16(1), uint16(64), uint16(3), uint16(2),
		uint32(1), uint32(6), uint64(begin), uint64(base+begin), uint64(0), uint64(len(data)), uint64(len(data)), uint64(4096))
	file = append(append(append(file, make([]byte, 8)...), data...), names...)
	file = append(file, make([]byte, 64)...)
	file = append(file, pack(le, uint32(1), uint32(1), uint64(3), uint64(base+begin), uint64(begin), uint64(len(data)), uint32(0), uint32(0), uint64(16), uint64(0))...)
	return append(file, pack(le, uint32(len(section)+2), uint32(3), uint64(0), uint64(0), uint64(begin+len(data)), uint64(len(names)), uint32(0), uint32(0), uint64(1), uint64(0))...)
}

// machoFile has a segment with one section, and a table of symbols that is not there.
func machoFile(section string, data []byte) []byte {
	const base, begin = 0x1000000, 32 + 72 + 80 + 24
	le := binary.LittleEndian
	name := func(s string) (n [16]byte) { copy(n[:], s); return n }
	file := pack(le, uint32(0xfeedfacf), uint32(0x0100000c), uint32(0), uint32(2), uint32(2), uint32(72+80+24), uint32(0), uint32(0),
		uint32(0x19), uint32(72+80), name("__DATA"), uint64(base), uint64(4096), uint64(begin), uint64(len(data)), uint32(3), uint32(3), uint32(1), uint32(0),
		name(section), name("__DATA"), uint64(base), uint64(len(data)), uint32(begin), uint32(4), uint32(0), uint32(0), uint32(0), uint32(0), uint32(0), uint32(0),
		uint32(2), uint32(24), uint32(1<<30), uint32(1<<28), uint32(1<<30), uint32(1<<31))
	return append(file, data...)
}

// fatFile holds several programs.
func fatFile(programs ...[]byte) []byte {
	be := binary.BigEndian
	file := pack(be, uint32(0xcafebabe), uint32(len(programs)))
	at := 8 + 20*len(programs)
	for i, p := range programs {
		file = append(file, pack(be, uint32(0x0100000c), uint32(i), uint32(at), uint32(len(p)), uint32(0))...)
		at += len(p)
	}
	return append(file, bytes.Join(programs, nil)...)
}

// peFile has one section of data, and says that it has symbols.
func peFile(data []byte, symbols uint32) []byte {
	le := binary.LittleEndian
	file := append([]byte("MZ"), make([]byte, 62)...)
	le.PutUint32(file[0x3c:], 64)
	const begin = 64 + 24 + 240 + 40
	file = append(file, pack(le, []byte("PE\x00\x00"), uint16(0x8664), uint16(1), uint32(0), uint32(begin+len(data)), symbols, uint16(240), uint16(0x22),
		uint16(0x20b), make([]byte, 22), uint64(0x400000), make([]byte, 76), uint32(16), make([]byte, 128),
		[8]byte{'.', 'd', 'a', 't', 'a'}, uint32(len(data)), uint32(0x1000), uint32(len(data)), uint32(begin), make([]byte, 12), uint32(0xc0000040))...)
	file = append(file, data...)
	file = append(file, make([]byte, 18*min(symbols, 1000))...)
	return append(file, 4, 0, 0, 0) // an empty table of strings
}

// wasmFile is a module of Go with the text in its data.
func wasmFile(version, text string) []byte {
	section := func(id byte, data string) []byte {
		return append(binary.AppendUvarint([]byte{id}, uint64(len(data))), data...)
	}
	file := []byte("\x00asm\x01\x00\x00\x00")
	file = append(file, section(0, "\x0ago:buildid"+"an id of a build")...)
	if text != "" {
		text = infoStart + text + infoEnd
	}
	file = append(file, section(11, "\x01\x00\x41\x80\x20\x0b"+string(make([]byte, 70_000))+text+"more data")...)
	return append(file, section(0, "\x09producers\x01\x0cprocessed-by\x01\x0eGo cmd/compile"+string(binary.AppendUvarint(nil, uint64(len(version))))+version)...)
}
