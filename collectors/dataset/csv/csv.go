// Package csv reads tables in text: CSV, TSV and PSV (*.csv, *.tsv, *.psv, also with
// .gz, .zst and .bz2 behind). RFC 4180 and what is called CSV all the same: any
// delimiter, quotes of both kinds, backslashes, UTF-16 and legacy encodings.
//
// By default the first MiB is looked at. It gives the columns and their types, and where
// it is all of the file the counts too: rows, nulls, distinct values, and how many rows
// have each label. With --profile-data the whole file passes, in memory that does not
// grow. Types are those that pyarrow.csv infers (see table). Labels are counted in the
// columns that a dataset card or dataset_info.json declares as such; where none is
// declared, in those that are called label, labels, class, target or y and have few
// different values. Distinct values are exact up to table.MaxDistinct, and at least
// that many from there on.
//
// Formulas: cells that a spreadsheet runs when it opens the file. A cell that begins
// with = + - @ is one only where a function of spreadsheets, a reference or DDE follows:
// "-", "+1", "@name" and "=)" are none. Fixtures of tests are not held against this.
//
// Not understood: several tables in one file, delimiters of several characters, comments
// other than lines of "#" at the top, decimal commas, personal data (nobody guesses it).
package csv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/csvtext"
	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/collectors/internal/table"
	"github.com/mlbom/mlbom/collectors/internal/textsource"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads CSV, TSV and PSV.
var Collector = sbom.Collector{
	Name: "dataset/csv",
	Doc: "Tables in text (csv, tsv, psv, also compressed)\n\n" +
		"Columns with types as pyarrow infers them, rows, nulls, distinct values and labels: of the\n" +
		"first MiB, or of all with --profile-data. Cells that are formulas to a spreadsheet.",
	Match: []string{"*.csv", "*.tsv", "*.psv", "*.csv.gz", "*.tsv.gz", "*.psv.gz", "*.csv.zst", "*.tsv.zst", "*.psv.zst",
		"*.csv.bz2", "*.tsv.bz2", "*.psv.bz2"},
	Sniff:   textsource.Packed, // so that what its bytes show to be something else goes to whoever knows it
	Collect: collect,
}

// Bounds on a file.
const (
	sampleSize  = 1 << 20  // bytes that are looked at by default
	smallSample = 64 << 10 // of these, what is read at first: most tables are smaller
	maxColumns  = 5000     // that are told of
)

var kinds = map[string]struct {
	delimiter byte
	media     string
}{
	".csv": {',', "text/csv"},
	".tsv": {'\t', "text/tab-separated-values"},
	".psv": {'|', "text/csv"},
}

// formatOf gives the format that the name says; "" for none of ours.
func formatOf(name string) (format, media string, delimiter byte) {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst", ".bz2"} {
		name = strings.TrimSuffix(name, packed)
	}
	k, ok := kinds[path.Ext(name)]
	if !ok {
		return "", "", 0
	}
	return path.Ext(name)[1:], k.media, k.delimiter
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	format, media, delimiter := formatOf(f.Path)
	if format == "" {
		return nil, nil
	}
	owner := datafile.OwnerOf(f)
	if seen, ok, err := owner.Pointer(f, format, media); ok || err != nil {
		return seen, err
	}
	src, err := textsource.Open(f)
	if err != nil {
		return nil, fmt.Errorf("the table cannot be read: %w", err)
	}
	defer src.Close()
	r := &reading{ctx: ctx, file: f, owner: owner, source: src, formulas: !owner.Fixture}
	if owner.Split != "" {
		r.prints = &table.Prints{}
	}
	r.read(delimiter)
	file, err := owner.File(f, format, media, r.table())
	if err != nil {
		return nil, err
	}
	file.Properties = r.properties(delimiter)
	if r.whole {
		file.File.Rows = r.prints.Result()
	}
	file.Findings = r.found.findings(r.whole)
	return append([]sbom.Sighting{file}, owner.Dataset(file)...), errors.Join(r.problems...)
}

// read reads the sample, and all of the file where the user wants a profile.
func (r *reading) read(delimiter byte) {
	sample := make([]byte, smallSample)
	n, err := io.ReadFull(r.source, sample)
	if err == nil {
		more := make([]byte, sampleSize)
		copy(more, sample)
		var m int
		m, err = io.ReadFull(r.source, more[n:])
		sample, n = more, n+m
	}
	sample = sample[:n]
	ends := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !ends {
		r.problem(0, "%v", err)
	}
	r.whole = ends || err == nil && r.file.Settings.Profile
	r.shape = csvtext.Sniff(sample, ends, delimiter)
	var rest io.Reader
	if err == nil && r.whole {
		rest = r.source
	}
	r.records(csvtext.NewScanner(csvtext.Reader(sample, rest), r.shape.Dialect))
}
