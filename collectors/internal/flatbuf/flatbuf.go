// Package flatbuf reads tables of FlatBuffers by range, and checks every offset
// against the file's size before it follows it. It knows no schema: fields are
// named by their number in the table (the vtable's slot).
//
// Source: https://flatbuffers.dev/internals/. The library's Go code has no
// verifier, and panics on offsets that lead out of the buffer.
//
// Not understood: FlexBuffers, and buffers whose size stands before them.
package flatbuf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/paged"
)

// Bounds on one file. Tables can share parts, so that a small file can describe
// a walk without end: visits are counted, and a file has so many as its size lets it
// have when nothing is shared but vtables, many times over.
const (
	minVisits   = 64 << 10
	maxVisits   = 64 << 20
	perByte     = 16
	maxProblems = 20
	maxText     = 1 << 20 // bytes
)

// Buffer is a file, or the part of one that holds a buffer.
type Buffer struct {
	r        *paged.Reader
	base     int64
	size     int64
	visits   int64
	problems []error
}

// Open gives the buffer in the size bytes of r.
func Open(r io.ReaderAt, size int64) *Buffer { return &Buffer{r: paged.New(r, size), size: size} }

// Part gives a buffer of its own that stands at a range of this one, such as
// metadata within a model.
func (b *Buffer) Part(at, size int64) *Buffer {
	if at < 0 || size < 0 || at > b.size-size {
		at, size = 0, 0
	}
	return &Buffer{r: b.r, base: b.base + at, size: size}
}

// Size is the buffer's, in bytes.
func (b *Buffer) Size() int64 { return b.size }

// Err joins what is wrong with what was read.
func (b *Buffer) Err() error { return errors.Join(b.problems...) }

func (b *Buffer) problem(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	same := func(was error) bool { return was.Error() == err.Error() }
	if len(b.problems) < maxProblems && !slices.ContainsFunc(b.problems, same) {
		b.problems = append(b.problems, err)
	}
}

// visit counts the reading of n bytes.
func (b *Buffer) visit(n int64) bool {
	if b.spent() {
		return false
	}
	if b.visits += 1 + n/64; b.spent() {
		b.problems = append(b.problems, fmt.Errorf("the file is read in more than %d places, the same ones again and again; the rest is not read", b.limit()))
	}
	return true
}

func (b *Buffer) spent() bool { return b.visits > b.limit() }

func (b *Buffer) limit() int64 { return min(maxVisits, minVisits+perByte*min(b.size, maxVisits)) }

// view gives n bytes at an offset; nil, and a problem, where they are not there.
func (b *Buffer) view(at int64, n int, what string) []byte {
	if !b.visit(int64(n)) {
		return nil
	}
	if at < 0 || at > b.size-int64(n) {
		b.problem("%s at byte %d leads out of the file", what, b.base+at)
		return nil
	}
	data, err := b.r.View(b.base+at, n)
	if err != nil {
		b.problem("%s at byte %d: %w", what, b.base+at, err)
		return nil
	}
	return data
}

func (b *Buffer) u32(at int64, what string) (uint32, bool) {
	v := b.view(at, 4, what)
	if v == nil {
		return 0, false
	}
	return binary.LittleEndian.Uint32(v), true
}

// Identifier is the four letters behind the root's offset; "" where the buffer
// is too short.
func (b *Buffer) Identifier() string {
	if b.size < 8 {
		return ""
	}
	return string(b.view(4, 4, "the identifier"))
}

// Root gives the root table.
func (b *Buffer) Root() (Table, bool) {
	at, ok := b.u32(0, "the root")
	if !ok {
		return Table{}, false
	}
	return b.table(int64(at))
}

// Bytes gives a copy of bytes that [Vector.Range] names, of which at most so
// many are read.
func (b *Buffer) Bytes(at, n, most int64) []byte {
	n = min(n, most)
	if !b.visit(max(n, 0)) {
		return nil
	}
	if at < 0 || n < 0 || at > b.size-n {
		b.problem("the data at byte %d lead out of the file", b.base+at)
		return nil
	}
	data, err := b.r.Bytes(b.base+at, n)
	if err != nil {
		b.problem("the data at byte %d: %w", b.base+at, err)
	}
	return data
}

// Table is one table. The zero value is an empty one: its fields are the
// defaults.
type Table struct {
	b      *Buffer
	at     int64
	vtable int64
	slots  int // of the vtable
	size   int // of the table itself
}

func (b *Buffer) table(at int64) (Table, bool) {
	v := b.view(at, 4, "a table")
	if v == nil {
		return Table{}, false
	}
	vtable := at - int64(int32(binary.LittleEndian.Uint32(v)))
	head := b.view(vtable, 4, "a table's vtable")
	if head == nil {
		return Table{}, false
	}
	bytes, size := int(binary.LittleEndian.Uint16(head)), int(binary.LittleEndian.Uint16(head[2:]))
	if bytes < 4 || bytes%2 != 0 || vtable+int64(bytes) > b.size || size < 4 || at+int64(size) > b.size {
		b.problem("the table at byte %d has a vtable that does not fit", b.base+at)
		return Table{}, false
	}
	return Table{b, at, vtable, (bytes - 4) / 2, size}, true
}

// At is where the table stands, in bytes.
func (t Table) At() int64 { return t.at }

// field gives the place of a field of n bytes; 0 where the table does not have it.
func (t Table) field(slot, n int) int64 {
	if slot < 0 || slot >= t.slots {
		return 0
	}
	v := t.b.view(t.vtable+4+2*int64(slot), 2, "a vtable")
	if v == nil {
		return 0
	}
	offset := int(binary.LittleEndian.Uint16(v))
	if offset == 0 {
		return 0
	}
	if offset < 4 || offset >= t.size { // that a table is as large as its fields, writers do not always hold to
		t.b.problem("field %d of the table at byte %d lies outside of it", slot, t.b.base+t.at)
		return 0
	}
	return t.at + int64(offset)
}

// Has tells whether the table states the field.
func (t Table) Has(slot int) bool { return t.field(slot, 1) != 0 }

// number reads a scalar of n bytes.
func (t Table) number(slot, n int) (uint64, bool) {
	at := t.field(slot, n)
	if at == 0 {
		return 0, false
	}
	v := t.b.view(at, n, "a field")
	if v == nil {
		return 0, false
	}
	var wide [8]byte
	copy(wide[:], v)
	return binary.LittleEndian.Uint64(wide[:]), true
}

// Uint8 to Int64 give a scalar, and the default where the table does not state
// it.
func (t Table) Uint8(slot int, or uint8) uint8    { return scalar(t, slot, 1, or) }
func (t Table) Int8(slot int, or int8) int8       { return scalar(t, slot, 1, or) }
func (t Table) Bool(slot int) bool                { return scalar(t, slot, 1, uint8(0)) != 0 }
func (t Table) Uint16(slot int, or uint16) uint16 { return scalar(t, slot, 2, or) }
func (t Table) Int32(slot int, or int32) int32    { return scalar(t, slot, 4, or) }
func (t Table) Uint32(slot int, or uint32) uint32 { return scalar(t, slot, 4, or) }
func (t Table) Int64(slot int, or int64) int64    { return scalar(t, slot, 8, or) }
func (t Table) Uint64(slot int, or uint64) uint64 { return scalar(t, slot, 8, or) }

func scalar[T uint8 | int8 | uint16 | int32 | uint32 | int64 | uint64](t Table, slot, bytes int, or T) T {
	if v, ok := t.number(slot, bytes); ok {
		return T(v)
	}
	return or
}

// follow gives the place that an offset field leads to.
func (t Table) follow(slot int) (int64, bool) {
	at := t.field(slot, 4)
	if at == 0 {
		return 0, false
	}
	return t.b.follow(at)
}

func (b *Buffer) follow(at int64) (int64, bool) {
	offset, ok := b.u32(at, "an offset")
	return at + int64(offset), ok
}

// Table gives a table in a field, or in a union.
func (t Table) Table(slot int) (Table, bool) {
	at, ok := t.follow(slot)
	if !ok {
		return Table{}, false
	}
	return t.b.table(at)
}

// Text gives a string, in UTF-8; "" where the table does not state it.
func (t Table) Text(slot int) string {
	at, ok := t.follow(slot)
	if !ok {
		return ""
	}
	return t.b.text(at)
}

func (b *Buffer) text(at int64) string {
	n, ok := b.u32(at, "a text")
	if !ok {
		return ""
	}
	if int64(n) > b.size-at-4 || n > maxText {
		b.problem("the text at byte %d would have %d bytes", b.base+at, n)
		return ""
	}
	return strings.ToValidUTF8(string(b.Bytes(at+4, int64(n), maxText)), "\uFFFD")
}
