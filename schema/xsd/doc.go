// Package xsd holds XML documents against XML Schema 1.0, as far as the schemas of
// CycloneDX use it: named and anonymous types, sequence and choice, wildcards for
// other namespaces, attribute groups, simple content, and simple types with
// enumerations, patterns, lengths, ranges and unions.
//
// What a schema says and this package does not understand is an error of Compile,
// never ignored. Not understood, among others: references to elements, xs:all,
// groups, substitution, xsi:type in documents, counts other than 0, 1 and unbounded.
//
// The compiled types can be read as well: a converter can follow them.
package xsd

// Schema is a compiled schema. It does not change and is safe for concurrent use.
type Schema struct {
	Namespace string
	// Unique is an attribute whose value no two elements below the root share (the
	// one identity constraint that is understood); "" is none. The Validator leaves
	// it to the caller, who knows the places.
	Unique string

	elements map[string]*Element
	types    map[string]*Type
}

// Element gives the declaration of a root element, or nil.
func (s *Schema) Element(name string) *Element { return s.elements[name] }

// Element is a declared element of the schema's namespace.
type Element struct {
	Name     string
	Type     *Type
	Default  string // of an empty element
	Repeated bool   // it may stand more than once by its own count
	Many     bool   // by its own or that of a group around it
}

// Attribute is a declared attribute, in no namespace.
type Attribute struct {
	Name     string
	Type     *Simple
	Required bool
}

// Type is what an element may hold.
type Type struct {
	Name           string // "" for an anonymous one
	Simple         *Simple
	Attributes     []Attribute
	Elements       []*Element // each one that may stand inside, in the order of the schema; one of several alternatives at its last place
	Open           bool       // elements of other namespaces may stand inside
	Mixed          bool       // text between the elements is allowed
	Anything       bool       // no type was declared
	OpenAttributes string     // "", "##other" or "##any"

	byName map[string]*Element
	model  automaton
}

// Child gives the element of that name inside, or nil.
func (t *Type) Child(name string) *Element { return t.byName[name] }

// Attribute gives the declaration, or nil.
func (t *Type) Attribute(name string) *Attribute {
	for i := range t.Attributes {
		if t.Attributes[i].Name == name {
			return &t.Attributes[i]
		}
	}
	return nil
}
