// Package pyrecord reads RECORD, which lists the files of a wheel and of an
// installed Python package with their digests and sizes
// (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
//
// Not understood: MD5 and SHA-1, which the specification forbids.
package pyrecord

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one RECORD.
const (
	maxEntries  = 500_000
	maxProblems = 20
)

// Entry is one listed file.
type Entry struct {
	Name   string // with slashes; it may lead anywhere
	Digest string // its bytes; "" where none is recorded or it is not usable
	Size   int64  // -1 where none is recorded
	Line   int
	sum    func() hash.Hash
}

// Matches tells whether what r gives, up to a number of bytes, is the recorded
// file. The entry must have a digest.
func (e Entry) Matches(r io.Reader, limit int64) (same bool, n int64, err error) {
	sum := e.sum()
	if n, err = io.Copy(sum, io.LimitReader(r, limit)); err != nil {
		return false, n, err
	}
	return string(sum.Sum(nil)) == e.Digest, n, nil
}

type reader struct {
	list     []Entry
	problems []error
}

func (r *reader) problem(line int, format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

// Parse reads all lines, and gives those that are broken as problems.
func Parse(text string) ([]Entry, []error) {
	r := &reader{}
	rows := csv.NewReader(strings.NewReader(text))
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true
	for {
		row, err := rows.Read()
		var bad *csv.ParseError
		switch {
		case err == io.EOF:
			return r.list, r.problems
		case errors.As(err, &bad):
			r.problem(bad.Line, "the line is no comma-separated list: %v", bad.Err)
			continue
		case err != nil:
			r.problem(0, "%v", err)
			return r.list, r.problems
		case len(r.list) == maxEntries:
			r.problem(0, "more than %d files; the rest is not read", maxEntries)
			return r.list, r.problems
		}
		line, _ := rows.FieldPos(0)
		r.entry(row, line)
	}
}

var sums = map[string]func() hash.Hash{"sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

func (r *reader) entry(row []string, line int) {
	if len(row) != 3 {
		r.problem(line, "%.80q: want a path, a digest and a size", strings.Join(row, ","))
		return
	}
	e := Entry{Name: strings.ReplaceAll(strings.Clone(row[0]), "\\", "/"), Size: -1, Line: line}
	if e.Name == "" {
		r.problem(line, "the line names no file")
		return
	}
	if n, err := strconv.ParseInt(row[2], 10, 64); row[2] != "" && (err != nil || n < 0) {
		r.problem(line, "%.80q: %.40q is no size", e.Name, row[2])
	} else if row[2] != "" {
		e.Size = n
	}
	if row[1] != "" {
		alg, text, _ := strings.Cut(row[1], "=")
		switch e.sum = sums[alg]; {
		case e.sum == nil:
			r.problem(line, "%.80q: digests of kind %.20q are not known or not safe", e.Name, alg)
		default:
			if e.Digest = decode(text, e.sum().Size()); e.Digest == "" {
				r.problem(line, "%.80q: the digest is not in base64 or not complete", e.Name)
			}
		}
	}
	r.list = append(r.list, e)
}

// decode reads a digest in base64, or in hexadecimal, as packages of Debian have it.
func decode(text string, size int) string {
	digest, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if len(text) == 2*size {
		digest, err = hex.DecodeString(text)
	}
	if err != nil || len(digest) != size {
		return ""
	}
	return string(digest)
}
