// Package pymeta reads the core metadata of Python distributions, up to version
// 2.5 (https://packaging.python.org/en/latest/specifications/core-metadata/),
// as it stands in METADATA of wheels and installed packages and in PKG-INFO of
// sdists and eggs, and makes it what a sighting says of a package.
//
// The format is that of mail headers as Python's own reader takes them: a field
// goes on in lines that begin with white space, the rest of the text after an
// empty line is the description. "UNKNOWN" is what old tools write for nothing.
//
// Not understood: encoded words of mail, which no tool writes; fields that name
// files and platforms (Platform, Supported-Platform); a version of the format
// that is not known is told, and what is as in the known ones is read.
package pymeta

import (
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one file of metadata.
const (
	maxFields   = 10_000
	maxProblems = 20
	maxValue    = 64 << 10 // bytes of one field
)

// Field is one field with its line.
type Field struct {
	Name  string // in lower case
	Value string
	Line  int
}

// Metadata is what a file of metadata says.
type Metadata struct {
	Fields   []Field
	byName   map[string][]Field
	problems []error
}

var fieldLine = pattern.Lazy(`^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$`)

// Parse reads the fields; the description is passed over.
func Parse(text string) *Metadata {
	m := &Metadata{byName: map[string][]Field{}}
	n, bad := 0, -1
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		if line == "" {
			if len(m.Fields) == 0 {
				continue // before the first field
			}
			break
		}
		if len(m.Fields) > maxFields {
			m.problem(n, "more than %d fields; the rest is not read", maxFields)
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			m.goesOn(line, n)
			continue
		}
		if f := fieldLine.FindStringSubmatch(line); f != nil {
			m.Fields = append(m.Fields, Field{strings.ToLower(f[1]), strings.TrimRight(f[2], " \t"), n})
			continue
		}
		if bad != n-1 { // one for lines that follow each other
			m.problem(n, "%.60q is neither a field nor the rest of one", line)
		}
		bad = n
	}
	for i, f := range m.Fields {
		if len(f.Value) > maxValue {
			m.Fields[i].Value = strings.ToValidUTF8(f.Value[:maxValue], "")
		}
		if f = m.Fields[i]; f.Value != "" && f.Value != "UNKNOWN" {
			m.byName[f.Name] = append(m.byName[f.Name], f)
		}
	}
	m.version()
	return m
}

func (m *Metadata) goesOn(line string, n int) {
	if len(m.Fields) == 0 {
		m.problem(n, "the text begins within a field")
		return
	}
	f := &m.Fields[len(m.Fields)-1]
	if len(f.Value) <= maxValue {
		f.Value += "\n" + unindent(line)
	}
}

// unindent takes off what older tools indent the lines of a long field with.
func unindent(line string) string {
	for _, by := range []string{"       |", "        ", "\t"} {
		if rest, ok := strings.CutPrefix(line, by); ok {
			return rest
		}
	}
	return strings.TrimLeft(line, " \t")
}

// known are the versions of the format; those of one first number only add fields.
var known = pattern.Lazy(`^(?:1\.[0-2]|2\.\d+)$`)

func (m *Metadata) version() {
	if v := m.Get("metadata-version"); v.Value != "" && !known.MatchString(v.Value) {
		m.problem(v.Line, "metadata of version %.20q, which is not known; what is as in version 2 is read", v.Value)
	}
}

func (m *Metadata) problem(line int, format string, args ...any) {
	if len(m.problems) < maxProblems {
		m.problems = append(m.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

// Problems gives what could not be read.
func (m *Metadata) Problems() []error { return m.problems }

// Get gives the first field of a name in lower case; the zero Field for none.
func (m *Metadata) Get(name string) Field {
	if list := m.byName[name]; len(list) > 0 {
		return list[0]
	}
	return Field{}
}

// All gives all fields of a name in lower case.
func (m *Metadata) All(name string) []Field { return m.byName[name] }

// Name and Version of the distribution; "" where they are missing or unusable.
func (m *Metadata) Name() string { return m.word("name") }

// Version of the distribution, as written.
func (m *Metadata) Version() string { return m.word("version") }

func (m *Metadata) word(field string) string {
	f := m.Get(field)
	if len(f.Value) > 500 || strings.ContainsAny(f.Value, "\n\t ") {
		return ""
	}
	return f.Value
}
