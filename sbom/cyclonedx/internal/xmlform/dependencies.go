package xmlform

import "encoding/xml"

// entry is what one thing depends on and provides.
type entry struct {
	ref                 string
	dependsOn, provides []string
	inner               []*entry // with what lies inside of them
	known               map[[2]string]bool
}

// join adds what another entry of the same thing says.
func (e *entry) join(o *entry) {
	if e.known == nil {
		e.known = map[[2]string]bool{}
		for _, ref := range e.dependsOn {
			e.known[[2]string{"dependsOn", ref}] = true
		}
		for _, ref := range e.provides {
			e.known[[2]string{"provides", ref}] = true
		}
	}
	add := func(list []string, key string, more []string) []string {
		for _, ref := range more {
			if at := [2]string{key, ref}; !e.known[at] {
				e.known[at] = true
				list = append(list, ref)
			}
		}
		return list
	}
	e.dependsOn, e.provides = add(e.dependsOn, "dependsOn", o.dependsOn), add(e.provides, "provides", o.provides)
}

// dependencies appends the flat list. XML nests one level; deeper levels, which its
// schema allows, become entries of their own behind the others.
func (r *reader) dependencies(dst []byte, start xml.StartElement) ([]byte, error) {
	r.plain(start)
	var list []*entry
	err := r.inside(start.Name.Local, func(child xml.StartElement) (bool, error) {
		if child.Name.Local != "dependency" {
			return false, nil
		}
		e, err := r.dependency(child)
		list = append(list, e)
		return true, err
	}, nil)
	if err != nil {
		return nil, err
	}
	dst = append(dst, '[')
	for i, e := range flat(list) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(append(dst, `{"ref":`...), e.ref)
		dst = appendList(dst, `,"dependsOn":[`, e.dependsOn)
		dst = append(appendList(dst, `,"provides":[`, e.provides), '}')
	}
	return append(dst, ']'), nil
}

func appendList(dst []byte, head string, list []string) []byte {
	for i, s := range list {
		if i > 0 {
			head = ","
		}
		dst = appendString(append(dst, head...), s)
	}
	if len(list) > 0 {
		dst = append(dst, ']')
	}
	return dst
}

func (r *reader) dependency(start xml.StartElement) (*entry, error) {
	e := &entry{}
	e.ref = r.ref(start)
	err := r.inside(start.Name.Local, func(child xml.StartElement) (bool, error) {
		switch child.Name.Local {
		case "dependency":
			inner, err := r.dependency(child)
			e.dependsOn = append(e.dependsOn, inner.ref)
			if len(inner.dependsOn)+len(inner.provides) > 0 {
				e.inner = append(e.inner, inner)
			}
			return true, err
		case "provides":
			e.provides = append(e.provides, r.ref(child))
			return true, r.inside(child.Name.Local, nil, nil)
		}
		return false, nil
	}, nil)
	return e, err
}

func (r *reader) ref(start xml.StartElement) (ref string) {
	r.attributes(start, refShape, func(_ int, value string) { ref = value })
	return ref
}

var refShape = &shape{attributes: []attribute{{name: "ref", key: "ref"}}}

// flat adds what was nested deeper to the entry of the same thing, or as a new one.
func flat(list []*entry) []*entry {
	var deeper []*entry
	for _, e := range list {
		deeper = append(deeper, e.inner...)
	}
	if len(deeper) == 0 {
		return list
	}
	byRef := map[string]*entry{}
	for _, e := range list {
		if byRef[e.ref] == nil {
			byRef[e.ref] = e
		}
	}
	for len(deeper) > 0 {
		e := deeper[0]
		deeper = append(deeper[1:], e.inner...)
		if known := byRef[e.ref]; known != nil {
			known.join(e)
			continue
		}
		byRef[e.ref] = e
		list = append(list, e)
	}
	return list
}

// dependencies writes the flat list, each entry with what it depends on inside.
func (w *writer) dependencies(list []any) {
	for i, v := range list {
		w.push(step{index: i})
		if m, ok := v.(map[string]any); ok {
			w.dependency(m)
		} else {
			w.lost()
		}
		w.pop()
	}
}

func (w *writer) dependency(m map[string]any) {
	w.start("dependency")
	w.attribute("ref", w.scalar(m["ref"], nil))
	for _, part := range []struct{ key, element string }{{"dependsOn", "dependency"}, {"provides", "provides"}} {
		refs, ok := m[part.key].([]any)
		if _, there := m[part.key]; there && !ok {
			w.lostBelow(part.key)
		}
		for _, ref := range refs {
			w.start(part.element)
			w.attribute("ref", w.scalar(ref, nil))
			w.end()
		}
	}
	w.end()
	w.unknown(m, func(key string) bool { return key == "ref" || key == "dependsOn" || key == "provides" })
}
