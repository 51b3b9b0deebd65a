// Package thrift reads the compact protocol of Apache Thrift from memory. It knows no
// schema: the caller is given each field's number and type, and takes the value or
// skips it. A value of another type than asked for is skipped and reads as zero.
//
// Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
//
// Not understood: messages of a call.
package thrift

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Type is that of a value.
type Type byte

// The types.
const (
	stop   Type = 0
	True   Type = 1 // the value stands in the type of the field
	False  Type = 2
	Byte   Type = 3
	I16    Type = 4
	I32    Type = 5
	I64    Type = 6
	Double Type = 7
	Binary Type = 8
	List   Type = 9
	Set    Type = 10
	Map    Type = 11
	Struct Type = 12
	UUID   Type = 13
)

const maxDepth = 64 // of structs and lists within each other

// ErrEnd says that the data end within a value.
var ErrEnd = errors.New("it ends within a value")

// Decoder reads values one after the other. After an error all values are zero.
type Decoder struct {
	data  []byte
	at    int
	depth int
	err   error
}

// New gives a decoder of data.
func New(data []byte) *Decoder { return &Decoder{data: data} }

// Err is what is wrong with what was read.
func (d *Decoder) Err() error { return d.err }

// At is how many bytes were read.
func (d *Decoder) At() int { return d.at }

func (d *Decoder) fail(err error) {
	if d.err == nil {
		d.err = fmt.Errorf("byte %d: %w", d.at, err)
		d.at = len(d.data)
	}
}

func (d *Decoder) byte() byte {
	if d.at >= len(d.data) {
		d.fail(ErrEnd)
		return 0
	}
	d.at++
	return d.data[d.at-1]
}

func (d *Decoder) take(n int) []byte {
	if n < 0 || n > len(d.data)-d.at {
		d.fail(ErrEnd)
		return nil
	}
	d.at += n
	return d.data[d.at-n : d.at : d.at]
}

func (d *Decoder) varint() uint64 {
	v, n := binary.Uvarint(d.data[d.at:])
	if n <= 0 {
		d.fail(ErrEnd)
		return 0
	}
	d.at += n
	return v
}

func (d *Decoder) zigzag() int64 {
	v := d.varint()
	return int64(v>>1) ^ -int64(v&1)
}

// Int gives a whole number.
func (d *Decoder) Int(t Type) int64 {
	switch t {
	case Byte:
		return int64(int8(d.byte()))
	case I16, I32, I64:
		return d.zigzag()
	}
	d.Skip(t)
	return 0
}

// Bool gives the value of a field.
func (d *Decoder) Bool(t Type) bool {
	if t != True && t != False {
		d.Skip(t)
	}
	return t == True
}

// Bytes gives bytes, which belong to the data.
func (d *Decoder) Bytes(t Type) []byte {
	if t != Binary {
		d.Skip(t)
		return nil
	}
	n := d.varint()
	if n > math.MaxInt32 {
		d.fail(ErrEnd)
		return nil
	}
	return d.take(int(n))
}

// Text gives a copy of bytes as text.
func (d *Decoder) Text(t Type) string { return string(d.Bytes(t)) }

func (d *Decoder) enter() bool {
	if d.depth++; d.depth > maxDepth {
		d.fail(errors.New("it is nested too deep"))
	}
	return d.err == nil
}

// Fields calls visit with each field of a struct; visit takes the value, by one call of
// the decoder, or skips it.
func (d *Decoder) Fields(t Type, visit func(id int, t Type)) {
	if t != Struct {
		d.Skip(t)
		return
	}
	if d.enter() {
		id := 0
		for d.err == nil {
			head := d.byte()
			t := Type(head & 0x0f)
			if d.err != nil || t == stop {
				break
			}
			if delta := int(head >> 4); delta != 0 {
				id += delta
			} else {
				id = int(int16(d.zigzag()))
			}
			if d.err == nil {
				visit(id, t)
			}
		}
	}
	d.depth--
}

// Items calls visit with each element of a list. There are never more than bytes.
func (d *Decoder) Items(t Type, visit func(t Type)) {
	if t != List && t != Set {
		d.Skip(t)
		return
	}
	head := d.byte()
	n, of := uint64(head>>4), Type(head&0x0f)
	if n == 15 {
		n = d.varint()
	}
	if n > uint64(len(d.data)-d.at) {
		d.fail(fmt.Errorf("a list would have %d elements", n))
		return
	}
	if d.enter() {
		for ; n > 0 && d.err == nil; n-- {
			visit(d.element(of))
		}
	}
	d.depth--
}

// element gives the type of an element: that of a truth value stands before it.
func (d *Decoder) element(of Type) Type {
	if of != True && of != False {
		return of
	}
	if d.byte() == byte(True) {
		return True
	}
	return False
}

// Skip passes over a value.
func (d *Decoder) Skip(t Type) {
	switch t {
	case True, False:
	case Byte:
		d.byte()
	case I16, I32, I64:
		d.varint()
	case Double:
		d.take(8)
	case UUID:
		d.take(16)
	case Binary:
		d.Bytes(t)
	case List, Set:
		d.Items(t, d.Skip)
	case Struct:
		d.Fields(t, func(_ int, t Type) { d.Skip(t) })
	case Map:
		d.skipMap()
	default:
		d.fail(fmt.Errorf("a value has a type of number %d, which is not known", t))
	}
}

func (d *Decoder) skipMap() {
	n := d.varint()
	if n == 0 || d.err != nil {
		return
	}
	kinds := d.byte()
	if n > uint64(len(d.data)-d.at) {
		d.fail(fmt.Errorf("a map would have %d entries", n))
		return
	}
	if d.enter() {
		for ; n > 0 && d.err == nil; n-- {
			d.Skip(d.element(Type(kinds >> 4)))
			d.Skip(d.element(Type(kinds & 0x0f)))
		}
	}
	d.depth--
}
