package hdf5

import (
	"errors"
	"fmt"
	"strings"
)

// attributes reads those in the header and those in a heap.
func (f *reader) attributes(path string, list []message) []Attribute {
	var all []Attribute
	add := func(a Attribute, err error) error {
		if len(all) >= maxAttributes {
			return fmt.Errorf("an object has more than %d attributes", maxAttributes)
		}
		if a.Name != "" {
			all = append(all, a)
		}
		if err != nil && a.Name != "" {
			err = fmt.Errorf("attribute %.100q: %w", a.Name, err)
		}
		return err
	}
	for _, m := range list {
		var err error
		switch m.kind {
		case msgAttribute:
			if m, err = f.resolve(m); err == nil {
				err = add(f.attribute(&m.cursor))
			}
		case msgAttrInfo:
			err = f.denseAttributes(&m.cursor, add)
		}
		f.problem(path, err)
		if f.stopped || len(all) >= maxAttributes {
			break
		}
	}
	return all
}

func (f *reader) denseAttributes(c *cursor, add func(Attribute, error) error) error {
	c.skip(1)
	if flags := c.u8(); flags&1 != 0 {
		c.skip(2)
	}
	heapAt, index := c.address(), c.address()
	if c.err != nil || heapAt == none || index == none {
		return c.err
	}
	return f.dense(heapAt, index, func(record []byte) []byte { return record[:min(9, len(record))] }, func(data []byte, flags int) error {
		m := message{msgAttribute, flags&flagShared != 0, cursor{data: data, o: f.o, l: f.l}}
		m, err := f.resolve(m)
		if err != nil {
			return err
		}
		return add(f.attribute(&m.cursor))
	})
}

// attribute takes an attribute message.
func (f *reader) attribute(c *cursor) (Attribute, error) {
	version, flags := c.u8(), c.u8()
	if version < 1 || version > 3 {
		return Attribute{}, fmt.Errorf("an attribute of version %d is not known", version)
	}
	sizes := [3]int{c.u16(), c.u16(), c.u16()}
	if version == 3 {
		c.skip(1)
	}
	var parts [3]*cursor
	for i, n := range sizes {
		parts[i] = &cursor{data: c.take(n), o: f.o, l: f.l}
		if version == 1 {
			c.skip((8 - n%8) % 8)
		}
	}
	if c.err != nil {
		return Attribute{}, c.err
	}
	a := Attribute{Name: cString(parts[0].data)}
	kind := message{msgDatatype, version > 1 && flags&1 != 0, *parts[1]}
	kind, err := f.resolve(kind)
	if err != nil {
		return a, err
	}
	if a.Type, err = f.datatype(&kind.cursor, 0); err != nil {
		return a, err
	}
	space := message{msgDataspace, version > 1 && flags&2 != 0, *parts[2]}
	if space, err = f.resolve(space); err != nil {
		return a, err
	}
	var null bool
	if a.Shape, null, err = dataspace(&space.cursor); err != nil || null {
		return a, err
	}
	return a, f.value(&a, c)
}

// maxInts are kept of an attribute of numbers.
const maxInts = 64

// value takes an attribute's text or whole numbers.
func (f *reader) value(a *Attribute, c *cursor) error {
	n, ok := product(a.Shape)
	if !ok || a.Type.Size <= 0 || n > int64(c.left())/a.Type.Size {
		if n == 0 && ok {
			return nil
		}
		return errors.New("the value is shorter than its shape")
	}
	switch {
	case a.Type.Class == String:
		for range n {
			a.Texts = append(a.Texts, strings.TrimRight(cString(c.take(int(a.Type.Size))), " \x00"))
		}
	case a.Type.Text && a.Type.Class == VarLen:
		for range n {
			s, err := f.varText(c)
			if err != nil {
				return err
			}
			a.Texts = append(a.Texts, s)
		}
	case a.Type.Class == Fixed && a.Type.Size <= 8 && !a.Type.Big:
		for range min(n, maxInts) {
			v := c.num(int(a.Type.Size))
			if shift := 64 - 8*a.Type.Size; a.Type.Signed {
				a.Ints = append(a.Ints, int64(v<<shift)>>shift)
			} else if v < 1<<63 {
				a.Ints = append(a.Ints, int64(v))
			}
		}
	}
	return c.err
}

// varText takes a text of variable length, which stands in a global heap.
func (f *reader) varText(c *cursor) (string, error) {
	n, at, index := c.u32(), c.address(), c.u32()
	if c.err != nil || n == 0 || at == none || at == 0 {
		return "", c.err
	}
	heap, err := f.collection(at)
	if err != nil {
		return "", err
	}
	data, ok := heap.objects[int(index)]
	if !ok || int64(len(data)) < n {
		return "", errors.New("a text is not in the heap where it should be")
	}
	return strings.TrimRight(string(data[:n]), "\x00"), f.spend(int(n))
}

// collection is a part of the global heap.
type collection struct {
	objects map[int][]byte
	err     error
}

func (f *reader) collection(at uint64) (*collection, error) {
	if g, ok := f.heaps[at]; ok {
		return g, g.err
	}
	g := &collection{objects: map[int][]byte{}}
	f.heaps[at] = g
	g.err = f.readCollection(g, at)
	return g, g.err
}

func (f *reader) readCollection(g *collection, at uint64) error {
	c, err := f.block(at, int64(8+f.l), "GCOL")
	if err != nil {
		return err
	}
	c.skip(4)
	size := c.length()
	if c.err != nil || size > uint64(f.size) {
		return errors.New("the size of a global heap is not possible")
	}
	data, err := f.bytes(at, int64(size))
	if err != nil {
		return err
	}
	c = &cursor{data: data, o: f.o, l: f.l}
	c.skip(8 + f.l)
	for c.left() >= 8+f.l && c.err == nil {
		index := c.u16()
		c.skip(6)
		n := c.length()
		if index == 0 { // free space up to the end
			return nil
		}
		if n > uint64(c.left()) {
			return errors.New("an object of a global heap is larger than the heap")
		}
		g.objects[index] = c.take(int(n))
		c.skip(min(int((8-n%8)%8), c.left()))
	}
	return c.err
}
