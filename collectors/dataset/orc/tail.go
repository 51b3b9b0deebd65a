package orc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
)

// Bounds on a tail.
const (
	maxTypes  = 1_000_000
	maxBlock  = 1 << 23 // bytes of a block of the footer when unpacked: three bytes tell its size
	maxFoot   = 1 << 28 // bytes of the footer when unpacked
	maxBlocks = 1 << 14 // of the footer: each costs memory of its own, even where it gives nothing
)

var errFormat = errors.New("the file does not end as ORC does: it is cut off, or of another format; fetch it anew")

// tail is what a file's footer says.
type tail struct {
	size       int64
	whole      bool // the footer was read
	method     string
	rows       int64
	stripeRows int64
	stripes    int
	beyond     int // stripes outside of the file
	types      []kind
	values     []int64 // of each column, without nulls; -1 where it is not known
	full       []bool  // columns of which is said that they have no null
	keys       []string
	wrote      int64
	software   string
}

// kind is a Type: its subtypes are columns of their own.
type kind struct {
	kind             uint64
	subtypes         []int
	names            []string
	precision, scale uint64
	taken            bool
}

var methods = [...]string{"none", "zlib", "snappy", "lzo", "lz4", "zstd", "brotli"}

// read reads the postscript, whose length is the last byte, and the footer before it.
func (t *tail) read(r io.ReaderAt, limit int64) error {
	end := make([]byte, min(t.size, 256))
	if _, err := io.ReadFull(io.NewSectionReader(r, t.size-int64(len(end)), int64(len(end))), end); err != nil {
		return err
	}
	if len(end) < 5 {
		return errFormat
	}
	n := int(end[len(end)-1])
	if n == 0 || n >= len(end) {
		return errFormat
	}
	var footer, block uint64
	var mark string
	var method uint64
	ok := fields(end[len(end)-1-n:len(end)-1], func(id int, v uint64, data []byte) {
		switch id {
		case 1:
			footer = v
		case 2:
			method = v
		case 3:
			block = v
		case 8000:
			mark = string(data)
		}
	})
	if !ok || mark != magic {
		return errFormat
	}
	if method >= uint64(len(methods)) {
		return fmt.Errorf("the footer is packed with a method of number %d, which is not known", method)
	}
	t.method = methods[method]
	room := t.size - int64(n) - 1
	if footer > uint64(room) || int64(footer) > limit {
		return fmt.Errorf("the footer would have %d bytes: the file is damaged; fetch it anew", footer)
	}
	data := make([]byte, footer)
	if _, err := io.ReadFull(io.NewSectionReader(r, room-int64(footer), int64(footer)), data); err != nil {
		return err
	}
	data, err := t.unpack(data, int(min(block, maxBlock)))
	if err != nil {
		return fmt.Errorf("the footer cannot be unpacked: %w", err)
	}
	if !fields(data, t.footer) {
		return errors.New("the footer is damaged; fetch the file anew")
	}
	t.whole = t.rows >= 0
	return nil
}

// unpack joins the blocks of a footer: each has three bytes before it that tell its size,
// and whether it is stored as it is.
func (t *tail) unpack(data []byte, block int) ([]byte, error) {
	if t.method == "none" {
		return data, nil
	}
	var out []byte
	for n := 0; len(data) > 0; n++ {
		if n == maxBlocks {
			return nil, fmt.Errorf("it has more than %d blocks", maxBlocks)
		}
		if len(data) < 3 {
			return nil, io.ErrUnexpectedEOF
		}
		head := int(data[0]) | int(data[1])<<8 | int(data[2])<<16
		n := head >> 1
		if n > len(data)-3 {
			return nil, io.ErrUnexpectedEOF
		}
		one := data[3 : 3+n]
		data = data[3+n:]
		if head&1 == 0 {
			var err error
			method := t.method
			if method == "zlib" {
				method = "deflate"
			}
			if one, err = archive.Block(method, one, block); err != nil {
				return nil, err
			}
		}
		if len(out)+len(one) > maxFoot {
			return nil, fmt.Errorf("it gives more than %d bytes", maxFoot)
		}
		out = append(out, one...)
	}
	return out, nil
}

// footer takes a field of the message Footer.
func (t *tail) footer(id int, v uint64, data []byte) {
	switch id {
	case 3:
		t.stripe(data)
	case 4:
		if len(t.types) < maxTypes {
			t.types = append(t.types, typeIn(data))
		}
	case 5:
		fields(data, func(id int, _ uint64, data []byte) {
			if id == 1 && len(t.keys) < maxTold {
				t.keys = append(t.keys, markdown.Clip(string(data), maxWord))
			}
		})
	case 6:
		t.rows = int64(min(v, math.MaxInt64))
	case 7:
		if len(t.values) < maxTypes {
			n, whole := valuesIn(data)
			t.values, t.full = append(t.values, n), append(t.full, whole)
		}
	case 9:
		t.wrote = int64(min(v, math.MaxInt64))
	case 12:
		t.software = string(data)
	}
}

func (t *tail) stripe(data []byte) {
	t.stripes++
	var part [6]uint64
	fields(data, func(id int, v uint64, _ []byte) {
		if id < len(part) {
			part[id] = v
		}
	})
	left := uint64(t.size)
	for _, n := range part[1:5] { // where it is, and the bytes of index, data and footer
		if n > left {
			t.beyond++
			break
		}
		left -= n
	}
	if part[5] <= uint64(math.MaxInt64-t.stripeRows) {
		t.stripeRows += int64(part[5])
	}
}

func typeIn(data []byte) kind {
	var k kind
	fields(data, func(id int, v uint64, data []byte) {
		switch id {
		case 1:
			k.kind = v
		case 2:
			if data == nil {
				k.subtypes = append(k.subtypes, int(min(v, maxTypes)))
			}
			for len(data) > 0 {
				n, size := binary.Uvarint(data)
				if size <= 0 {
					return
				}
				k.subtypes, data = append(k.subtypes, int(min(n, maxTypes))), data[size:]
			}
		case 3:
			k.names = append(k.names, string(data))
		case 5:
			k.precision = v
		case 6:
			k.scale = v
		}
	})
	return k
}

// valuesIn gives the number of values in ColumnStatistics, and whether these say that
// there is no null.
func valuesIn(data []byte) (n int64, whole bool) {
	n = -1
	fields(data, func(id int, v uint64, _ []byte) {
		switch id {
		case 1:
			n = int64(min(v, math.MaxInt64))
		case 10:
			whole = v == 0
		}
	})
	return n, whole
}

// nulls gives those of a column; ok is false where the statistics do not say: writers
// without indexes count no values, and state no nulls.
func (t *tail) nulls(id int) (n int64, ok bool) {
	if id >= len(t.values) || t.values[id] < 0 || t.values[id] > t.rows {
		return 0, false
	}
	n = t.rows - t.values[id]
	return n, n == 0 || !t.full[id]
}

// fields calls visit with each field of a message in the wire format of Protocol Buffers:
// with its number, or its bytes. It is false where the message is broken.
func fields(data []byte, visit func(id int, v uint64, data []byte)) bool {
	for len(data) > 0 {
		tag, n := binary.Uvarint(data)
		if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29 {
			return false
		}
		data = data[n:]
		var v uint64
		var bytes []byte
		size := 0
		switch tag & 7 {
		case 0:
			v, size = binary.Uvarint(data)
		case 1:
			size = 8
		case 2:
			v, size = binary.Uvarint(data)
			if size <= 0 || v > uint64(len(data)-size) {
				return false
			}
			bytes, size = data[size:size+int(v):size+int(v)], size+int(v)
			if bytes == nil {
				bytes = []byte{}
			}
		case 5:
			size = 4
		}
		if size <= 0 || size > len(data) {
			return false
		}
		visit(int(tag>>3), v, bytes)
		data = data[size:]
	}
	return true
}
