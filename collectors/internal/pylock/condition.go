package pylock

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
)

// Condition is an environment marker of which only the part counts that is
// chosen when installing: extras and dependency groups. What the machine decides
// (the platform, the version of Python) can be so or otherwise, and holds.
type Condition struct {
	all, any []*Condition // one of both, or a comparison
	variable string       // "extra", "extras", "dependency_groups"; else ""
	name     string
	not      bool
}

// Asked are the names that somebody asks for when installing.
type Asked struct{ Extras, Groups map[string]bool }

// ParseMarker reads a marker; see [pep508.CheckMarker] for the error.
func ParseMarker(text string) (*Condition, error) {
	if err := pep508.CheckMarker(text); err != nil {
		return nil, err
	}
	p := &conditions{tokens: token.FindAllString(text, -1)}
	return p.either(), nil
}

// Holds tells whether the marker can hold where this is asked for.
func (c *Condition) Holds(a Asked) bool {
	switch {
	case c == nil:
		return true
	case c.all != nil:
		return !slices.ContainsFunc(c.all, func(c *Condition) bool { return !c.Holds(a) })
	case c.any != nil:
		return slices.ContainsFunc(c.any, func(c *Condition) bool { return c.Holds(a) })
	case c.variable == "":
		return true
	case c.variable == "dependency_groups":
		return a.Groups[c.name] != c.not
	}
	return a.Extras[c.name] != c.not
}

// Names lists the extras and the groups that the marker speaks of.
func (c *Condition) Names() (extras, groups []string) {
	if c == nil {
		return nil, nil
	}
	switch c.variable {
	case "":
	case "dependency_groups":
		groups = []string{c.name}
	default:
		extras = []string{c.name}
	}
	for _, part := range slices.Concat(c.all, c.any) {
		e, g := part.Names()
		extras, groups = append(extras, e...), append(groups, g...)
	}
	slices.Sort(extras)
	slices.Sort(groups)
	return slices.Compact(extras), slices.Compact(groups)
}

var token = pattern.Lazy(`'[^']*'|"[^"]*"|[()]|[A-Za-z_.]+|[<>=!~]+`)

// conditions reads a marker that is known to follow the grammar.
type conditions struct{ tokens []string }

func (p *conditions) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *conditions) next() string {
	t := p.peek()
	if t != "" {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *conditions) either() *Condition {
	c := &Condition{any: []*Condition{p.both()}}
	for p.peek() == "or" {
		p.next()
		c.any = append(c.any, p.both())
	}
	return c
}

func (p *conditions) both() *Condition {
	c := &Condition{all: []*Condition{p.one()}}
	for p.peek() == "and" {
		p.next()
		c.all = append(c.all, p.one())
	}
	return c
}

func (p *conditions) one() *Condition {
	if p.peek() == "(" {
		p.next()
		c := p.either()
		p.next()
		return c
	}
	left, op := p.next(), p.next()
	if op == "not" {
		op += " " + p.next()
	}
	right := p.next()
	c := &Condition{not: op == "!=" || op == "not in"}
	for _, side := range [][2]string{{left, right}, {right, left}} {
		switch variable, text := side[0], strings.Trim(side[1], `'"`); variable {
		case "extra", "extras", "dependency_groups":
			c.variable, c.name = variable, Normalize(text)
		}
	}
	return c
}
