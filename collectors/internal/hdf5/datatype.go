package hdf5

import "fmt"

// Class is the kind of a type.
type Class int

// The classes, by their numbers in the file.
const (
	Fixed Class = iota
	Float
	Time
	String
	Bits
	Opaque
	Compound
	Reference
	Enum
	VarLen
	Array
	Complex
)

var classNames = [...]string{"integer", "float", "time", "string", "bitfield", "opaque", "compound", "reference", "enum", "variable-length", "array", "complex"}

// Type is the type of an element.
type Type struct {
	Class    Class
	Size     int64 // bytes
	Signed   bool
	Big      bool // byte order
	Exponent int  // bits, of a float
	Mantissa int  // bits, of a float
	Members  []Type
	Names    []string // of the members of a compound
	Base     *Type    // of enum, array and sequences
	Text     bool     // a string, fixed or variable
	Elements int64    // of an array, in each element
}

// Name is the type in the spelling of safetensors ("F32", "I64", "BOOL") where it
// has one, or the class.
func (t *Type) Name() string {
	bits := t.Size * 8
	switch {
	case t.Class == Fixed && t.Signed:
		return fmt.Sprintf("I%d", bits)
	case t.Class == Fixed:
		return fmt.Sprintf("U%d", bits)
	case t.Class == Float:
		return t.float(bits)
	case t.Class == Enum && t.Base != nil && t.Size == 1 && len(t.Names) == 2:
		return "BOOL"
	case (t.Class == Enum || t.Class == Array || t.Class == Complex) && t.Base != nil:
		if t.Class == Complex {
			return fmt.Sprintf("C%d", bits)
		}
		return t.Base.Name()
	case t.Class == Compound && len(t.Members) == 2 && t.Names[0] == "r" && t.Names[1] == "i" && t.Members[0].Class == Float:
		return fmt.Sprintf("C%d", bits) // as h5py writes complex numbers
	case t.Text:
		return "string"
	case t.Class >= 0 && int(t.Class) < len(classNames):
		return classNames[t.Class]
	}
	return "unknown"
}

func (t *Type) float(bits int64) string {
	switch {
	case bits == 16 && t.Exponent == 8:
		return "BF16"
	case bits == 8 && t.Exponent > 0:
		return fmt.Sprintf("F8_E%dM%d", t.Exponent, t.Mantissa)
	}
	return fmt.Sprintf("F%d", bits)
}

// datatype takes a type; n is how many bytes the elements' size is bounded by.
func (f *reader) datatype(c *cursor, depth int) (Type, error) {
	if depth > maxTypeDepth {
		return Type{}, fmt.Errorf("a type is nested more than %d deep", maxTypeDepth)
	}
	head, bits := c.u8(), c.num(3)
	t := Type{Class: Class(head & 15), Size: c.u32(), Big: bits&1 != 0}
	version := head >> 4
	if c.err != nil {
		return t, c.err
	}
	var err error
	switch t.Class {
	case Fixed:
		t.Signed = bits&8 != 0
		c.skip(4)
	case Bits:
		c.skip(4)
	case Float:
		c.skip(4 + 1)
		t.Exponent = c.u8()
		c.skip(1)
		t.Mantissa = c.u8()
		c.skip(4)
	case Time:
		c.skip(2)
	case String:
		t.Text = true
	case Opaque:
		c.skip(int(bits & 255))
	case Reference:
	case Compound:
		err = f.compound(c, &t, version, int(bits&0xffff), depth)
	case Enum:
		err = f.enum(c, &t, version, int(bits&0xffff), depth)
	case VarLen:
		t.Text = bits&15 == 1
		err = f.baseOf(c, &t, depth)
	case Array:
		err = f.array(c, &t, version, depth)
	case Complex:
		err = f.baseOf(c, &t, depth)
	default:
		err = fmt.Errorf("a type of class %d is not known", t.Class)
	}
	if err == nil {
		err = c.err
	}
	return t, err
}

func (f *reader) baseOf(c *cursor, t *Type, depth int) error {
	base, err := f.datatype(c, depth+1)
	t.Base = &base
	return err
}

// padded takes a name; before version 3 it fills 8 bytes or a multiple.
func padded(c *cursor, version int) string {
	from := c.at
	s := c.text()
	if version < 3 && c.err == nil {
		c.skip((8 - (c.at-from)%8) % 8)
	}
	return s
}

func (f *reader) compound(c *cursor, t *Type, version, n, depth int) error {
	width := 4
	if version >= 3 {
		for width = 1; width < 4 && t.Size>>(8*width) > 0; {
			width++
		}
	}
	for range n {
		name := padded(c, version)
		c.num(width)
		if version == 1 {
			c.skip(1 + 3 + 4 + 4 + 16)
		}
		m, err := f.datatype(c, depth+1)
		if err != nil {
			return err
		}
		t.Names, t.Members = append(t.Names, name), append(t.Members, m)
	}
	return c.err
}

func (f *reader) enum(c *cursor, t *Type, version, n, depth int) error {
	if err := f.baseOf(c, t, depth); err != nil {
		return err
	}
	for range n {
		if c.err != nil {
			return c.err
		}
		t.Names = append(t.Names, padded(c, version))
	}
	if size := t.Base.Size; size >= 0 && size <= int64(c.left()) && int64(n)*size <= int64(c.left()) {
		c.skip(n * int(size))
		return c.err
	}
	return errShort
}

func (f *reader) array(c *cursor, t *Type, version, depth int) error {
	rank := c.u8()
	if rank > maxRank {
		return fmt.Errorf("an array type has %d dimensions, and %d are allowed", rank, maxRank)
	}
	if version < 3 {
		c.skip(3)
	}
	shape := make([]uint64, rank)
	for i := range shape {
		shape[i] = c.num(4)
	}
	if version < 3 {
		c.skip(4 * rank) // permutation
	}
	var ok bool
	if t.Elements, ok = product(shape); !ok {
		return fmt.Errorf("the shape %d of an array type overflows", shape)
	}
	return f.baseOf(c, t, depth)
}
