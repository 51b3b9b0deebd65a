package parquet

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/thrift"
)

// group reads a RowGroup.
func (p *footer) group(t thrift.Type) {
	p.Groups++
	rows, column := int64(0), 0
	var values []int64 // of each leaf's chunk
	p.d.Fields(t, func(id int, t thrift.Type) {
		switch id {
		case 1:
			p.d.Items(t, func(t thrift.Type) {
				n := p.chunk(t, column)
				if column++; column <= len(p.flat) { // a list may have as many as the footer has bytes
					values = append(values, n)
				}
			})
		case 3:
			rows = p.d.Int(t)
		default:
			p.d.Skip(t)
		}
	})
	if rows < 0 || p.GroupRows > math.MaxInt64-rows {
		p.lost = fmt.Errorf("row group %d would have %d rows", p.Groups, rows)
		return
	}
	p.GroupRows += rows
	for i, n := range values {
		if n >= 0 && n != rows && p.flat[i] {
			p.Uneven++
		}
	}
}

// leaf gives the column of a number, or one to throw away.
func (p *footer) leaf(i int) *Column {
	if i >= maxLeaves {
		p.lost = errors.New("a row group has too many columns")
		return &Column{}
	}
	for len(p.Columns) <= i {
		p.Columns = append(p.Columns, Column{})
	}
	return &p.Columns[i]
}

// chunk reads a ColumnChunk, and gives the number of its values; -1 where it states
// none.
func (p *footer) chunk(t thrift.Type, i int) int64 {
	c := p.leaf(i)
	c.Chunks++
	p.chunks++
	path := ""
	var m meta
	m.values = -1
	p.d.Fields(t, func(id int, t thrift.Type) {
		switch id {
		case 1:
			path = p.d.Text(t)
		case 3:
			m = p.meta(t, c)
		case 8:
			c.Locked++
			p.d.Skip(t)
		default:
			p.d.Skip(t)
		}
	})
	if path != "" {
		p.external(path)
		return m.values
	}
	if start := m.start(); m.values >= 0 && (start < 0 || m.packed < 0 || start > p.end || m.packed > p.end-start) {
		p.Beyond++
	}
	if m.plain > 0 && p.Plain <= math.MaxInt64-m.plain {
		p.Plain += m.plain
	}
	return m.values
}

func (p *footer) external(path string) {
	p.outside++
	if p.away == nil {
		p.away = map[string]bool{}
	}
	if !p.away[path] && len(p.External) < maxExternal {
		p.away[path] = true
		p.External = append(p.External, clip(path))
	}
}

// meta is what of a ColumnMetaData counts.
type meta struct {
	values, plain, packed int64
	data, dictionary      int64
	hasDictionary         bool
}

// start is where the first page is. Some writers state a place of 0 for a dictionary
// that is not there.
func (m meta) start() int64 {
	if m.hasDictionary && m.dictionary > 0 && m.dictionary < m.data {
		return m.dictionary
	}
	return m.data
}

func (p *footer) meta(t thrift.Type, c *Column) meta {
	m := meta{values: -1}
	p.d.Fields(t, func(id int, t thrift.Type) {
		switch id {
		case 4:
			p.codec(c, p.d.Int(t))
		case 5:
			m.values = p.d.Int(t)
		case 6:
			m.plain = p.d.Int(t)
		case 7:
			m.packed = p.d.Int(t)
		case 9:
			m.data = p.d.Int(t)
		case 11:
			m.dictionary, m.hasDictionary = p.d.Int(t), true
		case 12:
			p.statistics(t, c)
		default:
			p.d.Skip(t)
		}
	})
	return m
}

func (p *footer) codec(c *Column, n int64) {
	names := [...]string{"uncompressed", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw"}
	name := ""
	if n >= 0 && n < int64(len(names)) {
		name = names[n]
	} else {
		name = fmt.Sprintf("codec %d", n)
	}
	const most = 16
	if c.Codecs == nil {
		c.Codecs = map[string]bool{}
	}
	if len(c.Codecs) < most {
		c.Codecs[name] = true
	}
}

func (p *footer) statistics(t thrift.Type, c *Column) {
	least, most := false, false
	p.d.Fields(t, func(id int, t thrift.Type) {
		switch id {
		case 3:
			if n := p.d.Int(t); n >= 0 && c.Nulls <= math.MaxInt64-n {
				c.Nulls += n
				c.NullsIn++
			}
		case 4:
			if n := p.d.Int(t); n >= 0 {
				c.Distinct = max(c.Distinct, n)
				c.CountIn++
			}
		case 1, 5:
			most = true
			p.d.Skip(t)
		case 2, 6:
			least = true
			p.d.Skip(t)
		default:
			p.d.Skip(t)
		}
	})
	if least && most {
		c.BoundsIn++
	}
}

// Compression names the codecs of all columns, without those that are none; "" where
// nothing is compressed.
func (f *File) Compression() string {
	names := map[string]bool{}
	for _, c := range f.Columns {
		maps.Copy(names, c.Codecs)
	}
	delete(names, "uncompressed")
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

// Locked counts the columns of which a chunk is encrypted.
func (f *File) Locked() int {
	n := 0
	for _, c := range f.Columns {
		if c.Locked > 0 {
			n++
		}
	}
	return n
}
