// Package hdf5 reads the structure of HDF5 files: groups, links, attributes with
// their text, and of datasets the type, the shape and where the bytes lie. The
// elements of datasets are not read. It takes all versions of the superblock, of
// object headers, symbol tables, dense links and attributes, shared and committed
// types, and user blocks.
//
// Source: HDF5 File Format Specification, version 3.0 (HDF Group); H5HFdtable.c and
// H5B2hdr.c of the HDF5 library for the widths that the specification leaves open.
//
// Not understood: messages in the shared message heap; filtered fractal heaps;
// where the chunks of a dataset lie; what a virtual dataset takes from which file,
// beyond the first; the image of a metadata cache; values of attributes that are no
// text and no whole numbers; files that are split over several (drivers "family" and "multi").
package hdf5

import (
	"errors"
	"fmt"
	"io"
)

// Bounds on a file, beside the bytes that the caller allows.
const (
	maxObjects    = 1_000_000
	maxLinks      = 4_000_000
	maxProblems   = 20
	maxName       = 1 << 20 // bytes
	maxPath       = 1 << 20 // bytes
	maxRank       = 32      // of the library
	maxMessage    = 1 << 20 // bytes of one message that is not an attribute
	maxChunks     = 10_000  // continuations of one object header
	maxAttributes = 100_000 // of one object
	maxTypeDepth  = 16

	// Parts that several objects share are read more than once; a file that has this
	// done without end is stopped.
	minBudget = 16 << 20 // bytes
	timesSize = 8
)

// Signature begins the file, at 0, 512, 1024 and so on.
const Signature = "\x89HDF\r\n\x1a\n"

// maxUserBlock bounds where the signature is looked for.
const maxUserBlock = 1 << 30

// File is what was read.
type File struct {
	Start   int64 // bytes of the user block before the signature
	Version int   // of the superblock
	End     int64 // bytes that the file should have, with the user block; 0: not stated
	Objects []Object
	Links   []Link // those that are no plain names of an object
}

// Object is a group or a dataset. Objects stand in the order of a walk by
// breadth; one that has several names stands once, under its first.
type Object struct {
	Path       string // "/" is the root
	Attributes []Attribute
	Dataset    *Dataset // nil for a group
}

// Text gives an attribute's text; "" where it has none.
func (o *Object) Text(name string) string {
	for i := range o.Attributes {
		if a := &o.Attributes[i]; a.Name == name && len(a.Texts) == 1 {
			return a.Texts[0]
		}
	}
	return ""
}

// Texts gives an attribute's list of texts.
func (o *Object) Texts(name string) []string {
	for i := range o.Attributes {
		if o.Attributes[i].Name == name {
			return o.Attributes[i].Texts
		}
	}
	return nil
}

// Attribute is a small value of an object.
type Attribute struct {
	Name  string
	Type  Type
	Shape []uint64
	Texts []string // of strings
	Ints  []int64  // of whole numbers, the first few
}

// Link is a name that leads to another name: within the file (soft), or in
// another file (external).
type Link struct {
	Path   string // of the link
	File   string // of the other file; "" for a soft link
	Target string
}

// Dataset is an array on disk.
type Dataset struct {
	Type     Type
	Shape    []uint64 // nil for a scalar
	Null     bool     // no elements at all
	Layout   string   // "compact", "contiguous", "chunked", "virtual"
	Offset   int64    // of contiguous bytes in the file; -1 where they are not there
	Size     uint64   // of contiguous bytes
	Filtered bool
	External []string // other files that hold the bytes; of a virtual dataset the first
}

// Elements is the product of the shape; ok is false where it overflows.
func (d *Dataset) Elements() (n int64, ok bool) {
	if d.Null {
		return 0, true
	}
	return product(d.Shape)
}

func product(shape []uint64) (int64, bool) {
	n := uint64(1)
	zero := false
	for _, s := range shape {
		if s == 0 {
			zero = true
			continue
		}
		if n > (1<<62)/s {
			return 0, false
		}
		n *= s
	}
	if zero {
		return 0, true
	}
	return int64(n), true
}

// reader reads the file within a budget.
type reader struct {
	r        io.ReaderAt
	size     int64 // of the file
	base     int64 // of all addresses
	left     int64 // bytes that may still be read
	o, l     int   // widths of an offset and of a length
	problems []error
	more     int // problems beyond maxProblems
	stopped  bool
	heaps    map[uint64]*collection
	out      *File
}

var errBudget = errors.New("reading the structure takes more bytes than are allowed; the rest is not read")

// Read reads the structure of a file, within so many bytes of it. What was read
// before an error stands.
func Read(r io.ReaderAt, size, budget int64) (*File, error) {
	if size < 1<<56 {
		budget = min(budget, minBudget+timesSize*size)
	}
	f := &reader{r: r, size: size, left: budget, heaps: map[uint64]*collection{}, out: &File{}}
	root, err := f.superblock()
	if err != nil {
		return f.out, err
	}
	f.walk(root)
	if f.more > 0 {
		f.problems = append(f.problems, fmt.Errorf("%d more problems like these", f.more))
	}
	if f.out.End > size {
		f.problems = append(f.problems, fmt.Errorf("the file is not complete: it has %d bytes and says that it has %d; fetch it anew", size, f.out.End))
	}
	return f.out, errors.Join(f.problems...)
}

// problem keeps what is wrong with an object.
func (f *reader) problem(path string, err error) {
	switch {
	case err == nil:
	case errors.Is(err, errBudget):
		if !f.stopped {
			f.problems = append(f.problems, err)
		}
		f.stopped = true
	case len(f.problems) >= maxProblems:
		f.more++
	case path == "":
		f.problems = append(f.problems, err)
	default:
		f.problems = append(f.problems, fmt.Errorf("%.200q: %w", path, err))
	}
}

// spend takes n bytes that are kept from the budget.
func (f *reader) spend(n int) error {
	if f.left -= int64(n); f.left < 0 {
		return errBudget
	}
	return nil
}

// bytes reads n bytes at an address.
func (f *reader) bytes(at uint64, n int64) ([]byte, error) {
	if f.stopped {
		return nil, errBudget
	}
	if n < 0 || at > uint64(f.size) || int64(at) > f.size-f.base || n > f.size-f.base-int64(at) {
		return nil, fmt.Errorf("an address (%d, %d bytes) lies outside of the file", at, n)
	}
	if f.left -= n; f.left < 0 {
		return nil, errBudget
	}
	data := make([]byte, n)
	if _, err := f.r.ReadAt(data, f.base+int64(at)); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return data, nil
}

// upTo reads n bytes, or those that the file still has.
func (f *reader) upTo(at uint64, n int64) ([]byte, error) {
	if at <= uint64(f.size) {
		n = min(n, max(f.size-f.base-int64(at), 0))
	}
	return f.bytes(at, n)
}

// block reads n bytes at an address as a cursor behind the signature that must
// begin them.
func (f *reader) block(at uint64, n int64, signature string) (*cursor, error) {
	data, err := f.upTo(at, n)
	if err != nil {
		return nil, err
	}
	if len(data) < len(signature) || string(data[:len(signature)]) != signature {
		return nil, fmt.Errorf("there is no block %q where one is named (%d)", signature, at)
	}
	return &cursor{data: data, at: len(signature), o: f.o, l: f.l}, nil
}
