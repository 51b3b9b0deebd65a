// Package parquet reads the footer of Apache Parquet files: the schema as Arrow reads
// it, rows, row groups, and what statistics say of columns. No page is read.
//
// Source: parquet.thrift, Encryption.md and LogicalTypes.md of apache/parquet-format;
// the types are those that Arrow's C++ library gives (cpp/src/parquet/arrow/schema.cc
// and schema_internal.cc), the schema that Arrow writes into the file included.
//
// Not understood: pages, indexes of them and Bloom filters, and so the values, their
// distribution included: a dictionary page has the values of a chunk, but not how many
// rows have each; encrypted footers (told apart).
package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/mlbom/mlbom/collectors/internal/arrowipc"
	"github.com/mlbom/mlbom/collectors/internal/thrift"
)

// The first and last bytes of a file, and those of one whose footer is encrypted.
const (
	Magic     = "PAR1"
	Encrypted = "PARE"
)

const tail = 8 // bytes behind the footer: its length, and the magic

// ErrFormat says that the file is no Parquet.
var ErrFormat = errors.New("the file does not end as Parquet does: it is cut off, or of another format; fetch it anew")

// File is what a footer says.
type File struct {
	Version   int64
	CreatedBy string
	Rows      int64
	// GroupRows is the sum of the rows of all row groups.
	GroupRows int64
	Groups    int
	Fields    []arrowipc.Field // the columns
	Columns   []Column         // the leaves, in the order of the schema
	Leaf      []int            // the leaf that a column of Fields is; -1 where it is nested
	Meta      []arrowipc.Pair
	Plain     int64 // bytes of all columns without compression
	// Cipher tells how columns, or with NoFooter the footer too, are encrypted.
	Cipher   string
	NoFooter bool
	// External are the files, other than this one, that hold column chunks.
	External []string
	// Beyond counts column chunks that lie outside of the file.
	Beyond int
	// Uneven counts chunks of flat columns that have not as many values as their row
	// group has rows.
	Uneven int
	// Summary: the footer speaks of other files only.
	Summary bool
}

// Column is a leaf of the schema with what all its chunks say.
type Column struct {
	Chunks   int
	Nulls    int64
	NullsIn  int   // chunks that state them
	Distinct int64 // the most of any chunk
	CountIn  int   // chunks that state distinct values
	BoundsIn int   // chunks that state the least and the greatest value
	Codecs   map[string]bool
	Locked   int // chunks that are encrypted
}

// Bounds on one file.
const (
	maxLeaves   = 1_000_000
	maxNodes    = 2_000_000
	maxExternal = 10_000
	maxPairs    = 10_000
	maxDepth    = 100
	maxName     = 4096 // bytes
)

// Read reads the footer, which has up to limit bytes. What could be read is given
// beside an error.
func Read(r io.ReaderAt, size, limit int64) (*File, error) {
	f := &File{}
	if size < int64(len(Magic))+tail {
		return f, ErrFormat
	}
	end := make([]byte, tail)
	if _, err := io.ReadFull(io.NewSectionReader(r, size-tail, tail), end); err != nil {
		return f, err
	}
	mark := string(end[4:])
	if mark != Magic && mark != Encrypted {
		return f, ErrFormat
	}
	n, room := int64(binary.LittleEndian.Uint32(end)), size-tail-int64(len(Magic))
	if n == 0 || n > room {
		return f, fmt.Errorf("the footer would have %d bytes, in a file with room for %d: it is cut off or damaged; fetch it anew", n, room)
	}
	if n > limit {
		return f, fmt.Errorf("the footer has %d bytes, more than the limit of %d", n, limit)
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(io.NewSectionReader(r, size-tail-n, n), data); err != nil {
		return f, err
	}
	p := &footer{File: f, d: thrift.New(data), end: size - tail - n}
	if mark == Encrypted {
		f.NoFooter = true
		p.d.Fields(thrift.Struct, func(id int, t thrift.Type) { p.cipher(id, t, 1) })
		return f, p.broken()
	}
	p.d.Fields(thrift.Struct, p.field)
	return f, errors.Join(p.broken(), p.build())
}

func (p *footer) broken() error {
	if err := p.d.Err(); err != nil {
		return fmt.Errorf("the footer is damaged at %w", err)
	}
	return nil
}

// footer reads one.
type footer struct {
	*File
	d       *thrift.Decoder
	end     int64 // of what column chunks can be in
	nodes   []element
	root    *element
	flat    map[int]bool    // leaves that are columns of their own
	away    map[string]bool // names in External
	chunks  int
	outside int // chunks in other files
	lost    error
}

// field reads a field of FileMetaData.
func (p *footer) field(id int, t thrift.Type) {
	switch id {
	case 1:
		p.Version = p.d.Int(t)
	case 2:
		p.d.Items(t, p.element)
		p.plant()
	case 3:
		p.Rows = p.d.Int(t)
	case 4:
		p.d.Items(t, p.group)
	case 5:
		p.d.Items(t, func(t thrift.Type) {
			if pair := p.pair(t); len(p.Meta) < maxPairs {
				p.Meta = append(p.Meta, pair)
			}
		})
	case 6:
		p.CreatedBy = clip(p.d.Text(t))
	default:
		p.cipher(id, t, 8)
	}
}

// cipher reads the algorithm of encryption, a union in the field of that number.
func (p *footer) cipher(id int, t thrift.Type, at int) {
	if id != at {
		p.d.Skip(t)
		return
	}
	p.d.Fields(t, func(id int, t thrift.Type) {
		names := map[int]string{1: "AES_GCM_V1", 2: "AES_GCM_CTR_V1"}
		if p.Cipher = names[id]; p.Cipher == "" {
			p.Cipher = fmt.Sprintf("algorithm %d", id)
		}
		p.d.Skip(t)
	})
}

func (p *footer) pair(t thrift.Type) arrowipc.Pair {
	var kv arrowipc.Pair
	p.d.Fields(t, func(id int, t thrift.Type) {
		switch id {
		case 1:
			kv.Key = clip(p.d.Text(t))
		case 2:
			kv.Value = p.d.Text(t)
		default:
			p.d.Skip(t)
		}
	})
	return kv
}

func clip(s string) string {
	if len(s) > maxName {
		return s[:maxName] + "..."
	}
	return s
}
