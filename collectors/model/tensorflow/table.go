package tensorflow

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Bounds on a table.
const (
	footerSize = 48
	tableMagic = 0xdb4775248b80fb57
	maxBlock   = 64 << 20 // bytes; the library writes 256 KiB
	maxKey     = 64 << 10
	maxRecords = 1 << 22
)

// table is LevelDB's: blocks of sorted keys and values, an index of the blocks, and
// a footer that says where the index is.
type table struct {
	r       io.ReaderAt
	size    int64
	records int
	read    int64 // bytes of blocks, which do not overlap
}

// isTable knows the footer.
func isTable(r io.ReaderAt, size int64) bool {
	var magic [8]byte
	if size < footerSize {
		return false
	}
	_, err := r.ReadAt(magic[:], size-8)
	return (err == nil || err == io.EOF) && binary.LittleEndian.Uint64(magic[:]) == tableMagic
}

// each gives all records in order.
func (t *table) each(take func(key, value []byte) error) error {
	footer := make([]byte, footerSize)
	if _, err := io.ReadFull(io.NewSectionReader(t.r, t.size-footerSize, footerSize), footer); err != nil {
		return err
	}
	_, rest, err := handle(footer)
	if err != nil {
		return err
	}
	index, _, err := handle(rest)
	if err != nil {
		return err
	}
	blocks, err := t.block(index)
	if err != nil {
		return fmt.Errorf("the table's index: %w", err)
	}
	return t.walk(blocks, func(_, value []byte) error {
		h, _, err := handle(value)
		if err != nil {
			return err
		}
		block, err := t.block(h)
		if err != nil {
			return fmt.Errorf("the table's block at byte %d: %w", h.at, err)
		}
		return t.walk(block, take)
	})
}

// extent is where a block is, in bytes.
type extent struct{ at, size int64 }

var errHandle = errors.New("the table names a block that is not there")

func handle(b []byte) (extent, []byte, error) {
	at, n := binary.Uvarint(b)
	if n <= 0 {
		return extent{}, nil, errHandle
	}
	size, k := binary.Uvarint(b[n:])
	if k <= 0 || at > 1<<62 || size > maxBlock {
		return extent{}, nil, errHandle
	}
	return extent{int64(at), int64(size)}, b[n+k:], nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// block reads one block, and checks its sum.
func (t *table) block(e extent) ([]byte, error) {
	if e.at > t.size-e.size-5 {
		return nil, errHandle
	}
	if t.read += e.size + 5; t.read > t.size {
		return nil, errors.New("the table names a block twice")
	}
	data := make([]byte, e.size+5)
	if _, err := io.ReadFull(io.NewSectionReader(t.r, e.at, e.size+5), data); err != nil {
		return nil, err
	}
	masked := binary.LittleEndian.Uint32(data[e.size+1:]) - 0xa282ead8
	if sum := masked>>17 | masked<<15; sum != crc32.Checksum(data[:e.size+1], castagnoli) {
		return nil, errors.New("its checksum is wrong: the file is damaged, fetch it anew")
	}
	if data[e.size] != 0 {
		return nil, errors.New("it is compressed, which is not understood")
	}
	return data[:e.size], nil
}

var errBlock = errors.New("the table's block is damaged")

// walk gives the records of a block: each key shares its beginning with the
// one before.
func (t *table) walk(block []byte, take func(key, value []byte) error) error {
	if len(block) < 4 {
		return errBlock
	}
	restarts := int64(binary.LittleEndian.Uint32(block[len(block)-4:]))
	end := int64(len(block)) - 4 - 4*restarts
	if restarts < 0 || end < 0 {
		return errBlock
	}
	var key []byte
	for b := block[:end]; len(b) > 0; {
		var sizes [3]uint64
		for i := range sizes {
			v, n := binary.Uvarint(b)
			if n <= 0 {
				return errBlock
			}
			sizes[i], b = v, b[n:]
		}
		shared, own, size := sizes[0], sizes[1], sizes[2]
		if shared > uint64(len(key)) || own > uint64(len(b)) || size > uint64(len(b))-own || shared+own > maxKey {
			return errBlock
		}
		if t.records++; t.records > maxRecords {
			return fmt.Errorf("the table has more than %d entries; the rest is not read", maxRecords)
		}
		key = append(key[:shared:shared], b[:own]...)
		if err := take(key, b[own:own+size]); err != nil {
			return err
		}
		b = b[own+size:]
	}
	return nil
}
