package csv

import (
	"context"
	"errors"
	"fmt"

	"github.com/mlbom/mlbom/collectors/internal/csvtext"
	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/collectors/internal/table"
	"github.com/mlbom/mlbom/collectors/internal/textsource"
	"github.com/mlbom/mlbom/sbom"
)

// reading is a file while it is read.
type reading struct {
	ctx      context.Context
	file     *sbom.File
	owner    datafile.Owner
	source   *textsource.Source
	shape    csvtext.Shape
	whole    bool // all rows were seen
	rows     *table.Table
	ragged   ragged
	formulas bool
	found    formulas
	problems []error
}

// ragged counts the rows with another number of fields.
type ragged struct {
	rows        int64
	line, width int // of the first
}

func (r *reading) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
}

const rowsPerLook = 1 << 14 // rows between two looks at whether the user gave up

// records reads the header and the rows.
func (r *reading) records(s *csvtext.Scanner) {
	width, top := 0, true
	for n := 1; s.Scan(); n++ {
		if top && csvtext.Comment(s.Fields, r.shape.Width) {
			continue
		}
		if !r.whole && s.Last() && !top {
			break // the sample ends in it
		}
		if top {
			top = false
			width = r.begin(s.Fields)
			if r.shape.Header {
				continue
			}
		}
		if len(s.Fields) != width {
			r.uneven(s, width)
		}
		if r.formulas {
			r.found.row(s.Fields, s.Line)
		}
		r.rows.Add(s.Fields)
		if n%rowsPerLook == 0 && r.ctx.Err() != nil {
			r.whole = false
			r.problem(s.Line, "reading was stopped")
			return
		}
	}
	r.end(s)
}

// end notes what was wrong with the text.
func (r *reading) end(s *csvtext.Scanner) {
	if err := s.Err(); err != nil {
		r.whole = false
		var p *sbom.Problem
		if !errors.As(err, &p) {
			err = &sbom.Problem{Line: s.Line, Reason: err.Error()}
		}
		r.problems = append(r.problems, err)
	}
	if s.Unclosed > 0 && r.whole {
		r.problem(s.Unclosed, "a quote is never closed: all that follows is one field")
	}
	if n := r.ragged.rows; n > 0 && r.rows != nil {
		more := ""
		if n > 1 {
			more = fmt.Sprintf(", and %d more have another number too", n-1)
		}
		r.problem(r.ragged.line, "the row has %d fields where the table has %d columns%s", r.ragged.width, len(r.rows.Columns), more)
	}
}

// begin makes the table of the first record, and gives its number of columns.
func (r *reading) begin(first [][]byte) int {
	var names []string
	if r.shape.Header {
		if r.shape.Width == len(first)+1 {
			names = append(names, "") // the names of rows, as R writes them
		}
		for _, name := range first {
			names = append(names, textsource.Plain(name))
		}
	} else {
		for i := range first {
			names = append(names, fmt.Sprintf("f%d", i)) // as pyarrow calls them
		}
	}
	width := len(names)
	if len(names) > maxColumns {
		r.problem(0, "the table has %d columns; those after the first %d are left out", len(names), maxColumns)
		names = names[:maxColumns]
	}
	r.rows = table.New(names)
	r.rows.Label(r.owner.Labels(r.file))
	return width
}

// uneven notes a row with another number of fields. Empty ones at the end do not count.
func (r *reading) uneven(s *csvtext.Scanner, width int) {
	extra := len(s.Fields) - width
	for extra > 0 && len(s.Fields[width+extra-1]) == 0 {
		extra--
	}
	if extra == 0 {
		return
	}
	if r.ragged.rows++; r.ragged.rows == 1 {
		r.ragged.line, r.ragged.width = s.Line, len(s.Fields)
	}
}

// table is what was read.
func (r *reading) table() sbom.Table {
	t := sbom.Table{Compression: r.source.Compression}
	if r.rows == nil {
		if r.whole {
			t.Rows = new(int64)
		}
		return t
	}
	t.Columns = r.rows.Result(r.whole)
	if r.whole {
		rows := r.rows.Rows
		t.Rows = &rows
	} else {
		t.Sample = fmt.Sprintf("first %d rows", r.rows.Rows)
	}
	return t
}

// properties say how the table is written, where the name does not say it.
func (r *reading) properties(usual byte) (list []sbom.Property) {
	add := func(name, value string) {
		list = append(list, sbom.Property{Name: "mlbom:csv:" + name, Value: value})
	}
	if r.rows == nil {
		return nil
	}
	d := r.shape.Dialect
	if d.Delimiter != usual && len(r.rows.Columns) > 1 {
		add("delimiter", delimiterName(d.Delimiter))
	}
	if d.Quote == '\'' {
		add("quote", "'")
	}
	if d.Escape != 0 {
		add("escape", string(d.Escape))
	}
	if !r.shape.Header {
		add("header", "no")
	}
	switch {
	case r.source.Legacy():
		add("encoding", "not UTF-8, read as ISO-8859-1")
	case r.source.Encoding != "UTF-8":
		add("encoding", r.source.Encoding)
	}
	return list
}

func delimiterName(c byte) string {
	switch c {
	case '\t':
		return "tab"
	case ' ':
		return "space"
	}
	return string(c)
}
