package xmlform

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// value appends what an element is in JSON. Its begin is read; it reads to the end.
func (r *reader) value(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	switch s.kind {
	case text:
		return r.text(dst, start, s)
	case array:
		dst, err := r.items(append(dst, '['), start, s)
		return append(dst, ']'), err
	case reference:
		return r.reference(dst, start, s)
	case choice:
		return r.choice(dst, start, s)
	case oneOf:
		return r.oneOf(dst, start, s)
	case tools:
		return r.tools(dst, start, s)
	case dependencies:
		return r.dependencies(dst, start)
	}
	return r.object(dst, start, s)
}

func (r *reader) text(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	r.plain(start)
	var chars []byte
	if err := r.inside(start.Name.Local, nil, func(t []byte) { chars = append(chars, t...) }); err != nil {
		return nil, err
	}
	return s.typed(dst, chars), nil
}

// typed appends the text of an element.
func (s *shape) typed(dst, chars []byte) []byte {
	if s.collapsed && bytes.HasPrefix(bytes.TrimLeft(chars, " \t\r"), []byte("\n")) {
		blank := func(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
		return appendString(dst, strings.Join(strings.FieldsFunc(string(chars), blank), " "))
	}
	return appendTyped(dst, s.typ.Simple, string(chars))
}

// items appends those of a list, without its brackets.
func (r *reader) items(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	r.plain(start)
	m := &s.members[0]
	first := true
	err := r.inside(start.Name.Local, func(child xml.StartElement) (bool, error) {
		if child.Name.Local != m.element.Name {
			return false, nil
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		var err error
		dst, err = r.value(dst, child, m.shape)
		return true, err
	}, nil)
	return dst, err
}

func (r *reader) reference(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	ref := ""
	r.attributes(start, s, func(_ int, value string) { ref = value })
	return appendString(dst, ref), r.inside(start.Name.Local, nil, nil)
}

// object keeps a slot for each member, so that JSON has the order of the schema.
func (r *reader) object(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	count := len(s.attributes)
	slots := make([][]byte, count+len(s.members))
	r.attributes(start, s, func(i int, value string) { slots[i] = appendTyped(nil, s.attributes[i].typ, value) })
	var chars []byte
	var take func([]byte)
	if s.textKey != "" || s.typ.Mixed {
		take = func(t []byte) { chars = append(chars, t...) }
	}
	filled := false
	err := r.inside(start.Name.Local, func(child xml.StartElement) (bool, error) {
		i, ok := s.byName[child.Name.Local]
		if !ok {
			return false, nil
		}
		filled = true
		return r.member(&slots[count+i], child, &s.members[i])
	}, take)
	if err != nil {
		return nil, err
	}
	if plain := strings.Trim(string(chars), " \t\r\n"); s.typ.Mixed && plain != "" {
		if !filled {
			return appendString(dst, plain), nil
		}
		r.lost(start.Name.Local + "/text()")
	}
	return s.assemble(dst, slots, chars), nil
}

// member appends an element to the slot of its member; false where it stands a
// second time and JSON has one place.
func (r *reader) member(slot *[]byte, child xml.StartElement, m *member) (bool, error) {
	var err error
	old := *slot
	switch {
	case m.list && m.shape.kind == array: // a list of lists is one in JSON
		if len(old) > 0 {
			old = append(old, ',')
		}
		before := len(old)
		*slot, err = r.items(old, child, m.shape)
		if len(*slot) == before && before > 0 {
			*slot = (*slot)[:before-1]
		}
		if *slot == nil {
			*slot = []byte{}
		}
	case m.list:
		if len(old) > 0 {
			old = append(old, ',')
		}
		*slot, err = r.value(old, child, m.shape)
	case old == nil:
		*slot, err = r.value(nil, child, m.shape)
		if m.shape.kind == text && m.element.Default != "" && string(*slot) == `""` {
			*slot = appendTyped(nil, m.shape.typ.Simple, m.element.Default)
		}
	case m.shape.kind == array && string(old) != "[]": // its group may stand again
		old[len(old)-1] = ','
		before := len(old)
		if old, err = r.items(old, child, m.shape); len(old) == before {
			old = old[:before-1]
		}
		*slot = append(old, ']')
	default:
		return false, nil
	}
	return true, err
}

func (s *shape) assemble(dst []byte, slots [][]byte, chars []byte) []byte {
	var content []byte
	if s.textKey != "" {
		content = s.typed(nil, chars)
	}
	if s.typ.Name == "propertyType" && bytes.HasPrefix(slots[0], []byte(`"`+escapedProperty)) {
		slots[0], content = unescapeProperty(slots[0], content)
	}
	dst = append(dst, '{')
	begin := len(dst)
	add := func(key string, value []byte) {
		if len(dst) > begin {
			dst = append(dst, ',')
		}
		dst = append(append(appendString(dst, key), ':'), value...)
	}
	for i, a := range s.attributes {
		if slots[i] != nil {
			add(a.key, slots[i])
		}
	}
	if s.textKey != "" && (len(chars) > 0 || s.textKey != "value") { // a property need not have one
		add(s.textKey, content)
	}
	for i := range s.members {
		m, value := &s.members[i], slots[len(s.attributes)+i]
		switch {
		case value == nil:
		case m.merged:
			if inner := value[1 : len(value)-1]; len(inner) > 0 {
				if len(dst) > begin {
					dst = append(dst, ',')
				}
				dst = append(dst, inner...)
			}
		case m.list:
			add(m.key, append(append([]byte{'['}, value...), ']'))
		default:
			add(m.key, value)
		}
	}
	return append(dst, '}')
}

// choice appends the list of what the elements hold.
func (r *reader) choice(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	r.plain(start)
	dst = append(dst, '[')
	begin := len(dst)
	err := r.inside(start.Name.Local, func(child xml.StartElement) (bool, error) {
		o := s.option(child.Name.Local)
		if o == nil {
			return false, nil
		}
		if len(dst) > begin {
			dst = append(dst, ',')
		}
		var err error
		dst, err = r.chosen(dst, child, s, o)
		return true, err
	}, nil)
	return append(dst, ']'), err
}

func (s *shape) option(element string) *option {
	for i := range s.options {
		if s.options[i].element == element {
			return &s.options[i]
		}
	}
	return nil
}

func (r *reader) chosen(dst []byte, child xml.StartElement, s *shape, o *option) ([]byte, error) {
	m := s.member(child.Name.Local)
	if o.key == "" {
		return r.value(dst, child, m.shape)
	}
	dst = append(appendString(append(dst, '{'), o.key), ':')
	dst, err := r.value(dst, child, m.shape)
	return append(dst, '}'), err
}

// oneOf appends what the one element holds; an empty object where there is none.
func (r *reader) oneOf(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	r.plain(start)
	begin := len(dst)
	err := r.inside(start.Name.Local, func(child xml.StartElement) (bool, error) {
		o := s.option(child.Name.Local)
		if o == nil || len(dst) > begin {
			return false, nil
		}
		var err error
		dst, err = r.chosen(dst, child, s, o)
		return true, err
	}, nil)
	if len(dst) == begin {
		dst = append(dst, "{}"...)
	}
	return dst, err
}

// tools appends the list of old tools, or the object of components and services.
func (r *reader) tools(dst []byte, start xml.StartElement, s *shape) ([]byte, error) {
	r.plain(start)
	old := []byte{'['}
	slots := make([][]byte, len(s.members))
	modern := false
	err := r.inside(start.Name.Local, func(child xml.StartElement) (bool, error) {
		i, ok := s.byName[child.Name.Local]
		switch {
		case !ok:
			return false, nil
		case child.Name.Local != "tool":
			modern = true
			return r.member(&slots[i], child, &s.members[i])
		case modern:
			return false, nil
		}
		if len(old) > 1 {
			old = append(old, ',')
		}
		var err error
		old, err = r.value(old, child, s.members[i].shape)
		return true, err
	}, nil)
	switch {
	case err != nil:
		return nil, err
	case !modern && len(old) > 1:
		return append(append(dst, old...), ']'), nil
	case len(old) > 1:
		r.lost(start.Name.Local + "/tool")
	}
	return s.assemble(dst, slots, nil), nil
}
