package xsd

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	schemaSpace   = "http://www.w3.org/2001/XMLSchema"
	instanceSpace = "http://www.w3.org/2001/XMLSchema-instance"
	xmlSpace      = "http://www.w3.org/XML/1998/namespace"
	maxNesting    = 100 // of a schema document
)

// node is an element of a schema document.
type node struct {
	name     string
	line     int
	attrs    map[string]string
	kids     []*node
	prefixes map[string]string // those of the root
}

func (n *node) fail(format string, args ...any) error {
	return fmt.Errorf("line %d: <%s>: %s", n.line, n.name, fmt.Sprintf(format, args...))
}

// allow refuses attributes that are not among the known.
func (n *node) allow(known ...string) error {
	for name := range n.attrs {
		if !slices.Contains(known, name) {
			return n.fail("the attribute %q is not understood", name)
		}
	}
	return nil
}

// nodes reads a schema document without its annotations.
func nodes(data []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	var stack []*node
	var root *node
	for {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			if root == nil {
				return nil, errors.New("there is no element")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := dec.InputPos()
		switch t := t.(type) {
		case xml.StartElement:
			n, err := newNode(t, line, root)
			if err != nil {
				return nil, err
			}
			if len(stack) == maxNesting {
				return nil, n.fail("nested more than %d deep", maxNesting)
			}
			if n.name == "annotation" {
				if err := dec.Skip(); err != nil {
					return nil, err
				}
				continue
			}
			if len(stack) == 0 {
				root = n
			} else {
				above := stack[len(stack)-1]
				above.kids = append(above.kids, n)
			}
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 && len(stack) > 0 {
				return nil, fmt.Errorf("line %d: text between the elements", line)
			}
		}
	}
}

func newNode(t xml.StartElement, line int, root *node) (*node, error) {
	n := &node{name: t.Name.Local, line: line, attrs: map[string]string{}}
	if t.Name.Space != schemaSpace {
		return nil, n.fail("an element of %q is not understood", t.Name.Space)
	}
	if root != nil {
		n.prefixes = root.prefixes
	} else {
		n.prefixes = map[string]string{}
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns" && root == nil:
			n.prefixes[a.Name.Local] = a.Value
		case a.Name.Space == "xmlns" || a.Name.Local == "xmlns" && a.Name.Space == "":
			return nil, n.fail("a namespace is understood only where the root declares it with a prefix")
		case a.Name.Space == "":
			n.attrs[a.Name.Local] = strings.TrimSpace(a.Value)
		}
		// an attribute of another namespace says nothing to XML Schema 1.0
	}
	return n, nil
}

// qname resolves a name with its prefix.
func (n *node) qname(s string) (space, local string, err error) {
	prefix, local, ok := strings.Cut(s, ":")
	if !ok {
		return "", "", n.fail("%q has no prefix", s)
	}
	space, ok = n.prefixes[prefix]
	if !ok {
		return "", "", n.fail("the prefix of %q is not declared", s)
	}
	return space, local, nil
}
