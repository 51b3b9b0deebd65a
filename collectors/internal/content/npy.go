package content

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

const (
	npyMagic     = "\x93NUMPY"
	maxNpyHeader = 1 << 20 // bytes
)

// objects knows an array of Python objects, alone or as a field of a record.
var objects = pattern.Lazy(`'descr':[^}]*?['"](?:[|<>=]?O\d*|object_?)['"]`)

// odd tells of a header that NumPy may read as one of objects, though it does not
// write it so: with comments, escapes, texts side by side, several types in one text.
func odd(header []byte) bool {
	return bytes.ContainsAny(header, "O\\#") || bytes.Contains(header, []byte("object"))
}

// npy examines an array: one of objects is a pickle behind the header.
func (x *examiner) npy(in string, r *bufio.Reader) {
	x.join(sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete})
	var h [12]byte
	if _, err := io.ReadFull(r, h[:10]); err != nil {
		x.fails(in, err)
		return
	}
	n := uint32(binary.LittleEndian.Uint16(h[8:]))
	if h[6] >= 2 {
		if _, err := io.ReadFull(r, h[10:]); err != nil {
			x.fails(in, err)
			return
		}
		n = binary.LittleEndian.Uint32(h[8:])
	}
	if n > maxNpyHeader {
		x.lacks(sbom.OverLimit, in, "the header of the array is too large")
		return
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		x.fails(in, err)
		return
	}
	head, _ := r.Peek(headSize)
	if !objects.Match(header) && (!odd(header) || !pickle.IsPickle(head)) {
		return
	}
	x.count("pickle")
	if !pickle.IsPickle(head) && len(head) > 0 {
		x.lacks(sbom.Partial, in, "the array is of objects, and what stands behind its header is no pickle")
		return
	}
	x.pickle(in, r)
}
