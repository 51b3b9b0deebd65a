package flatbuf

import (
	"encoding/binary"
	"iter"
)

// Vector is a list in a field. The zero value is an empty one.
type Vector struct {
	b     *Buffer
	at    int64 // of the first element
	n     int
	width int64 // bytes of an element
}

// Vector gives a vector whose elements have so many bytes: 4 where they are
// tables or texts, which stand elsewhere.
func (t Table) Vector(slot, width int) Vector { return t.vector(slot, width, false) }

// Vector64 gives a vector whose offset and length have 64 bits.
func (t Table) Vector64(slot, width int) Vector { return t.vector(slot, width, true) }

func (t Table) vector(slot, width int, wide bool) Vector {
	bytes := 4
	if wide {
		bytes = 8
	}
	field := t.field(slot, bytes)
	if field == 0 {
		return Vector{}
	}
	offset, _ := t.number(slot, bytes)
	if offset > uint64(t.b.size) {
		t.b.problem("the list of the table at byte %d leads out of the file", t.b.base+t.at)
		return Vector{}
	}
	at := field + int64(offset)
	v := t.b.view(at, bytes, "a list")
	if v == nil {
		return Vector{}
	}
	var whole [8]byte
	copy(whole[:], v)
	n := binary.LittleEndian.Uint64(whole[:])
	at += int64(bytes)
	if n > uint64(t.b.size-at)/uint64(width) {
		t.b.problem("the list at byte %d would have %d elements", t.b.base+at, n)
		return Vector{}
	}
	return Vector{t.b, at, int(n), int64(width)}
}

// Len is the number of elements; it is never more than the file has bytes.
func (v Vector) Len() int { return v.n }

// Range is where the elements stand: for data that are not read.
func (v Vector) Range() (at, bytes int64) { return v.at, int64(v.n) * v.width }

// Buffer is the one that the vector is in.
func (v Vector) Buffer() *Buffer { return v.b }

// Table gives the table that element i leads to.
func (v Vector) Table(i int) (Table, bool) {
	if i < 0 || i >= v.n {
		return Table{}, false
	}
	at, ok := v.b.follow(v.at + 4*int64(i))
	if !ok {
		return Table{}, false
	}
	return v.b.table(at)
}

// Tables gives the tables in order; those that are broken are passed over.
func (v Vector) Tables() iter.Seq2[int, Table] {
	return func(yield func(int, Table) bool) {
		for i := range v.n {
			if t, ok := v.Table(i); ok && !yield(i, t) {
				return
			}
			if v.b.spent() {
				return
			}
		}
	}
}

// Text gives the text that element i leads to.
func (v Vector) Text(i int) string {
	if i < 0 || i >= v.n {
		return ""
	}
	at, ok := v.b.follow(v.at + 4*int64(i))
	if !ok {
		return ""
	}
	return v.b.text(at)
}

// Int gives element i as a signed number.
func (v Vector) Int(i int) int64 {
	u := v.Uint(i)
	switch v.width {
	case 1:
		return int64(int8(u))
	case 2:
		return int64(int16(u))
	case 4:
		return int64(int32(u))
	}
	return int64(u)
}

// Uint gives element i as a number without sign.
func (v Vector) Uint(i int) uint64 {
	if i < 0 || i >= v.n || v.width > 8 {
		return 0
	}
	data := v.b.view(v.at+v.width*int64(i), int(v.width), "an element")
	var whole [8]byte
	copy(whole[:], data)
	return binary.LittleEndian.Uint64(whole[:])
}

// Bytes gives a copy of the elements, of which at most so many bytes are read.
func (v Vector) Bytes(most int64) []byte {
	if v.n == 0 {
		return nil
	}
	at, n := v.Range()
	return v.b.Bytes(at, n, most)
}
