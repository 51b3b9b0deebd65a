package xsd

import "slices"

func (c *compiler) complexType(n *node, t *Type) error {
	if err := n.allow("name", "mixed"); err != nil {
		return err
	}
	t.Mixed = n.attrs["mixed"] == "true"
	t.byName = map[string]*Element{}
	kids := n.kids
	var model *particle
	if len(kids) > 0 {
		var err error
		switch kids[0].name {
		case "simpleContent":
			if len(kids) > 1 {
				return kids[1].fail("not understood beside simpleContent")
			}
			return c.simpleContent(kids[0], t)
		case "sequence", "choice":
			model, err = c.particle(kids[0], t)
			kids = kids[1:]
		}
		if err != nil {
			return err
		}
	}
	c.models = append(c.models, modelled{t, model, n})
	return c.attributes(kids, t)
}

func (c *compiler) simpleContent(n *node, t *Type) error {
	if len(n.kids) != 1 || n.kids[0].name != "extension" {
		return n.fail("only an extension is understood here")
	}
	e := n.kids[0]
	if err := e.allow("base"); err != nil {
		return err
	}
	base, err := c.base(e)
	if err != nil {
		return err
	}
	t.Simple = base
	return c.attributes(e.kids, t)
}

func (c *compiler) attributes(kids []*node, t *Type) error {
	for _, n := range kids {
		switch n.name {
		case "attribute":
			a, err := c.attribute(n)
			if err != nil {
				return err
			}
			if t.Attribute(a.Name) != nil {
				return n.fail("the attribute %q is declared twice", a.Name)
			}
			t.Attributes = append(t.Attributes, a)
		case "attributeGroup":
			space, local, err := n.qname(n.attrs["ref"])
			group := c.groups[[2]string{space, local}]
			if err != nil || group == nil {
				return n.fail("the group %q is not declared", n.attrs["ref"])
			}
			if err := c.attributes(group.kids, t); err != nil {
				return err
			}
		case "anyAttribute":
			if err := n.allow("namespace", "processContents"); err != nil {
				return err
			}
			t.OpenAttributes = n.attrs["namespace"]
			if n.attrs["processContents"] != "lax" || t.OpenAttributes != "##other" && t.OpenAttributes != "##any" {
				return n.fail("only ##other or ##any with processContents=\"lax\" is understood")
			}
		default:
			return n.fail("not understood in a type")
		}
	}
	return nil
}

func (c *compiler) attribute(n *node) (Attribute, error) {
	if err := n.allow("name", "type", "use", "default"); err != nil {
		return Attribute{}, err
	}
	use := n.attrs["use"]
	if use != "" && use != "optional" && use != "required" {
		return Attribute{}, n.fail("use=%q is not understood", use)
	}
	t, err := c.typeOf(n)
	if err != nil {
		return Attribute{}, err
	}
	if t.Simple == nil || len(t.Attributes) > 0 {
		return Attribute{}, n.fail("an attribute needs a simple type")
	}
	return Attribute{Name: n.attrs["name"], Type: t.Simple, Required: use == "required"}, nil
}

// particle reads a part of a content model and notes its elements.
func (c *compiler) particle(n *node, t *Type) (*particle, error) {
	switch n.name {
	case "element":
		return c.localElement(n, t)
	case "any":
		if err := n.allow("namespace", "processContents", "minOccurs", "maxOccurs"); err != nil {
			return nil, err
		}
		if n.attrs["namespace"] != "##other" || n.attrs["processContents"] != "lax" {
			return nil, n.fail("only namespace=\"##other\" with processContents=\"lax\" is understood")
		}
		t.Open = true
		p := &particle{kind: 'a'}
		return p, occurs(n, p)
	case "sequence", "choice":
		if err := n.allow("minOccurs", "maxOccurs"); err != nil {
			return nil, err
		}
		p := &particle{kind: n.name[0]}
		for _, kid := range n.kids {
			k, err := c.particle(kid, t)
			if err != nil {
				return nil, err
			}
			p.kids = append(p.kids, k)
		}
		if err := occurs(n, p); err != nil {
			return nil, err
		}
		if p.repeated {
			p.many()
		}
		return p, nil
	}
	return nil, n.fail("not understood in a content model")
}

// many notes that a group is repeated.
func (p *particle) many() {
	if p.element != nil {
		p.element.Many = true
	}
	for _, kid := range p.kids {
		kid.many()
	}
}

func (c *compiler) localElement(n *node, t *Type) (*particle, error) {
	p, err := c.element(n)
	if err != nil {
		return nil, err
	}
	e := p.element
	if before := t.byName[e.Name]; before != nil {
		if before.Type != e.Type {
			return nil, n.fail("%q has two types in one place", e.Name)
		}
		t.Elements = slices.DeleteFunc(t.Elements, func(o *Element) bool { return o == before })
		e.Many, e.Repeated = e.Many || before.Many, e.Repeated || before.Repeated
	}
	t.byName[e.Name] = e
	t.Elements = append(t.Elements, e)
	return p, nil
}

func (c *compiler) element(n *node) (*particle, error) {
	if err := n.allow("name", "type", "minOccurs", "maxOccurs", "default"); err != nil {
		return nil, err
	}
	if n.attrs["name"] == "" {
		return nil, n.fail("an element without a name is not understood")
	}
	t, err := c.typeOf(n)
	if err != nil {
		return nil, err
	}
	p := &particle{kind: 'e', element: &Element{Name: n.attrs["name"], Type: t, Default: n.attrs["default"]}}
	err = occurs(n, p)
	p.element.Repeated, p.element.Many = p.repeated, p.repeated
	return p, err
}

// occurs reads how often a part may stand: other counts than these are not used.
func occurs(n *node, p *particle) error {
	switch n.attrs["minOccurs"] {
	case "0":
		p.optional = true
	case "", "1":
	default:
		return n.fail("minOccurs=%q is not understood", n.attrs["minOccurs"])
	}
	switch n.attrs["maxOccurs"] {
	case "unbounded":
		p.repeated = true
	case "", "1":
	default:
		return n.fail("maxOccurs=%q is not understood", n.attrs["maxOccurs"])
	}
	return nil
}
