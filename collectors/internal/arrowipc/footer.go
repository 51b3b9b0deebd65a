package arrowipc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
)

const blockSize = 24 // bytes of a Block: offset, length of the header, padding, length of the body

// file reads the footer, and the headers of the batches that it names.
func (x *reader) file() error {
	const tail = 4 + len(Magic)
	if x.size < int64(2+len(Magic)+tail) {
		return errors.New("the file ends before its footer: fetch it anew")
	}
	end := make([]byte, tail)
	if _, err := io.ReadFull(io.NewSectionReader(x.r, x.size-int64(tail), int64(tail)), end); err != nil {
		return err
	}
	if string(end[4:]) != Magic {
		err := x.stream(8)
		x.table.Complete = false
		return errors.Join(errors.New("the file has no footer, for it is not complete: fetch it anew"), err)
	}
	n, room := int64(binary.LittleEndian.Uint32(end)), x.size-int64(2+len(Magic)+tail)
	if n < minMessage || n > room || n > maxMetadata {
		return fmt.Errorf("the footer would have %d bytes, in a file with room for %d", n, room)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(io.NewSectionReader(x.r, x.size-int64(tail)-n, n), data); err != nil {
		return err
	}
	b := flatbuf.Open(window(data), n)
	root, ok := b.Root()
	if !ok {
		return b.Err()
	}
	t, ok := root.Table(1)
	if !ok {
		return errors.Join(errors.New("the footer has no schema"), b.Err())
	}
	s, err := readSchema(t)
	x.begin(s, int(root.Uint16(0, 0))+1)
	broken := errors.Join(x.blocks(root.Vector(2, blockSize), headDictionary), x.blocks(root.Vector(3, blockSize), headBatch), b.Err())
	x.table.Complete = broken == nil
	return errors.Join(err, broken)
}

// blocks reads the headers of messages at the places that the footer names.
func (x *reader) blocks(v flatbuf.Vector, kind uint8) error {
	if v.Len() > maxBatches {
		return fmt.Errorf("the footer names %d batches, more than the bound of %d", v.Len(), maxBatches)
	}
	data := v.Bytes(maxBatches * blockSize)
	for ; len(data) >= blockSize; data = data[blockSize:] {
		at, body := int64(binary.LittleEndian.Uint64(data)), int64(binary.LittleEndian.Uint64(data[16:]))
		if at < 8 || at > x.size || body < 0 || body > x.size {
			x.table.Short = true
			return fmt.Errorf("the footer names a batch at byte %d, outside of the file", at)
		}
		m, err := x.message(at)
		if err != nil {
			return err
		}
		if m.end || m.kind != kind {
			return fmt.Errorf("the footer names a batch at byte %d, where there is none", at)
		}
		if m.size > x.size-m.body {
			x.table.Short = true
			return fmt.Errorf("the file ends within the batch at byte %d", at)
		}
		if err := x.take(m); err != nil {
			return err
		}
	}
	return nil
}
