package rdata

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a stream.
const (
	maxDepth  = 2000
	maxItems  = 50_000_000
	maxRefs   = 10_000_000
	maxText   = 256 // bytes that are kept of a text
	maxNames  = 64
	maxString = 1 << 31
)

// stream is a serialisation.
type stream struct {
	ctx    context.Context
	r      *bufio.Reader
	format string // "rds" or "rdata"
	packed string // compression
	form   string // "xdr 3", "ascii 2", "binary 2"
	writer string // version of R
	ascii  bool
	order  binary.ByteOrder

	refs    []string // names of what can be referred to again
	items   int
	promise int      // depth of promises that would run
	env     int      // depth of environments
	live    int      // promises that would run
	top     []string // classes of the outermost objects
	names   []string // of the objects in a workspace
	code    map[string]int
	calls   []string // functions that promises call
	unsafe  bool
	uses    []sbom.Use
}

// begin reads the head: of a workspace its magic, then the form and the versions.
func (s *stream) begin() (found bool, err error) {
	if head, err := s.r.Peek(5); err == nil && head[4] == '\n' && (head[3] == '2' || head[3] == '3') && strings.HasPrefix(string(head), "RD") && strings.ContainsRune("XAB", rune(head[2])) {
		s.format = "rdata"
		if _, err := s.r.Discard(5); err != nil {
			return false, err
		}
	}
	head, err := s.r.Peek(2)
	if err != nil || head[1] != '\n' {
		return false, nil
	}
	switch head[0] {
	case 'X':
		s.form, s.order = "xdr", binary.BigEndian
	case 'B':
		s.form, s.order = "binary", binary.LittleEndian
	case 'A':
		s.form, s.ascii = "ascii", true
	default:
		return false, nil
	}
	if _, err := s.r.Discard(2); err != nil {
		return false, err
	}
	return s.versions()
}

func (s *stream) versions() (found bool, err error) {
	var v [3]int
	for i := range v {
		if v[i], err = s.int(); err != nil {
			return false, nil
		}
	}
	if v[0] != 2 && v[0] != 3 {
		return v[0] > 0 && v[0] < 16, fmt.Errorf("the serialisation has version %d, and 2 and 3 are known", v[0])
	}
	s.form += " " + strconv.Itoa(v[0])
	if w := v[1]; w > 0 && w < 1<<24 {
		s.writer = fmt.Sprintf("%d.%d.%d", w>>16, w>>8&255, w&255)
	}
	if v[0] == 3 { // the encoding of texts
		n, err := s.int()
		if err == nil {
			_, err = s.text(n)
		}
		return true, err
	}
	return true, nil
}

// read reads the object.
func (s *stream) read() error {
	o, err := s.item(0)
	if err != nil {
		return err
	}
	s.top = o.classes()
	if s.format == "rdata" {
		s.top, s.names = nil, o.tags
		for _, c := range o.values {
			s.top = append(s.top, c...)
		}
	}
	return nil
}

// word takes one word of the ASCII form.
func (s *stream) word() (string, error) {
	var b []byte
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return "", err
		}
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			if len(b) > 0 {
				return string(b), nil
			}
			continue
		}
		if b = append(b, c); len(b) > 64 {
			return "", errors.New("a number of the ASCII form is too long")
		}
	}
}

func (s *stream) int() (int, error) {
	if s.ascii {
		w, err := s.word()
		if err != nil {
			return 0, err
		}
		if w == "NA" {
			return -1 << 31, nil
		}
		n, err := strconv.ParseInt(w, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("%.20q is no number of the ASCII form", w)
		}
		return int(n), nil
	}
	var b [4]byte
	if _, err := io.ReadFull(s.r, b[:]); err != nil {
		return 0, err
	}
	return int(int32(s.order.Uint32(b[:]))), nil
}

// length takes the number of elements of a vector.
func (s *stream) length() (int64, error) {
	n, err := s.int()
	if err != nil || n >= 0 {
		return int64(n), err
	}
	if n != -1 {
		return 0, fmt.Errorf("a vector has %d elements", n)
	}
	high, err := s.int()
	if err != nil {
		return 0, err
	}
	low, err := s.int()
	if err != nil {
		return 0, err
	}
	if high < 0 || high > 1<<16 {
		return 0, errors.New("a vector is too long")
	}
	return int64(high)<<32 | int64(uint32(low)), nil
}

// skip passes over elements of so many bytes each.
func (s *stream) skip(n int64, width int) error {
	if !s.ascii {
		if n > 1<<58 {
			return errors.New("a vector is too long")
		}
		_, err := io.CopyN(io.Discard, s.r, n*int64(width))
		return err
	}
	words := n
	if width == 16 { // a complex number is two words
		words *= 2
	}
	for i := range words {
		if i%4096 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if _, err := s.word(); err != nil {
			return err
		}
	}
	return nil
}

// text takes so many bytes of text, of which the first are kept.
func (s *stream) text(n int) (string, error) {
	if n == -1 { // NA
		return "", nil
	}
	if n < 0 || n > maxString {
		return "", fmt.Errorf("a text has %d bytes", n)
	}
	if s.ascii {
		return s.escaped(n)
	}
	b := make([]byte, min(n, maxText))
	if _, err := io.ReadFull(s.r, b); err != nil {
		return "", err
	}
	_, err := io.CopyN(io.Discard, s.r, int64(n-len(b)))
	return string(b), err
}

// escaped takes a text of the ASCII form, with escapes as in C.
func (s *stream) escaped(n int) (string, error) {
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return "", err
		}
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			if err := s.r.UnreadByte(); err != nil {
				return "", err
			}
			break
		}
		if n == 0 { // the end of its line: an empty text
			return "", nil
		}
	}
	var b []byte
	for range n {
		c, err := s.char()
		if err != nil {
			return "", err
		}
		if len(b) < maxText {
			b = append(b, c)
		}
	}
	return string(b), nil
}

func (s *stream) char() (byte, error) {
	c, err := s.r.ReadByte()
	if err != nil || c != '\\' {
		return c, err
	}
	if c, err = s.r.ReadByte(); err != nil {
		return 0, err
	}
	if i := strings.IndexByte("ntvbrfa", c); i >= 0 {
		return "\n\t\v\b\r\f\a"[i], nil
	}
	if c < '0' || c > '7' {
		return c, nil
	}
	v := c - '0'
	for range 2 {
		next, err := s.r.Peek(1)
		if err != nil || next[0] < '0' || next[0] > '7' {
			break
		}
		v = v<<3 + next[0] - '0'
		if _, err := s.r.Discard(1); err != nil {
			return 0, err
		}
	}
	return v, nil
}
