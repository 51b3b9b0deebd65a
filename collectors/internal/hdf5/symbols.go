package hdf5

import (
	"errors"
	"fmt"
)

// heap is a local heap: the names of a group.
type heap struct{ data []byte }

func (f *reader) localHeap(at uint64) (*heap, error) {
	c, err := f.block(at, int64(8+2*f.l+f.o), "HEAP")
	if err != nil {
		return nil, err
	}
	c.skip(4)
	size := c.length()
	c.length()
	data := c.address()
	if c.err != nil {
		return nil, c.err
	}
	if size > uint64(f.size) {
		return nil, fmt.Errorf("a heap of %d bytes is larger than the file", size)
	}
	b, err := f.bytes(data, int64(size))
	return &heap{b}, err
}

func (h *heap) name(at uint64) (string, error) {
	if at >= uint64(len(h.data)) {
		return "", errors.New("a name lies outside of its heap")
	}
	c := &cursor{data: h.data, at: int(at)}
	s := c.text()
	return s, c.err
}

// symbolTable reads a group of the old form: a tree of tables, and a heap of names.
func (f *reader) symbolTable(tree, heapAt uint64) ([]entry, error) {
	h, err := f.localHeap(heapAt)
	if err != nil {
		return nil, err
	}
	var all []entry
	seen := map[uint64]bool{}
	for todo := []uint64{tree}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[at] {
			return all, errors.New("a tree of names goes in a circle")
		}
		seen[at] = true
		level, children, err := f.treeNode(at)
		if err != nil {
			return all, err
		}
		if level > 0 {
			for i := len(children) - 1; i >= 0; i-- {
				todo = append(todo, children[i])
			}
			continue
		}
		for _, child := range children {
			if seen[child] {
				return all, errors.New("a tree of names goes in a circle")
			}
			seen[child] = true
			if all, err = f.symbols(all, child, h); err != nil {
				return all, err
			}
		}
	}
	return all, nil
}

// treeNode reads the addresses in a node of a version 1 B-tree of a group.
func (f *reader) treeNode(at uint64) (level int, children []uint64, err error) {
	head := 8 + 2*f.o
	c, err := f.block(at, int64(head), "TREE")
	if err != nil {
		return 0, nil, err
	}
	if kind := c.u8(); kind != 0 && c.err == nil {
		return 0, nil, fmt.Errorf("a tree of type %d stands in the place of names", kind)
	}
	level, n := c.u8(), c.u16()
	if c.err != nil {
		return 0, nil, c.err
	}
	data, err := f.bytes(at+uint64(head), int64(n*(f.o+f.l)))
	if err != nil {
		return 0, nil, err
	}
	c = &cursor{data: data, o: f.o, l: f.l}
	for range n {
		c.length()
		children = append(children, c.address())
	}
	return level, children, c.err
}

// symbols reads one table of names.
func (f *reader) symbols(all []entry, at uint64, h *heap) ([]entry, error) {
	c, err := f.block(at, 8, "SNOD")
	if err != nil {
		return all, err
	}
	c.skip(2)
	n := c.u16()
	if c.err != nil {
		return all, c.err
	}
	data, err := f.bytes(at+8, int64(n*(2*f.o+24)))
	if err != nil {
		return all, err
	}
	c = &cursor{data: data, o: f.o, l: f.l}
	for range n {
		name, err := h.name(c.num(f.o))
		if err == nil {
			err = f.spend(len(name))
		}
		if err != nil {
			return all, err
		}
		e := entry{name: name, at: c.address()}
		cache := c.u32()
		c.skip(4)
		scratch := &cursor{data: c.take(16)}
		if cache == 2 {
			e.kind = soft
			if e.target, err = h.name(uint64(scratch.u32())); err != nil {
				return all, err
			}
		}
		all = append(all, e)
	}
	return all, c.err
}
