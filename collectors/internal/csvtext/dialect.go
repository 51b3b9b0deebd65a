package csvtext

import (
	"bytes"
	"io"
	"slices"
)

// Bounds on what a dialect is found out from.
const (
	maxSniffed = 128 << 10 // bytes
	maxRecords = 500
	maxColumns = 2000 // of a record that is looked at
)

// Shape is what the first records of a text show.
type Shape struct {
	Dialect
	Width  int  // fields of most records; 0: there are none
	Header bool // the first record names the columns
}

// Sniff finds out how a text is written. ends tells that the sample is all of it;
// prefer is the delimiter that the file's name says. That one is taken where most
// records then have the same number of fields, above one; else the one of the usual
// ones by which the records are most alike and the fields most like values.
func Sniff(sample []byte, ends bool, prefer byte) Shape {
	if len(sample) > maxSniffed {
		sample, ends = sample[:maxSniffed], false
	}
	best := measure(sample, ends, Dialect{Delimiter: prefer, Quote: '"'})
	if best.width < 2 || best.share < 0.9 {
		for _, c := range []byte{',', '\t', ';', '|', ':', ' '} {
			if c == prefer || bytes.IndexByte(sample, c) < 0 {
				continue
			}
			if m := measure(sample, ends, Dialect{Delimiter: c, Quote: '"'}); m.score() > best.score()*1.05 && (c != ':' && c != ' ' || m.share >= 0.95 && best.width < 2 && m.values > 0.5) {
				best = m
			}
		}
	}
	for _, d := range best.variants(sample) {
		if m := measure(sample, ends, d); m.share > best.share+0.001 || d.Quote == '\'' && m.share == best.share && best.wrapped('\'') > 0.3 {
			best = m
		}
	}
	return Shape{best.dialect, best.width, best.header()}
}

// variants are other quotes and escapes that the sample may have.
func (m *measured) variants(sample []byte) (list []Dialect) {
	d := m.dialect
	if bytes.Contains(sample, []byte(`\"`)) || bytes.Contains(sample, []byte{'\\', d.Delimiter}) {
		list = append(list, Dialect{d.Delimiter, '"', '\\'})
	}
	if bytes.Contains(sample, []byte{'\'', d.Delimiter}) && bytes.Contains(sample, []byte{d.Delimiter, '\''}) {
		list = append(list, Dialect{d.Delimiter, '\'', 0})
	}
	if bytes.IndexByte(sample, '"') >= 0 {
		list = append(list, Dialect{d.Delimiter, 0, 0})
	}
	return list
}

// wrapped is the share of the fields that begin and end with the quote.
func (m *measured) wrapped(quote byte) float64 {
	all, in := 0, 0
	for _, r := range m.records {
		for _, f := range r {
			if all++; len(f) > 1 && f[0] == quote && f[len(f)-1] == quote {
				in++
			}
		}
	}
	return float64(in) / float64(max(all, 1))
}

// measured is what a sample looks like in one dialect.
type measured struct {
	dialect Dialect
	records [][][]byte
	width   int
	share   float64 // of records that have as many fields
	values  float64 // share of fields that are like values
}

func measure(sample []byte, ends bool, d Dialect) *measured {
	m := &measured{dialect: d}
	s := NewScanner(bytes.NewReader(sample), d)
	for len(m.records) < maxRecords && s.Scan() {
		if !ends && s.Last() {
			break // it may go on
		}
		record := make([][]byte, min(len(s.Fields), maxColumns))
		for i := range record {
			record[i] = bytes.Clone(s.Fields[i])
		}
		m.records = append(m.records, record)
	}
	if s.Unclosed > 0 && ends && len(m.records) > 0 { // the quote is none
		m.records = m.records[:len(m.records)-1]
	}
	m.count()
	return m
}

// Last tells that the record reached the end of the text without a line end.
func (s *Scanner) Last() bool {
	return s.ended && s.start == s.end && s.lines == 0 || s.Unclosed > 0
}

func (m *measured) count() {
	widths := map[int]int{}
	for _, r := range m.records {
		if widths[len(r)]++; widths[len(r)] > widths[m.width] || widths[len(r)] == widths[m.width] && len(r) > m.width {
			m.width = len(r)
		}
	}
	if len(m.records) == 0 {
		return
	}
	m.share = float64(widths[m.width]) / float64(len(m.records))
	fields, values := 0, 0
	for _, r := range m.records {
		for _, f := range r {
			fields++
			if likeValue(f) {
				values++
			}
		}
	}
	m.values = float64(values) / float64(max(fields, 1))
}

// score is higher the more alike the records are and the more fields are values.
func (m *measured) score() float64 {
	if m.width < 2 {
		return 0.01 * m.share
	}
	return m.share * m.share * float64(m.width-1) / float64(m.width) * (0.2 + m.values)
}

// likeValue tells whether a field holds nothing that could have ended one.
func likeValue(f []byte) bool {
	return !bytes.ContainsAny(f, ",;\t|\"")
}

// Reader gives what is left of the sample's source behind the sample.
func Reader(sample []byte, rest io.Reader) io.Reader {
	if rest == nil {
		return bytes.NewReader(sample)
	}
	return io.MultiReader(bytes.NewReader(sample), rest)
}

// body gives the records below the first one, comments left out.
func (m *measured) body() (first [][]byte, rest [][][]byte) {
	records := m.records
	for len(records) > 0 && Comment(records[0], m.width) {
		records = records[1:]
	}
	if len(records) == 0 {
		return nil, nil
	}
	return records[0], records[1:]
}

// Comment tells whether a record at the top is a comment: a line that begins with "#"
// and has not as many fields as the others.
func Comment(record [][]byte, width int) bool {
	return len(record) > 0 && len(record) != width && bytes.HasPrefix(record[0], []byte{'#'})
}

func (m *measured) column(rest [][][]byte, i int) [][]byte {
	var all [][]byte
	for _, r := range rest {
		if i < len(r) && len(r[i]) > 0 {
			all = append(all, r[i])
		}
	}
	return all
}

// contains tells whether a value stands in a column.
func contains(column [][]byte, value []byte) bool {
	return slices.ContainsFunc(column, func(v []byte) bool { return bytes.Equal(v, value) })
}
