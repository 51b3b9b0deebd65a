// Package avro reads Apache Avro's object container files (*.avro): the schema, and how
// many records each block says that it holds. No record is read. A Git LFS pointer in the
// file's place gives the digest and size that it states.
//
// Source: https://avro.apache.org/docs/1.12.0/specification (object container files).
//
// Not understood: the records; files of a schema without records (*.avsc).
package avro

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/tables"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Avro files.
var Collector = sbom.Collector{
	Name: "dataset/avro",
	Doc: `Apache Avro (avro)
Reads columns from the schema, and rows from the heads of the blocks, whose marks it checks.`,
	Match:   []string{"*.avro"},
	Sniff:   func(head []byte) bool { return len(head) > 4 && head[0] == 'O' && string(head[:4]) == magic },
	Collect: collect,
}

const (
	format    = "avro"
	mediaType = "application/vnd.apache.avro+binary"
	magic     = "Obj\x01"
	syncSize  = 16        // bytes of the mark behind each block
	maxHeader = 16 << 20  // bytes of the metadata
	maxPairs  = 10_000    // of metadata
	maxBlocks = 1_000_000 // of a file
	farBlocks = 100       // of a file that is read over a network
	maxWord   = 256       // bytes of a value that is told
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	o := tables.OwnerOf(f)
	if seen, ok, err := o.Pointer(f, format, mediaType); ok || err != nil {
		return seen, err
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c := &container{s: io.NewSectionReader(r, 0, size), size: size, blocks: maxBlocks}
	if content.Far(f) {
		c.blocks = farBlocks
	}
	broken := c.read()
	is, media := format, mediaType
	if errors.Is(broken, errFormat) {
		is, media = "", ""
	}
	t, wrong := c.table()
	s, err := o.File(f, is, media, t)
	if err != nil {
		return nil, err
	}
	if c.name != "" {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:avro:record", Value: markdown.Clip(c.name, maxWord)})
	}
	return append([]sbom.Sighting{s}, o.Dataset(s)...), errors.Join(broken, wrong)
}

var errFormat = errors.New("the file is no Avro object container")

// container is what a file holds.
type container struct {
	s      *io.SectionReader
	b      *bufio.Reader
	size   int64
	at     int64 // of the next byte
	blocks int

	schema []byte
	codec  string
	sync   []byte
	rows   int64
	whole  bool   // all blocks were walked
	name   string // of the record
}

func (c *container) read() error {
	c.b = bufio.NewReader(c.s)
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(c.b, head); err != nil || string(head) != magic {
		return errFormat
	}
	c.at = int64(len(magic))
	if err := c.meta(); err != nil {
		return fmt.Errorf("the header is damaged at byte %d: %w", c.at, err)
	}
	var err error
	if c.sync, err = c.bytes(syncSize); err != nil {
		return fmt.Errorf("the header is damaged at byte %d: %w", c.at, err)
	}
	return c.walk()
}

// long reads a number.
func (c *container) long() (int64, error) {
	u, err := binary.ReadUvarint(counter{c})
	return int64(u>>1) ^ -int64(u&1), err
}

// counter counts the bytes that are read one by one.
type counter struct{ *container }

func (c counter) ReadByte() (byte, error) {
	v, err := c.b.ReadByte()
	if err == nil {
		c.at++
	}
	return v, err
}

func (c *container) bytes(n int64) ([]byte, error) {
	if n < 0 || n > maxHeader || n > c.size-c.at {
		return nil, fmt.Errorf("a value would have %d bytes", n)
	}
	data := make([]byte, n)
	_, err := io.ReadFull(c.b, data)
	c.at += n
	return data, err
}

func (c *container) text() ([]byte, error) {
	n, err := c.long()
	if err != nil {
		return nil, err
	}
	return c.bytes(n)
}

// meta reads the map of metadata, which stands in blocks.
func (c *container) meta() error {
	for pairs := int64(0); ; {
		n, err := c.long()
		if err != nil || n == 0 {
			return err
		}
		if n < 0 { // the size in bytes follows
			if _, err := c.long(); err != nil {
				return err
			}
			n = -n
		}
		if pairs += n; n < 0 || pairs > maxPairs || pairs < 0 {
			return fmt.Errorf("there would be %d entries of metadata", n)
		}
		for range n {
			key, err := c.text()
			if err != nil {
				return err
			}
			value, err := c.text()
			if err != nil {
				return err
			}
			switch string(key) {
			case "avro.schema":
				c.schema = value
			case "avro.codec":
				c.codec = markdown.Clip(string(value), maxWord)
			}
		}
	}
}

// walk goes from block to block by their sizes.
func (c *container) walk() error {
	for n := 0; c.at < c.size; n++ {
		if n >= c.blocks {
			return nil
		}
		at := c.at
		rows, err := c.long()
		if err != nil {
			return cutOff(at)
		}
		size, err := c.long()
		if err != nil || size < 0 || size > c.size-c.at-syncSize {
			return cutOff(at)
		}
		if rows < 0 || c.rows > math.MaxInt64-rows {
			return fmt.Errorf("the block at byte %d would have %d records", at, rows)
		}
		if err := c.pass(size); err != nil {
			return err
		}
		mark, err := c.bytes(syncSize)
		if err != nil {
			return cutOff(at)
		}
		if !bytes.Equal(mark, c.sync) {
			return fmt.Errorf("the block at byte %d does not end with the mark of the file: it is damaged", at)
		}
		c.rows += rows
	}
	c.whole = true
	return nil
}

func cutOff(at int64) error {
	return fmt.Errorf("the file ends within the block at byte %d: it is cut off; fetch it anew", at)
}

// pass goes over bytes that are not needed.
func (c *container) pass(n int64) error {
	c.at += n
	if n <= int64(c.b.Buffered()) {
		_, err := c.b.Discard(int(n))
		return err
	}
	_, err := c.s.Seek(c.at, io.SeekStart)
	c.b.Reset(c.s)
	return err
}

func (c *container) table() (sbom.Table, error) {
	t := sbom.Table{}
	if c.codec != "null" {
		t.Compression = c.codec
	}
	if c.whole {
		t.Rows = &c.rows
	}
	if len(c.schema) == 0 {
		return t, nil
	}
	t.Sample = "schema and heads of blocks"
	var err error
	c.name, t.Columns, err = columns(c.schema)
	return t, err
}
