package hdf5

import (
	"errors"
	"fmt"
	"strings"
)

// entry is one name in a group.
type entry struct {
	name, file, target string
	at                 uint64
	kind               int // 0 hard, 1 soft, 64 external
}

const (
	hard     = 0
	soft     = 1
	external = 64
)

// place is an object that is still to be read.
type place struct {
	path string
	at   uint64
}

// walk reads all objects from the root, each once.
func (f *reader) walk(root uint64) {
	seen := map[uint64]bool{root: true}
	links := 0
	for todo := []place{{"/", root}}; len(todo) > 0 && !f.stopped; todo = todo[1:] {
		here := todo[0]
		for _, e := range f.object(here) {
			path := strings.TrimSuffix(here.path, "/") + "/" + e.name
			if links++; links > maxLinks || len(seen) >= maxObjects {
				f.problem("", fmt.Errorf("the file has more than %d links or %d objects; the rest is not read", maxLinks, maxObjects))
				return
			}
			switch err := f.spend(len(path)); {
			case err != nil:
				f.problem("", err)
				return
			case len(path) > maxPath:
				f.problem(here.path, errors.New("a path is too long"))
			case e.kind != hard:
				f.out.Links = append(f.out.Links, Link{path, e.file, e.target})
			case !seen[e.at]:
				seen[e.at] = true
				todo = append(todo, place{path, e.at})
			}
		}
	}
}

// object reads one object, and gives the names in it if it is a group.
func (f *reader) object(here place) []entry {
	list, err := f.header(here.at)
	f.problem(here.path, err)
	if len(list) == 0 && (err != nil || here.path != "/") { // a root without messages is an empty group
		return nil
	}
	o := Object{Path: here.path, Attributes: f.attributes(here.path, list)}
	var entries []entry
	data, group := false, here.path == "/"
	for _, m := range list {
		switch m.kind {
		case msgLayout:
			data = true
		case msgSymbolTable, msgLinkInfo, msgLink:
			group = true
			more, err := f.entries(m)
			f.problem(here.path, err)
			entries = append(entries, more...)
		}
	}
	if data && !group {
		o.Dataset, err = f.dataset(list)
		f.problem(here.path, err)
	}
	if group || data { // else it is a committed type
		f.out.Objects = append(f.out.Objects, o)
	}
	return entries
}

func (f *reader) entries(m message) ([]entry, error) {
	switch m.kind {
	case msgLink:
		e, err := link(&m.cursor)
		if err != nil {
			return nil, err
		}
		return []entry{e}, nil
	case msgLinkInfo:
		return f.denseLinks(&m.cursor)
	}
	return f.symbolTable(m.address(), m.address())
}

// link takes a link message.
func link(c *cursor) (entry, error) {
	if version := c.u8(); version != 1 && c.err == nil {
		return entry{}, fmt.Errorf("a link of version %d is not known", version)
	}
	flags := c.u8()
	var e entry
	if flags&8 != 0 {
		e.kind = c.u8()
	}
	if flags&4 != 0 {
		c.skip(8)
	}
	if flags&16 != 0 {
		c.skip(1)
	}
	n := c.num(1 << (flags & 3))
	if n > maxName {
		return e, fmt.Errorf("a name of %d bytes is too long", n)
	}
	e.name = string(c.take(int(n)))
	switch e.kind {
	case hard:
		e.at = c.address()
	case soft:
		e.target = string(c.take(c.u16()))
	case external:
		value := &cursor{data: c.take(c.u16())}
		value.skip(1)
		e.file, e.target = value.text(), value.text()
		if value.err != nil {
			return e, value.err
		}
	default:
		return e, fmt.Errorf("the link %.100q is of a user's type %d, which is not known", e.name, e.kind)
	}
	return e, c.err
}

// denseLinks reads links that stand in a fractal heap.
func (f *reader) denseLinks(c *cursor) ([]entry, error) {
	c.skip(1)
	if flags := c.u8(); flags&1 != 0 {
		c.skip(8)
	}
	heapAt, index := c.address(), c.address()
	if c.err != nil || heapAt == none || index == none {
		return nil, c.err
	}
	var all []entry
	err := f.dense(heapAt, index, func(record []byte) []byte { return record[min(4, len(record)):] }, func(data []byte, _ int) error {
		e, err := link(&cursor{data: data, o: f.o, l: f.l})
		if err == nil {
			all = append(all, e)
		}
		return err
	})
	return all, err
}
