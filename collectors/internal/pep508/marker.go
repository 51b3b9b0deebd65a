package pep508

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

const maxMarkerDepth = 50 // parentheses in each other

var (
	variable = regexp.MustCompile(`^(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_release|platform_system|platform[._](?:version|machine|python_implementation)|python_implementation|implementation_name|implementation_version|extras|extra|dependency_groups)\b`)
	quoted   = regexp.MustCompile(`^(?:'[^']*'|"[^"]*")`)
	compare  = regexp.MustCompile(`^(?:===|==|~=|!=|<=|>=|<|>|in\b|not[ \t]+in\b)`)
	boolean  = regexp.MustCompile(`^(?:and|or)\b`)
)

// CheckMarker tells what is wrong with an environment marker.
func CheckMarker(text string) error {
	if len(text) > MaxLength {
		return fmt.Errorf("the marker is longer than %d bytes", MaxLength)
	}
	m := &marker{rest: text}
	if err := m.expression(0); err != nil {
		return err
	}
	if m.skip(); m.rest != "" {
		return fmt.Errorf("the marker does not end at %.40q", m.rest)
	}
	return nil
}

type marker struct{ rest string }

func (m *marker) skip() { m.rest = strings.TrimLeft(m.rest, space) }

// take drops what the pattern matches at the start.
func (m *marker) take(p *regexp.Regexp) (string, bool) {
	m.skip()
	s := p.FindString(m.rest)
	m.rest = m.rest[len(s):]
	return s, s != ""
}

// expression reads comparisons joined by "and" and "or": whether text is a
// marker does not hang on which binds tighter.
func (m *marker) expression(depth int) error {
	if depth > maxMarkerDepth {
		return errors.New("the marker has too many parentheses in each other")
	}
	for {
		if m.skip(); strings.HasPrefix(m.rest, "(") {
			m.rest = m.rest[1:]
			if err := m.expression(depth + 1); err != nil {
				return err
			}
			if m.skip(); !strings.HasPrefix(m.rest, ")") {
				return errors.New("a parenthesis in the marker is not closed")
			}
			m.rest = m.rest[1:]
		} else if err := m.comparison(); err != nil {
			return err
		}
		if _, ok := m.take(boolean); !ok {
			return nil
		}
	}
}

func (m *marker) comparison() error {
	if err := m.operand(); err != nil {
		return err
	}
	if _, ok := m.take(compare); !ok {
		return fmt.Errorf("the marker lacks a comparison at %.40q", m.rest)
	}
	return m.operand()
}

func (m *marker) operand() error {
	if _, ok := m.take(variable); ok {
		return nil
	}
	s, ok := m.take(quoted)
	if !ok {
		return fmt.Errorf("the marker has neither a variable nor a quoted text at %.40q", m.rest)
	}
	if !validEscapes(s[1 : len(s)-1]) {
		return errors.New("a quoted text in the marker has a broken escape")
	}
	return nil
}

var escape = regexp.MustCompile(`^(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^}]+\}|[^xuUN])`)

// validEscapes follows Python's string literals.
func validEscapes(s string) bool {
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			return utf8.ValidString(s)
		}
		s = s[i+1:]
		n := len(escape.FindString(s))
		if n == 0 {
			return false
		}
		s = s[n:]
	}
}
