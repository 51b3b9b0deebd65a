// Package jsonld reads JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) where it
// stands, without expanding it: properties are asked for by their name without
// vocabulary, and every value keeps its line. Contexts are followed as far as they
// stand in the document: prefixes, words, aliases of keywords, @vocab, @base,
// @language, containers, lists and sets, contexts of a node, of a type and of a
// property, @nest, references to nodes in any order, and graphs.
//
// A document that names a remote context gets the usual prefixes: nothing is
// fetched. A word that no context knows counts by itself, as writers that follow no
// specification mean it.
//
// Not understood: @reverse, @import, @propagate and protected terms; @id and @type
// as containers; the type of a value.
package jsonld

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

// Value is a value of the document.
type Value = jsonlines.Value

// Bounds on one document.
const (
	maxTerms   = 20000  // of all contexts
	maxNodes   = 500000 // values that are looked at
	maxValues  = 50000  // of one property
	maxSteps   = 500000 // over references
	maxAliases = 4      // from a word to its IRI
	maxFlatten = 8      // lists in lists
	maxNesting = 64     // of nodes, and of contexts
)

// Words are the vocabularies that a reader understands.
type Words []Space

// Space is the name space of a vocabulary, without its scheme, and the prefix that
// is used for it here. Several may share a prefix; the first one with its scheme is
// that which a document without a context means.
type Space struct{ IRI, Prefix string }

func (w Words) usual(prefix string) string {
	for _, s := range w {
		if s.Prefix == prefix+":" {
			return "http://" + s.IRI
		}
	}
	return ""
}

// Document is one JSON-LD document and what its contexts say.
type Document struct {
	Root     *Value
	Contexts []string // IRIs that the contexts name
	Language string
	words    Words
	outer    *scope
	scopes   map[*Value]*scope // of values where it is not that of the document
	ids      map[string]*Value
	defined  int
	visited  int
	steps    int
}

// New reads the contexts of a document, and which node has which id. The longer
// ones of the name spaces stand first.
func New(root *Value, words Words) *Document {
	d := &Document{Root: root, words: words, scopes: map[*Value]*scope{}, ids: map[string]*Value{}}
	d.outer = &scope{locals: map[string]string{}}
	if isObject(root) {
		d.outer = d.context(d.outer, root.Get("@context"), 0)
	} else {
		for _, v := range items(root) {
			if isObject(v) && v.Get("@context") != nil {
				d.outer = d.context(d.outer, v.Get("@context"), 0)
				break
			}
		}
	}
	d.index(root, d.outer, 0)
	return d
}

func (d *Document) scope(v *Value) *scope {
	if s := d.scopes[v]; s != nil {
		return s
	}
	return d.outer
}

// index notes the scope of every value, and every node that has an id and says more
// than that.
func (d *Document) index(v *Value, s *scope, depth int) {
	if d.visited++; v == nil || depth > maxNesting || d.visited > maxNodes {
		return
	}
	for _, one := range items(v) {
		d.index(one, s, depth+1)
	}
	own, down := s, s
	if isObject(v) {
		if c := v.Get("@context"); c != nil && v != d.Root {
			own = d.context(s, c, 0)
			down = own
		}
		own = d.typed(own, v)
	}
	if own != d.outer {
		d.scopes[v] = own
	}
	id, says := "", false
	for _, m := range members(v) {
		inner := down
		switch own.keyword(m.Key) {
		case "@context":
			continue
		case "@id":
			id = str(m.Value)
		case "@type":
			inner = own
		default:
			says = true
			if t, ok := own.term(m.Key); ok && t.scoped != nil {
				inner = d.context(down, t.scoped, 0)
			}
		}
		d.index(m.Value, inner, depth+1)
	}
	if key := d.resolve(own, id); id != "" && says && d.ids[key] == nil {
		d.ids[key] = v
	}
}

// typed adds the contexts that belong to the types of a node.
func (d *Document) typed(s *scope, v *Value) *scope {
	around := s
	for _, m := range members(v) {
		if around.keyword(m.Key) != "@type" {
			continue
		}
		for _, name := range append(items(m.Value), m.Value) {
			if t, ok := around.term(str(name)); ok && t.scoped != nil {
				s = d.context(s, t.scoped, 0)
			}
		}
	}
	return s
}

// Split gives the understood vocabulary of a word that stands at v, as a prefix,
// and its name in it. Words that no context knows have no prefix; of another
// vocabulary ok is false.
func (d *Document) Split(v *Value, word string) (prefix, name string, ok bool) {
	iri := d.expand(d.scope(v), word)
	if !strings.Contains(iri, ":") {
		return "", iri, iri != ""
	}
	_, rest, _ := strings.Cut(iri, "://")
	for _, n := range d.words {
		if len(rest) > len(n.IRI) && strings.EqualFold(rest[:len(n.IRI)], n.IRI) {
			return n.Prefix, strings.TrimRight(rest[len(n.IRI):], "/#"), true
		}
	}
	return "", "", false
}

// Expand gives the IRI of a word that stands at v.
func (d *Document) Expand(v *Value, word string) string { return d.expand(d.scope(v), word) }

// Local gives the lower-case name of a property of a node without its vocabulary;
// "" for one of a vocabulary that is not understood. A keyword is itself.
func (d *Document) Local(v *Value, key string) string {
	s := d.scope(v)
	if k := s.keyword(key); k != "" {
		return k
	}
	name, done := s.locals[key]
	if !done {
		_, name, _ = d.Split(v, key)
		name = strings.ToLower(name)
		if t, ok := s.term(key); ok && t.reverse {
			name = ""
		}
		s.locals[key] = name
	}
	return name
}

// Compact spells a type with the usual prefix: "sc:Text"; a type of another
// vocabulary stays as it is.
func (d *Document) Compact(v *Value, word string) string {
	if prefix, name, ok := d.Split(v, word); ok {
		return prefix + name
	}
	return word
}

// Types are the node's types: lower case, without vocabulary.
func (d *Document) Types(v *Value) []string {
	var list []string
	for _, t := range d.All(v, "@type") {
		if _, name, ok := d.Split(t, str(t)); ok {
			list = append(list, strings.ToLower(name))
		} else {
			list = append(list, str(t))
		}
	}
	return list
}

// Is tells whether the node has one of the types.
func (d *Document) Is(v *Value, names ...string) bool {
	for _, t := range d.Types(v) {
		for _, name := range names {
			if t == name {
				return true
			}
		}
	}
	return false
}
