package xmlform

// element writes a value as an element of that name.
func (w *writer) element(name string, s *shape, v any) {
	if len(w.open) >= maxDepth {
		w.lost()
		return
	}
	switch s.kind {
	case text:
		w.start(name)
		w.text(w.scalar(v, s.typ.Simple))
		w.end()
	case reference:
		w.start(name)
		w.attribute("ref", w.scalar(v, s.attributes[0].typ))
		w.end()
	case oneOf:
		w.start(name)
		w.chosen(s, v, false)
		w.end()
	case array, choice, dependencies:
		list, ok := v.([]any)
		if !ok {
			w.lost()
			return
		}
		w.start(name)
		w.list(s, list)
		w.end()
	case tools:
		w.tools(name, s, v)
	case object:
		w.object(name, s, v)
	}
}

func (w *writer) list(s *shape, list []any) {
	if s.kind == dependencies {
		w.dependencies(list)
		return
	}
	long := s.option("dataflow") != nil && isLong(list)
	for i, v := range list {
		w.push(step{index: i})
		if s.kind == array {
			w.element(s.members[0].element.Name, s.members[0].shape, v)
		} else {
			w.chosen(s, v, long)
		}
		w.pop()
	}
}

// chosen writes a value as the first element that it fits.
func (w *writer) chosen(s *shape, v any, long bool) {
	for i := range s.options {
		o := &s.options[i]
		if !o.fits(v, long) {
			continue
		}
		m := s.member(o.element)
		if o.key == "" {
			w.element(o.element, m.shape, v)
			return
		}
		members, _ := v.(map[string]any)
		if inner, ok := members[o.key]; ok {
			w.push(step{key: o.key})
			w.element(o.element, m.shape, inner)
			w.pop()
		}
		w.unknown(members, func(key string) bool { return key == o.key })
		return
	}
	w.lost()
}

func (w *writer) tools(name string, s *shape, v any) {
	list, old := v.([]any)
	if !old {
		w.object(name, s, v)
		return
	}
	w.start(name)
	tool := s.member("tool").shape
	for i, v := range list {
		w.push(step{index: i})
		w.element("tool", tool, v)
		w.pop()
	}
	w.end()
}

func (w *writer) object(name string, s *shape, v any) {
	m, ok := v.(map[string]any)
	plain, isText := v.(string)
	switch {
	case isText && s.typ.Mixed:
		w.start(name)
		w.text(plain)
		w.end()
	case !ok:
		w.lost()
	default:
		if s.typ.Name == "propertyType" {
			m = escapeProperty(m)
		}
		w.start(name)
		w.members(s, m)
		w.end()
	}
}

// members writes those of an object into the element that is open: attributes, text
// and elements, in the order of the schema.
func (w *writer) members(s *shape, m map[string]any) {
	count := 0
	for i := range s.attributes {
		a := &s.attributes[i]
		if v, ok := m[a.key]; ok {
			count++
			w.push(step{key: a.key})
			w.attribute(a.name, w.scalar(v, a.typ))
			w.pop()
		}
	}
	if v, ok := m[s.textKey]; ok && s.textKey != "" {
		count++
		w.push(step{key: s.textKey})
		w.text(w.scalar(v, s.typ.Simple))
		w.pop()
	}
	for i := range s.members {
		count += w.member(&s.members[i], m)
	}
	if count < len(m) {
		keys := map[string]bool{}
		for _, key := range s.keys() {
			keys[key] = true
		}
		w.unknown(m, func(key string) bool { return keys[key] })
	}
}

// member writes one of an object's, and says how many keys it took.
func (w *writer) member(m *member, all map[string]any) int {
	if m.merged {
		return w.mergedMember(m, all)
	}
	v, ok := all[m.key]
	if !ok {
		return 0
	}
	w.push(step{key: m.key})
	defer w.pop()
	if !m.list {
		w.element(m.element.Name, m.shape, v)
		return 1
	}
	list, ok := v.([]any)
	switch {
	case !ok:
		w.element(m.element.Name, m.shape, v) // one where the form has a list
	case m.shape.kind == array: // a list of lists is one in JSON
		if len(list) > 0 {
			w.element(m.element.Name, m.shape, v)
		}
	default:
		for i, v := range list {
			w.push(step{index: i})
			if i > 0 && !m.element.Many {
				w.lost() // XML has one
			} else {
				w.element(m.element.Name, m.shape, v)
			}
			w.pop()
		}
	}
	return 1
}

func (w *writer) mergedMember(m *member, all map[string]any) int {
	inner := map[string]any{}
	for _, key := range m.shape.keys() {
		if v, ok := all[key]; ok {
			inner[key] = v
		}
	}
	if len(inner) > 0 {
		w.element(m.element.Name, m.shape, inner)
	}
	return len(inner)
}
