package archive

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// locals are the members' own headers: each stands in front of its bytes, and
// says again what the directory says.
type locals struct {
	a     *Archive
	spans []span
}

// span is what one member takes, with its header. Up to slack bytes behind it
// are its own, too.
type span struct {
	from, to int64
	slack    int64
	member   bool
}

// maxDescriptor is what may stand behind the bytes of a member: mark, checksum
// and two sizes of eight bytes.
const maxDescriptor = 24

// add makes a member of an entry of the directory, and holds it against its own
// header.
func (l *locals) add(e entry, base int64) {
	a := l.a
	at, ok := plus(base, e.header)
	own, data, found := entry{}, int64(0), false
	if ok && a.far && at < a.size-localSize {
		e.late = true
		a.Members = append(a.Members, a.member(e, at))
		return
	}
	if ok {
		own, data, found = a.own(at)
	}
	if !found {
		a.lacks(sbom.Partial, "the member %q is not where its directory says", clip(e.name))
		a.Members = append(a.Members, &Member{Name: e.name, Size: clamp(e.size), Stored: clamp(e.stored), Method: "missing", at: -1, from: a})
		return
	}
	m := a.member(e, data)
	a.Members = append(a.Members, m)
	l.spans = append(l.spans, span{from: at, to: data + m.Stored, slack: slack(own.flags | e.flags), member: true})
	l.compare(e, own, at, data)
}

// locate finds the bytes of a member whose own header was not read yet.
func (m *Member) locate() bool {
	if m.late {
		m.late = false
		_, data, ok := m.from.own(m.header)
		if m.at = -1; ok {
			m.at = data
			m.Stored = min(m.Stored, m.from.size-data)
		}
	}
	return m.at >= 0
}

func slack(flags uint16) int64 {
	if flags&flagDescriptor != 0 {
		return maxDescriptor
	}
	return 0
}

// compare tells of the differences that matter. What a reader that goes by the
// member's own header would see is a member of its own.
func (l *locals) compare(e, own entry, at, data int64) {
	a := l.a
	sized := own.flags&flagDescriptor == 0
	differ := func(is, was uint64) bool { return sized && is != was && is != 0 && is != 0xffffffff }
	switch {
	case strings.ReplaceAll(own.name, `\`, "/") != strings.ReplaceAll(e.name, `\`, "/"):
		a.fault(sbom.RuleEvasion, at, "the directory names a member %q, and the member's own header names it %q", clip(e.name), clip(own.name))
	case own.flags&flagLocked != e.flags&flagLocked:
		a.fault(sbom.RuleEvasion, at, "the directory and the member's own header do not agree on whether %q is encrypted (flags %#x and %#x)", clip(e.name), e.flags, own.flags)
	case own.method != e.method, differ(own.stored, e.stored), differ(own.size, e.size):
		a.fault(sbom.RuleEvasion, at, "the directory and the member's own header do not agree on how %q is packed", clip(e.name))
		m := a.member(own, data)
		m.Hidden = true
		a.Members = append(a.Members, m)
	case differ(uint64(own.crc), uint64(e.crc)):
		a.fault(sbom.RuleEvasion, at, "the directory and the member's own header do not agree on the checksum of %q", clip(e.name))
	}
}

// own reads a member's own header; data is where its bytes begin.
func (a *Archive) own(at int64) (e entry, data int64, ok bool) {
	var h [localSize]byte
	if !a.read(h[:], at) || string(h[:4]) != localMark {
		return e, 0, false
	}
	le := binary.LittleEndian
	e = entry{flags: le.Uint16(h[6:]), method: le.Uint16(h[8:]), crc: le.Uint32(h[14:]), stored: uint64(le.Uint32(h[18:])), size: uint64(le.Uint32(h[22:]))}
	rest := make([]byte, int(le.Uint16(h[26:]))+int(le.Uint16(h[28:])))
	if !a.read(rest, at+localSize) {
		return e, 0, false
	}
	n := int(le.Uint16(h[26:]))
	e.name = string(rest[:n])
	wide(rest[n:], &e.size, &e.stored)
	return e, at + localSize + int64(len(rest)), true
}

// member makes one of what a header says; it ends where the file does.
func (a *Archive) member(e entry, data int64) *Member {
	m := &Member{Name: e.name, Size: clamp(e.size), Stored: clamp(e.stored), at: data, crc: e.crc, hasCRC: true, isLink: e.symlink, from: a,
		Folder: strings.HasSuffix(e.name, "/") && e.size == 0, header: data, late: e.late}
	if m.Stored > a.size-data {
		a.lacks(sbom.Partial, "it ends within the member %q", clip(e.name))
		m.Stored = a.size - data
	}
	a.packed(m, e)
	return m
}

// check looks at the bytes that are between, before and behind the members and
// the directories.
func (l *locals) check(found []directory) {
	spans := l.spans
	last := int64(0)
	for _, d := range found {
		spans = append(spans, span{from: d.start, to: d.after})
		last = max(last, d.after)
	}
	slices.SortFunc(spans, func(x, y span) int { return int(min(max(x.from-y.from, -1), 1)) })
	at, slack, overlap, member := int64(0), int64(0), false, false
	for _, s := range spans {
		if s.from < at && s.member && member && !overlap {
			overlap = true
			l.a.fault(sbom.RuleBomb, s.from, "members of the archive share bytes, which are unpacked again for each of them")
		}
		if s.from > at {
			l.gap(at, s.from, slack, last)
		}
		if s.to > at {
			at, slack, member = s.to, s.slack, s.member
		}
	}
	if at < l.a.size {
		l.gap(at, l.a.size, slack, last)
	}
}

// only looks for members in an archive without a directory.
func (l *locals) only() error {
	head := make([]byte, min(l.a.size, 8))
	if !l.a.read(head, 0) {
		return ErrFormat
	}
	if kind, _ := IsArchive(head); kind != Zip {
		return ErrFormat
	}
	l.gap(0, l.a.size, 0, math.MaxInt64)
	return nil
}

// gap looks at what no part of the archive accounts for: members without an
// entry in the directory, padding, or something else.
func (l *locals) gap(from, to, slack, last int64) {
	a := l.a
	if to-from <= slack {
		return
	}
	rest := from
	zero := true
	for at := from; at < to; {
		next, clean := a.seek(at, to)
		zero = zero && clean
		if next < 0 {
			break
		}
		end, ok := l.hidden(next, to)
		if !ok {
			at, zero = next+4, false
			continue
		}
		if !zero {
			l.note(rest, next, slack, last)
		}
		at, rest, zero = end, end, true
	}
	if !zero {
		l.note(rest, to, slack, last)
	}
}

// note keeps a gap. Descriptors behind a member are none.
func (l *locals) note(from, to, slack, last int64) {
	where := Between
	switch {
	case from == 0:
		where = Before
	case from >= last:
		where = After
	case to-from <= max(slack, maxDescriptor) && (slack > 0 || last == math.MaxInt64):
		return
	}
	l.a.Gaps = append(l.a.Gaps, Gap{from, to - from, where})
}

// seek finds the next mark of a member's header; clean tells whether there are
// but zeros before it.
func (a *Archive) seek(at, to int64) (next int64, clean bool) {
	clean = true
	buf := make([]byte, min(1<<16, to-at))
	for at < to {
		n := int(min(int64(len(buf)), to-at))
		if got, _ := a.r.ReadAt(buf[:n], at); got < n {
			return -1, false
		}
		i := bytes.Index(buf[:n], []byte(localMark))
		if i >= 0 {
			return at + int64(i), clean && zeros(buf[:i])
		}
		clean = clean && zeros(buf[:n])
		if int64(n) == to-at {
			break
		}
		at += int64(n - 3)
	}
	return -1, clean
}

func zeros(p []byte) bool { return len(bytes.TrimLeft(p, "\x00")) == 0 }

// hidden makes a member of a header that no directory leads to; end is behind
// its bytes.
func (l *locals) hidden(at, to int64) (end int64, ok bool) {
	a := l.a
	e, data, ok := a.own(at)
	if !ok || data > to || e.name == "" || len(e.name) > maxName || strings.ContainsFunc(e.name, func(r rune) bool { return r < ' ' }) || methods[e.method] == "" {
		return 0, false
	}
	if err := a.budget.member(); err != nil {
		a.lacks(sbom.OverLimit, "%s", err)
		return to, true
	}
	sized := e.flags&flagDescriptor == 0 || e.stored != 0
	if !sized {
		e.stored = uint64(a.until(data, to) - data)
	}
	m := a.member(e, data)
	m.Hidden, m.hasCRC = true, sized
	if !sized {
		m.Size = -1
	}
	a.Members = append(a.Members, m)
	if a.Coverage == sbom.Complete && len(l.spans) > 0 {
		a.fault(sbom.RuleEvasion, at, "the archive has a member %q that its directory does not name", clip(e.name))
	}
	return min(data+m.Stored, to), true
}

// until gives where the bytes of a member end that does not tell its size: at
// the next mark.
func (a *Archive) until(at, to int64) int64 {
	buf := make([]byte, 1<<16)
	for at < to {
		n := int(min(int64(len(buf)), to-at))
		if got, _ := a.r.ReadAt(buf[:n], at); got < n {
			return to
		}
		first := n
		for _, mark := range []string{descMark, localMark, centralMark} {
			if i := bytes.Index(buf[:n], []byte(mark)); i >= 0 {
				first = min(first, i)
			}
		}
		if first < n {
			return at + int64(first)
		}
		if int64(n) == to-at {
			break
		}
		at += int64(n - 3)
	}
	return to
}

func clamp(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

// plus adds a base, which may be negative, to an offset.
func plus(base int64, offset uint64) (int64, bool) {
	if offset > math.MaxInt64/2 || base > math.MaxInt64/2 {
		return 0, false
	}
	at := base + int64(offset)
	return at, at >= 0
}
