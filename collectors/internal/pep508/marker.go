package pep508

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

const maxMarkerDepth = 50 // parentheses in each other

// Marker is an environment marker: parts that all stand, in the order written,
// between the words "and" and "or". "and" binds tighter.
type Marker struct {
	parts []part
	joins []string // "and" or "or" between the parts
}

// part is a comparison or, in parentheses, a marker.
type part struct {
	group       *Marker
	left, right operand
	operator    string
}

// operand is a variable or a text.
type operand struct {
	text     string
	variable bool
}

// The grammar's words. What follows a word may not be part of one.
var (
	variable = pattern.Lazy(`^(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_release|platform_system|platform[._](?:version|machine|python_implementation)|python_implementation|implementation_name|implementation_version|extras|extra|dependency_groups)\b`)
	quoted   = pattern.Lazy(`^(?:'[^']*'|"[^"]*")`)
	compare  = pattern.Lazy(`^(?:===|==|~=|!=|<=|>=|<|>|in\b|not[ \t]+in\b)`)
	boolean  = pattern.Lazy(`^(?:and|or)\b`)
)

// ParseMarker reads an environment marker.
func ParseMarker(text string) (Marker, error) {
	if len(text) > MaxLength {
		return Marker{}, fmt.Errorf("the marker is longer than %d bytes", MaxLength)
	}
	s := scanner(text)
	m, err := s.marker(0)
	if err == nil && s != "" {
		err = fmt.Errorf("the marker does not end at %.40q", string(s))
	}
	if err != nil {
		return Marker{}, err
	}
	m.normalize()
	return *m, nil
}

// CheckMarker tells what is wrong with an environment marker.
func CheckMarker(text string) error {
	_, err := ParseMarker(text)
	return err
}

// match takes what the pattern matches at the start.
func (s *scanner) match(p *pattern.Pattern) (string, bool) {
	s.skip()
	text := p.FindString(string(*s))
	*s = (*s)[len(text):]
	return text, text != ""
}

func (s *scanner) marker(depth int) (*Marker, error) {
	if depth > maxMarkerDepth {
		return nil, errors.New("the marker has too many parentheses in each other")
	}
	m := &Marker{}
	for {
		p, err := s.part(depth)
		if err != nil {
			return nil, err
		}
		m.parts = append(m.parts, p)
		join, ok := s.match(boolean)
		if !ok {
			s.skip()
			return m, nil
		}
		m.joins = append(m.joins, join)
	}
}

func (s *scanner) part(depth int) (p part, err error) {
	if s.skip(); s.take("(") {
		if p.group, err = s.marker(depth + 1); err == nil && !s.take(")") {
			err = errors.New("a parenthesis in the marker is not closed")
		}
		return p, err
	}
	if p.left, err = s.operand(); err != nil {
		return p, err
	}
	op, ok := s.match(compare)
	if !ok {
		return p, fmt.Errorf("the marker lacks a comparison at %.40q", string(*s))
	}
	if p.operator = op; strings.HasPrefix(op, "not") {
		p.operator = "not in"
	}
	p.right, err = s.operand()
	return p, err
}

func (s *scanner) operand() (operand, error) {
	if name, ok := s.match(variable); ok {
		name = strings.ReplaceAll(name, ".", "_")
		if name == "python_implementation" {
			name = "platform_python_implementation"
		}
		return operand{name, true}, nil
	}
	text, ok := s.match(quoted)
	if !ok {
		return operand{}, fmt.Errorf("the marker has neither a variable nor a quoted text at %.40q", string(*s))
	}
	value, ok := unquote(text[1 : len(text)-1])
	if !ok {
		return operand{}, errors.New("a quoted text in the marker has a broken escape")
	}
	return operand{text: value}, nil
}

// normalize gives names of extras and groups the spelling in which they are
// compared (PEP 685).
func (m *Marker) normalize() {
	for i := range m.parts {
		p := &m.parts[i]
		switch {
		case p.group != nil:
			p.group.normalize()
		case p.left == operand{"extra", true} && !p.right.variable:
			p.right.text = canonical(p.right.text)
		case p.right.variable && !p.left.variable && (p.right.text == "extra" || sets[p.right.text]):
			p.left.text = canonical(p.left.text)
		}
	}
}

// canonical is [Normalize] without the care for space around a name.
func canonical(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

// String is the normal form: texts in double quotes, the parentheses that were
// written but for those around the whole.
func (m Marker) String() string { return m.format(true) }

func (m Marker) format(outside bool) string {
	if len(m.parts) == 1 {
		return m.parts[0].format(outside)
	}
	var b strings.Builder
	for i, p := range m.parts {
		if i > 0 {
			b.WriteString(" " + m.joins[i-1] + " ")
		}
		b.WriteString(p.format(false))
	}
	if outside {
		return b.String()
	}
	return "(" + b.String() + ")"
}

func (p part) format(outside bool) string {
	if p.group != nil {
		return p.group.format(outside)
	}
	return p.left.String() + " " + p.operator + " " + p.right.String()
}

// String is the variable's name, or the text in quotes that it does not hold.
func (o operand) String() string {
	switch {
	case o.variable:
		return o.text
	case !strings.Contains(o.text, `"`):
		return `"` + o.text + `"`
	case !strings.Contains(o.text, `'`):
		return "'" + o.text + "'"
	}
	return `"` + strings.ReplaceAll(o.text, `"`, `\x22`) + `"`
}
