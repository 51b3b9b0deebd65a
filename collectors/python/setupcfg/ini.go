package setupcfg

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one file.
const (
	maxEntries  = 20_000
	maxSections = 1000
	maxValue    = 1 << 20 // bytes of one value
)

// entry is one option. Lines are those of the value, with the number of each.
type entry struct {
	key   string
	line  int
	lines []textLine
}

type textLine struct {
	text string
	line int
}

// value joins the lines as configparser does.
func (e *entry) value() string {
	if e == nil {
		return ""
	}
	all := make([]string, len(e.lines))
	for i, l := range e.lines {
		all[i] = l.text
	}
	return strings.TrimRight(strings.Join(all, "\n"), whitespace)
}

// ini is one section; that of a name which stands twice is one.
type ini struct {
	name    string
	entries []*entry
	byKey   map[string]*entry
}

func (s *ini) get(key string) *entry {
	if s == nil {
		return nil
	}
	return s.byKey[key]
}

// whitespace is what Python's str.strip takes off.
const whitespace = " \t\n\r\f\v\x1c\x1d\x1e\x1f\u0085\u00a0"

var (
	header = pattern.Lazy(`^\[(.+)\]`)
	option = pattern.Lazy(`^(.*?)\s*(?:([=:])\s*(.*))$`)
)

type config struct {
	sections []*ini
	problems []error
}

func (c *config) section(name string) *ini {
	for _, s := range c.sections {
		if s.name == name {
			return s
		}
	}
	return nil
}

func (c *config) fault(line int, reason string) {
	if len(c.problems) < 50 {
		c.problems = append(c.problems, &sbom.Problem{Line: line, Reason: reason})
	}
}

// parse reads the grammar of Python's ConfigParser as setuptools makes it:
// comments are whole lines that begin with "#" or ";", a deeper indentation
// continues a value, empty lines belong to values, names keep their case. Where
// Python gives up, at a line without "=" or a name that stands twice, we tell it
// and go on.
func parse(text string) *config {
	c := &config{}
	var in *ini
	var open *entry
	indent, count := 0, 0
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSuffix(line, "\n")
		value := strings.Trim(line, whitespace)
		if strings.HasPrefix(value, "#") || strings.HasPrefix(value, ";") {
			continue
		}
		if value == "" {
			if open != nil && len(open.lines) < maxEntries {
				open.lines = append(open.lines, textLine{"", number})
			}
			continue
		}
		depth := len(line) - len(strings.TrimLeft(line, whitespace))
		if in != nil && open != nil && depth > indent {
			if len(open.lines) < maxEntries && len(value) <= maxValue {
				open.lines = append(open.lines, textLine{value, number})
			} else if len(open.lines) == maxEntries {
				c.fault(number, "the value is too long; the rest is not read")
			}
			continue
		}
		indent = depth
		if m := header.FindStringSubmatch(value); m != nil {
			open = nil
			if in = c.section(m[1]); in != nil {
				c.fault(number, "the section ["+m[1]+"] stands twice, which Python refuses")
			} else {
				if len(c.sections) >= maxSections {
					c.fault(number, "there are too many sections; the rest is not read")
					break
				}
				in = &ini{name: m[1], byKey: map[string]*entry{}}
				c.sections = append(c.sections, in)
			}
			continue
		}
		if count++; count > maxEntries {
			c.fault(number, "there are too many options; the rest is not read")
			break
		}
		open = c.option(in, value, number)
	}
	return c
}

// option reads "key = value"; nil where the line is none.
func (c *config) option(in *ini, value string, number int) *entry {
	m := option.FindStringSubmatch(value)
	switch {
	case in == nil:
		c.fault(number, "this line stands before any section")
		return nil
	case m == nil || m[1] == "":
		c.fault(number, "this line is neither a section nor an option")
		return nil
	}
	e := &entry{key: strings.TrimRight(m[1], whitespace), line: number}
	if text := strings.Trim(m[3], whitespace); len(text) <= maxValue {
		e.lines = []textLine{{text, number}}
	}
	if in.get(e.key) != nil {
		c.fault(number, "the option "+e.key+" stands twice, which Python refuses")
		return e // continued, and left out
	}
	in.entries, in.byKey[e.key] = append(in.entries, e), e
	return e
}
