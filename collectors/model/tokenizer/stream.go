package tokenizer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// source is an open file, and how much of it is read at the most.
type source struct {
	at    io.ReaderAt
	size  int64
	limit int64 // bytes
}

func (s source) reader() *bufio.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(s.at, 0, min(s.size, s.limit)), 1<<16)
}

// whole says whether the limit leaves any of the file out.
func (s source) whole() error {
	if s.size > s.limit {
		return fmt.Errorf("the tokenizer has %d bytes, and %d are read: raise the limit on headers", s.size, s.limit)
	}
	return nil
}

// stream reads JSON value by value, and holds none but the string that is looked
// at: a vocabulary is counted, ten times as fast as the standard library's tokens.
type stream struct {
	*bufio.Reader
	text []byte // of the last string
}

func newStream(s source) *stream { return &stream{Reader: s.reader()} }

// Bounds on a value.
const (
	maxLevels = 1000
	maxString = 64 << 20 // bytes; a table of characters has some 300 kB
)

// fail says what is wrong, for whoever wrote the file.
func fail(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &sbom.Problem{Reason: "the tokenizer ends in the middle; fetch it anew"}
	}
	return &sbom.Problem{Reason: "the tokenizer is no valid JSON: " + err.Error()}
}

// peek gives the first byte of what comes next.
func (s *stream) peek() (byte, error) {
	for {
		c, err := s.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, s.UnreadByte()
		}
	}
}

func unexpected(c byte) error { return fmt.Errorf("unexpected %q", c) }

// members goes through what stands between brackets; each reads one.
func (s *stream) members(open, closer byte, each func() error) error {
	if c, err := s.take(); err != nil || c != open {
		return errors.Join(err, unexpected(c))
	}
	for first := true; ; first = false {
		c, err := s.peek()
		if err != nil {
			return err
		}
		switch {
		case c == closer:
			_, err = s.ReadByte()
			return err
		case first:
		case c == ',':
			if _, err = s.ReadByte(); err != nil {
				return err
			}
		default:
			return unexpected(c)
		}
		if err := each(); err != nil {
			return err
		}
	}
}

func (s *stream) take() (byte, error) {
	c, err := s.peek()
	if err != nil {
		return 0, err
	}
	_, err = s.ReadByte()
	return c, err
}

// object calls each before the value of every key; something else than an object
// is passed over, and ok is false.
func (s *stream) object(each func(key string) error) (ok bool, err error) {
	if c, err := s.peek(); err != nil || c != '{' {
		return false, errors.Join(err, s.pass(err))
	}
	return true, s.members('{', '}', func() error {
		key, err := s.string()
		if err != nil {
			return err
		}
		name := string(key)
		if c, err := s.take(); err != nil || c != ':' {
			return errors.Join(err, unexpected(c))
		}
		return each(name)
	})
}

// pass passes over a value, but after an error.
func (s *stream) pass(err error) error {
	if err != nil {
		return nil
	}
	return s.skip()
}

// array calls each before every value; something else is passed over.
func (s *stream) array(each func() error) error {
	if c, err := s.peek(); err != nil || c != '[' {
		return errors.Join(err, s.pass(err))
	}
	return s.members('[', ']', each)
}

// scalar gives a string, a number or a word as text; anything else is passed over
// and gives "".
func (s *stream) scalar() (string, error) {
	c, err := s.peek()
	switch {
	case err != nil:
		return "", err
	case c == '"':
		text, err := s.string()
		return valid(text), err
	case c == '{' || c == '[':
		return "", s.skip()
	}
	return s.word()
}

// str gives a string; anything else is passed over and gives "".
func (s *stream) str() (string, error) {
	if c, err := s.peek(); err != nil || c != '"' {
		return "", errors.Join(err, s.pass(err))
	}
	text, err := s.string()
	return valid(text), err
}

func valid(text []byte) string { return strings.ToValidUTF8(string(text), "\uFFFD") }

// string reads a string; the bytes are valid until the next one is read.
func (s *stream) string() ([]byte, error) {
	if c, err := s.take(); err != nil || c != '"' {
		return nil, errors.Join(err, unexpected(c))
	}
	s.text = append(s.text[:0], '"')
	escaped := false
	for {
		part, err := s.ReadSlice('"')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if s.text = append(s.text, part...); len(s.text) > maxString {
			return nil, fmt.Errorf("a string of more than %d bytes", maxString)
		}
		slashes := 0
		for n := len(s.text) - 2; err == nil && n > 0 && s.text[n] == '\\'; n-- {
			slashes++
		}
		escaped = escaped || slashes > 0
		if err == nil && slashes%2 == 0 {
			break
		}
	}
	inner := s.text[1 : len(s.text)-1]
	if !escaped {
		for _, c := range inner {
			if escaped = c == '\\'; escaped {
				break
			}
		}
	}
	if !escaped {
		return inner, nil
	}
	var text string
	if err := json.Unmarshal(s.text, &text); err != nil {
		return nil, err
	}
	return []byte(text), nil
}

// word reads a number, true, false or null.
func (s *stream) word() (string, error) {
	var b []byte
	for len(b) < 64 {
		c, err := s.ReadByte()
		if err != nil && !errors.Is(err, io.EOF) || err != nil && len(b) == 0 {
			return "", err
		}
		if err != nil || !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E') {
			if err == nil {
				if err := s.UnreadByte(); err != nil {
					return "", err
				}
				if len(b) == 0 {
					return "", unexpected(c)
				}
			}
			break
		}
		b = append(b, c)
	}
	text := string(b)
	if _, err := strconv.ParseFloat(text, 64); err != nil && text != "true" && text != "false" && text != "null" && !errors.Is(err, strconv.ErrRange) {
		return "", fmt.Errorf("unexpected %q", text)
	}
	return text, nil
}

// skip passes over a value, without recursion.
func (s *stream) skip() error {
	depth := 0
	for {
		c, err := s.peek()
		if err != nil {
			return err
		}
		switch c {
		case '{', '[':
			depth++
			_, err = s.ReadByte()
		case '}', ']':
			depth--
			_, err = s.ReadByte()
		case ',', ':':
			_, err = s.ReadByte()
			if depth == 0 {
				err = unexpected(c)
			}
		case '"':
			_, err = s.string()
		default:
			_, err = s.word()
		}
		switch {
		case err != nil:
			return err
		case depth < 0:
			return unexpected(c)
		case depth > maxLevels:
			return fmt.Errorf("values are nested more than %d levels deep", maxLevels)
		case depth == 0 && c != ',' && c != ':':
			return nil
		}
	}
}
