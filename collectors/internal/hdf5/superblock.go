package hdf5

import (
	"errors"
	"fmt"
)

// superblock finds the signature and gives the address of the root group's header.
func (f *reader) superblock() (uint64, error) {
	at := int64(0)
	for ; ; at = max(512, at*2) {
		if at > f.size-int64(len(Signature)) || at > maxUserBlock {
			return 0, errors.New("the file is not HDF5: it has no signature of the format")
		}
		if data, err := f.bytes(uint64(at), int64(len(Signature))); err == nil && string(data) == Signature {
			break
		}
	}
	f.out.Start = at
	f.base = at // the library goes by where the signature is, whatever the base address says
	data, err := f.upTo(0, 256)
	if err != nil {
		return 0, err
	}
	c := &cursor{data: data, at: len(Signature)}
	f.out.Version = c.u8()
	switch f.out.Version {
	case 0, 1:
		return f.superblock0(c)
	case 2, 3:
		return f.superblock2(c)
	}
	return 0, fmt.Errorf("the superblock has version %d, and 0 to 3 are known", f.out.Version)
}

// widths takes the sizes of offsets and lengths.
func (f *reader) widths(c *cursor) error {
	f.o, f.l = c.u8(), c.u8()
	for _, n := range []int{f.o, f.l} {
		if n != 2 && n != 4 && n != 8 {
			return fmt.Errorf("addresses of %d and lengths of %d bytes are not known", f.o, f.l)
		}
	}
	c.o, c.l = f.o, f.l
	return nil
}

func (f *reader) superblock0(c *cursor) (uint64, error) {
	c.skip(4)
	if err := f.widths(c); err != nil {
		return 0, err
	}
	c.skip(1 + 2 + 2 + 4)
	if f.out.Version == 1 {
		c.skip(4)
	}
	base := c.address()
	c.address() // free space
	f.end(base, c.address())
	c.address() // driver
	c.skip(f.o) // name of the root
	at := c.address()
	return at, c.err
}

func (f *reader) superblock2(c *cursor) (uint64, error) {
	if err := f.widths(c); err != nil {
		return 0, err
	}
	c.skip(1)
	base := c.address()
	c.address() // extension
	f.end(base, c.address())
	at := c.address()
	return at, c.err
}

// end keeps how many bytes the file should have.
func (f *reader) end(base, end uint64) {
	if base != none && end != none && end <= 1<<62 && end >= base {
		f.out.End = int64(end-base) + f.base
	}
}
