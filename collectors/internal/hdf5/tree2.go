package hdf5

import (
	"errors"
	"fmt"
)

// tree2 is a version 2 B-tree.
type tree2 struct {
	f          *reader
	nodeSize   int
	recordSize int
	countBytes int   // width of the number of records in a child
	totalBytes []int // width of the number of records below a child, by depth
	seen       map[uint64]bool
	each       func(record []byte) error
}

const maxTreeDepth = 16

// tree2 gives each record of the tree at an address.
func (f *reader) tree2(at uint64, each func(record []byte) error) error {
	c, err := f.block(at, int64(22+f.o+f.l), "BTHD")
	if err != nil {
		return err
	}
	c.skip(2)
	t := &tree2{f: f, nodeSize: int(c.u32()), recordSize: c.u16(), seen: map[uint64]bool{}, each: each}
	depth := c.u16()
	c.skip(2)
	root, n := c.address(), c.u16()
	if c.err != nil {
		return c.err
	}
	if depth > maxTreeDepth || t.nodeSize < 16 || t.nodeSize > maxMessage || t.recordSize == 0 || t.recordSize > t.nodeSize-10 {
		return errors.New("the sizes of a tree are not possible")
	}
	t.widths(depth)
	if root == none {
		return nil
	}
	return t.node(root, n, depth)
}

// widths works out how many bytes the counts in inner nodes have.
func (t *tree2) widths(depth int) {
	most := uint64((t.nodeSize - 10) / t.recordSize) // in a leaf
	t.countBytes = log2(most)/8 + 1
	t.totalBytes = []int{0}
	total := most
	for d := 1; d <= depth; d++ {
		pointer := t.f.o + t.countBytes + t.totalBytes[d-1]
		here := uint64(max(t.nodeSize-10-pointer, 0) / (t.recordSize + pointer))
		if total > 1<<56/(here+2) {
			total = 1 << 56
		} else {
			total = (here+1)*total + here
		}
		t.totalBytes = append(t.totalBytes, log2(max(total, 1))/8+1)
	}
}

// node gives the records of a node and of those below it.
func (t *tree2) node(at uint64, n, depth int) error {
	if t.seen[at] {
		return errors.New("a tree goes in a circle")
	}
	t.seen[at] = true
	signature := "BTLF"
	if depth > 0 {
		signature = "BTIN"
	}
	if n > t.nodeSize/t.recordSize {
		return fmt.Errorf("a node of a tree would hold %d records", n)
	}
	c, err := t.f.block(at, int64(t.nodeSize), signature)
	if err != nil {
		return err
	}
	c.skip(2)
	records := make([][]byte, n)
	for i := range records {
		if records[i] = c.take(t.recordSize); c.err != nil {
			return c.err
		}
	}
	for i := 0; i <= n; i++ {
		if depth > 0 {
			child, count := c.address(), int(c.num(t.countBytes))
			if depth > 1 {
				c.skip(t.totalBytes[depth-1])
			}
			if c.err != nil {
				return c.err
			}
			if err := t.node(child, count, depth-1); err != nil {
				return err
			}
		}
		if i < n {
			if err := t.each(records[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// dense gives the objects of a heap that a tree names: links or attributes. id
// finds the object's id in a record, with the flags of a message behind it.
func (f *reader) dense(heapAt, index uint64, id func(record []byte) []byte, each func(data []byte, flags int) error) error {
	h, err := f.fractal(heapAt)
	if err != nil {
		return err
	}
	var problems []error
	err = f.tree2(index, func(record []byte) error {
		key := id(record)
		flags := 0
		if len(key) == 9 { // of an attribute: 8 bytes and flags
			key, flags = key[:8], int(key[8])
		}
		data, err := h.get(key)
		if err == nil {
			err = each(data, flags)
		}
		if errors.Is(err, errBudget) || len(problems) > maxProblems {
			return err
		}
		problems = append(problems, err)
		return nil
	})
	return errors.Join(append(problems, err)...)
}
