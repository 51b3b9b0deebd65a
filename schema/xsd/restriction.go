package xsd

import (
	"slices"
	"strconv"
	"strings"
)

// base resolves the type that a restriction or extension names.
func (c *compiler) base(n *node) (*Simple, error) {
	return c.simpleNamed(n, n.attrs["base"])
}

func (c *compiler) simpleNamed(n *node, name string) (*Simple, error) {
	space, local, err := n.qname(name)
	if err != nil {
		return nil, err
	}
	if space == schemaSpace {
		t, err := c.builtinType(n, local)
		if err != nil {
			return nil, err
		}
		return t.Simple, nil
	}
	return c.namedSimple([2]string{space, local}, n)
}

func (c *compiler) namedSimple(key [2]string, user *node) (*Simple, error) {
	if t := c.simple[key]; t != nil {
		return t, nil
	}
	n := c.named[key]
	if n == nil || n.name != "simpleType" {
		return nil, user.fail("the simple type %q is not declared", key[1])
	}
	if slices.Contains(c.open, key) {
		return nil, n.fail("the type %q is made of itself", key[1])
	}
	c.open = append(c.open, key)
	t, err := c.simpleType(n)
	c.open = c.open[:len(c.open)-1]
	if err != nil {
		return nil, err
	}
	t.Name = key[1]
	c.simple[key] = t
	return t, nil
}

func (c *compiler) simpleType(n *node) (*Simple, error) {
	if err := n.allow("name", "final"); err != nil {
		return nil, err
	}
	final, ok := n.attrs["final"]
	if ok && final != "restriction" {
		return nil, n.fail("final=%q is not understood", final)
	}
	if len(n.kids) != 1 {
		return nil, n.fail("want one restriction or union")
	}
	var t *Simple
	var err error
	switch kid := n.kids[0]; kid.name {
	case "restriction":
		t, err = c.restriction(kid)
	case "union":
		t, err = c.union(kid)
	default:
		return nil, kid.fail("not understood in a simple type")
	}
	if err == nil {
		t.sealed = ok
	}
	return t, err
}

func (c *compiler) union(n *node) (*Simple, error) {
	if err := n.allow("memberTypes"); err != nil {
		return nil, err
	}
	t := &Simple{}
	for _, name := range strings.Fields(n.attrs["memberTypes"]) {
		m, err := c.simpleNamed(n, name)
		if err != nil {
			return nil, err
		}
		t.Union = append(t.Union, m)
	}
	if len(n.kids) > 0 || len(t.Union) == 0 {
		return nil, n.fail("only a union of named types is understood")
	}
	return t, nil
}

func (c *compiler) restriction(n *node) (*Simple, error) {
	if err := n.allow("base"); err != nil {
		return nil, err
	}
	base, err := c.base(n)
	if err != nil {
		return nil, err
	}
	if base.Base == "" || base.sealed {
		return nil, n.fail("a restriction of %q is not understood", n.attrs["base"])
	}
	f := facets{minLength: -1, maxLength: -1, allowed: map[string]bool{}}
	for _, kid := range n.kids {
		if err := f.read(kid, base.Base); err != nil {
			return nil, err
		}
	}
	t := &Simple{Base: base.Base, steps: slices.Clone(base.steps)}
	if len(n.kids) > 0 {
		t.steps = append(t.steps, f)
	}
	return t, nil
}

func (f *facets) read(n *node, base string) error {
	if err := n.allow("value"); err != nil {
		return err
	}
	value, isNumber := n.attrs["value"], slices.Contains(numeric, base)
	switch n.name {
	case "enumeration":
		if isNumber || base == "boolean" || strings.HasPrefix(base, "date") {
			return n.fail("an enumeration of %s is not understood", base)
		}
		f.enum = append(f.enum, value)
		f.allowed[value] = true
	case "pattern":
		re, err := compilePattern(value)
		if err != nil {
			return n.fail("%v", err)
		}
		f.patterns, f.written = append(f.patterns, re), append(f.written, value)
	case "minLength", "maxLength":
		size, err := strconv.Atoi(value)
		if err != nil || size < 0 || isNumber {
			return n.fail("the length %q of %s is not understood", value, base)
		}
		if n.name == "minLength" {
			f.minLength = size
		} else {
			f.maxLength = size
		}
	case "minInclusive", "maxInclusive":
		if !isNumber || checkDecimal(value) != "" {
			return n.fail("the bound %q of %s is not understood", value, base)
		}
		if n.name == "minInclusive" {
			f.min = value
		} else {
			f.max = value
		}
	default:
		return n.fail("the facet is not understood")
	}
	return nil
}
