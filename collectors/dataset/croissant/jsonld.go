package croissant

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one document.
const (
	maxTerms    = 5000   // of a context
	maxNodes    = 500000 // values that are looked at
	maxValues   = 50000  // of one property
	maxSteps    = 500000 // over references
	maxAliases  = 4      // from a term to its IRI
	maxFlatten  = 8      // lists in lists
	maxNesting  = 64     // of nodes
	maxWord     = 500    // bytes of a name, an id or a type
	maxSentence = 4000   // bytes of prose
)

// document is one JSON-LD document and what its context says.
type document struct {
	file     *sbom.File
	root     *jsonlines.Value
	node     *jsonlines.Value // the dataset
	terms    map[string]string
	language string
	contexts []string // IRIs that the context names
	ids      map[string]*jsonlines.Value
	locals   map[string]string // of keys, as they were worked out
	known    map[string]bool   // names by which parts can be referred to
	visited  int
	steps    int
	parts    []*part
	sets     []*recordSet
	problems []error
	faults   int
}

func newDocument(f *sbom.File, root *jsonlines.Value) *document {
	d := &document{file: f, root: root, terms: map[string]string{}, ids: map[string]*jsonlines.Value{}, locals: map[string]string{}, known: map[string]bool{}}
	d.context(root.Get("@context"), 0)
	for _, v := range items(root) {
		d.context(v.Get("@context"), 0)
	}
	d.index(root, 0)
	d.node = d.choose()
	return d
}

// context reads prefixes and terms: an object, an IRI, or a list of those.
func (d *document) context(v *jsonlines.Value, depth int) {
	if v == nil || depth > 1 {
		return
	}
	switch {
	case isText(v):
		d.contexts = append(d.contexts, v.Text)
	case isList(v):
		for _, one := range items(v) {
			d.context(one, depth+1)
		}
	}
	for _, m := range members(v) {
		iri := m.Value
		if isObject(iri) {
			iri = iri.Get("@id")
		}
		switch {
		case m.Key == "@language":
			d.language = str(iri)
		case !isText(iri) || len(d.terms) >= maxTerms:
		case m.Key == "@vocab":
			d.contexts = append(d.contexts, iri.Text)
		case !strings.HasPrefix(m.Key, "@"):
			d.terms[m.Key] = iri.Text
			d.contexts = append(d.contexts, iri.Text)
		}
	}
}

// index notes every node that has an id and says more than that.
func (d *document) index(v *jsonlines.Value, depth int) {
	if d.visited++; v == nil || depth > maxNesting || d.visited > maxNodes {
		return
	}
	for _, one := range items(v) {
		d.index(one, depth+1)
	}
	id, says := "", false
	for _, m := range members(v) {
		switch m.Key {
		case "@context":
			continue
		case "@id":
			id = str(m.Value)
		case "@type":
		default:
			says = true
		}
		d.index(m.Value, depth+1)
	}
	if id != "" && says && d.ids[id] == nil {
		d.ids[id] = v
	}
}

// usual are the prefixes of documents whose context does not say.
func usual(prefix string) string {
	switch prefix {
	case "sc", "schema":
		return "https://schema.org/"
	case "cr":
		return "http://mlcommons.org/croissant/"
	case "ml":
		return "http://mlcommons.org/schema/"
	case "rai":
		return "http://mlcommons.org/croissant/RAI/"
	case "dct", "dcterms":
		return "http://purl.org/dc/terms/"
	case "prov":
		return "http://www.w3.org/ns/prov#"
	}
	return ""
}

// namespaces that are understood, the longer ones first.
var namespaces = [...]struct{ iri, prefix string }{
	{"mlcommons.org/croissant/RAI/", "rai:"}, {"mlcommons.org/croissant/", "cr:"}, {"mlcommons.org/schema/", "cr:"},
	{"www.schema.org/", "sc:"}, {"schema.org/", "sc:"}, {"purl.org/dc/terms/", "dct:"}, {"www.w3.org/ns/prov#", "prov:"},
}

// expand gives the IRI of a term; a plain word that the context does not know
// stays as it is.
func (d *document) expand(term string) string {
	for range maxAliases {
		if to, ok := d.terms[term]; ok && to != term {
			term = to
			continue
		}
		prefix, rest, ok := strings.Cut(term, ":")
		if !ok || strings.HasPrefix(rest, "//") {
			return term
		}
		base := d.terms[prefix]
		if base == "" {
			base = usual(prefix)
		}
		if base == "" {
			return term
		}
		term = base + rest
	}
	return term
}

// split gives the understood vocabulary of a term, as a prefix, and its name in
// it. Plain words have no prefix; of another vocabulary ok is false.
func (d *document) split(term string) (prefix, name string, ok bool) {
	iri := d.expand(term)
	if !strings.Contains(iri, ":") {
		return "", iri, true
	}
	_, rest, _ := strings.Cut(iri, "://")
	for _, n := range namespaces {
		if len(rest) > len(n.iri) && strings.EqualFold(rest[:len(n.iri)], n.iri) {
			return n.prefix, strings.TrimRight(rest[len(n.iri):], "/#"), true
		}
	}
	return "", "", false
}

// local gives the lower-case name of a property without its vocabulary; "" for
// one of a vocabulary that is not understood.
func (d *document) local(key string) string {
	if strings.HasPrefix(key, "@") {
		return key
	}
	name, done := d.locals[key]
	if !done {
		_, name, _ = d.split(key)
		name = strings.ToLower(name)
		d.locals[key] = name
	}
	return name
}

// compact spells a type with the usual prefix: "sc:Text"; a type of another
// vocabulary stays as it is.
func (d *document) compact(term string) string {
	if prefix, name, ok := d.split(term); ok {
		return prefix + name
	}
	return term
}

// types are the node's types: lower case, without vocabulary.
func (d *document) types(v *jsonlines.Value) []string {
	var list []string
	for _, t := range d.all(v, "@type") {
		if _, name, ok := d.split(str(t)); ok {
			list = append(list, strings.ToLower(name))
		} else {
			list = append(list, str(t))
		}
	}
	return list
}

// is tells whether the node has one of the types.
func (d *document) is(v *jsonlines.Value, names ...string) bool {
	for _, t := range d.types(v) {
		for _, name := range names {
			if t == name {
				return true
			}
		}
	}
	return false
}

// all gives the values of a property, under any spelling, with lists and
// references taken apart.
func (d *document) all(v *jsonlines.Value, names ...string) []*jsonlines.Value {
	var list []*jsonlines.Value
	for _, m := range members(v) {
		for _, name := range names {
			if d.local(m.Key) == name {
				list = d.flatten(list, m.Value, 0)
			}
		}
	}
	return list
}

func (d *document) flatten(list []*jsonlines.Value, v *jsonlines.Value, depth int) []*jsonlines.Value {
	switch {
	case v == nil || isNull(v) || depth > maxFlatten || len(list) >= maxValues:
		return list
	case isList(v):
		for _, one := range items(v) {
			list = d.flatten(list, one, depth+1)
		}
		return list
	case v.Get("@list") != nil:
		return d.flatten(list, v.Get("@list"), depth+1)
	case v.Get("@set") != nil:
		return d.flatten(list, v.Get("@set"), depth+1)
	}
	return append(list, v)
}

// nodes gives the values of a property that are nodes, each reference replaced
// by what it refers to. References can go in a ring: a document gets no more
// than so many steps.
func (d *document) nodes(v *jsonlines.Value, names ...string) []*jsonlines.Value {
	list := d.all(v, names...)
	if d.steps += len(list); d.steps > maxSteps {
		return nil
	}
	for i, one := range list {
		if target := d.ids[d.ref(one)]; target != nil && (isText(one) || len(members(one)) <= 2) {
			list[i] = target
		}
	}
	return list
}

// ref gives the id that a reference holds: a string or the @id of a node.
func (d *document) ref(v *jsonlines.Value) string {
	if isText(v) {
		return v.Text
	}
	return str(v.Get("@id"))
}

// scalar gives a value's text: a string, a number, a value object or a language
// map; "" for a node.
func (d *document) scalar(v *jsonlines.Value) string {
	if !isObject(v) {
		return literal(v)
	}
	if value := v.Get("@value"); value != nil {
		return literal(value)
	}
	return d.languageMap(v)
}

// languageMap gives the text of {"en": "...", "fr": "..."} in the document's
// language, else in English, else the first.
func (d *document) languageMap(v *jsonlines.Value) string {
	var first *jsonlines.Value
	by := map[string]*jsonlines.Value{}
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
	for _, language := range []string{strings.ToLower(d.language), "en", "en-us", "en-gb"} {
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

// text gives the one text of a property and its line: of several that have
// languages, the one in the document's language.
func (d *document) text(v *jsonlines.Value, names ...string) (string, int) {
	text, line, best := "", 0, 0
	for _, one := range d.all(v, names...) {
		s, rank := d.scalar(one), 1
		switch tag := strings.ToLower(str(one.Get("@language"))); {
		case tag == "":
		case tag == strings.ToLower(d.language):
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
