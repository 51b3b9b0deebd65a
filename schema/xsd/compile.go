package xsd

import (
	"fmt"
	"slices"
)

// Compile reads schema documents: first the one whose elements stand in documents,
// then those that it imports, each with its own namespace.
func Compile(documents ...[]byte) (*Schema, error) {
	c := &compiler{named: map[[2]string]*node{}, groups: map[[2]string]*node{}, simple: map[[2]string]*Simple{}, complex: map[[2]string]*Type{}, builtin: map[string]*Type{}}
	var roots []*node
	for i, data := range documents {
		root, err := nodes(data)
		if err != nil {
			return nil, fmt.Errorf("schema document %d: %w", i+1, err)
		}
		if err := c.declare(root); err != nil {
			return nil, fmt.Errorf("schema document %d: %w", i+1, err)
		}
		roots = append(roots, root)
	}
	if len(roots) == 0 {
		return nil, fmt.Errorf("no schema document")
	}
	s, err := c.schema(roots)
	if err != nil {
		return nil, fmt.Errorf("schema %q: %w", s.Namespace, err)
	}
	return s, nil
}

// compiler makes each named type once, at its first use.
type compiler struct {
	spaces  []string // in the order of the documents
	named   map[[2]string]*node
	groups  map[[2]string]*node // of attributes
	simple  map[[2]string]*Simple
	complex map[[2]string]*Type
	builtin map[string]*Type
	models  []modelled
	open    [][2]string // simple types that are being made
}

// modelled waits for its automaton until all types are there.
type modelled struct {
	t *Type
	p *particle
	n *node
}

// declare notes the named types of a document.
func (c *compiler) declare(root *node) error {
	if root.name != "schema" {
		return root.fail("want schema")
	}
	if err := root.allow("elementFormDefault", "targetNamespace", "version"); err != nil {
		return err
	}
	space := root.attrs["targetNamespace"]
	if space == "" || root.attrs["elementFormDefault"] != "qualified" {
		return root.fail("only a schema with targetNamespace and elementFormDefault=\"qualified\" is understood")
	}
	c.spaces = append(c.spaces, space)
	for _, n := range root.kids {
		key := [2]string{space, n.attrs["name"]}
		switch n.name {
		case "simpleType", "complexType":
			if c.named[key] != nil {
				return n.fail("the type %q is declared twice", key[1])
			}
			c.named[key] = n
		case "attributeGroup":
			c.groups[key] = n
		case "element", "import":
		default:
			return n.fail("not understood at the top of a schema")
		}
	}
	return nil
}

func (c *compiler) schema(roots []*node) (*Schema, error) {
	s := &Schema{Namespace: c.spaces[0], elements: map[string]*Element{}, types: map[string]*Type{}}
	for i, root := range roots {
		for _, n := range root.kids {
			if err := c.top(s, c.spaces[i], n, i == 0); err != nil {
				return s, err
			}
		}
	}
	for _, m := range c.models {
		a, conflict := automatonOf(m.p)
		if conflict != "" {
			return s, m.n.fail("the content model is not deterministic: %s", conflict)
		}
		m.t.model = a
	}
	return s, nil
}

func (c *compiler) top(s *Schema, space string, n *node, first bool) error {
	switch n.name {
	case "import":
		if !slices.Contains(c.spaces, n.attrs["namespace"]) {
			return n.fail("the schema of %q was not given", n.attrs["namespace"])
		}
		return n.allow("namespace", "schemaLocation")
	case "element":
		if !first {
			return n.fail("an imported schema that declares elements is not understood")
		}
		if err := n.allow("name"); err != nil {
			return err
		}
		return c.rootElement(s, n)
	case "complexType":
		t, err := c.namedType([2]string{space, n.attrs["name"]}, n)
		s.types[n.attrs["name"]] = t
		return err
	case "simpleType":
		_, err := c.namedType([2]string{space, n.attrs["name"]}, n)
		return err
	}
	return nil // an attribute group is made where it is used
}

// rootElement takes the identity constraint off the declaration.
func (c *compiler) rootElement(s *Schema, n *node) error {
	plain := *n
	plain.kids = nil
	for _, kid := range n.kids {
		if kid.name != "unique" {
			plain.kids = append(plain.kids, kid)
			continue
		}
		attribute, err := unique(kid)
		if err != nil {
			return err
		}
		if s.Unique != "" {
			return kid.fail("a second identity constraint is not understood")
		}
		s.Unique = attribute
	}
	p, err := c.element(&plain)
	if err == nil {
		s.elements[p.element.Name] = p.element
	}
	return err
}

// unique takes the form that says: no two elements share this attribute.
func unique(n *node) (string, error) {
	if err := n.allow("name"); err != nil {
		return "", err
	}
	if len(n.kids) == 2 && n.kids[0].name == "selector" && n.kids[1].name == "field" && n.kids[0].attrs["xpath"] == ".//*" {
		if field := n.kids[1].attrs["xpath"]; len(field) > 1 && field[0] == '@' {
			return field[1:], nil
		}
	}
	return "", n.fail("an identity constraint other than an attribute of all elements is not understood")
}

// typeOf gives the type that an element names, or has inside, or none.
func (c *compiler) typeOf(n *node) (*Type, error) {
	name, ok := n.attrs["type"]
	if !ok {
		return c.inlineType(n)
	}
	if len(n.kids) > 0 {
		return nil, n.fail("a type beside the type %q", name)
	}
	space, local, err := n.qname(name)
	if err != nil {
		return nil, err
	}
	if space == schemaSpace {
		return c.builtinType(n, local)
	}
	return c.namedType([2]string{space, local}, n)
}

func (c *compiler) inlineType(n *node) (*Type, error) {
	switch {
	case len(n.kids) == 0:
		return &Type{Anything: true, Open: true, Mixed: true, OpenAttributes: "##any"}, nil
	case len(n.kids) > 1:
		return nil, n.kids[1].fail("not understood in an element")
	case n.kids[0].name == "complexType":
		t := &Type{}
		return t, c.complexType(n.kids[0], t)
	case n.kids[0].name == "simpleType":
		simple, err := c.simpleType(n.kids[0])
		return &Type{Simple: simple}, err
	}
	return nil, n.kids[0].fail("not understood in an element")
}

func (c *compiler) builtinType(n *node, local string) (*Type, error) {
	if _, ok := builtins[local]; !ok {
		return nil, n.fail("the built-in type %q is not understood", local)
	}
	if c.builtin[local] == nil {
		c.builtin[local] = &Type{Simple: &Simple{Base: local}}
	}
	return c.builtin[local], nil
}

func (c *compiler) namedType(key [2]string, user *node) (*Type, error) {
	if t := c.complex[key]; t != nil {
		return t, nil
	}
	n := c.named[key]
	if n == nil {
		return nil, user.fail("the type %q is not declared", key[1])
	}
	t := &Type{Name: key[1]}
	if n.name == "simpleType" {
		simple, err := c.namedSimple(key, user)
		t.Simple = simple
		c.complex[key] = t
		return t, err
	}
	c.complex[key] = t // before its inside, which may hold it again
	return t, c.complexType(n, t)
}
