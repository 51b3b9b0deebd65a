package xsd

import (
	"fmt"
	"regexp"
	"strings"
)

// compilePattern translates a regular expression of XML Schema (part 2, appendix
// F) to one of Go. They differ in anchors, in the dot, in escapes and in classes.
func compilePattern(s string) (*regexp.Regexp, error) {
	p := &patternReader{in: []rune(s)}
	p.out.WriteString(`\A(?:`)
	for p.pos < len(p.in) {
		if err := p.step(); err != nil {
			return nil, fmt.Errorf("the pattern %q is not understood: %w", s, err)
		}
	}
	p.out.WriteString(`)\z`)
	re, err := regexp.Compile(p.out.String())
	if err != nil {
		return nil, fmt.Errorf("the pattern %q is not understood: %w", s, err)
	}
	return re, nil
}

type patternReader struct {
	in         []rune
	pos        int
	out        strings.Builder
	quantified bool // the last piece has its count
}

func (p *patternReader) next() rune {
	if p.pos == len(p.in) {
		return 0
	}
	p.pos++
	return p.in[p.pos-1]
}

func (p *patternReader) step() error {
	c := p.next()
	counted := strings.ContainsRune("?*+{", c)
	if counted && p.quantified {
		return fmt.Errorf("a count after a count")
	}
	p.quantified = counted
	switch c {
	case '.':
		p.out.WriteString(`[^\n\r]`)
	case '^', '$':
		p.out.WriteRune('\\')
		p.out.WriteRune(c)
	case '(':
		if p.pos < len(p.in) && p.in[p.pos] == '?' {
			return fmt.Errorf("(?")
		}
		p.out.WriteString("(?:")
	case '{':
		p.out.WriteRune(c)
		for c != '}' {
			if c = p.next(); c != '}' && c != ',' && (c < '0' || c > '9') {
				return fmt.Errorf("a count that is no number")
			}
			p.out.WriteRune(c)
		}
	case '\\':
		return p.escape()
	case '[':
		return p.class()
	case ']', '}':
		return fmt.Errorf("a lone %q", c)
	default:
		p.out.WriteRune(c)
	}
	return nil
}

// escape takes the escapes of single characters; classes like \d differ from Go's.
func (p *patternReader) escape() error {
	c := p.next()
	if c == 0 || !strings.ContainsRune(`nrt\|.-^?*+{}()[]`, c) {
		return fmt.Errorf(`the escape \%c`, c)
	}
	p.out.WriteRune('\\')
	p.out.WriteRune(c)
	return nil
}

func (p *patternReader) class() error {
	p.out.WriteRune('[')
	if p.pos < len(p.in) && p.in[p.pos] == '^' {
		p.pos++
		p.out.WriteRune('^')
	}
	for first := true; ; first = false {
		c := p.next()
		switch {
		case c == 0:
			return fmt.Errorf("a class without its end")
		case c == ']' && !first:
			p.out.WriteRune(']')
			return nil
		case c == '[' || c == ']':
			return fmt.Errorf("a bracket inside a class")
		case c == '\\':
			if err := p.escape(); err != nil {
				return err
			}
		case c == '^':
			p.out.WriteString(`\^`)
		default:
			p.out.WriteRune(c)
		}
	}
}
