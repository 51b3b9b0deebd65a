package jsonrows

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a stream.
const (
	MaxRecord = 64 << 20 // bytes of one record
	startSize = 256 << 10
)

// Stream gives pieces of a text in memory that does not grow with it.
type Stream struct {
	Line       int // of the next piece
	from       io.Reader
	buf        []byte
	start, end int
	ended      bool
	err        error
}

// NewStream gives a stream.
func NewStream(r io.Reader) *Stream {
	return &Stream{Line: 1, from: r, buf: make([]byte, startSize)}
}

// more reads on; false at the end of the text, or where it cannot be read.
func (s *Stream) more() bool {
	if s.ended || s.err != nil {
		return false
	}
	if s.start > 0 {
		copy(s.buf, s.buf[s.start:s.end])
		s.end -= s.start
		s.start = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= MaxRecord {
			s.err = &sbom.Problem{Line: s.Line, Reason: fmt.Sprintf("a record is longer than %d MiB; what follows was not read", MaxRecord>>20)}
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	from := s.end
	for s.end < len(s.buf) && !s.ended && s.err == nil { // all of it, or a long record would be looked at too often
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		if errors.Is(err, io.EOF) {
			s.ended = true
		} else if err != nil {
			s.err = err
		}
	}
	return s.end > from
}

// Err tells why the stream stopped before the end of the text.
func (s *Stream) Err() error { return s.err }

// NextLine gives the next line without its end; last tells that the text ends in it.
func (s *Stream) NextLine() (line []byte, number int, last, ok bool) {
	looked := 0
	for {
		if i := bytes.IndexByte(s.buf[s.start+looked:s.end], '\n'); i >= 0 {
			i += looked
			line = s.buf[s.start : s.start+i]
			s.start += i + 1
			s.Line++
			return line, s.Line - 1, false, true
		}
		looked = s.end - s.start
		if !s.more() {
			break
		}
	}
	if s.err != nil || s.start == s.end {
		return nil, s.Line, true, false
	}
	line = s.buf[s.start:s.end]
	s.start = s.end
	return line, s.Line, true, true
}

// Peek gives the next byte that is no white space; 0 at the end.
func (s *Stream) Peek() byte {
	for {
		b := s.buf[s.start:s.end]
		i := space(b, 0)
		s.Line += bytes.Count(b[:i], []byte{'\n'})
		s.start += i
		if i < len(b) {
			return b[i]
		}
		if !s.more() {
			return 0
		}
	}
}

// Take takes the byte that Peek gave.
func (s *Stream) Take() { s.start++ }

// Value gives the next value, checked, and its line.
func (s *Stream) Value() (value []byte, line int, err error) {
	if s.Peek() == 0 {
		return nil, s.Line, s.fault(errShort)
	}
	for {
		b := s.buf[s.start:s.end]
		end, err := skip(b, 0, 0)
		if err == nil && end == len(b) && !s.ended && s.err == nil {
			s.more() // a number may go on
			continue
		}
		if err == nil {
			line = s.Line
			s.Line += bytes.Count(b[:end], []byte{'\n'})
			s.start += end
			return b[:end], line, nil
		}
		if errors.Is(err, errValue) && end >= len(b) {
			err = errShort
		}
		if !errors.Is(err, errShort) || !s.more() {
			s.Line += bytes.Count(b[:min(end, len(b))], []byte{'\n'})
			return nil, s.Line, s.fault(err)
		}
	}
}

// fault gives the reason of a stop: that of the reader before that of the syntax.
func (s *Stream) fault(err error) error {
	if s.err != nil {
		return s.err
	}
	return &sbom.Problem{Line: s.Line, Reason: "not JSON: " + err.Error()}
}

// Check checks a line that holds one value, and gives that without space around it.
func Check(line []byte) ([]byte, error) {
	from := space(line, 0)
	end, err := skip(line, from, 0)
	if err != nil {
		return nil, err
	}
	if space(line, end) < len(line) {
		return nil, errMore
	}
	return line[from:end], nil
}

// Ended tells whether the text is read to its end.
func (s *Stream) Ended() bool { return s.ended && s.start == s.end }
