// Package parquet reads Apache Parquet files by their footer: columns, rows, nulls and
// classes of what is in them, and whether the footer fits the file. A Git LFS pointer in
// the file's place gives the digest and size that it states.
//
// A summary of other files (_metadata, _common_metadata) has columns, but its rows are
// those of others: they are a property, and count for nothing.
//
// Source: see [github.com/mlbom/mlbom/collectors/internal/parquet].
//
// Not understood: values, and so the distribution of labels, for which pages would have
// to be unpacked; encrypted footers; the lists of files of Delta, Iceberg and Hudi.
package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/parquet"
	"github.com/mlbom/mlbom/collectors/internal/tables"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Parquet files.
var Collector = sbom.Collector{
	Name: "dataset/parquet",
	Doc: `Apache Parquet (parquet)
Reads columns, rows, nulls and classes from the footer, also those that Arrow, pandas and
the datasets library state there. Checks that rows and column chunks fit the file.`,
	Match:   []string{"*.parquet", "*.parq", "*.pq", "*.geoparquet", "_metadata", "_common_metadata"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format    = "parquet"
	mediaType = "application/vnd.apache.parquet"
)

func sniff(head []byte) bool {
	return len(head) >= 4 && head[0] == 'P' && (string(head[:4]) == parquet.Magic || string(head[:4]) == parquet.Encrypted)
}

// summary tells whether the name is one of files that speak of others.
func summary(name string) bool {
	base := path.Base(name)
	return base == "_metadata" || base == "_common_metadata"
}

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
	head := make([]byte, min(size, 4))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, err
	}
	if !sniff(head) && summary(f.Path) {
		return nil, nil // of another format
	}
	p, broken := parquet.Read(r, size, f.Settings.Limits.WithDefaults().Header)
	d := &described{file: f, p: p, meta: tables.Read(format, p.Meta)}
	d.meta.Extensions(format, p.Fields)
	s, err := o.File(f, format, mediaType, d.table())
	if err != nil {
		return nil, err
	}
	s.Properties = d.properties()
	s.Findings = d.findings()
	if !sniff(head) {
		if errors.Is(broken, parquet.ErrFormat) {
			s.File.Format = ""
			s.File.MediaType = ""
		}
		broken = errors.Join(errors.New("the file does not begin as Parquet does"), broken)
	}
	seen := []sbom.Sighting{s}
	for _, of := range o.Dataset(s) {
		of.Dataset = d.dataset()
		if keys, _ := tables.PartitionOf(f.Path); len(keys) > 0 {
			of.Properties = append(of.Properties, sbom.Property{Name: "mlbom:parquet:partitioned-by", Value: strings.Join(keys, ", ")})
		}
		seen = append(seen, of)
	}
	return seen, broken
}

// described is a file and what its footer says.
type described struct {
	file *sbom.File
	p    *parquet.File
	meta tables.Meta
}

func (d *described) dataset() *sbom.Dataset {
	if len(d.meta.Modalities) == 0 {
		return nil
	}
	return &sbom.Dataset{Modalities: d.meta.Modalities}
}

// summary tells whether the footer speaks of other files' rows.
func (d *described) summary() bool { return d.p.Summary || summary(d.file.Path) }

func (d *described) table() sbom.Table {
	p := d.p
	if len(p.Fields) == 0 {
		return sbom.Table{}
	}
	t := sbom.Table{Columns: d.meta.Columns(p.Fields), Sample: "footer", Compression: p.Compression()}
	if !d.summary() && p.Rows >= 0 {
		t.Rows = &p.Rows
	}
	for i := range t.Columns {
		leaf := p.Leaf[i]
		if leaf < 0 || d.summary() {
			continue
		}
		c, into := &p.Columns[leaf], &t.Columns[i]
		if c.NullsIn == p.Groups && c.Nulls <= p.Rows {
			into.Nulls = &c.Nulls
		}
		if c.CountIn == p.Groups && p.Groups > 0 && c.Distinct <= p.Rows {
			into.Distinct = &c.Distinct
			into.AtLeast = p.Groups > 1 // each row group counts its own
		}
	}
	return t
}

func (d *described) properties() []sbom.Property {
	p, list := d.p, d.meta.Properties
	add := func(key, value string) {
		if value != "" {
			list = append(list, sbom.Property{Name: "mlbom:parquet:" + key, Value: value})
		}
	}
	add("created-by", p.CreatedBy)
	switch {
	case p.NoFooter:
		add("encryption", p.Cipher+": the footer and with it all columns")
		return list
	case p.Cipher != "":
		add("encryption", fmt.Sprintf("%s: %d of %d columns", p.Cipher, p.Locked(), len(p.Columns)))
	}
	if p.Version > 0 {
		add("version", strconv.FormatInt(p.Version, 10))
	}
	if p.Groups > 0 {
		add("row-groups", strconv.Itoa(p.Groups))
		add("uncompressed-bytes", strconv.FormatInt(p.Plain, 10))
		add("statistics", d.statistics())
	}
	if d.summary() && p.Rows > 0 {
		add("rows-of-others", strconv.FormatInt(p.Rows, 10))
	}
	keys, values := tables.PartitionOf(d.file.Path)
	for i := range keys {
		keys[i] += "=" + values[i]
	}
	add("partition", strings.Join(keys, ", "))
	return list
}

// statistics tells of how many columns all row groups state them.
func (d *described) statistics() string {
	nulls, bounds := 0, 0
	for _, c := range d.p.Columns {
		if c.NullsIn == d.p.Groups {
			nulls++
		}
		if c.BoundsIn == d.p.Groups {
			bounds++
		}
	}
	return fmt.Sprintf("of %d columns: nulls of %d, least and greatest values of %d", len(d.p.Columns), nulls, bounds)
}
