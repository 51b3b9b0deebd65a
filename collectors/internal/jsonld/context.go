package jsonld

import (
	"net/url"
	"strings"
)

// scope is the active context of a part of a document: what was defined there, and
// what was defined around it.
type scope struct {
	outer    *scope
	terms    map[string]term
	vocab    *string // nil: as outside
	base     *string
	language *string
	cut      bool // a null context: nothing of the outside holds
	locals   map[string]string
}

// term is what a context says of one word.
type term struct {
	iri       string
	container string // its words, between spaces: " @set @index "
	scoped    *Value // the context of its values, or of the nodes of that type
	none      bool   // defined as null: it means nothing
	reverse   bool
}

// known are remote contexts whose words are those of schema.org (RO-Crate takes
// these too); they are not
// fetched, and their prefixes are the usual ones.
func known(remote string) bool {
	_, name, _ := strings.Cut(strings.TrimRight(remote, "/#"), "://")
	name = strings.TrimPrefix(name, "www.")
	return name == "schema.org" || strings.HasPrefix(name, "schema.org/docs/jsonldcontext") || strings.HasPrefix(name, "mlcommons.org/croissant") || strings.HasPrefix(name, "w3id.org/ro/crate")
}

const schemaOrg = "https://schema.org/"

// context makes the scope that a context opens: an object, an IRI, null, or a list
// of those.
func (d *Document) context(outer *scope, v *Value, depth int) *scope {
	if v == nil || depth > maxNesting {
		return outer
	}
	if isList(v) {
		for _, one := range v.Items {
			outer = d.context(outer, one, maxNesting)
		}
		return outer
	}
	s := &scope{outer: outer, terms: map[string]term{}, locals: map[string]string{}}
	if s.depth() > maxNesting {
		return outer
	}
	switch {
	case isText(v):
		d.note(v.Text)
		if known(v.Text) {
			vocab := schemaOrg
			s.vocab = &vocab
		}
	case isNull(v):
		s.cut = true
	}
	for _, m := range members(v) {
		d.define(s, m.Key, m.Value)
	}
	return s
}

func (s *scope) depth() int {
	n := 0
	for ; s != nil; s = s.outer {
		n++
	}
	return n
}

// note remembers an IRI that the context names.
func (d *Document) note(iri string) {
	if len(d.Contexts) < maxTerms && iri != "" {
		d.Contexts = append(d.Contexts, iri)
	}
}

func (d *Document) define(s *scope, key string, v *Value) {
	text := str(v)
	switch key {
	case "@language":
		s.language = &text
		if d.Language == "" {
			d.Language = text
		}
	case "@vocab":
		d.note(text)
		s.vocab = &text
	case "@base":
		s.base = &text
	}
	if strings.HasPrefix(key, "@") || d.defined >= maxTerms {
		return
	}
	d.defined++
	t := term{iri: text, none: isNull(v)}
	if isObject(v) {
		t.iri = str(v.Get("@id"))
		if back := str(v.Get("@reverse")); back != "" {
			t.iri, t.reverse = back, true
		}
		t.scoped = v.Get("@context")
		t.none = v.Get("@id") != nil && isNull(v.Get("@id"))
		t.container = " " + str(v.Get("@container")) + " "
		for _, one := range items(v.Get("@container")) {
			t.container += str(one) + " "
		}
	}
	d.note(t.iri)
	s.terms[key] = t
}

func (s *scope) term(word string) (term, bool) {
	for ; s != nil; s = s.outer {
		if t, ok := s.terms[word]; ok {
			return t, true
		}
		if s.cut {
			break
		}
	}
	return term{}, false
}

func (s *scope) value(of func(*scope) *string) string {
	for ; s != nil; s = s.outer {
		if p := of(s); p != nil {
			return *p
		}
		if s.cut {
			break
		}
	}
	return ""
}

func (s *scope) vocabulary() string { return s.value(func(s *scope) *string { return s.vocab }) }

// keyword gives the keyword that a key is or stands for: "id" may be "@id".
func (s *scope) keyword(key string) string {
	if strings.HasPrefix(key, "@") {
		return key
	}
	if t, ok := s.term(key); ok && strings.HasPrefix(t.iri, "@") {
		return t.iri
	}
	return ""
}

// expand gives the IRI of a word. One that no context knows and no vocabulary
// takes stays as it is; "" is for one that means nothing.
func (d *Document) expand(s *scope, word string) string {
	plain := word
	for range maxAliases {
		if t, ok := s.term(word); ok && t.iri != word && (t.iri != "" || t.none) {
			if t.none {
				return ""
			}
			word = t.iri
			continue
		}
		prefix, rest, ok := strings.Cut(word, ":")
		if !ok && !strings.HasPrefix(word, "@") {
			return s.vocabulary() + word
		}
		if !ok || strings.HasPrefix(rest, "//") || prefix == "_" {
			return word
		}
		base := ""
		if t, ok := s.term(prefix); ok {
			base = t.iri
		} else {
			base = d.words.usual(prefix)
		}
		if base == "" || base == plain {
			return word
		}
		word = base + rest
	}
	return word
}

// resolve gives the IRI of an @id: a compact one in full, a relative one by the
// base of the document, where it has one.
func (d *Document) resolve(s *scope, id string) string {
	if prefix, rest, ok := strings.Cut(id, ":"); ok {
		if t, found := s.term(prefix); found && !strings.HasPrefix(rest, "//") && strings.Contains(t.iri, ":") {
			return t.iri + rest
		} else if usual := d.words.usual(prefix); !found && usual != "" && !strings.HasPrefix(rest, "//") {
			return usual + rest
		}
		return id
	}
	base := s.value(func(s *scope) *string { return s.base })
	if base == "" {
		return strings.TrimPrefix(id, "./")
	}
	at, err := url.Parse(base)
	if err != nil {
		return id
	}
	to, err := at.Parse(id)
	if err != nil {
		return id
	}
	return to.String()
}
