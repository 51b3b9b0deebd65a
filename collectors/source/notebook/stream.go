package notebook

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one notebook.
const (
	maxBook   = 1 << 30 // bytes
	maxString = 1 << 20 // bytes of one text that are held: a longer one is a picture
	maxCells  = 20_000
	maxLines  = 200_000  // of code
	maxLine   = 1 << 20  // bytes of one line that are held
	maxCode   = 64 << 20 // bytes of code that are held
	maxValue  = 8 << 20  // bytes of a number: JSON's decoder holds it whole
	maxDeep   = 200      // values in each other
	maxMarks  = 5_000_000
)

// row is one line of a cell.
type row struct {
	text string
	at   int // line of the file
	cell int // from 1
	in   int // line of the cell, from 1
}

// book is what is read of a notebook.
type book struct {
	kernel, language, version string
	cells                     [][]row // of code
	lines, bytes              int
}

// open reads a notebook; nil for what is none. What could be read before a fault stays.
func open(f *sbom.File) (*book, error) {
	h, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer h.Close()
	if size > maxBook {
		return nil, fmt.Errorf("the notebook is larger than %d MiB: clear its outputs", maxBook>>20)
	}
	t := &trimmer{from: bufio.NewReaderSize(h, 64<<10)}
	r := &stream{Decoder: json.NewDecoder(t), trim: t, book: &book{}}
	r.UseNumber()
	err = r.object(r.top)
	if err != nil {
		line := r.line()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the notebook ends before its JSON does")
		}
		if !r.some {
			return nil, &sbom.Problem{Line: line, Reason: "the notebook cannot be read: " + err.Error()}
		}
		return r.book, &sbom.Problem{Line: line, Reason: "the notebook cannot be read to its end: " + err.Error()}
	}
	if !r.some {
		return nil, nil // JSON of another kind
	}
	return r.book, nil
}

// trimmer cuts long texts out of JSON, so that no output is held, and remembers where
// its lines begin.
type trimmer struct {
	from    *bufio.Reader
	text    bool // inside of a text
	escape  int  // bytes that an escape still has
	begun   bool // the backslash of it was the last byte
	kept    bool
	length  int
	plain   int // bytes since the last text, mark or space
	written int64
	marks   []int64
}

func (t *trimmer) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c, err := t.from.ReadByte()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		if !t.keep(c) {
			continue
		}
		if t.plain > maxValue {
			return n, fmt.Errorf("a number is longer than %d MiB", maxValue>>20)
		}
		p[n] = c
		n++
		t.written++
	}
	return n, nil
}

// keep tells whether a byte stays. An escape stays or goes as a whole.
func (t *trimmer) keep(c byte) bool {
	switch {
	case !t.text:
		if t.text = c == '"'; t.text {
			t.length, t.escape = 0, 0
		}
		if c == '\n' && len(t.marks) < maxMarks {
			t.marks = append(t.marks, t.written)
		}
		if t.plain++; c != '.' && (c < '0' || c > '9') {
			t.plain = 0
		}
		return true
	case t.escape > 0:
		if t.escape--; t.begun && c == 'u' {
			t.escape = 4
		}
		t.begun = false
		return t.kept
	case c == '"':
		t.text = false
		return true
	}
	t.length++
	t.kept = t.length <= maxString
	if c == '\\' {
		t.escape, t.begun = 1, true
	}
	return t.kept
}

// stream goes through the JSON token by token.
type stream struct {
	*json.Decoder
	trim *trimmer
	book *book
	some bool // it has cells
	seen int
}

// line is that of the token that was read last.
func (r *stream) line() int {
	at := r.InputOffset()
	return 1 + sort.Search(len(r.trim.marks), func(i int) bool { return r.trim.marks[i] >= at })
}

// object reads an object, and lets take read the value of each key.
func (r *stream) object(take func(key string) error) error {
	t, err := r.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return r.rest(t)
	}
	for r.More() {
		k, err := r.Token()
		if err != nil {
			return err
		}
		key, _ := k.(string)
		if err := take(key); err != nil {
			return err
		}
	}
	_, err = r.Token()
	return err
}

// list reads an array, and lets take read each value.
func (r *stream) list(take func() error) error {
	t, err := r.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return r.rest(t)
	}
	for r.More() {
		if err := take(); err != nil {
			return err
		}
	}
	_, err = r.Token()
	return err
}

// rest skips what a token begins.
func (r *stream) rest(t json.Token) error {
	deep := 0
	for {
		if d, ok := t.(json.Delim); ok {
			if d == '{' || d == '[' {
				deep++
			} else {
				deep--
			}
		}
		if deep <= 0 {
			return nil
		}
		if deep > maxDeep {
			return fmt.Errorf("more than %d values stand in each other", maxDeep)
		}
		var err error
		if t, err = r.Token(); err != nil {
			return err
		}
	}
}

func (r *stream) skip() error {
	t, err := r.Token()
	if err != nil {
		return err
	}
	return r.rest(t)
}

func (r *stream) text(into *string) error {
	t, err := r.Token()
	if err != nil {
		return err
	}
	if s, ok := t.(string); ok {
		*into = s
		return nil
	}
	return r.rest(t)
}

func (r *stream) top(key string) error {
	switch key {
	case "cells":
		r.some = true
		return r.list(r.cell)
	case "worksheets": // nbformat 3
		return r.list(func() error { return r.object(r.sheet) })
	case "metadata":
		return r.object(r.metadata)
	}
	return r.skip()
}

// sheet takes the cells of a worksheet, which holds no other.
func (r *stream) sheet(key string) error {
	if key == "cells" {
		return r.top(key)
	}
	return r.skip()
}

func (r *stream) metadata(key string) error {
	b := r.book
	switch key {
	case "kernelspec":
		return r.object(func(key string) error {
			switch key {
			case "name":
				return r.text(&b.kernel)
			case "language":
				return r.named(&b.language)
			}
			return r.skip()
		})
	case "language_info":
		return r.object(func(key string) error {
			switch key {
			case "name":
				return r.named(&b.language)
			case "version":
				return r.text(&b.version)
			}
			return r.skip()
		})
	}
	return r.skip()
}

// named takes a text where none is known yet.
func (r *stream) named(into *string) error {
	var s string
	err := r.text(&s)
	if *into == "" {
		*into = s
	}
	return err
}

func (r *stream) cell() error {
	var kind, language string
	var rows []row
	r.seen++
	err := r.object(func(key string) error {
		switch key {
		case "cell_type":
			return r.text(&kind)
		case "language":
			return r.text(&language)
		case "source", "input":
			return r.source(&rows)
		}
		return r.skip()
	})
	language = strings.ToLower(language)
	if kind == "code" && (language == "" || strings.HasPrefix(language, "python")) && len(r.book.cells) < maxCells && r.book.lines+len(rows) <= maxLines {
		size := 0
		for _, l := range rows {
			size += len(l.text)
		}
		if r.book.bytes+size > maxCode {
			return err
		}
		r.book.cells = append(r.book.cells, rows)
		r.book.lines += len(rows)
		r.book.bytes += size
	}
	return err
}

// source reads a text, or a list of the lines.
func (r *stream) source(rows *[]row) error {
	t, err := r.Token()
	if err != nil {
		return err
	}
	w := writer{rows: rows, line: r.line, cell: r.seen}
	defer w.end()
	add := w.add
	if s, ok := t.(string); ok {
		add(s)
		return nil
	}
	if t != json.Delim('[') {
		return r.rest(t)
	}
	for r.More() {
		t, err := r.Token()
		if err != nil {
			return err
		}
		if s, ok := t.(string); ok {
			add(s)
		} else if err := r.rest(t); err != nil {
			return err
		}
	}
	_, err = r.Token()
	return err
}
