package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Namespaces of SPDX's RDF, with the prefixes by which this package calls them.
var rdfSpaces = map[string]string{
	rdfSpace: "rdf:", "http://spdx.org/rdf/terms#": "", "https://spdx.org/rdf/terms#": "", "http://www.w3.org/2000/01/rdf-schema#": "rdfs:",
	"http://usefulinc.com/ns/doap#": "doap:", "http://www.w3.org/2009/pointers#": "ptr:",
}

const (
	rdfSpace    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	xmlSpace    = "http://www.w3.org/XML/1998/namespace"
	maxRDFDepth = 20_000    // elements, one inside the other: writers nest along relationships
	maxRDFItems = 5_000_000 // elements and attributes
)

// rdfNode is a thing that an RDF document speaks of.
type rdfNode struct {
	id    string // its IRI, or "_:" and a name of the document's own
	class string
	props []rdfProp
	line  int
}

// rdfProp is one statement: its value is another thing or a text.
type rdfProp struct {
	name string
	node *rdfNode
	text string
	line int
}

// all gives the values of a property.
func (n *rdfNode) all(name string) []rdfProp {
	var list []rdfProp
	for _, p := range n.props {
		if p.name == name {
			list = append(list, p)
		}
	}
	return list
}

func (n *rdfNode) text(name string) string {
	for _, p := range n.props {
		if p.name == name && p.node == nil {
			return p.text
		}
	}
	return ""
}

// rdfReader reads RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/) as far as
// writers of SPDX use it: no collections, no literals of XML, no containers.
// Nesting is held in a list, for it is as deep as the writer's relationships.
type rdfReader struct {
	decoder *xml.Decoder
	nodes   map[string]*rdfNode
	order   []*rdfNode // as they first stand
	stack   []rdfLevel
	base    string
	count   int
	issues  []Issue
	more    int
}

// rdfLevel is an element that is open: of a thing, or else of a property.
type rdfLevel struct {
	node *rdfNode // the thing, or that which the property is of
	prop *rdfProp // nil: of a thing
	text []byte
	bag  bool // the element rdf:RDF
	skip bool // an element that is not understood
}

// readRDF gives the things of a document. An error is an *Error.
func readRDF(data []byte) (*rdfReader, error) {
	if len(data) > maxSize {
		return nil, checkText(data)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, checkText(data)
	}
	r := &rdfReader{decoder: xml.NewDecoder(bytes.NewReader(data)), nodes: map[string]*rdfNode{}}
	for {
		t, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return nil, r.fail("not well-formed: "+reason(err), "")
		}
		if err := r.token(t); err != nil {
			return nil, err
		}
	}
}

func (r *rdfReader) fail(message, fix string) error {
	line, _ := r.decoder.InputPos()
	return oneIssue(Issue{Line: line, Message: message, Fix: fix})
}

// wrong notes what is not understood.
func (r *rdfReader) wrong(line int, format string, args ...any) {
	if len(r.issues) == MaxIssues {
		r.more++
		return
	}
	r.issues = append(r.issues, Issue{Line: line, Message: fmt.Sprintf(format, args...)})
}

func (r *rdfReader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.Directive:
		return r.fail("a DTD or another declaration", "remove it: entities are not accepted")
	case xml.StartElement:
		if r.count += 1 + len(t.Attr); r.count > maxRDFItems || len(r.stack) >= maxRDFDepth {
			return r.fail(fmt.Sprintf("more than %d elements, or %d inside each other", maxRDFItems, maxRDFDepth), "split the document")
		}
		r.start(t)
	case xml.CharData:
		if n := len(r.stack); n > 0 && r.stack[n-1].prop != nil && r.stack[n-1].prop.node == nil {
			r.stack[n-1].text = append(r.stack[n-1].text, t...)
		}
	case xml.EndElement:
		r.end()
	}
	return nil
}

// rdfName is a name by its prefix here; that of another vocabulary is whole.
func rdfName(n xml.Name) string {
	if prefix, known := rdfSpaces[n.Space]; known {
		return prefix + n.Local
	}
	return n.Space + " " + n.Local
}

func (r *rdfReader) start(t xml.StartElement) {
	line, _ := r.decoder.InputPos()
	name := rdfName(t.Name)
	n := len(r.stack)
	switch {
	case n == 0 && name == "rdf:RDF":
		for _, a := range t.Attr {
			if a.Name.Space == xmlSpace && a.Name.Local == "base" {
				r.base = a.Value
			}
		}
		r.stack = append(r.stack, rdfLevel{bag: true})
	case n > 0 && r.stack[n-1].skip:
		r.stack = append(r.stack, rdfLevel{skip: true})
	case n > 0 && r.stack[n-1].node != nil && r.stack[n-1].prop == nil:
		r.property(r.stack[n-1].node, name, t.Attr, line)
	default:
		node := r.thing(name, t.Attr, line)
		if n > 0 && r.stack[n-1].prop != nil {
			if r.stack[n-1].prop.node != nil {
				r.wrong(line, "a second value inside one property")
			}
			r.stack[n-1].prop.node = node
		}
		r.stack = append(r.stack, rdfLevel{node: node})
	}
}

// thing begins a node element.
func (r *rdfReader) thing(name string, attrs []xml.Attr, line int) *rdfNode {
	id := ""
	for _, a := range attrs {
		switch rdfName(a.Name) {
		case "rdf:about":
			id = r.iri(a.Value)
		case "rdf:ID":
			id = r.iri("#" + a.Value)
		case "rdf:nodeID":
			id = "_:" + a.Value
		}
	}
	node := r.node(id, line)
	if name != "rdf:Description" {
		node.class = name
	}
	for _, a := range attrs {
		switch key := rdfName(a.Name); {
		case key == "rdf:type":
			node.class = className(a.Value)
		case strings.HasPrefix(key, "rdf:") || a.Name.Space == "" || a.Name.Space == "xmlns" || a.Name.Space == xmlSpace:
		default:
			node.props = append(node.props, rdfProp{name: key, text: a.Value, line: line})
		}
	}
	return node
}

// node finds a thing by its identifier; one without is a new one.
func (r *rdfReader) node(id string, line int) *rdfNode {
	if n := r.nodes[id]; n != nil && id != "" {
		return n
	}
	n := &rdfNode{id: id, line: line}
	if id != "" {
		r.nodes[id] = n
	}
	r.order = append(r.order, n)
	return n
}

func (r *rdfReader) iri(s string) string {
	if strings.HasPrefix(s, "#") {
		return strings.TrimSuffix(r.base, "#") + s
	}
	return s
}

func className(iri string) string {
	for space, prefix := range rdfSpaces {
		if name, ok := strings.CutPrefix(iri, space); ok {
			return prefix + name
		}
	}
	return iri
}

// property begins a property element.
func (r *rdfReader) property(of *rdfNode, name string, attrs []xml.Attr, line int) {
	p := rdfProp{name: name, line: line}
	level := rdfLevel{node: of, prop: &p}
	for _, a := range attrs {
		switch key := rdfName(a.Name); key {
		case "rdf:resource":
			p.node = r.node(r.iri(a.Value), line)
		case "rdf:nodeID":
			p.node = r.node("_:"+a.Value, line)
		case "rdf:parseType":
			if a.Value != "Resource" {
				r.wrong(line, "rdf:parseType %s is not read", quote(a.Value))
				r.stack = append(r.stack, rdfLevel{skip: true})
				return
			}
			p.node = r.node("", line) // the properties stand in the element itself
			of.props = append(of.props, p)
			r.stack = append(r.stack, rdfLevel{node: p.node})
			return
		}
	}
	r.stack = append(r.stack, level)
}

func (r *rdfReader) end() {
	level := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	if level.prop == nil {
		return
	}
	if level.prop.node == nil {
		level.prop.text = string(level.text)
	}
	if level.prop.name == "rdf:type" {
		if level.prop.node != nil {
			level.node.class = className(level.prop.node.id)
		}
		return
	}
	level.node.props = append(level.node.props, *level.prop)
}
