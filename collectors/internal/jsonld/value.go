package jsonld

import "strings"

// All gives the values of a property, under any spelling, with lists and sets taken
// apart.
func (d *Document) All(v *Value, names ...string) []*Value { return d.all(nil, v, names, 0) }

func (d *Document) all(list []*Value, v *Value, names []string, depth int) []*Value {
	for _, m := range members(v) {
		local := d.Local(v, m.Key)
		if local == "@nest" && depth < maxFlatten {
			for _, inner := range d.flatten(nil, m.Value, 0) {
				list = d.all(list, inner, names, depth+1)
			}
		}
		for _, name := range names {
			if local != name {
				continue
			}
			if t, ok := d.scope(v).term(m.Key); ok && strings.Contains(t.container, " @index ") && isObject(m.Value) {
				for _, one := range m.Value.Members {
					list = d.flatten(list, one.Value, 0)
				}
				continue
			}
			list = d.flatten(list, m.Value, 0)
		}
	}
	return list
}

// keyword gives the value of a keyword of a node, under any spelling.
func (d *Document) keyword(v *Value, word string) *Value {
	if !isObject(v) {
		return nil
	}
	if found := v.Get(word); found != nil {
		return found
	}
	for _, m := range v.Members {
		if d.scope(v).keyword(m.Key) == word {
			return m.Value
		}
	}
	return nil
}

// Nested gives what a list, a set or a graph holds, and anything else by itself.
func (d *Document) Nested(v *Value) []*Value { return d.flatten(nil, v, 0) }

func (d *Document) flatten(list []*Value, v *Value, depth int) []*Value {
	switch {
	case v == nil || isNull(v) || depth > maxFlatten || len(list) >= maxValues:
		return list
	case isList(v):
		for _, one := range items(v) {
			list = d.flatten(list, one, depth+1)
		}
		return list
	}
	for _, word := range []string{"@list", "@set"} {
		if inner := d.keyword(v, word); inner != nil {
			return d.flatten(list, inner, depth+1)
		}
	}
	return append(list, v)
}

// Tops gives the nodes that a document has at its top, and those of its graphs.
func (d *Document) Tops() []*Value {
	list := []*Value{d.Root}
	if isList(d.Root) {
		list = d.flatten(nil, d.Root, 0)
	}
	for _, v := range list {
		list = d.flatten(list, d.keyword(v, "@graph"), 0)
	}
	return list
}

// Nodes gives the values of a property that are nodes, each reference replaced by
// what it refers to. References can go in a ring: a document gets no more than so
// many steps.
func (d *Document) Nodes(v *Value, names ...string) []*Value {
	list := d.All(v, names...)
	if d.steps += len(list); d.steps > maxSteps {
		return nil
	}
	for i, one := range list {
		if target := d.Target(one); target != nil && (isText(one) || len(members(one)) <= 2) {
			list[i] = target
		}
	}
	return list
}

// Target gives the node that a reference leads to; nil where the document has none.
func (d *Document) Target(v *Value) *Value { return d.ids[d.resolve(d.scope(v), d.Ref(v))] }

// Has tells whether the document has a node of that id.
func (d *Document) Has(id string) bool { return d.ids[d.resolve(d.outer, id)] != nil }

// ID gives the @id of a node, as it stands there; "" for none.
func (d *Document) ID(v *Value) string { return str(d.keyword(v, "@id")) }

// IRI gives the address that a reference or a node's id stands for: as it is written,
// with its prefix or by the document's base.
func (d *Document) IRI(v *Value) string {
	if ref := d.Ref(v); ref != "" {
		return d.resolve(d.scope(v), ref)
	}
	return ""
}

// Ref gives the id that a reference holds: a string or the @id of a node.
func (d *Document) Ref(v *Value) string {
	if isText(v) {
		return v.Text
	}
	return d.ID(v)
}

// Scalar gives a value's text: a string, a number, a value object or a language
// map; "" for a node.
func (d *Document) Scalar(v *Value) string {
	if !isObject(v) {
		return Literal(v)
	}
	if value := d.keyword(v, "@value"); value != nil {
		return Literal(value)
	}
	return d.languageMap(v)
}

// IsValue tells whether the value is a text, a number or the like, and no node.
func (d *Document) IsValue(v *Value) bool { return !isObject(v) || d.keyword(v, "@value") != nil }

// languageMap gives the text of {"en": "...", "fr": "..."} in the document's
// language, else in English, else the first.
func (d *Document) languageMap(v *Value) string {
	var first *Value
	by := map[string]*Value{}
	for _, m := range members(v) {
		text := m.Value
		if isList(text) && len(items(text)) > 0 {
			text = items(text)[0]
		}
		if !isText(text) || !isLanguage(m.Key) {
			return ""
		}
		by[strings.ToLower(m.Key)] = text
		if first == nil {
			first = text
		}
	}
	for _, language := range []string{strings.ToLower(d.Language), "en", "en-us", "en-gb"} {
		if text := by[language]; text != nil && language != "" {
			return strings.TrimSpace(text.Text)
		}
	}
	return strings.TrimSpace(str(first))
}

func isLanguage(tag string) bool {
	switch tag {
	case "@none":
		return true
	case "id", "url":
		return false
	}
	main, _, _ := strings.Cut(tag, "-")
	if len(main) < 2 || len(main) > 3 || len(tag) > 35 {
		return false
	}
	return strings.Trim(main, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Text gives the one text of a property and its line: of several that have
// languages, the one in the document's language.
func (d *Document) Text(v *Value, names ...string) (string, int) {
	text, line, best := "", 0, 0
	for _, one := range d.All(v, names...) {
		s, rank := d.Scalar(one), 1
		switch tag := strings.ToLower(str(d.keyword(one, "@language"))); {
		case tag == "":
		case tag == strings.ToLower(d.Language):
			rank = 3
		case strings.HasPrefix(tag, "en"):
			rank = 2
		}
		if s != "" && rank > best {
			text, line, best = s, one.Line, rank
		}
	}
	return text, line
}
