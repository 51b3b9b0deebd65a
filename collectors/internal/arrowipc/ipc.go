// Package arrowipc reads what Apache Arrow's IPC format says of a table: the schema,
// and of each record batch the header alone, which has the rows and, for each field,
// the nulls. No column is read.
//
// Source: https://arrow.apache.org/docs/format/Columnar.html, Schema.fbs, Message.fbs
// and File.fbs of apache/arrow; the spelling of types is that of cpp/src/arrow/type.cc.
//
// Not understood: the values; tensors and sparse tensors in a stream; Feather V1, which
// is another format and is only told apart.
package arrowipc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
)

// The first and last bytes of files.
const (
	Magic      = "ARROW1"
	FeatherOne = "FEA1"
)

// The forms of a file.
const (
	File   = "file"
	Stream = "stream"
)

// Bounds on one file.
const (
	maxBatches  = 1_000_000
	maxMetadata = 64 << 20 // bytes of one message's header
	minMessage  = 8        // bytes that a message has at the least
)

// Table is what a file says of its table.
type Table struct {
	Form        string // [File] or [Stream]
	Version     int    // of the metadata: 1 to 5
	Schema      Schema
	Rows        int64
	Batches     int
	Dicts       int      // dictionary batches
	Nulls       []int64  // of each column, over all batches
	Compression []string // of the batches' bodies: "lz4", "zstd"
	Complete    bool     // all batches were counted
	// Short: messages lie outside of the file.
	Short bool
}

// reader reads one file.
type reader struct {
	r     io.ReaderAt
	size  int64
	table *Table
	nodes int   // fields of all columns, at all depths
	first []int // the number of the first node of each column
}

// IsStream knows a stream by its first bytes: the length of a message, behind the mark
// of a continuation since version 0.15, whose table Message has a Schema.
func IsStream(head []byte) bool {
	if len(head) < 24 || binary.LittleEndian.Uint32(head) != continuation {
		return false
	}
	n := int64(binary.LittleEndian.Uint32(head[4:]))
	if n < 16 || n > maxMetadata {
		return false
	}
	b := flatbuf.Open(window(head[8:]), min(n, int64(len(head)-8)))
	root, ok := b.Root()
	return ok && root.Uint8(1, 0) == headSchema
}

const continuation = 0xFFFFFFFF

// The members of the union MessageHeader.
const (
	headSchema     = 1
	headDictionary = 2
	headBatch      = 3
)

type window []byte

func (w window) ReadAt(p []byte, at int64) (int, error) {
	if at >= int64(len(w)) {
		return 0, io.EOF
	}
	n := copy(p, w[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Read reads the table in the size bytes of r. What could be read is given beside an
// error.
func Read(r io.ReaderAt, size int64) (*Table, error) {
	x := &reader{r: r, size: size, table: &Table{}}
	head := make([]byte, min(size, int64(len(Magic))))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return x.table, err
	}
	if string(head) == Magic {
		x.table.Form = File
		return x.table, x.file()
	}
	x.table.Form = Stream
	return x.table, x.stream(0)
}

// SchemaOf reads the schema of a message that is held in memory, such as the one that
// Arrow puts into Parquet files.
func SchemaOf(message []byte) (Schema, error) {
	x := &reader{r: window(message), size: int64(len(message)), table: &Table{}}
	m, err := x.message(0)
	if err != nil {
		return Schema{}, err
	}
	if m.kind != headSchema {
		return Schema{}, errors.New("the message is no schema")
	}
	s, err := readSchema(m.header)
	return s, errors.Join(err, m.buffer.Err())
}

// message is the header of one.
type message struct {
	buffer *flatbuf.Buffer
	kind   uint8
	header flatbuf.Table
	body   int64 // where the body starts
	size   int64 // of the body
	end    bool  // the mark of a stream's end
	before int   // version of the metadata
}

// message reads the header of the message at a place.
func (x *reader) message(at int64) (message, error) {
	n, at, err := x.length(at)
	if err != nil || n == 0 {
		return message{end: true}, err
	}
	if n > x.size-at && n <= maxMetadata {
		x.table.Short = true
		return message{}, fmt.Errorf("the file ends within the message at byte %d: it is cut off; fetch it anew", at)
	}
	if n < minMessage || n > maxMetadata {
		return message{}, fmt.Errorf("the message at byte %d would have a header of %d bytes", at, n)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(io.NewSectionReader(x.r, at, n), data); err != nil {
		return message{}, fmt.Errorf("the message at byte %d cannot be read: %w", at, err)
	}
	m := message{buffer: flatbuf.Open(window(data), n), body: at + n}
	root, ok := m.buffer.Root()
	if !ok {
		return m, fmt.Errorf("the message at byte %d is broken: %w", at, m.buffer.Err())
	}
	m.kind, m.size, m.before = root.Uint8(1, 0), root.Int64(3, 0), int(root.Uint16(0, 0))+1
	if m.header, ok = root.Table(2); !ok {
		return m, fmt.Errorf("the message at byte %d has no content", at)
	}
	if m.size < 0 {
		return m, fmt.Errorf("the message at byte %d would have a body of %d bytes", at, m.size)
	}
	return m, nil
}

// length reads that of a message, and gives where its header starts. The end of the
// file is the end of the stream.
func (x *reader) length(at int64) (n, from int64, err error) {
	for range 2 {
		if at == x.size {
			return 0, at, nil
		}
		var four [4]byte
		if at > x.size-4 {
			return 0, at, fmt.Errorf("the file ends within the message at byte %d", at)
		}
		if _, err := x.r.ReadAt(four[:], at); err != nil && !errors.Is(err, io.EOF) {
			return 0, at, err
		}
		at += 4
		if v := binary.LittleEndian.Uint32(four[:]); v != continuation {
			return int64(v), at, nil
		}
	}
	return 0, at, fmt.Errorf("the message at byte %d has no length", at)
}

// stream reads messages one behind the other.
func (x *reader) stream(at int64) error {
	started := false
	for n := 0; ; n++ {
		if n > 2*maxBatches { // a schema can stand in it again and again
			return fmt.Errorf("the stream has more than %d messages; the rest is not read", 2*maxBatches)
		}
		m, err := x.message(at)
		if err != nil {
			return err
		}
		if m.end {
			if !started {
				return errors.New("the stream has no schema")
			}
			x.table.Complete = true
			return nil
		}
		if !started && m.kind != headSchema {
			return errors.New("the stream does not begin with a schema")
		}
		started = true
		if err := x.take(m); err != nil {
			return err
		}
		if m.size > x.size-m.body {
			x.table.Short = true
			return fmt.Errorf("the file ends within the message whose body starts at byte %d: it is cut off; fetch it anew", m.body)
		}
		at = m.body + m.size
		if x.table.Batches+x.table.Dicts >= maxBatches {
			return fmt.Errorf("the stream has more than %d batches; the rest is not read", maxBatches)
		}
	}
}

// take adds what a message says.
func (x *reader) take(m message) error {
	switch m.kind {
	case headSchema:
		s, err := readSchema(m.header)
		x.begin(s, m.before)
		return errors.Join(err, m.buffer.Err())
	case headDictionary:
		x.table.Dicts++
		if data, ok := m.header.Table(1); ok {
			x.compression(data)
		}
	case headBatch:
		return x.batch(m)
	default:
		return fmt.Errorf("the message whose body starts at byte %d is of kind %d, and no part of a table", m.body, m.kind)
	}
	return m.buffer.Err()
}

func (x *reader) begin(s Schema, version int) {
	x.table.Schema, x.table.Version = s, version
	x.table.Nulls = make([]int64, len(s.Fields))
	x.first, x.nodes = nil, 0
	for _, f := range s.Fields {
		x.first = append(x.first, x.nodes)
		x.nodes += nodes(f)
	}
}

// nodes counts the field nodes of a column: its own and those of what is in it. The
// values of a dictionary are elsewhere.
func nodes(f Field) int {
	n := 1
	if f.Type.Kind == "dictionary" {
		return n
	}
	for _, c := range f.Type.Children {
		n += nodes(c)
	}
	return n
}

func (x *reader) compression(batch flatbuf.Table) {
	c, ok := batch.Table(3)
	if !ok {
		return
	}
	name := fmt.Sprintf("codec %d", c.Uint8(0, 0))
	switch c.Uint8(0, 0) {
	case 0:
		name = "lz4"
	case 1:
		name = "zstd"
	}
	if !slices.Contains(x.table.Compression, name) {
		x.table.Compression = append(x.table.Compression, name)
	}
}

const nodeSize = 16 // bytes of a FieldNode: its length and its nulls

func (x *reader) batch(m message) error {
	t := x.table
	t.Batches++
	x.compression(m.header)
	rows := m.header.Int64(0, 0)
	if rows < 0 || t.Rows > maxRows-rows {
		return fmt.Errorf("record batch %d would have %d rows", t.Batches, rows)
	}
	t.Rows += rows
	v := m.header.Vector(1, nodeSize)
	if v.Len() != x.nodes {
		return fmt.Errorf("record batch %d has %d columns and parts of such; the schema has %d", t.Batches, v.Len(), x.nodes)
	}
	data := v.Bytes(maxMetadata)
	for i, first := range x.first {
		if (first+1)*nodeSize > len(data) {
			break
		}
		length, nulls := int64(binary.LittleEndian.Uint64(data[first*nodeSize:])), int64(binary.LittleEndian.Uint64(data[first*nodeSize+8:]))
		if length != rows || nulls < 0 || nulls > rows {
			return fmt.Errorf("record batch %d has %d rows, and column %.80q in it %d, of which %d are null", t.Batches, rows, t.Schema.Fields[i].Name, length, nulls)
		}
		t.Nulls[i] += nulls
	}
	return m.buffer.Err()
}

const maxRows = 1 << 62
