// Package csvtext reads CSV in any of its dialects, as fast as it can be found where
// fields end, and finds out which dialect a text is of.
//
// Fields are read as Python's csv module reads them: a quote opens a field only as its
// first character, and what stands behind the closing one belongs to it. Lines end with
// LF, CR LF or CR; empty lines are passed over.
package csvtext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a text.
const (
	MaxRecord = 64 << 20 // bytes of one record
	MaxFields = 100_000  // of one record
	startSize = 256 << 10
)

// Dialect says how fields and records are written.
type Dialect struct {
	Delimiter byte
	Quote     byte // 0: there is none
	Escape    byte // a character that takes its meaning from the next; 0: there is none
}

// Scanner reads records one after the other, in memory that does not grow with the
// text. Lines count from 1.
type Scanner struct {
	Dialect
	Line   int      // where the record begins
	Fields [][]byte // of the record, valid until the next
	// Unclosed is the line of the record whose last quote is never closed; 0 for none.
	Unclosed int

	from       io.Reader
	buf        []byte
	start, end int
	next       int // line of the next record
	ended      bool
	err        error
	scratch    []byte
	ate        int // bytes that the record took
	lines      int // line ends in it
	open       bool
	pattern    [3]uint64
}

// NewScanner gives a scanner.
func NewScanner(r io.Reader, d Dialect) *Scanner {
	return &Scanner{Dialect: d, from: r, buf: make([]byte, startSize), next: 1,
		pattern: [3]uint64{uint64(d.Delimiter) * ones, '\n' * ones, '\r' * ones}}
}

// Err tells why Scan stopped before the end of the text; nil at its end.
func (s *Scanner) Err() error { return s.err }

// Scan goes to the next record.
func (s *Scanner) Scan() bool {
	for s.err == nil {
		if !s.record() {
			if s.ended && s.start == s.end {
				return false
			}
			if !s.more() {
				return false
			}
			continue
		}
		s.Line = s.next
		s.start += s.ate
		s.next += s.lines
		if len(s.Fields) == 1 && len(s.Fields[0]) == 0 && !s.open {
			continue // an empty line
		}
		return true
	}
	return false
}

// more reads on. The record that did not end is read anew from its start.
func (s *Scanner) more() bool {
	if s.start > 0 {
		copy(s.buf, s.buf[s.start:s.end])
		s.end -= s.start
		s.start = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= MaxRecord {
			s.err = &sbom.Problem{Line: s.next, Reason: fmt.Sprintf("a record is longer than %d MiB, most likely because a quote is never closed; what follows was not read", MaxRecord>>20)}
			return false
		}
		grown := make([]byte, 2*len(s.buf))
		copy(grown, s.buf[:s.end])
		s.buf = grown
	}
	for s.end < len(s.buf) && !s.ended {
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		if errors.Is(err, io.EOF) {
			s.ended = true
		} else if err != nil {
			s.err = err
			return false
		}
	}
	return s.end > 0
}

// record reads the record at start; false where its end is not in memory.
func (s *Scanner) record() bool {
	b := s.buf[s.start:s.end]
	s.Fields, s.scratch, s.lines, s.open = s.Fields[:0], s.scratch[:0], 0, false
	if len(b) == 0 {
		return false
	}
	i := 0
	for {
		j, whole := s.field(b, i)
		if !whole {
			return false
		}
		if len(s.Fields) > MaxFields {
			s.err = &sbom.Problem{Line: s.next, Reason: fmt.Sprintf("a record has more than %d fields; what follows was not read", MaxFields)}
			return false
		}
		if j >= len(b) {
			if !s.ended {
				return false
			}
			s.ate = len(b)
			return true
		}
		switch b[j] {
		case '\n':
			s.ate, s.lines = j+1, s.lines+1
			return true
		case '\r':
			if j+1 >= len(b) && !s.ended {
				return false
			}
			s.ate, s.lines = j+1, s.lines+1
			if j+1 < len(b) && b[j+1] == '\n' {
				s.ate++
			}
			return true
		}
		i = j + 1
	}
}

// field reads the field at i and gives where it ends; false where that is not in memory.
func (s *Scanner) field(b []byte, i int) (end int, whole bool) {
	if i < len(b) && b[i] == s.Quote && s.Quote != 0 {
		return s.quoted(b, i)
	}
	if s.Escape != 0 {
		return s.escaped(b, i, i, nil)
	}
	end = s.stop(b, i)
	s.Fields = append(s.Fields, b[i:end])
	return end, true
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// stop gives where a field that has no quote ends. Eight bytes at a time: a byte that
// is looked for becomes zero, and the lowest zero byte is found by its high bit.
func (s *Scanner) stop(b []byte, i int) int {
	p := &s.pattern
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		x, y, z := w^p[0], w^p[1], w^p[2]
		if found := ((x - ones) &^ x) | ((y - ones) &^ y) | ((z - ones) &^ z); found&highs != 0 {
			return i + bits.TrailingZeros64(found&highs)>>3
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == s.Delimiter || c == '\n' || c == '\r' {
			return i
		}
	}
	return i
}

// quoted reads a field that begins with a quote.
func (s *Scanner) quoted(b []byte, i int) (end int, whole bool) {
	s.open = true
	i++
	from := i
	var text []byte // what was taken apart, in scratch
	for quote := -1; ; {
		if quote < i { // looked for once, or a text of escapes would be read over and over
			quote = s.quoteAfter(b, i)
		}
		j := s.closing(b, i, quote)
		if j >= len(b) {
			if !s.ended {
				return 0, false
			}
			s.lines += bytes.Count(b[from:], []byte{'\n'})
			s.take(b[i:], text)
			s.Unclosed = s.next
			return len(b), true
		}
		switch {
		case b[j] == s.Escape && s.Escape != 0:
			if j+1 >= len(b) {
				if !s.ended {
					return 0, false
				}
				s.take(b[i:], text)
				return len(b), true
			}
			text = s.append(text, b[i:j], b[j+1])
			i = j + 2
		case j+1 < len(b) && b[j+1] == s.Quote:
			text = s.append(text, b[i:j], s.Quote)
			i = j + 2
		case j+1 >= len(b) && !s.ended:
			return 0, false
		default:
			s.lines += bytes.Count(b[from:j], []byte{'\n'})
			end = s.stop(b, j+1)
			if end == j+1 {
				s.take(b[i:j], text)
				return end, true
			}
			s.take(b[j+1:end], s.append(text, b[i:j]))
			return end, true
		}
	}
}

// quoteAfter finds the next quote; the end where there is none.
func (s *Scanner) quoteAfter(b []byte, i int) int {
	if j := bytes.IndexByte(b[i:], s.Quote); j >= 0 {
		return i + j
	}
	return len(b)
}

// closing finds the next escape before the quote, or that.
func (s *Scanner) closing(b []byte, i, quote int) int {
	if s.Escape != 0 {
		if k := bytes.IndexByte(b[i:quote], s.Escape); k >= 0 {
			return i + k
		}
	}
	return quote
}

// append adds to a field that is taken apart.
func (s *Scanner) append(text, more []byte, then ...byte) []byte {
	if text == nil {
		if cap(s.scratch)-len(s.scratch) < len(more)+1 {
			s.scratch = make([]byte, 0, max(4096, 2*len(more)))
		}
		text = s.scratch[len(s.scratch):]
	}
	return append(append(text, more...), then...)
}

// take adds a field to the record.
func (s *Scanner) take(rest, text []byte) {
	if text == nil {
		s.Fields = append(s.Fields, rest)
		return
	}
	text = append(text, rest...)
	s.Fields = append(s.Fields, text)
	if n := len(s.scratch) + len(text); n <= cap(s.scratch) {
		s.scratch = s.scratch[:n]
	} else {
		s.scratch = nil // the field moved to memory of its own
	}
}

// escaped reads a field without quotes in which characters are escaped.
func (s *Scanner) escaped(b []byte, from, i int, text []byte) (end int, whole bool) {
	for end = -1; ; {
		if end < i {
			end = s.stop(b, i)
		}
		k := bytes.IndexByte(b[from:end], s.Escape)
		if k < 0 {
			s.take(b[from:end], text)
			return end, true
		}
		k += from
		if k+1 >= len(b) {
			if !s.ended {
				return 0, false
			}
			s.take(b[from:k], text)
			return len(b), true
		}
		text = s.append(text, b[from:k], b[k+1])
		from, i = k+2, k+2
	}
}
