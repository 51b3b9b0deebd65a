package xmlform

import (
	"fmt"
	"slices"
	"sync"

	"github.com/mlbom/mlbom/schema"
	"github.com/mlbom/mlbom/schema/xsd"
)

// kind is what an element is in JSON.
type kind int

const (
	text         kind = iota // a string, number or boolean
	object                   // an object of its attributes and elements
	array                    // a list of the one element that it holds
	reference                // the string of its attribute ref
	choice                   // a list of what its elements hold: see choices
	oneOf                    // what its one element holds
	tools                    // a list of tools, or an object
	dependencies             // a flat list, in XML nested
)

// shape is how the elements of one type read in JSON.
type shape struct {
	kind       kind
	typ        *xsd.Type
	textKey    string // object: the member for the text; "" is none
	collapsed  bool   // the text is on lines of its own
	attributes []attribute
	members    []member
	byName     map[string]int
	options    []option
}

type attribute struct {
	name, key string
	typ       *xsd.Simple
}

type member struct {
	element *xsd.Element
	key     string
	list    bool // each element is one item
	merged  bool
	shape   *shape
}

// form holds the shapes of a version.
type form struct {
	version string
	root    *shape
	made    map[madeOf]*shape
}

type madeOf struct {
	typ  *xsd.Type
	name string
}

var versions = []string{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}

// forms are made at their first use.
var forms = func() map[string]func() (*form, error) {
	all := map[string]func() (*form, error){}
	for _, version := range versions {
		all[version] = sync.OnceValues(func() (*form, error) { return newForm(version) })
	}
	return all
}()

func formOf(version string) (*form, error) {
	get, ok := forms[version]
	if !ok {
		return nil, fmt.Errorf("CycloneDX version %q is not understood: want 1.2 to 1.7", version)
	}
	return get()
}

func newForm(version string) (*form, error) {
	s, err := schema.XSD(version)
	if err != nil {
		return nil, err
	}
	f := &form{version: version, made: map[madeOf]*shape{}}
	f.root = f.shape(s.Element("bom"))
	return f, nil
}

// shape makes each type once for each name that an element of it has.
func (f *form) shape(e *xsd.Element) *shape {
	key := madeOf{e.Type, e.Name}
	if s := f.made[key]; s != nil {
		return s
	}
	s := &shape{typ: e.Type, byName: map[string]int{}}
	f.made[key] = s
	owner := e.Type.Name
	if owner == "" {
		owner = e.Name
	}
	for _, a := range e.Type.Attributes {
		key, ok := renamedAttributes[a.Name]
		if !ok {
			key = a.Name
		}
		s.attributes = append(s.attributes, attribute{a.Name, key, a.Type})
	}
	s.kind = f.kindOf(s, e)
	s.collapsed = e.Name == "expression" && e.Type.Simple != nil && e.Type.Simple.Base == "normalizedString"
	if s.kind == object && e.Type.Simple != nil {
		if s.textKey = textKeys[owner]; s.textKey == "" {
			s.textKey = "content"
		}
	}
	for _, child := range e.Type.Elements {
		at := [2]string{owner, child.Name}
		m := member{element: child, key: child.Name, shape: f.shape(child), list: (child.Repeated || listed[at]) && !single[at], merged: merged[at]}
		if name, ok := renamed[at]; ok && s.kind == object {
			m.key = name
		}
		s.byName[child.Name] = len(s.members)
		s.members = append(s.members, m)
	}
	return s
}

func (f *form) kindOf(s *shape, e *xsd.Element) kind {
	t := e.Type
	if main, ok := mainOption[e.Name]; ok && t.Child(main) != nil {
		for _, o := range choices[e.Name] {
			child := t.Child(o.element)
			if child == nil {
				continue
			}
			if o.element == "expression" && len(child.Type.Attributes) == 0 {
				o.key = "expression" // before 1.6 it is text only
			}
			s.options = append(s.options, o)
		}
		if t.Child(main).Many {
			return choice
		}
		return oneOf
	}
	switch {
	case t.Anything || t.Simple != nil && len(t.Attributes) == 0:
		return text
	case t.Child("dependency") != nil && t.Name == "dependenciesType":
		return dependencies
	case t.Child("tool") != nil && t.Child("components") != nil:
		return tools
	case t.Simple == nil && len(t.Elements) == 0 && len(t.Attributes) == 1 && t.Attributes[0].Name == "ref":
		return reference
	case len(t.Elements) == 1 && len(t.Attributes) == 0 && t.Elements[0].Many:
		return array
	}
	return object
}

// member gives the one for an element of that name.
func (s *shape) member(name string) *member {
	if i, ok := s.byName[name]; ok {
		return &s.members[i]
	}
	return nil
}

// keys lists what an object of this shape has in JSON.
func (s *shape) keys() []string {
	var all []string
	for _, a := range s.attributes {
		all = append(all, a.key)
	}
	if s.textKey != "" {
		all = append(all, s.textKey)
	}
	for _, m := range s.members {
		if m.merged {
			all = append(all, m.shape.keys()...)
		} else {
			all = append(all, m.key)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
