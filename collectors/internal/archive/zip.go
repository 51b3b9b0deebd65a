package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Sizes of the fixed parts of a zip archive's records, in bytes, and what they
// begin with.
const (
	endSize     = 22
	end64Size   = 56
	locatorSize = 20
	centralSize = 46
	localSize   = 30

	localMark   = "PK\x03\x04"
	centralMark = "PK\x01\x02"
	endMark     = "PK\x05\x06"
	end64Mark   = "PK\x06\x06"
	locatorMark = "PK\x06\x07"
	descMark    = "PK\x07\x08"

	maxComment = 1<<16 - 1
	maxEnds    = 64      // ends of a directory that are tried
	pageSize   = 4 << 10 // bytes that are read for a header, with what stands behind it
)

// Flags of a member. The last three say in one way or another that the bytes
// are not what a plain reader can use.
const (
	flagEncrypted  = 0x1
	flagDescriptor = 0x8
	flagPatched    = 0x20
	flagStrong     = 0x40
	flagMasked     = 0x2000

	flagLocked = flagEncrypted | flagPatched | flagStrong | flagMasked
)

// directory is the central directory, as one end record tells of it.
type directory struct {
	end     int64 // where the end record stands
	after   int64 // behind it and its comment
	start   int64
	size    int64
	base    int64 // what is to be added to every offset
	entries uint64
}

var errBroken = errors.New("broken")

// zip reads the directory, and then looks at what it does not tell of.
func (a *Archive) zip(l sbom.Limits) error {
	found, trouble := a.ends()
	headers := &locals{a: a}
	if len(found) == 0 {
		if err := headers.only(); err != nil {
			return err
		}
		if len(a.Members) == 0 {
			return ErrFormat
		}
		why := "the directory at its end is missing"
		if trouble != "" {
			why = trouble
		}
		a.lacks(sbom.Partial, "%s; the members were found by their own headers", why)
		return nil
	}
	for i, d := range found {
		if i > 0 {
			a.fault(sbom.RuleEvasion, d.end, "the archive has two directories, and readers take one or the other")
		}
		if d.size > l.Header {
			a.lacks(sbom.OverLimit, "its directory has %d bytes, and %d are allowed (limit header)", d.size, l.Header)
			continue
		}
		a.central(d, headers)
	}
	if !a.far {
		headers.check(found)
	}
	return nil
}

// ends finds the directories: the last end record, as Python takes it, and what
// others could take in its place. Trouble says why there is none.
func (a *Archive) ends() (found []directory, trouble string) {
	n := min(a.size, maxComment+endSize+locatorSize+end64Size)
	tail := make([]byte, n)
	if read, _ := a.r.ReadAt(tail, a.size-n); read < len(tail) {
		return nil, "its end cannot be read"
	}
	for i, tries := len(tail), 0; tries < maxEnds; tries++ {
		if i = bytes.LastIndex(tail[:i], []byte(endMark)); i < 0 {
			break
		}
		if len(tail)-i < endSize {
			continue
		}
		d, other, ok := a.endAt(a.size-n+int64(i), tail[i:])
		switch {
		case !ok:
			trouble = "the directory is not where its end says"
		case len(found) == 0:
			found = append(append(found, d), other...)
		case d.start != found[0].start && (d.end >= found[0].start+found[0].size || d.after == a.size):
			found = append(found, d)
		}
	}
	return found, trouble
}

// endAt reads one end record; other is the directory at the offset that it
// states, where that is another one than that in front of it.
func (a *Archive) endAt(at int64, rec []byte) (d directory, other []directory, ok bool) {
	d = directory{end: at, after: at + endSize + int64(binary.LittleEndian.Uint16(rec[20:])), entries: uint64(binary.LittleEndian.Uint16(rec[10:])), size: int64(binary.LittleEndian.Uint32(rec[12:]))}
	offset := int64(binary.LittleEndian.Uint32(rec[16:]))
	behind := at
	if e, o, place, is := a.end64(at); is {
		if d.entries != 0xffff && d.entries != e.entries || d.size != 0xffffffff && d.size != e.size || offset != 0xffffffff && offset != o {
			a.fault(sbom.RuleEvasion, at, "the two end records of the archive do not agree on where its directory is")
		}
		d.entries, d.size, offset, behind = e.entries, e.size, o, place
	}
	if d.size > behind || d.size < 0 || offset < 0 {
		return d, nil, false
	}
	d.start = behind - d.size
	d.base = d.start - offset
	if d.entries == 0 && d.size == 0 {
		return d, nil, true
	}
	here, there := a.isAt(d.start, centralMark), offset != d.start && offset <= behind-d.size && a.isAt(offset, centralMark)
	stated := d
	stated.start, stated.base = offset, 0
	switch {
	case here && there:
		return d, []directory{stated}, true
	case there:
		return stated, nil, true
	}
	return d, nil, here
}

// end64 reads the end record of large archives, which stands before the other
// one; place is where it does.
func (a *Archive) end64(at int64) (d directory, offset, place int64, ok bool) {
	var loc [locatorSize]byte
	if at < locatorSize+end64Size || !a.read(loc[:], at-locatorSize) || string(loc[:4]) != locatorMark {
		return d, 0, 0, false
	}
	var rec [end64Size]byte
	stated := binary.LittleEndian.Uint64(loc[8:])
	place = at - locatorSize - end64Size
	if !a.read(rec[:], place) || string(rec[:4]) != end64Mark { // with data of its own, or with nothing in front of the archive
		if stated > uint64(at) || !a.read(rec[:], int64(stated)) || string(rec[:4]) != end64Mark {
			return d, 0, 0, false
		}
		place = int64(stated)
	}
	size, off := binary.LittleEndian.Uint64(rec[40:]), binary.LittleEndian.Uint64(rec[48:])
	if size > uint64(a.size) || off > uint64(a.size) {
		return d, 0, 0, false
	}
	return directory{entries: binary.LittleEndian.Uint64(rec[32:]), size: int64(size)}, int64(off), place, true
}

func (a *Archive) read(p []byte, at int64) bool {
	if at < 0 || at > a.size-int64(len(p)) {
		return false
	}
	if len(p) > pageSize/4 {
		n, _ := a.r.ReadAt(p, at)
		return n == len(p)
	}
	if at < a.pageAt || at+int64(len(p)) > a.pageAt+int64(len(a.page)) {
		if a.page == nil {
			a.page = make([]byte, 0, pageSize)
		}
		n, _ := a.r.ReadAt(a.page[:min(pageSize, a.size-at)], at)
		a.page, a.pageAt = a.page[:n], at
	}
	return copy(p, a.page[min(at-a.pageAt, int64(len(a.page))):]) == len(p)
}

func (a *Archive) isAt(at int64, mark string) bool {
	var m [4]byte
	return a.read(m[:], at) && string(m[:]) == mark
}

// entry is a member as one of its two headers describes it.
type entry struct {
	name         string
	other        string // that a field of its own gives for it
	flags        uint16
	method       uint16
	crc          uint32
	size, stored uint64
	header       uint64 // where its own header stands
	symlink      bool
	late         bool // its own header is read when it is opened
}

// central reads the entries of a directory.
func (a *Archive) central(d directory, headers *locals) {
	r := &window{r: a.r, at: d.start, end: d.start + d.size}
	n := uint64(0)
	for r.at < r.end {
		e, err := centralEntry(r)
		if err != nil {
			a.lacks(sbom.Partial, "its directory is broken after %d members", n)
			break
		}
		if err := a.budget.member(); err != nil {
			a.lacks(sbom.OverLimit, "%s", err)
			break
		}
		n++
		if e.other != "" {
			a.fault(sbom.RuleEvasion, d.start, "the directory names a member %q, and for readers of Unicode %q", clip(e.name), clip(e.other))
		}
		headers.add(e, d.base)
	}
	if n != d.entries && n&0xffff != d.entries && a.Coverage == sbom.Complete {
		a.fault(sbom.RuleEvasion, d.end, "the archive's directory has %d members and says %d, and readers count one or the other", n, d.entries)
	}
}

func centralEntry(r *window) (entry, error) {
	h, err := r.next(centralSize)
	if err != nil || string(h[:4]) != centralMark {
		return entry{}, errBroken
	}
	le := binary.LittleEndian
	e := entry{flags: le.Uint16(h[8:]), method: le.Uint16(h[10:]), crc: le.Uint32(h[16:]),
		stored: uint64(le.Uint32(h[20:])), size: uint64(le.Uint32(h[24:])), header: uint64(le.Uint32(h[42:]))}
	e.symlink = h[5] == 3 && le.Uint32(h[38:])>>16&0o170000 == 0o120000
	names, extras, comment := int(le.Uint16(h[28:])), int(le.Uint16(h[30:])), int(le.Uint16(h[32:]))
	name, err := r.next(names)
	if err != nil {
		return entry{}, err
	}
	e.name = string(name)
	extra, err := r.next(extras)
	if err != nil {
		return entry{}, err
	}
	wide(extra, &e.size, &e.stored, &e.header)
	e.other = otherName(extra, e.name)
	_, err = r.next(comment)
	return e, err
}

// wide puts the numbers of a Zip64 field in the place of those that are too
// large for theirs.
func wide(extra []byte, fields ...*uint64) {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return
		}
		if id == 1 {
			data := extra[:n]
			for _, f := range fields {
				if *f == 0xffffffff && len(data) >= 8 {
					*f = binary.LittleEndian.Uint64(data)
					data = data[8:]
				}
			}
		}
		extra = extra[n:]
	}
}

// otherName gives the name in Info-ZIP's field for Unicode, which some readers
// take in the place of the name, where that needs no such field.
func otherName(extra []byte, name string) string {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return ""
		}
		if id == 0x7075 && n > 5 && extra[0] == 1 && binary.LittleEndian.Uint32(extra[1:]) == crc32.ChecksumIEEE([]byte(name)) && string(extra[5:n]) != name {
			if strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 }) < 0 {
				return string(extra[5:n])
			}
		}
		extra = extra[n:]
	}
	return ""
}

// window reads a part of the file from front to back, some of it at a time.
type window struct {
	r       io.ReaderAt
	at, end int64 // of what next gives
	buf     []byte
	from    int // of what is left in buf
}

// next gives n bytes, up to 64 KiB, which stay until the next call.
func (w *window) next(n int) ([]byte, error) {
	if int64(n) > w.end-w.at {
		return nil, io.ErrUnexpectedEOF
	}
	if n > len(w.buf)-w.from {
		if w.buf == nil {
			w.buf = make([]byte, 0, 1<<17)
		}
		size := min(int64(cap(w.buf)), w.end-w.at)
		w.buf, w.from = w.buf[:size], 0
		if got, err := w.r.ReadAt(w.buf, w.at); got < len(w.buf) {
			return nil, errors.Join(io.ErrUnexpectedEOF, err)
		}
	}
	p := w.buf[w.from : w.from+n]
	w.from += n
	w.at += int64(n)
	return p, nil
}

// HasEnd tells whether the bytes end as a zip archive does, whatever they begin
// with.
func HasEnd(r io.ReaderAt, size int64) bool {
	a := &Archive{r: r, size: size}
	found, _ := a.ends()
	return len(found) > 0
}
