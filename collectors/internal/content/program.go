package content

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/mlbom/mlbom/sbom"
)

// Program tells the kind of machine code that a file begins with: "elf", "pe",
// "mach-o", "ape"; "" for none.
func Program(head []byte) string { return program(head) }

// program knows machine code by the fields of its header: two or four bytes of
// magic are in every large file by chance.
func program(head []byte) string {
	switch {
	case isELF(head):
		return "elf"
	case bytes.HasPrefix(head, []byte("MZqFpD='")), bytes.HasPrefix(head, []byte("jartsr='")):
		return "ape"
	case isPE(head):
		return "pe"
	case isMachO(head):
		return "mach-o"
	}
	return ""
}

// isELF wants a class, an order of bytes, a type and a machine that there are,
// and the size of the header itself.
func isELF(h []byte) bool {
	if len(h) < 52 || string(h[:4]) != "\x7fELF" || h[4] < 1 || h[4] > 2 || h[5] < 1 || h[5] > 2 || h[6] != 1 {
		return false
	}
	var order binary.ByteOrder = binary.LittleEndian
	if h[5] == 2 {
		order = binary.BigEndian
	}
	kind, machine, at, want := order.Uint16(h[16:]), order.Uint16(h[18:]), 40, uint16(52)
	if h[4] == 2 {
		at, want = 52, 64
	}
	return kind >= 1 && kind <= 4 && machine != 0 && len(h) >= at+2 && order.Uint16(h[at:]) == want
}

// isPE follows the offset in the header of DOS to that of Windows. A program
// whose second header is farther than the first bytes has a stub of unusual size,
// and is taken by its first header's own fields.
func isPE(h []byte) bool {
	if len(h) < 64 || h[0] != 'M' || h[1] != 'Z' {
		return false
	}
	at := int64(binary.LittleEndian.Uint32(h[60:]))
	if at >= 64 && at+24 <= int64(len(h)) {
		return string(h[at:at+4]) == "PE\x00\x00" && binary.LittleEndian.Uint16(h[at+20:]) != 0
	}
	return false
}

// isMachO wants a processor and a type that there are. The magic of a file for
// several processors is that of Java classes too, whose version is larger than
// any number of processors.
func isMachO(h []byte) bool {
	if len(h) < 32 {
		return false
	}
	var order binary.ByteOrder
	switch binary.LittleEndian.Uint32(h) {
	case 0xfeedface, 0xfeedfacf:
		order = binary.LittleEndian
	case 0xcefaedfe, 0xcffaedfe:
		order = binary.BigEndian
	case 0xbebafeca:
		n := binary.BigEndian.Uint32(h[4:])
		return n >= 1 && n <= 20 && isProcessor(binary.BigEndian.Uint32(h[8:]))
	default:
		return false
	}
	kind := order.Uint32(h[12:])
	return isProcessor(order.Uint32(h[4:])) && kind >= 1 && kind <= 12
}

func isProcessor(n uint32) bool {
	switch n &^ 0xff000000 {
	case 7, 12, 18: // x86, ARM, PowerPC, each with 32 and 64 bits
		return true
	}
	return false
}

func (x *examiner) native(in, kind string) {
	if x.software {
		return
	}
	names := map[string]string{"elf": "an ELF program or library (Linux)", "pe": "a PE program or library (Windows)", "mach-o": "a Mach-O program or library (macOS)", "ape": "an APE program (any system)"}
	if in == "" {
		x.find(sbom.Finding{Rule: sbom.RuleNative, Message: "the file is " + names[kind]})
	} else {
		x.find(sbom.Finding{Rule: sbom.RuleNative, Message: fmt.Sprintf("the archive holds %s, %q", names[kind], clip(in))})
	}
	x.suspect()
}
