package tokenizer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/mlbom/mlbom/sbom"
)

// source is an open file, and how much of it is held at the most.
type source struct {
	at    io.ReaderAt
	size  int64
	limit int64 // bytes
}

func (s source) reader() io.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(s.at, 0, min(s.size, s.limit)), 1<<16)
}

// whole says whether the limit leaves any of the file out.
func (s source) whole() error {
	if s.size > s.limit {
		return fmt.Errorf("the tokenizer has %d bytes, and %d are read: raise the limit on headers", s.size, s.limit)
	}
	return nil
}

// stream reads JSON token by token: a vocabulary is counted, and never held.
type stream struct {
	*json.Decoder
}

func newStream(s source) stream {
	d := json.NewDecoder(s.reader())
	d.UseNumber()
	return stream{d}
}

const maxLevels = 1000

var errShape = errors.New("not of the form of a tokenizer")

// fail says what is wrong, for whoever wrote the file.
func fail(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &sbom.Problem{Reason: "the tokenizer ends in the middle; fetch it anew"}
	}
	return &sbom.Problem{Reason: "the tokenizer is no valid JSON: " + err.Error()}
}

// object calls each before the value of every key; something else than an object
// is passed over, and ok is false.
func (s stream) object(each func(key string) error) (ok bool, err error) {
	t, err := s.Token()
	if err != nil {
		return false, err
	}
	if t != json.Delim('{') {
		return false, s.rest(t)
	}
	for s.More() {
		key, err := s.Token()
		if err != nil {
			return true, err
		}
		if err := each(key.(string)); err != nil {
			return true, err
		}
	}
	_, err = s.Token()
	return true, err
}

// array calls each before every value.
func (s stream) array(each func() error) error {
	t, err := s.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return s.rest(t)
	}
	for s.More() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err = s.Token()
	return err
}

// text reads a string; anything else is passed over and gives "".
func (s stream) text() (string, error) {
	t, err := s.Token()
	if err != nil {
		return "", err
	}
	if text, ok := t.(string); ok {
		return text, nil
	}
	return "", s.rest(t)
}

func (s stream) skip() error {
	t, err := s.Token()
	if err != nil {
		return err
	}
	return s.rest(t)
}

// rest passes over what is left of the value that began with t.
func (s stream) rest(t json.Token) error {
	depth := 0
	for {
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxLevels {
				return fmt.Errorf("values are nested more than %d levels deep", maxLevels)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if t, err = s.Token(); err != nil {
			return err
		}
	}
}

const (
	delimObject = json.Delim('{')
	delimArray  = json.Delim('[')
)
