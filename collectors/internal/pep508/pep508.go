// Package pep508 reads the dependency specifiers of Python packages, after
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/
// (PEP 508), with the version specifiers of PEP 440. It checks the grammar and
// keeps the texts as they are written; it evaluates nothing.
package pep508

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
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

const space = " \t\r\n\f\v"

var (
	name       = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?`)
	separators = regexp.MustCompile(`[-_.]+`)
)

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
	rest := strings.Trim(text, space)
	if r.Name = name.FindString(rest); r.Name == "" {
		return r, errors.New("a requirement begins with the name of a package")
	}
	rest = strings.TrimLeft(rest[len(r.Name):], space)
	var err error
	if r.Extras, rest, err = extras(rest); err != nil {
		return r, err
	}
	if strings.HasPrefix(rest, "@") {
		if r.URL, rest, err = reference(rest); err != nil {
			return r, err
		}
	} else if r.Specifier, rest, err = specifier(rest); err != nil {
		return r, err
	}
	if rest == "" {
		return r, nil
	}
	if rest[0] != ';' {
		return r, errors.New("after the name of the package a version specifier, \"@ URL\" or \"; marker\" is expected")
	}
	r.Marker = strings.Trim(rest[1:], space)
	return r, CheckMarker(r.Marker)
}

// extras reads "[a, b]" at the start of s.
func extras(s string) (list []string, rest string, err error) {
	if !strings.HasPrefix(s, "[") {
		return nil, s, nil
	}
	inside, rest, ok := strings.Cut(s[1:], "]")
	if !ok {
		return nil, "", errors.New("the list of extras is not closed")
	}
	rest = strings.TrimLeft(rest, space)
	if strings.Trim(inside, space) == "" {
		return nil, rest, nil
	}
	for e := range strings.SplitSeq(inside, ",") {
		e = strings.Trim(e, space)
		if e == "" || name.FindString(e) != e {
			return nil, "", errors.New("the list of extras holds what is no name")
		}
		list = append(list, e)
	}
	return list, rest, nil
}

// reference reads "@ URL" at the start of s. White space ends the URL.
func reference(s string) (url, rest string, err error) {
	s = strings.TrimLeft(s[1:], space)
	end := strings.IndexAny(s, space)
	if end < 0 {
		end = len(s)
	}
	url, rest = s[:end], strings.TrimLeft(s[end:], space)
	if url == "" {
		return "", "", errors.New("a URL is missing after \"@\"")
	}
	return url, rest, nil
}

// specifier reads version specifiers, with or without parentheses.
func specifier(s string) (text, rest string, err error) {
	if strings.HasPrefix(s, "(") {
		inside, rest, ok := strings.Cut(s[1:], ")")
		if !ok {
			return "", "", errors.New("the parenthesis around the version is not closed")
		}
		text = strings.Trim(inside, space)
		return text, strings.TrimLeft(rest, space), checkList(text)
	}
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	text = strings.Trim(s[:end], space)
	return text, s[end:], checkList(text)
}

// checkList is strict as a requirement is: one comma may stand at the end alone.
func checkList(text string) error {
	text = strings.TrimSuffix(text, ",")
	if text == "" {
		return nil
	}
	for c := range strings.SplitSeq(text, ",") {
		if _, _, ok := clause(c); !ok {
			return errors.New("the version specifier does not follow PEP 440")
		}
	}
	return nil
}
