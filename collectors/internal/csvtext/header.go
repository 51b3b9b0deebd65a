package csvtext

import (
	"bytes"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/table"
)

const maxNamed = 128 // bytes of what can be the name of a column

// header tells whether the first record names the columns: where it holds no number
// above numbers, words above numbers, and no word that is a value below it. Where
// nothing tells, it does if all of its fields can be names and none stands twice.
func (m *measured) header() bool {
	first, rest := m.body()
	if len(first) == 0 {
		return false
	}
	named := allNames(first)
	if len(rest) == 0 {
		return named
	}
	years := yearsIn(first)
	votes := 0
	for i, name := range first {
		votes += m.vote(name, m.column(rest, i), years)
	}
	if votes != 0 {
		return votes > 0
	}
	return named
}

// vote judges one column: above 0 for a name.
func (m *measured) vote(name []byte, column [][]byte, years bool) int {
	numbers := 0
	for _, v := range column {
		if valued(v) {
			numbers++
		}
	}
	typed := len(column) > 0 && numbers*10 >= len(column)*9
	switch {
	case len(name) == 0:
		return 0
	case valued(name):
		if years {
			return 0
		}
		if len(column) == 0 {
			return -1
		}
		return -2
	case typed && !table.IsNull(name):
		return 2
	case typed:
		return 0
	case contains(column, name):
		return -2
	case len(name) > maxNamed || bytes.ContainsAny(name, "\n"):
		return -1
	case sameLength(column) && len(column) > 2 && len(name) != len(column[0]):
		return 1
	}
	return 0
}

// valued tells whether a field is a number, a date or a time.
func valued(f []byte) bool { return table.Valued(f) }

func sameLength(column [][]byte) bool {
	for _, v := range column {
		if len(v) != len(column[0]) {
			return false
		}
	}
	return true
}

// yearsIn tells whether the numbers of a record count up by one, as years and numbers
// of columns do.
func yearsIn(record [][]byte) bool {
	last, n := -1, 0
	for _, f := range record {
		v, ok := small(f)
		if !ok {
			continue
		}
		if n > 0 && v != last+1 {
			return false
		}
		last = v
		n++
	}
	return n > 2
}

func small(f []byte) (int, bool) {
	if len(f) == 0 || len(f) > 6 {
		return 0, false
	}
	n := 0
	for _, c := range f {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// allNames tells whether all fields can be names of columns, and differ.
func allNames(record [][]byte) bool {
	seen := map[string]bool{}
	for _, f := range record {
		if len(f) > maxNamed || seen[string(f)] && len(f) > 0 || valued(f) || bytes.ContainsAny(f, "\n=") {
			return false
		}
		if !utf8.Valid(f) && len(f) > 40 {
			return false
		}
		if n := bytes.Count(f, []byte{' '}); n > 6 {
			return false // a sentence
		}
		seen[string(f)] = true
	}
	return len(seen) > 0
}
