package archive

import (
	"bufio"
	"compress/bzip2"
	"compress/flate"
	"errors"
	"fmt"
	"io"

	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz/lzma"
)

// The coders of 7z, by their id.
const (
	coderCopy    = 0x00
	coderLZMA2   = 0x21
	coderDelta   = 0x03
	coderX86Old  = 0x04
	coderLZMA    = 0x030101
	coderX86     = 0x03030103
	coderPPMd    = 0x030401
	coderDeflate = 0x040108
	coderBzip2   = 0x040202
	coderZstd    = 0x04f71101
	coderLZ4     = 0x04f71104
	coderAES     = 0x06f10701
)

var coderNames = map[uint64]string{coderCopy: "copy", coderLZMA2: "lzma2", coderDelta: "delta", coderX86Old: "x86", coderLZMA: "lzma", coderX86: "x86",
	coderPPMd: "ppmd", coderDeflate: "deflate", coderBzip2: "bzip2", coderZstd: "zstd", coderLZ4: "lz4", coderAES: "aes"}

// method names the coders in the order of the file: "x86+lzma2".
func (f *folder) method() (name string, encrypted bool) {
	for _, c := range f.coders {
		one := coderNames[c.id]
		if one == "" {
			one = fmt.Sprintf("coder %x", c.id)
		}
		if name != "" {
			name += "+"
		}
		name += one
		encrypted = encrypted || c.id == coderAES
	}
	return name, encrypted
}

var errFolder = errors.New("the coders of a 7z folder do not fit together")

// unfold gives what a folder unpacks to.
func (a *Archive) unfold(f *folder) (io.Reader, error) {
	if len(f.sizes) != len(f.coders) {
		name, _ := f.method()
		return nil, &MethodError{name} // several outputs, or none
	}
	r, err := a.output(f, f.main(), 0)
	if err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(r, 1<<15), nil
}

// output gives that of one coder; each has one, so it is the coder's number.
func (a *Archive) output(f *folder, out uint64, depth int) (io.Reader, error) {
	if out >= uint64(len(f.coders)) || depth > maxCoders {
		return nil, errFolder
	}
	c := f.coders[out]
	name, encrypted := f.method()
	switch {
	case encrypted:
		return nil, ErrEncrypted
	case c.in != 1 || c.out != 1:
		return nil, &MethodError{name}
	}
	in := uint64(0)
	for _, before := range f.coders[:out] {
		in += before.in
	}
	r, err := a.input(f, in, depth)
	if err != nil {
		return nil, err
	}
	return c.decode(r, f.sizes[out], name)
}

func (a *Archive) input(f *folder, in uint64, depth int) (io.Reader, error) {
	for _, b := range f.binds {
		if b.in == in {
			return a.output(f, b.out, depth+1)
		}
	}
	for i, p := range f.packed {
		if p == in && i < len(f.packs) {
			s := f.packs[i]
			return bufio.NewReaderSize(io.NewSectionReader(a.r, s.from, s.to-s.from), 1<<15), nil
		}
	}
	return nil, errFolder
}

// decode unpacks, to size bytes.
func (c coder) decode(r io.Reader, size uint64, folder string) (io.Reader, error) {
	var out io.Reader
	var err error
	switch {
	case c.id == coderCopy:
		out = r
	case c.id == coderLZMA && len(c.props) >= 5:
		out, err = rawLZMA(r, c.props, clamp(size))
	case c.id == coderLZMA2 && len(c.props) == 1:
		out, err = rawLZMA2(r, c.props[0])
	case c.id == coderDeflate:
		out = flate.NewReader(r)
	case c.id == coderBzip2:
		out = bzip2.NewReader(r)
	case c.id == coderZstd:
		out, err = unZstd(r)
	case c.id == coderLZ4:
		out = lz4.NewReader(r)
	case c.id == coderX86 || c.id == coderX86Old:
		out = &x86{r: r}
	case c.id == coderDelta && len(c.props) == 1:
		out = &delta{r: r, distance: int(c.props[0]) + 1}
	default:
		return nil, &MethodError{folder}
	}
	if err != nil {
		return nil, err
	}
	return io.LimitReader(out, clamp(size)), nil
}

func rawLZMA2(r io.Reader, prop byte) (io.Reader, error) {
	dict, err := dictSize(prop)
	if err != nil {
		return nil, err
	}
	if dict > maxWindow {
		return nil, &LimitError{fmt.Sprintf("it needs a window of %d bytes to unpack, and %d are allowed", dict, maxWindow)}
	}
	return lzma.Reader2Config{DictCap: int(max(dict, lzma.MinDictCap))}.NewReader2(r)
}
