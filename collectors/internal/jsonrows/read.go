package jsonrows

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/table"
	"github.com/mlbom/mlbom/collectors/internal/textsource"
	"github.com/mlbom/mlbom/sbom"
)

const (
	sampleSize  = 1 << 20 // bytes that are looked at by default
	rowsPerLook = 1 << 12 // records between two looks at whether the user gave up
)

// Layout is how records stand in a text.
type Layout int

// The layouts.
const (
	None   Layout = iota // they do not
	Lines                // one a line
	Values               // one after the other, over several lines
	Array                // as the elements of one array
	Object               // in arrays that are members of one object
)

// File is what was read of one file.
type File struct {
	Layout   Layout
	Records  *Records // of an object those of its main list
	Lists    []List   // of an object
	Whole    bool     // all records were seen
	Problems []error
	Source   *textsource.Source

	ctx      context.Context
	declared []string
	broken   int64
	brokenAt int
	why      string
}

// List is one array in an object.
type List struct {
	Name    string
	Records *Records
}

// Read reads the records of a file: the first MiB, or all of it where the user wants a
// profile. lines tells that the file's name says lines. declared are the members that
// are labels. The result is nil where the text is not of records.
func Read(ctx context.Context, f *sbom.File, lines bool, declared []string) (*File, error) {
	src, err := textsource.Open(f)
	if err != nil {
		return nil, fmt.Errorf("the records cannot be read: %w", err)
	}
	defer src.Close()
	sample := make([]byte, sampleSize)
	n, err := io.ReadFull(src, sample)
	sample = sample[:n]
	ends := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	x := &File{Records: &Records{Declared: declared, Prints: &table.Prints{}}, Source: src, ctx: ctx, declared: declared, Layout: layoutOf(sample, lines)}
	if err != nil && !ends {
		x.Problems = append(x.Problems, err)
	}
	x.Whole = ends || err == nil && f.Settings.Profile
	var from io.Reader = bytes.NewReader(sample)
	if err == nil && x.Whole {
		from = io.MultiReader(from, src)
	}
	x.read(NewStream(from))
	return x, nil
}

func (x *File) read(s *Stream) {
	switch x.Layout {
	case None:
		return
	case Lines:
		x.lines(s)
	case Values:
		x.values(s)
	case Array:
		s.Peek()
		s.Take()
		x.array(s, x.Records)
	case Object:
		x.object(s)
	}
	if x.broken > 0 {
		more := ""
		if x.broken > 1 {
			more = fmt.Sprintf("; %d lines are broken", x.broken)
		}
		x.problem(&sbom.Problem{Line: x.brokenAt, Reason: "the line is no JSON: " + x.why + more})
	}
}

func (x *File) problem(err error) { x.Problems = append(x.Problems, err) }

// fault notes why reading stopped. The end of a sample is none.
func (x *File) fault(s *Stream, err error) {
	if !x.Whole && s.ended && s.err == nil {
		return
	}
	x.Whole = false
	x.problem(err)
}

// stopped looks now and then whether the user gave up.
func (x *File) stopped(rows int64) bool {
	if rows%rowsPerLook != 0 || x.ctx.Err() == nil {
		return false
	}
	x.Whole = false
	x.problem(errors.New("reading was stopped"))
	return true
}

func (x *File) lines(s *Stream) {
	for n := int64(1); !x.stopped(n); n++ {
		line, number, last, ok := s.NextLine()
		if !ok || last && !x.Whole {
			break
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		record, err := Check(line)
		if err != nil {
			if x.broken++; x.broken == 1 {
				x.brokenAt, x.why = number, err.Error()
			}
			continue
		}
		x.Records.Add(record, number)
	}
	if s.Err() != nil {
		x.fault(s, s.Err())
	}
}

func (x *File) values(s *Stream) {
	for s.Peek() != 0 && !x.stopped(x.Records.Rows+1) {
		record, line, err := s.Value()
		if err != nil {
			x.fault(s, err)
			return
		}
		x.Records.Add(record, line)
	}
	if s.Err() != nil {
		x.fault(s, s.Err())
	}
}

// array reads elements up to the end of an array, whose begin is taken; false where that
// is not reached.
func (x *File) array(s *Stream, into *Records) bool {
	if s.Peek() == ']' {
		s.Take()
		return true
	}
	for !x.stopped(into.Rows + 1) {
		record, line, err := s.Value()
		if err != nil {
			x.fault(s, err)
			return false
		}
		into.Add(record, line)
		if into.categories {
			into.remember(record)
		}
		switch s.Peek() {
		case ',':
			s.Take()
		case ']':
			s.Take()
			return true
		case 0:
			x.fault(s, s.fault(errShort))
			return false
		default:
			x.fault(s, s.fault(errComma))
			return false
		}
	}
	return false
}

// listNames are the members of one object that hold records, the main one first.
var listNames = []string{"data", "examples", "rows", "records", "instances", "samples", "questions", "images", "annotations", "categories", "features", "train", "validation", "test"}

// object reads the lists in one object.
func (x *File) object(s *Stream) {
	s.Peek()
	s.Take()
	for s.Peek() == '"' {
		key, _, err := s.Value()
		if err != nil {
			x.fault(s, err)
			return
		}
		name := string(Unquote(key))
		if s.Peek() != ':' {
			x.fault(s, s.fault(errColon))
			return
		}
		s.Take()
		if !x.member(s, name) {
			return
		}
		if s.Peek() != ',' {
			break
		}
		s.Take()
	}
	if c := s.Peek(); c != '}' {
		x.fault(s, s.fault(errShort))
	}
}

func (x *File) member(s *Stream, name string) bool {
	if s.Peek() == '[' && slices.Contains(listNames, name) {
		l := List{name, &Records{Declared: append([]string{"category_id"}, x.declared...)}}
		l.Records.categories = name == "categories"
		s.Take()
		whole := x.array(s, l.Records)
		if l.Records.Root.IsObject() {
			x.Lists = append(x.Lists, l)
		}
		return whole
	}
	if _, _, err := s.Value(); err != nil {
		x.fault(s, err)
		return false
	}
	return true
}

// layoutOf finds out how the records stand in a text.
func layoutOf(sample []byte, lines bool) Layout {
	b := sample[space(sample, 0):]
	if len(b) == 0 || b[0] != '{' && b[0] != '[' {
		if lines {
			return Lines
		}
		return None
	}
	line, rest, _ := bytes.Cut(b, []byte{'\n'})
	_, err := Check(line)
	more := len(bytes.TrimSpace(rest)) > 0
	switch {
	case err == nil && b[0] == '[' && !more && elementIsObject(b):
		return Array
	case err == nil && (more || lines):
		return Lines
	case b[0] == '[':
		return Array
	case !lines:
		return Object
	case errors.Is(err, errShort) && more && !firstIsRecord(rest):
		return Values
	}
	return Lines
}

func elementIsObject(b []byte) bool {
	i := space(b, 1)
	return i < len(b) && b[i] == '{'
}

// firstIsRecord tells whether the first line is a value by itself.
func firstIsRecord(b []byte) bool {
	b = b[space(b, 0):]
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	_, err := Check(line)
	return err == nil && len(line) > 0 && line[0] == '{'
}
