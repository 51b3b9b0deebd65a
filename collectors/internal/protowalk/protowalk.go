// Package protowalk walks messages in the wire format of Protocol Buffers by
// range: weights within them are passed over, not read. It knows no schema; what
// a field means is the caller's.
//
// Source: https://protobuf.dev/programming-guides/encoding/. The library's
// protowire takes a message that is in memory as a whole, which a model of
// gigabytes is not.
//
// Not understood: what is in groups, which are passed over.
package protowalk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/paged"
)

// Bounds on one file.
const (
	maxFields   = 64 << 20
	maxDepth    = 100 // as in the libraries
	maxProblems = 20
	maxNumber   = 1<<29 - 1
	maxHeld     = 16 << 20 // bytes of one text
)

// Wire is how a field's value stands in the file.
type Wire uint8

// The wire types.
const (
	Varint  Wire = 0
	Fixed64 Wire = 1
	Bytes   Wire = 2
	group   Wire = 3
	endOf   Wire = 4
	Fixed32 Wire = 5
)

// Message is one message of a file, which stands at a range of it.
type Message struct {
	file    *file
	At, End int64 // bytes
	depth   int
}

type file struct {
	r        *paged.Reader
	fields   int
	problems []error
	spent    bool
	cut      bool // the file's end is within a field
}

// Open gives the outermost message, which is the whole file.
func Open(r io.ReaderAt, size int64) Message {
	return Message{file: &file{r: paged.New(r, size)}, End: size}
}

// Err joins what is wrong with all messages of the file that were walked.
func (m Message) Err() error { return errors.Join(m.file.problems...) }

// Broken tells whether anything was wrong so far.
func (m Message) Broken() bool { return len(m.file.problems) > 0 }

func (f *file) problem(format string, args ...any) {
	if len(f.problems) < maxProblems {
		f.problems = append(f.problems, fmt.Errorf(format, args...))
	}
}

// Field is one field of a message.
type Field struct {
	Number int
	Wire   Wire
	Value  uint64 // of Varint, Fixed64 and Fixed32
	At     int64  // where the content begins, of Bytes
	Size   int64  // bytes of content
	in     Message
}

// Fields gives the fields in the order of the file. A field that does not fit is
// a problem and ends the message; those before it stand. Of one whose end is cut
// off, what is there is given.
func (m Message) Fields() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		var groups []int
		for at := m.At; at < m.End; {
			f, next, err := m.field(at)
			if err == nil {
				groups, err = m.nest(groups, f)
			}
			if err != nil {
				m.damage(at, err)
				return
			}
			if next > m.End {
				m.damage(at, fmt.Errorf("it would have %d bytes, and %d are there", f.Size, m.End-f.At))
				f.Size = m.End - f.At
			}
			if !m.file.count() {
				return
			}
			at = next
			if len(groups) == 0 && f.Wire != endOf && !yield(f) {
				return
			}
		}
		if len(groups) > 0 {
			m.file.problem("the message that ends at byte %d ends within a group", m.End)
		}
	}
}

// damage notes what is wrong with a field. In a file that is cut off all messages
// that were open end too early; the outermost tells.
func (m Message) damage(at int64, err error) {
	if m.file.cut && m.End == m.file.r.Size() {
		return
	}
	m.file.cut = m.file.cut || m.End == m.file.r.Size()
	m.file.problem("the field at byte %d is damaged: %w", at, err)
}

// count bounds the work that a file can make.
func (f *file) count() bool {
	if f.fields++; f.fields <= maxFields {
		return true
	}
	if !f.spent {
		f.spent = true
		f.problems = append(f.problems, fmt.Errorf("the file has more than %d fields; the rest is not read", maxFields))
	}
	return false
}

// nest follows groups, whose content has the form of fields.
func (m Message) nest(open []int, f Field) ([]int, error) {
	switch f.Wire {
	case group:
		if len(open)+m.depth >= maxDepth {
			return nil, fmt.Errorf("groups nest deeper than %d", maxDepth)
		}
		return append(open, f.Number), nil
	case endOf:
		if len(open) == 0 || open[len(open)-1] != f.Number {
			return nil, errors.New("it ends a group that did not begin")
		}
		return open[:len(open)-1], nil
	}
	return open, nil
}

var errVarint = errors.New("a number is too long, or cut off")

// field reads the field at a byte, and tells where the next one is.
func (m Message) field(at int64) (Field, int64, error) {
	view, err := m.file.r.View(at, int(min(2*binary.MaxVarintLen64, m.End-at, m.file.r.Size()-at)))
	if err != nil {
		return Field{}, 0, err
	}
	tag, n := binary.Uvarint(view)
	if n <= 0 {
		return Field{}, 0, errVarint
	}
	if number := tag >> 3; number == 0 || number > maxNumber {
		return Field{}, 0, fmt.Errorf("no field has the number %d", number)
	}
	f := Field{Number: int(tag >> 3), Wire: Wire(tag & 7), in: m}
	at, view = at+int64(n), view[n:]
	switch f.Wire {
	case Varint, Bytes:
		v, n := binary.Uvarint(view)
		if n <= 0 {
			return Field{}, 0, errVarint
		}
		at += int64(n)
		if f.Wire == Varint {
			f.Value = v
			return f, at, nil
		}
		if v > math.MaxInt64-uint64(at) {
			return Field{}, 0, fmt.Errorf("it would have %d bytes", v)
		}
		f.At, f.Size = at, int64(v)
		return f, at + f.Size, nil
	case Fixed64:
		if len(view) < 8 {
			return Field{}, 0, paged.ErrEnd
		}
		f.Value = binary.LittleEndian.Uint64(view)
		return f, at + 8, nil
	case Fixed32:
		if len(view) < 4 {
			return Field{}, 0, paged.ErrEnd
		}
		f.Value = uint64(binary.LittleEndian.Uint32(view))
		return f, at + 4, nil
	case group, endOf:
		return f, at, nil
	}
	return Field{}, 0, fmt.Errorf("there is no wire type %d", f.Wire)
}

// Int is the number of a field of type int32, int64, enum or bool; 0 where the
// field is of another wire type, which readers take for a field that they do not
// know.
func (f Field) Int() int64 {
	if f.Wire != Varint {
		return 0
	}
	return int64(f.Value)
}

// Float is the number of a field of type float.
func (f Field) Float() float32 {
	if f.Wire != Fixed32 {
		return 0
	}
	return math.Float32frombits(uint32(f.Value))
}

// Message is the field's content as a message; one that is nested too deeply is
// a problem, and empty.
func (f Field) Message() Message {
	m := Message{file: f.in.file, At: f.At, End: f.At + f.Size, depth: f.in.depth + 1}
	if f.Wire != Bytes {
		m.End = m.At
	} else if m.depth > maxDepth {
		m.file.problem("the message at byte %d is nested deeper than %d", f.At, maxDepth)
		m.End = m.At
	}
	return m
}

// Text is the field's content, in UTF-8, of which at most so many bytes are read.
func (f Field) Text(most int64) string {
	s := string(f.Bytes(most))
	for cut := 0; int64(len(s)) < f.Size && cut < utf8.UTFMax-1; cut++ { // the cut can be within a letter
		if r, n := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || n != 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// Bytes is the field's content, of which at most so many bytes are read.
func (f Field) Bytes(most int64) []byte {
	if f.Wire != Bytes {
		return nil
	}
	data, err := f.in.file.r.Bytes(f.At, min(f.Size, most, maxHeld))
	if err != nil {
		f.in.file.problem("the text at byte %d: %w", f.At, err)
	}
	return data
}

// Ints gives the numbers of a repeated field of integers, in either of its forms:
// packed into one field, or this one.
func (f Field) Ints() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		if f.Wire == Varint {
			yield(int64(f.Value))
		}
		if f.Wire != Bytes {
			return
		}
		for at, end := f.At, f.At+f.Size; at < end; {
			view, err := f.in.file.r.View(at, int(min(binary.MaxVarintLen64, end-at)))
			v, n := binary.Uvarint(view)
			if err != nil || n <= 0 {
				f.in.file.problem("the list of numbers at byte %d is damaged", f.At)
				return
			}
			if at += int64(n); !f.in.file.count() || !yield(int64(v)) {
				return
			}
		}
	}
}

// Count is how many numbers a repeated field holds here, in bits of 32 or 64
// where they are fixed, or of any length.
func (f Field) Count(bits int64) int64 {
	switch {
	case f.Wire != Bytes:
		return 1
	case bits > 0:
		return f.Size / (bits / 8)
	}
	n := int64(0)
	for range f.Ints() {
		n++
	}
	return n
}
