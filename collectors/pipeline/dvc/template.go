package dvc

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// scope is what "${...}" can name: DVC's Context.
type scope struct {
	data     *value
	imports  map[string][]string // of each file the keys that were taken; nil for all
	reserved map[string]bool
	flags    flags
}

// flags is the section "parsing" of the configuration: how a dictionary becomes options.
type flags struct{ optional, repeat bool }

func newScope(f flags) *scope {
	return &scope{data: &value{kind: dict}, imports: map[string][]string{}, flags: f}
}

func (s *scope) clone() *scope {
	c := &scope{data: s.data.clone(), imports: map[string][]string{}, reserved: s.reserved, flags: s.flags}
	for k, v := range s.imports {
		c.imports[k] = v
	}
	return c
}

// with gives a scope that has some more names for a while.
func (s *scope) with(names []member) *scope {
	c := &scope{data: &value{kind: dict, members: slices.Clone(s.data.members)}, imports: s.imports, flags: s.flags, reserved: map[string]bool{}}
	for _, m := range names {
		c.data.set(m.key, m.v)
		c.reserved[m.key] = true
	}
	return c
}

// load takes the variables of a list: dictionaries, and files with or without keys.
func (s *scope) load(tree fs.FS, vars *value, dir string) error {
	var problems []error
	for _, item := range itemsOf(vars) {
		var err error
		switch item.kind {
		case text:
			err = s.file(tree, item.str, dir)
		case dict:
			err = s.merge(s.data, textKeys(item))
		default:
			err = errors.New("an entry of vars is neither a file nor a dictionary")
		}
		if err != nil {
			problems = append(problems, problemAt(item.line, "vars: %v", err))
		}
	}
	return errors.Join(problems...)
}

func itemsOf(v *value) []*value {
	if !v.is(list) {
		return nil
	}
	return v.items
}

// textKeys leaves out keys that are no texts, as DVC does.
func textKeys(v *value) *value {
	d := &value{kind: dict, line: v.line}
	for _, m := range v.members {
		if m.text {
			if m.v.is(dict) {
				m.v = textKeys(m.v)
			}
			d.members = append(d.members, m)
		}
	}
	return d
}

// file takes the values of a file "params.yaml" or "params.yaml:lr,epochs".
func (s *scope) file(tree fs.FS, item, dir string) error {
	name, keys, _ := strings.Cut(item, ":")
	at := path.Join(dir, name)
	var selected []string
	for _, k := range strings.Split(keys, ",") {
		if k != "" {
			selected = append(selected, k)
		}
	}
	if old, loaded := s.imports[at]; loaded {
		if old == nil && selected == nil {
			return nil
		}
		if old == nil || selected == nil || slices.ContainsFunc(selected, func(k string) bool { return slices.Contains(old, k) }) {
			return fmt.Errorf("%s is already loaded in part or in whole", name)
		}
	}
	data, err := paramFile(tree, at)
	if err != nil {
		return err
	}
	if !data.is(dict) {
		return fmt.Errorf("%s holds no dictionary", name)
	}
	if selected != nil {
		part := &value{kind: dict, line: data.line}
		for _, k := range selected {
			v := data.get(k)
			if v == nil {
				return fmt.Errorf("there is no %s in %s", k, name)
			}
			part.set(k, v)
		}
		data = part
	}
	s.imports[at] = append(s.imports[at], selected...)
	return s.merge(s.data, textKeys(data))
}

// merge adds names; one that is there already stays, and is an error.
func (s *scope) merge(into, from *value) error {
	for _, m := range from.members {
		old := into.get(m.key)
		switch {
		case into == s.data && s.reserved[m.key]:
			return fmt.Errorf("%s is a reserved name here", m.key)
		case old.is(dict) && m.v.is(dict):
			if err := s.merge(old, m.v); err != nil {
				return err
			}
		case old != nil:
			return fmt.Errorf("%s is defined twice", m.key)
		default:
			into.set(m.key, m.v.clone())
		}
	}
	return nil
}

// find gives what a name with dots or brackets stands for.
func (s *scope) find(name string) (*value, error) {
	v := s.data
	for _, part := range strings.Split(strings.ReplaceAll(strings.ReplaceAll(name, "[", "."), "]", ""), ".") {
		part = strings.TrimSpace(part)
		switch {
		case v.is(dict):
			v = v.get(part)
		case v.is(list):
			n, err := strconv.Atoi(part)
			if n < 0 {
				n += len(v.items)
			}
			if err != nil || n < 0 || n >= len(v.items) {
				v = nil
			} else {
				v = v.items[n]
			}
		default:
			v = nil
		}
		if v == nil {
			return nil, fmt.Errorf("there is no %q among the variables", name)
		}
	}
	return v, nil
}

// hole is one "${name}" in a text.
type hole struct {
	from, to int
	name     string
}

// holes finds them; "\${" is none.
func holes(s string) (found []hole) {
	for i := 0; ; {
		n := strings.Index(s[i:], "${")
		if n < 0 {
			return found
		}
		from := i + n
		end := strings.IndexAny(s[from+2:], "}\n")
		if from > 0 && s[from-1] == '\\' || end >= 0 && s[from+2+end] == '\n' {
			i = from + 2
			continue
		}
		if end < 0 {
			return found
		}
		i = from + 2 + end + 1
		found = append(found, hole{from, i, s[from+2 : i-1]})
	}
}

var expression = pattern.Lazy(`^[^.\[\]]+(?:\.[^.\[\]]+|\[[^.\[\]]+\])*$`)

const (
	maxFilled = 1 << 20   // bytes of one text after its holes are filled
	maxShown  = 100       // bytes of a text in a message
	maxGrown  = 400 << 20 // bytes of all texts of one dvc.yaml
)

// fill resolves all texts in a value. The key is the member of the stage that the
// value is of: "cmd" alone takes dictionaries.
func (s *scope) fill(v *value, key string) (*value, error) {
	switch {
	case v.is(dict):
		d := &value{kind: dict, line: v.line}
		for _, m := range v.members {
			k := m.key
			if m.text && strings.Contains(k, "${") {
				filled, err := s.text(&value{kind: text, str: k, line: v.line}, key)
				if err != nil {
					return nil, err
				}
				k = filled.shown()
			}
			inner, err := s.fill(m.v, key)
			if err != nil {
				return nil, err
			}
			d.members = append(d.members, member{k, m.text, inner})
		}
		return d, nil
	case v.is(list):
		l := &value{kind: list, line: v.line, items: make([]*value, len(v.items))}
		for i, item := range v.items {
			filled, err := s.fill(item, key)
			if err != nil {
				return nil, err
			}
			l.items[i] = filled
		}
		return l, nil
	case v.is(text) && strings.Contains(v.str, "${"):
		return s.text(v, key)
	}
	return v, nil
}

// text fills the holes of one text. One that is nothing but a hole takes the value
// with its type.
func (s *scope) text(v *value, key string) (*value, error) {
	all := holes(v.str)
	var b strings.Builder
	end := 0
	for _, h := range all {
		if !expression.MatchString(h.name) {
			return nil, problemAt(v.line, "%q is no name of a variable", clip(h.name, maxShown))
		}
		of, err := s.find(h.name)
		if err != nil {
			return nil, problemAt(v.line, "%v", err)
		}
		if of.composite() && key != "" && !strings.Contains(key, "foreach") && (key != "cmd" || !of.is(dict)) {
			return nil, problemAt(v.line, "the variable %q is a list or a dictionary, and a text is wanted", clip(h.name, maxShown))
		}
		if h.from == 0 && h.to == len(v.str) && !(of.is(dict) && key == "cmd") {
			placed := *of
			placed.line, placed.found = v.line, true
			return &placed, nil
		}
		as, err := s.write(of, v.line)
		if err != nil {
			return nil, err
		}
		b.WriteString(v.str[end:h.from])
		b.WriteString(as)
		if end = h.to; b.Len() > maxFilled {
			return nil, problemAt(v.line, "the text is longer than %d bytes when its variables are filled in", maxFilled)
		}
	}
	b.WriteString(v.str[end:])
	return &value{kind: text, str: strings.ReplaceAll(b.String(), `\${`, "${"), line: v.line}, nil
}

// write gives a value as a part of a text: a dictionary is options of a command.
func (s *scope) write(v *value, line int) (string, error) {
	switch {
	case v.is(list):
		return "", problemAt(line, "a list stands within a text")
	case !v.is(dict):
		return v.shown(), nil
	}
	var b strings.Builder
	err := s.options(&b, v, "")
	return strings.TrimRight(b.String(), " "), err
}

func (s *scope) options(b *strings.Builder, v *value, prefix string) error {
	for _, m := range v.members {
		name := prefix + m.key
		switch {
		case m.v.is(dict):
			if err := s.options(b, m.v, name+"."); err != nil {
				return err
			}
		case m.v.is(boolean) && m.v.str == "True":
			b.WriteString("--" + name + " ")
		case m.v.is(boolean) && s.flags.optional:
			b.WriteString("--no-" + name + " ")
		case m.v.is(boolean):
		case m.v.is(list):
			for i, item := range m.v.items {
				if item.composite() {
					return problemAt(item.line, "a list of options holds another list or dictionary")
				}
				if i == 0 || s.flags.repeat {
					b.WriteString("--" + name + " ")
				}
				b.WriteString(argument(item) + " ")
			}
		default:
			b.WriteString("--" + name + " " + argument(m.v) + " ")
		}
		if b.Len() > maxFilled {
			return problemAt(m.v.line, "the options are longer than %d bytes", maxFilled)
		}
	}
	return nil
}

var safe = pattern.Lazy(`^[\w@%+=:,./-]+$`)

// argument quotes a text for a shell, as shlex.quote does.
func argument(v *value) string {
	switch {
	case v.is(boolean):
		return v.str // within a list, Python's own word
	case !v.is(text) || safe.MatchString(v.str):
		return v.shown()
	}
	return "'" + strings.ReplaceAll(v.str, "'", `'"'"'`) + "'"
}
