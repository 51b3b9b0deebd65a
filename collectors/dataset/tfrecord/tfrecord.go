// Package tfrecord reads TensorFlow's record files: how many records there are, whether
// their checksums are right, and the features of the examples in them. The lengths of all
// records are walked; by default the bytes of the first ones alone are read, and with
// --profile-data those of all. A Git LFS pointer in the file's place gives the digest and
// size that it states.
//
// Source: see [github.com/mlbom/mlbom/collectors/internal/tfrecord].
//
// Not understood: records that are no tf.train.Example and no SequenceExample, which are
// counted; what images and texts in them mean; event files of TensorBoard, which have the
// same frames and are no data.
package tfrecord

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/collectors/internal/tfrecord"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads record files.
var Collector = sbom.Collector{
	Name: "dataset/tfrecord",
	Doc: `TensorFlow records (tfrecord)
Counts records, checks checksums, and reads the features of tf.train.Example and
SequenceExample; counts nulls and labels with --profile-data.`,
	Match: names(),
	Sniff: func(head []byte) bool {
		return len(head) > 7 && head[7] == 0 && head[6] == 0 && tfrecord.IsRecord(head)
	},
	Collect: collect,
}

// names are those of record files. Others are known by their bytes.
func names() []string {
	return []string{"*.tfrecord", "*.tfrecords", "*.tfrec", "*.tfrecord-*-of-*", "*.tfrecords-*-of-*", "*.tfrecord.gz", "*.tfrecords.gz", "*.tfrecord-*-of-*.gz"}
}

const format = "tfrecord"

// Bounds on a file by default, and those that hold with --profile-data too.
const (
	maxChecked  = 1000     // records
	maxBytes    = 16 << 20 // of records
	maxUnpacked = 64 << 20 // bytes that a compressed file is unpacked to
	maxFar      = 1000     // records of a file that is read over a network
	maxHeld     = 64 << 20 // bytes of one record that is looked into
	maxRecords  = 1 << 32
)

func bounds(f *sbom.File, o datafile.Owner) tfrecord.Bounds {
	b := tfrecord.Bounds{Records: maxRecords, Checked: maxChecked, Bytes: maxBytes, Held: maxHeld}
	if f.Settings.Profile {
		b.Checked, b.Bytes, b.Labels = maxRecords, math.MaxInt64, o.Labels(f)
	} else if content.Far(f) {
		b.Records = maxFar
	}
	return b
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if strings.Contains(f.Path, "tfevents") {
		return nil, nil
	}
	o := datafile.OwnerOf(f)
	if seen, ok, err := o.Pointer(f, format, ""); ok || err != nil {
		return seen, err
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	got, packed, broken := read(f, r, size, bounds(f, o))
	named := named(f.Path)
	if !named && (got.Examples+got.Sequences == 0 || got.Other > 0) {
		return nil, nil // frames of something else
	}
	is := format
	if broken != nil && got.Records == 0 && size > 0 {
		is = "" // nothing shows that it is one
	}
	s, err := o.File(f, is, "", table(f, got, packed))
	if err != nil {
		return nil, err
	}
	s.Properties = properties(got)
	if got.Broken > 0 {
		broken = errors.Join(broken, fmt.Errorf("%d of %d records that were read have a wrong checksum: the file is damaged; fetch it anew", got.Broken, got.Broken+got.Checked))
	}
	return append([]sbom.Sighting{s}, o.Dataset(s)...), broken
}

func named(name string) bool {
	c := sbom.Collector{Match: names()}
	return c.Matches(name)
}

// read walks the records of a file, which may be compressed as a whole.
func read(f *sbom.File, r io.ReaderAt, size int64, most tfrecord.Bounds) (got *tfrecord.File, packed string, err error) {
	s := io.NewSectionReader(r, 0, size)
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(s, head); err != nil {
		return &tfrecord.File{}, "", err
	}
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return &tfrecord.File{}, "", err
	}
	if !tfrecord.IsRecord(head) {
		unpacked, kind, ok := archive.Unpack(s, head, archive.Options{Limits: f.Settings.Limits})
		if ok && (kind == "gzip" || kind == "zlib" || kind == "zstd") {
			bounded := &io.LimitedReader{R: unpacked, N: math.MaxInt64}
			if !f.Settings.Profile {
				bounded.N = maxUnpacked
			}
			got, err := tfrecord.Walk(bufio.NewReader(bounded), -1, most)
			if bounded.N <= 0 { // the bound, and no fault of the file
				got.Complete, err = false, nil
			}
			return got, kind, err
		}
	}
	got, err = tfrecord.Walk(&seeker{s: s, b: bufio.NewReader(s)}, size, most)
	return got, "", err
}

// seeker reads with a buffer, and passes over what is not needed.
type seeker struct {
	s *io.SectionReader
	b *bufio.Reader
}

func (s *seeker) Read(p []byte) (int, error) { return s.b.Read(p) }

func (s *seeker) Seek(n int64, _ int) (int64, error) {
	if held := int64(s.b.Buffered()); n > held {
		at, err := s.s.Seek(n-held, io.SeekCurrent)
		s.b.Reset(s.s)
		return at, err
	}
	_, err := s.b.Discard(int(n))
	return 0, err
}

func table(f *sbom.File, got *tfrecord.File, packed string) sbom.Table {
	t := sbom.Table{Compression: packed}
	if got.Complete {
		t.Rows = &got.Records
	}
	looked := got.Examples + got.Sequences
	all := got.Complete && looked == got.Records && got.Other == 0
	if !all && got.Checked+got.Broken > 0 {
		t.Sample = fmt.Sprintf("first %d records", got.Checked+got.Broken)
	}
	if got.Other > 0 {
		return t
	}
	for _, c := range got.Columns() {
		column := sbom.Column{Name: c.Name, Type: c.Type, Nullable: c.In < looked}
		if all {
			nulls := looked - c.In
			column.Nulls = &nulls
		}
		if all && !c.Over {
			column.Labels = labels(c.Labels)
		}
		t.Columns = append(t.Columns, column)
	}
	return t
}

func labels(counts map[string]int64) []sbom.LabelCount {
	var list []sbom.LabelCount
	for _, name := range slices.SortedFunc(maps.Keys(counts), compareLabels) {
		list = append(list, sbom.LabelCount{Label: strings.ToValidUTF8(name, "\uFFFD"), Rows: counts[name]})
	}
	return list
}

// compareLabels orders numbers by their value.
func compareLabels(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	return strings.Compare(a, b)
}

func properties(got *tfrecord.File) []sbom.Property {
	var list []sbom.Property
	add := func(key, value string) {
		list = append(list, sbom.Property{Name: "mlbom:tfrecord:" + key, Value: value})
	}
	switch {
	case got.Other > 0:
		add("records", "other than examples")
	case got.Sequences > 0:
		add("records", "tf.train.SequenceExample")
	case got.Examples > 0:
		add("records", "tf.train.Example")
	}
	if got.Checked+got.Broken > 0 {
		add("checksums", fmt.Sprintf("%d of %d records are right", got.Checked, got.Checked+got.Broken))
	}
	return list
}
