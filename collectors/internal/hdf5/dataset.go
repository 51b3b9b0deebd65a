package hdf5

import "fmt"

// dataspace takes a shape; nil is a scalar.
func dataspace(c *cursor) (shape []uint64, null bool, err error) {
	version, rank, flags := c.u8(), c.u8(), c.u8()
	switch version {
	case 1:
		c.skip(5)
	case 2:
		null = c.u8() == 2
	default:
		return nil, false, fmt.Errorf("a shape of version %d is not known", version)
	}
	if rank > maxRank {
		return nil, false, fmt.Errorf("a shape has %d dimensions, and %d are allowed", rank, maxRank)
	}
	for range rank {
		shape = append(shape, c.length())
	}
	if flags&1 != 0 {
		c.skip(rank * c.l)
	}
	return shape, null, c.err
}

// dataset reads the messages of a dataset.
func (f *reader) dataset(list []message) (*Dataset, error) {
	d := &Dataset{Offset: -1}
	for _, m := range list {
		switch m.kind {
		case msgDataspace, msgDatatype, msgLayout, msgFilters, msgExternal:
		default:
			continue
		}
		m, err := f.resolve(m)
		if err != nil {
			return d, err
		}
		if err := f.part(d, m); err != nil {
			return d, err
		}
	}
	if _, ok := d.Elements(); !ok {
		return d, fmt.Errorf("the shape %d overflows", d.Shape)
	}
	return d, f.fits(d)
}

func (f *reader) part(d *Dataset, m message) (err error) {
	switch m.kind {
	case msgDataspace:
		d.Shape, d.Null, err = dataspace(&m.cursor)
	case msgDatatype:
		d.Type, err = f.datatype(&m.cursor, 0)
	case msgLayout:
		err = f.layout(d, &m.cursor)
	case msgFilters:
		d.Filtered = true
	case msgExternal:
		d.External, err = f.external(&m.cursor)
	}
	return err
}

var layouts = [...]string{"compact", "contiguous", "chunked", "virtual"}

func (f *reader) layout(d *Dataset, c *cursor) error {
	version := c.u8()
	rank := 0
	if version < 3 {
		rank = c.u8()
	}
	class := c.u8()
	if class >= len(layouts) || version < 1 || version > 5 {
		return fmt.Errorf("a layout of version %d and class %d is not known", version, class)
	}
	d.Layout = layouts[class]
	if d.Layout == "virtual" {
		return f.virtual(d, c)
	}
	if d.Layout != "contiguous" {
		return c.err
	}
	if version < 3 {
		c.skip(5)
	}
	at := c.address()
	if version < 3 {
		if rank > maxRank+1 {
			return fmt.Errorf("a layout has %d dimensions, and %d are allowed", rank, maxRank+1)
		}
		c.skip(4 * rank)
		d.Size = none // as the shape says
	} else {
		d.Size = c.length()
	}
	if c.err == nil && at != none && at <= uint64(f.size) {
		d.Offset = int64(at) + f.base
	} else if at != none {
		return fmt.Errorf("the bytes lie outside of the file, at %d", at)
	}
	return c.err
}

// virtual names the file that the first part of a virtual dataset is taken from.
func (f *reader) virtual(d *Dataset, c *cursor) error {
	at, index := c.address(), c.u32()
	if c.err != nil || at == none {
		return c.err
	}
	heap, err := f.collection(at)
	if err != nil {
		return err
	}
	list := &cursor{data: heap.objects[int(index)], o: f.o, l: f.l}
	list.skip(1)
	if n := list.length(); n == 0 || list.err != nil {
		return list.err
	}
	if name := list.text(); list.err == nil && name != "." { // else it is this file
		d.External = append(d.External, name)
	}
	return nil
}

// fits tells whether contiguous bytes lie in the file and are those that the
// shape asks for.
func (f *reader) fits(d *Dataset) error {
	if d.Layout != "contiguous" || d.Offset < 0 || len(d.External) > 0 {
		return nil
	}
	n, _ := d.Elements()
	if d.Type.Size > 0 && n > (1<<62)/d.Type.Size {
		return fmt.Errorf("the shape %d overflows", d.Shape)
	}
	want := uint64(n) * uint64(max(d.Type.Size, 0))
	if d.Size == none {
		d.Size = want
	}
	if d.Size > uint64(f.size-d.Offset) {
		return fmt.Errorf("%d bytes at %d lie beyond the end of the file", d.Size, d.Offset)
	}
	if d.Size < want {
		return fmt.Errorf("the shape %d needs %d bytes, and %d are there", d.Shape, want, d.Size)
	}
	return nil
}

// external takes the list of other files that hold a dataset's bytes.
func (f *reader) external(c *cursor) ([]string, error) {
	c.skip(1 + 3)
	c.u16()
	used := c.u16()
	heap, err := f.localHeap(c.address())
	if err != nil {
		return nil, err
	}
	var names []string
	for range used {
		name, err := heap.name(c.length())
		c.length()
		c.length()
		if c.err != nil || err != nil {
			return append(names, "?"), errShort
		}
		names = append(names, name)
	}
	return names, nil
}
