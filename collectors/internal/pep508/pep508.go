// Package pep508 reads the dependency specifiers of Python packages, after
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/
// (PEP 508), with the version specifiers of PEP 440, and the names of their
// files. It takes what the reference implementation takes, the Python package
// "packaging", and evaluates markers as that does.
//
// Not understood: characters by name ("\N{BULLET}") in the texts of markers.
package pep508

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// MaxLength bounds a requirement, in bytes.
const MaxLength = 16 << 10

// Requirement is one dependency specifier.
type Requirement struct {
	Name      string
	Extras    []string
	Specifier string // version specifiers as written, without parentheses
	URL       string // of a direct reference; it may hold credentials
	Marker    string // as written
}

const (
	space = " \t\r\n\f\v" // around a requirement
	blank = " \t"         // inside it
)

var separators = pattern.Lazy(`[-_.]+`)

// Normalize gives the name by which packages are compared (PEP 503).
func Normalize(name string) string {
	return strings.ToLower(separators.ReplaceAllString(strings.TrimSpace(name), "-"))
}

// Parse reads one requirement.
func Parse(text string) (Requirement, error) {
	var r Requirement
	if len(text) > MaxLength {
		return r, fmt.Errorf("the requirement is longer than %d bytes", MaxLength)
	}
	s := scanner(strings.Trim(text, space))
	if r.Name = s.identifier(); r.Name == "" {
		return r, errors.New("a requirement begins with the name of a package")
	}
	s.skip()
	var err error
	if r.Extras, err = s.extras(); err != nil {
		return r, err
	}
	if s.skip(); s.take("@") {
		r.URL, err = s.reference()
	} else {
		r.Specifier, err = s.specifiers()
	}
	if err != nil || s == "" {
		return r, err
	}
	if !s.take(";") {
		return r, errors.New("after the name of the package a version specifier, \"@ URL\" or \"; marker\" is expected")
	}
	r.Marker = strings.Trim(string(s), blank)
	return r, CheckMarker(r.Marker)
}

// String is the normal form: extras and specifiers sorted, the marker as
// [Marker.String] gives it; the name keeps its spelling.
func (r Requirement) String() string {
	text := r.Name
	if len(r.Extras) > 0 {
		extras := slices.Clone(r.Extras)
		slices.Sort(extras)
		text += "[" + strings.Join(slices.Compact(extras), ",") + "]"
	}
	if s, err := pep440.ParseSpecifiers(r.Specifier); err == nil {
		text += s.String()
	}
	if r.URL != "" {
		if text += " @ " + r.URL; r.Marker != "" {
			text += " "
		}
	}
	if m, err := ParseMarker(r.Marker); err == nil && r.Marker != "" {
		text += "; " + m.String()
	}
	return text
}

// scanner is what is left of the text.
type scanner string

func (s *scanner) skip() { *s = scanner(strings.TrimLeft(string(*s), blank)) }

func (s *scanner) take(word string) bool {
	rest, ok := strings.CutPrefix(string(*s), word)
	*s = scanner(rest)
	return ok
}

// until cuts before the first of the characters.
func (s *scanner) until(is func(rune) bool) string {
	i := strings.IndexFunc(string(*s), is)
	if i < 0 {
		i = len(*s)
	}
	taken := string((*s)[:i])
	*s = (*s)[i:]
	return taken
}

// identifier is a name, which ends where a word does.
func (s *scanner) identifier() string {
	before := *s
	word := s.until(func(r rune) bool { return !alphanumeric(r) && r != '-' && r != '_' && r != '.' })
	trimmed := strings.TrimRight(word, "-.")
	*s = before[len(trimmed):]
	next, _ := utf8.DecodeRuneInString(string(*s))
	if trimmed == "" || !alphanumeric(rune(trimmed[0])) || trimmed == word && next > unicode.MaxASCII && (unicode.IsLetter(next) || unicode.IsNumber(next)) {
		*s = before
		return ""
	}
	return trimmed
}

func alphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// extras reads "[a, b]".
func (s *scanner) extras() ([]string, error) {
	if !s.take("[") {
		return nil, nil
	}
	var list []string
	for {
		s.skip()
		e := s.identifier()
		if e == "" && (len(list) > 0 || !strings.HasPrefix(string(*s), "]")) {
			return nil, errors.New("the list of extras holds what is no name")
		}
		if e != "" {
			list = append(list, e)
		}
		if s.skip(); s.take("]") {
			return list, nil
		}
		if !s.take(",") {
			return nil, errors.New("the list of extras is not closed")
		}
	}
}

// reference reads the URL after "@". White space ends it.
func (s *scanner) reference() (string, error) {
	s.skip()
	url := s.until(func(r rune) bool { return strings.ContainsRune(blank, r) })
	if url == "" {
		return "", errors.New("a URL is missing after \"@\"")
	}
	s.skip()
	return url, nil
}

// specifiers reads version specifiers, with or without parentheses.
func (s *scanner) specifiers() (string, error) {
	closed := s.take("(")
	s.skip()
	before := *s
	for *s != "" && (*s)[0] != ';' && (*s)[0] != ')' {
		if err := s.specifier(); err != nil {
			return "", err
		}
		if s.skip(); !s.take(",") {
			break
		}
		s.skip()
	}
	text := strings.Trim(string(before[:len(before)-len(*s)]), space)
	if closed && !s.take(")") {
		return "", errors.New("the parenthesis around the version is not closed")
	}
	s.skip()
	return text, CheckSpecifiers(text)
}

var operator = pattern.Lazy(`^(?:===|==|~=|!=|<=|>=|<|>)`)

func (s *scanner) specifier() error {
	op := operator.FindString(string(*s))
	if op == "" {
		return errors.New("after the name of the package a version specifier, \"@ URL\" or \"; marker\" is expected")
	}
	*s = (*s)[len(op):]
	*s = scanner(strings.TrimLeftFunc(string(*s), unicode.IsSpace))
	version := s.until(func(r rune) bool {
		return unicode.IsSpace(r) || r == ';' || r == ')' || r == ',' && op != "==="
	})
	if op != "===" {
		if _, err := pep440.ParseSpecifier(op + version); err != nil {
			return err
		}
	}
	return nil
}

// CheckSpecifiers tells what is wrong with a comma-separated list of version
// specifiers; empty parts are let through, as Python's own tools do.
func CheckSpecifiers(text string) error {
	_, err := pep440.ParseSpecifiers(text)
	return err
}

// Exact gives the version where the specifiers name exactly one ([pep440.Exact]).
func Exact(specifiers string) string { return pep440.Exact(specifiers) }

// IsVersion tells whether s is a version by PEP 440, without space around it.
func IsVersion(s string) bool { return pep440.Valid(s) && strings.TrimSpace(s) == s }
