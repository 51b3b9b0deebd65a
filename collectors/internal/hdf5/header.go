package hdf5

import (
	"errors"
	"fmt"
)

// The types of messages that are read.
const (
	msgDataspace    = 0x01
	msgLinkInfo     = 0x02
	msgDatatype     = 0x03
	msgLink         = 0x06
	msgExternal     = 0x07
	msgLayout       = 0x08
	msgFilters      = 0x0b
	msgAttribute    = 0x0c
	msgContinuation = 0x10
	msgSymbolTable  = 0x11
	msgAttrInfo     = 0x15
)

// flagShared: the message stands elsewhere, and a pointer in its place.
const flagShared = 2

type message struct {
	kind   int
	shared bool
	cursor
}

// span is a run of messages.
type span struct {
	at, size uint64
}

// header reads the messages of an object header.
func (f *reader) header(at uint64) ([]message, error) {
	head, err := f.upTo(at, 64)
	if err != nil {
		return nil, err
	}
	if len(head) > 4 && string(head[:4]) == "OHDR" {
		return f.header2(at, head)
	}
	c := &cursor{data: head, o: f.o, l: f.l}
	if version := c.u8(); version != 1 {
		return nil, fmt.Errorf("there is no object header at %d", at)
	}
	c.skip(1)
	c.u16() // number of messages: the size decides
	c.skip(4)
	size := uint64(c.u32())
	if c.err != nil {
		return nil, c.err
	}
	return f.spans(span{at + 16, size}, 1, 8, func(c *cursor) message {
		kind, n, flags := c.u16(), c.u16(), c.u8()
		c.skip(3)
		return f.message(c, kind, n, flags)
	})
}

func (f *reader) header2(at uint64, head []byte) ([]message, error) {
	c := &cursor{data: head, at: 4, o: f.o, l: f.l}
	if version := c.u8(); version != 2 {
		return nil, fmt.Errorf("the object header at %d has version %d, and 1 and 2 are known", at, version)
	}
	flags := c.u8()
	if flags&0x20 != 0 {
		c.skip(16)
	}
	if flags&0x10 != 0 {
		c.skip(4)
	}
	size := c.num(1 << (flags & 3))
	if c.err != nil {
		return nil, c.err
	}
	return f.spans(span{at + uint64(c.at), size}, 2, 4+2*(flags>>2&1), func(c *cursor) message {
		kind, n, of := c.u8(), c.u16(), c.u8()
		if flags&4 != 0 {
			c.skip(2)
		}
		return f.message(c, kind, n, of)
	})
}

func (f *reader) message(c *cursor, kind, n, flags int) message {
	data := c.take(n)
	return message{kind, flags&flagShared != 0, cursor{data: data, o: f.o, l: f.l}}
}

// spans reads runs of messages, and the continuations that they name. The header of
// a message has so many bytes; of version 2, continuations have a signature.
func (f *reader) spans(first span, version, head int, next func(*cursor) message) ([]message, error) {
	var all []message
	for todo, n := []span{first}, 0; len(todo) > 0; todo, n = todo[1:], n+1 {
		if n == maxChunks {
			return all, errors.New("the object header has too many parts")
		}
		if todo[0].size > uint64(f.size) {
			return all, fmt.Errorf("an object header of %d bytes is larger than the file", todo[0].size)
		}
		data, err := f.bytes(todo[0].at, int64(todo[0].size))
		if err != nil {
			return all, err
		}
		c := &cursor{data: data, o: f.o, l: f.l}
		if version == 2 && n > 0 {
			if len(data) < 8 || string(data[:4]) != "OCHK" {
				return all, errors.New("an object header goes on where no part of one is")
			}
			c.data, c.at = data[:len(data)-4], 4
		}
		for c.left() >= head { // what is left is a gap
			m := next(c)
			if c.err != nil {
				return all, c.err
			}
			if m.kind == msgContinuation {
				todo = append(todo, span{m.address(), m.length()})
				continue
			}
			all = append(all, m)
		}
	}
	return all, nil
}

// resolve gives the message that a shared one stands for.
func (f *reader) resolve(m message) (message, error) {
	if !m.shared {
		return m, nil
	}
	at, err := f.sharedAt(&m.cursor)
	if err != nil {
		return m, err
	}
	return f.messageOf(at, m.kind)
}

// sharedAt takes the pointer of a shared message.
func (f *reader) sharedAt(c *cursor) (uint64, error) {
	version, kind := c.u8(), c.u8()
	switch {
	case version == 1:
		c.skip(6 + c.l)
	case version == 3 && kind == 1:
		return 0, errors.New("a message in the shared message heap is not understood")
	case version != 2 && version != 3:
		return 0, fmt.Errorf("a shared message of version %d is not known", version)
	}
	at := c.address()
	return at, c.err
}

// messageOf gives the first message of a type in the header at an address.
func (f *reader) messageOf(at uint64, kind int) (message, error) {
	list, err := f.header(at)
	if err != nil {
		return message{}, err
	}
	for _, m := range list {
		if m.kind == kind && !m.shared {
			return m, nil
		}
	}
	return message{}, fmt.Errorf("the shared message of type %d is not where it should be", kind)
}
