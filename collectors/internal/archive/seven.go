package archive

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const (
	sevenMagic   = "7z\xbc\xaf\x27\x1c"
	sevenHead    = 32
	maxEncodings = 4 // of a header that is packed itself
)

// The marks of a 7z header's parts.
const (
	idEnd          = 0x00
	idHeader       = 0x01
	idProperties   = 0x02
	idMoreStreams  = 0x03
	idMainStreams  = 0x04
	idFiles        = 0x05
	idPack         = 0x06
	idUnpack       = 0x07
	idSubStreams   = 0x08
	idSize         = 0x09
	idCRC          = 0x0a
	idFolder       = 0x0b
	idUnpackSize   = 0x0c
	idNumUnpack    = 0x0d
	idEmptyStream  = 0x0e
	idEmptyFile    = 0x0f
	idNames        = 0x11
	idAttributes   = 0x15
	idEncodedStart = 0x17
)

// seven reads the header, which stands at the end and mostly is packed itself.
func (a *Archive) seven(l sbom.Limits) error {
	var h [sevenHead]byte
	if !a.read(h[:], 0) {
		a.lacks(sbom.Partial, "it ends within its first bytes")
		return nil
	}
	at, size := binary.LittleEndian.Uint64(h[12:]), binary.LittleEndian.Uint64(h[20:])
	end := uint64(a.size - sevenHead)
	switch {
	case size == 0 && at == 0:
		return nil
	case at > end || size > end-at:
		a.lacks(sbom.Partial, "its header is not there: the file is cut off")
		return nil
	case size > uint64(l.Header):
		a.lacks(sbom.OverLimit, "its header has %d bytes, and %d are allowed (limit header)", size, l.Header)
		return nil
	}
	header := make([]byte, size)
	if !a.read(header, sevenHead+int64(at)) {
		a.lacks(sbom.Partial, "its header cannot be read")
		return nil
	}
	a.header(header, l)
	if behind := int64(sevenHead + at + size); behind < a.size {
		a.Gaps = append(a.Gaps, Gap{behind, a.size - behind, After})
	}
	return nil
}

// header unpacks a header as often as it is packed, and reads it.
func (a *Archive) header(data []byte, l sbom.Limits) {
	for range maxEncodings {
		p := &sevenReader{data: data, most: l.Members}
		switch p.byte() {
		case idHeader:
			files := p.header()
			if p.broken != "" {
				a.lacks(sbom.Partial, "its header is broken: %s", p.broken)
			}
			a.files(p, files)
			return
		case idEncodedStart:
			p.streams()
			if p.broken != "" || len(p.folders) == 0 {
				a.lacks(sbom.Partial, "its packed header is broken: %s", p.broken)
				return
			}
			var why error
			if data, why = a.unpackHeader(&p.folders[0], l); why != nil {
				a.lacksFor(why, "its names cannot be read")
				return
			}
		default:
			a.lacks(sbom.Partial, "its header is none that is known")
			return
		}
	}
	a.lacks(sbom.OverLimit, "its header is packed more than %d times", maxEncodings)
}

// lacksFor says that something cannot be read, by the kind of its error.
func (a *Archive) lacksFor(err error, what string) {
	c := sbom.Partial
	switch err := err.(type) {
	case *LimitError:
		c = sbom.OverLimit
	case *MethodError:
		c = sbom.Unsupported
	default:
		if err == ErrEncrypted {
			c = sbom.Encrypted
		}
	}
	a.lacks(c, "%s: %s", what, err)
}

func (a *Archive) unpackHeader(f *folder, l sbom.Limits) ([]byte, error) {
	size := f.size()
	if size > uint64(l.Header) {
		return nil, &LimitError{fmt.Sprintf("it has %d bytes, and %d are allowed (limit header)", size, l.Header)}
	}
	r, err := a.unfold(f)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(size)))
	if err == nil && uint64(len(data)) < size {
		err = io.ErrUnexpectedEOF
	}
	return data, err
}

// files makes the members: those with content follow the streams in order.
func (a *Archive) files(p *sevenReader, files []sevenFile) {
	streams := &cursor{}
	f, n, at := 0, 0, uint64(0)
	for _, file := range files {
		if err := a.budget.member(); err != nil {
			a.lacks(sbom.OverLimit, "%s", err)
			return
		}
		m := &Member{Name: file.name, at: -1, Stored: -1, Method: "stored", from: a, isLink: file.attributes>>16&0o170000 == 0o120000 && file.attributes&0x8000 != 0}
		a.Members = append(a.Members, m)
		if file.empty {
			m.Folder = !file.emptyFile
			m.open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
			continue
		}
		for f < len(p.folders) && n >= len(p.folders[f].parts) {
			f, n, at = f+1, 0, 0
		}
		if f == len(p.folders) {
			a.lacks(sbom.Partial, "the bytes of the member %q are not there", clip(m.Name))
			m.Method = "missing"
			continue
		}
		from, part := &p.folders[f], p.folders[f].parts[n]
		m.Size, m.crc, m.hasCRC = clamp(part.size), part.crc, part.hasCRC
		m.Method, m.Encrypted = from.method()
		if m.Method != "" && !m.Encrypted {
			m.open = a.partOpener(streams, from, f, at, part.size)
		}
		n, at = n+1, at+part.size
	}
}

// cursor is where the reading of the archive's folders is: members of one folder
// are packed together, and to read them in order is to unpack it once.
type cursor struct {
	folder int
	r      io.Reader
	at     uint64
}

// partOpener reads a part of a folder. Opening the next one ends it.
func (a *Archive) partOpener(c *cursor, f *folder, index int, at, size uint64) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		if c.r == nil || c.folder != index || c.at > at {
			r, err := a.unfold(f)
			if err != nil {
				return nil, err
			}
			*c = cursor{index, r, 0}
		}
		mine := c.r
		for c.at < at {
			n, err := io.CopyN(io.Discard, limited{c.r, a.budget}, int64(min(at-c.at, 1<<20)))
			if c.at += uint64(n); err != nil {
				return nil, unexpected(err)
			}
		}
		return io.NopCloser(&part{c, mine, size}), nil
	}
}

// part gives the bytes of one member from the cursor.
type part struct {
	c    *cursor
	r    io.Reader
	left uint64
}

// Read goes on only while no other member was opened.
func (p *part) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	if p.c.r != p.r {
		return 0, fmt.Errorf("another member was opened")
	}
	n, err := p.r.Read(b[:min(uint64(len(b)), p.left)])
	p.left -= uint64(n)
	p.c.at += uint64(n)
	switch {
	case p.left == 0:
		err = io.EOF
	case err != nil:
		err = unexpected(err)
	}
	return n, err
}
