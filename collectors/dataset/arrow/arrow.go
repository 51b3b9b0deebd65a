// Package arrow reads Apache Arrow's files and streams (*.arrow, *.feather), such as the
// datasets library of Hugging Face keeps, by their schema and the headers of their
// record batches. A Git LFS pointer in the file's place gives the digest and size that
// it states.
//
// Source: see [github.com/mlbom/mlbom/collectors/internal/arrowipc]; for Feather V1,
// cpp/src/arrow/ipc/feather.cc.
//
// Not understood: values; the columns of Feather V1, which is only told apart.
package arrow

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/arrowipc"
	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/collectors/internal/tables"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Arrow's files.
var Collector = sbom.Collector{
	Name: "dataset/arrow",
	Doc: `Apache Arrow IPC and Feather (arrow, feather)
Reads columns, rows, nulls and classes from the schema and the headers of the record
batches, of files and of streams. Checks that all batches lie in the file.`,
	Match:   []string{"*.arrow", "*.arrows", "*.feather", "*.ftr", "*.ipc"},
	Sniff:   sniff,
	Collect: collect,
}

// The formats.
const (
	format      = "arrow"
	featherOne  = "feather-v1"
	mediaFile   = "application/vnd.apache.arrow.file"
	mediaStream = "application/vnd.apache.arrow.stream"
)

func sniff(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	switch head[0] {
	case 'A':
		return string(head[:8]) == arrowipc.Magic+"\x00\x00"
	case 'F':
		return string(head[:4]) == arrowipc.FeatherOne
	case 0xff:
		return arrowipc.IsStream(head)
	}
	return false
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	o := tables.OwnerOf(f)
	if seen, ok, err := o.Pointer(f, format, ""); ok || err != nil {
		return seen, err
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, err
	}
	if len(head) >= 4 && string(head[:4]) == arrowipc.FeatherOne {
		return old(f, o)
	}
	t, broken := arrowipc.Read(r, size)
	if len(t.Schema.Fields) == 0 && broken != nil && !sniff(head) {
		if strings.HasSuffix(strings.ToLower(f.Path), ".ipc") { // a name that others use too
			return nil, nil
		}
		s, err := o.File(f, "", "", sbom.Table{})
		return append([]sbom.Sighting{s}, o.Dataset(s)...), errors.Join(errors.New("the file is no Arrow file and no stream"), err)
	}
	meta := tables.Read(format, t.Schema.Meta)
	meta.Extensions(format, t.Schema.Fields)
	s, err := o.File(f, format, mediaOf(t), table(t, &meta))
	if err != nil {
		return nil, err
	}
	s.Properties = append(meta.Properties, properties(t)...)
	if t.Short {
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleBadShards, Message: "Record batches lie outside of the file: it is not complete"})
	}
	seen := []sbom.Sighting{s}
	for _, of := range o.Dataset(s) {
		if len(meta.Modalities) > 0 {
			of.Dataset = &sbom.Dataset{Modalities: meta.Modalities}
		}
		seen = append(seen, of)
	}
	return seen, broken
}

// old gives the file in the first version of Feather.
func old(f *sbom.File, o datafile.Owner) ([]sbom.Sighting, error) {
	s, err := o.File(f, featherOne, "", sbom.Table{})
	if err != nil {
		return nil, err
	}
	return append([]sbom.Sighting{s}, o.Dataset(s)...), nil
}

func mediaOf(t *arrowipc.Table) string {
	if t.Form == arrowipc.File {
		return mediaFile
	}
	return mediaStream
}

func table(t *arrowipc.Table, meta *tables.Meta) sbom.Table {
	if len(t.Schema.Fields) == 0 && !t.Complete {
		return sbom.Table{}
	}
	slices.Sort(t.Compression)
	out := sbom.Table{Columns: meta.Columns(t.Schema.Fields), Sample: "headers of record batches", Compression: strings.Join(t.Compression, ", ")}
	if !t.Complete {
		return out
	}
	out.Rows = &t.Rows
	for i := range out.Columns {
		if kind := t.Schema.Fields[i].Type.Kind; kind != "null" && kind != "sparse_union" && kind != "dense_union" { // whose headers count none
			out.Columns[i].Nulls = &t.Nulls[i]
		}
	}
	return out
}

func properties(t *arrowipc.Table) []sbom.Property {
	list := []sbom.Property{{Name: "mlbom:arrow:form", Value: t.Form}}
	if t.Version > 0 {
		list = append(list, sbom.Property{Name: "mlbom:arrow:metadata-version", Value: "V" + strconv.Itoa(t.Version)})
	}
	if t.Complete {
		list = append(list, sbom.Property{Name: "mlbom:arrow:record-batches", Value: strconv.Itoa(t.Batches)})
	}
	if t.Dicts > 0 {
		list = append(list, sbom.Property{Name: "mlbom:arrow:dictionary-batches", Value: strconv.Itoa(t.Dicts)})
	}
	if t.Schema.Big {
		list = append(list, sbom.Property{Name: "mlbom:arrow:byte-order", Value: "big-endian"})
	}
	return list
}
