package gobinary

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime/debug"
)

// Bounds on a WebAssembly module
// (https://webassembly.github.io/spec/core/binary/modules.html).
const (
	maxSections  = 1_000
	maxProducers = 4 << 10 // bytes of the section that names the tools
)

// Ids of sections.
const (
	sectionCustom = 0
	sectionData   = 11
)

// sentinels stand around the text of the build information in a program's data
// (cmd/go/internal/modload, infoStart and infoEnd).
const (
	infoStart = "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
	infoEnd   = "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2"
)

// wasm reads a module of Go, which has no header for the build information: the
// text is found by what stands around it, and the Go release in the section
// "producers" (https://github.com/WebAssembly/tool-conventions).
func (g *found) wasm(r io.ReaderAt, size int64) {
	var isGo bool
	var release, text string
	at := int64(8)
	for range maxSections {
		head := make([]byte, 32)
		n, _ := r.ReadAt(head, at)
		head = head[:n]
		if n < 2 {
			break
		}
		length, k := binary.Uvarint(head[1:])
		if k <= 0 || length > uint64(size) {
			break
		}
		at += 1 + int64(k)
		section := io.NewSectionReader(r, at, int64(length))
		switch name := head[1+k:]; {
		case head[0] == sectionCustom && bytes.HasPrefix(name, []byte("\x0ago:buildid")):
			isGo = true
		case head[0] == sectionCustom && bytes.HasPrefix(name, []byte("\x09producers")):
			release = compiler(section)
		case head[0] == sectionData && isGo:
			text = framed(section)
		}
		at += int64(length)
	}
	if !isGo {
		return
	}
	info, err := debug.ParseBuildInfo(text)
	if text == "" || err != nil {
		g.problem = silent
		return
	}
	info.GoVersion = release
	g.infos = append(g.infos, info)
}

// compiler gives the version of Go's compiler among the producers.
func compiler(r io.Reader) string {
	data, err := io.ReadAll(io.LimitReader(r, maxProducers))
	_, after, ok := bytes.Cut(data, []byte("\x0eGo cmd/compile"))
	if err != nil || !ok {
		return ""
	}
	length, k := binary.Uvarint(after)
	if k <= 0 || length > uint64(len(after)-k) {
		return ""
	}
	return string(after[k : k+int(length)])
}

// framed gives the text between the sentinels. Go leaves runs of zeros out of the
// data, and neither the text nor its frame has any, so that it is in one piece.
func framed(r io.Reader) string {
	in := bufio.NewReaderSize(r, 1<<16)
	if !skip(in, infoStart) {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(in, maxInfo))
	before, _, ok := bytes.Cut(text, []byte(infoEnd))
	if err != nil || !ok {
		return ""
	}
	return string(before)
}

// skip reads on until behind a mark.
func skip(in *bufio.Reader, mark string) bool {
	for {
		look, err := in.Peek(in.Size())
		if i := bytes.Index(look, []byte(mark)); i >= 0 {
			_, err := in.Discard(i + len(mark))
			return err == nil
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return false
		}
		if _, err := in.Discard(len(look) - len(mark) + 1); err != nil { // the mark may stand across the end
			return false
		}
	}
}
