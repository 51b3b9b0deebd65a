package flax

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/paged"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a tree.
const (
	maxDepth = 100
	maxNodes = 4_000_000
	maxKey   = 4 << 10  // bytes
	maxNames = 64 << 20 // bytes of all names
	maxRank  = 32
)

// The extension types of Flax.
const (
	extArray  = 1
	extScalar = 3 // of NumPy, written like an array
)

// chunked marks an array that was split because msgpack holds no more than 4 GiB.
const chunked = "__msgpack_chunked_array__"

// tree is a file of msgpack.
type tree struct {
	r       *paged.Reader
	size    int64
	at, end int64
	nodes   int
	names   int
	tensors []fingerprint.Tensor
}

var errEnd = errors.New("the file is not complete: it ends within a value of msgpack")

func (t *tree) read() error {
	err := t.value("", 0)
	if err == nil {
		t.end = t.at
	}
	if errors.Is(err, paged.ErrEnd) || errors.Is(err, io.EOF) {
		err = errEnd
	}
	return err
}

// num takes a big-endian number.
func (t *tree) num(n int) (uint64, error) {
	b, err := t.r.View(t.at, n)
	if err != nil {
		return 0, err
	}
	t.at += int64(n)
	var v uint64
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	return v, nil
}

// head is the first byte of a value, taken apart.
type head struct {
	kind byte  // 'm' map, 'a' array, 's' text, 'b' bytes, 'x' extension, '.' other
	n    int64 // members or bytes behind the head
	ext  int8
	v    uint64 // of a number
}

// sized are the heads with a length of 1, 2 or 4 bytes.
var sized = map[byte]struct {
	kind  byte
	width int
}{0xc4: {'b', 1}, 0xc5: {'b', 2}, 0xc6: {'b', 4}, 0xc7: {'x', 1}, 0xc8: {'x', 2}, 0xc9: {'x', 4}, 0xd9: {'s', 1}, 0xda: {'s', 2}, 0xdb: {'s', 4},
	0xdc: {'a', 2}, 0xdd: {'a', 4}, 0xde: {'m', 2}, 0xdf: {'m', 4}}

func (t *tree) head() (head, error) {
	first, err := t.num(1)
	if err != nil {
		return head{}, err
	}
	b := byte(first)
	switch {
	case b < 0x80, b >= 0xe0:
		return head{kind: '.', v: first}, nil
	case b < 0x90:
		return head{kind: 'm', n: int64(b & 15)}, nil
	case b < 0xa0:
		return head{kind: 'a', n: int64(b & 15)}, nil
	case b < 0xc0:
		return head{kind: 's', n: int64(b & 31)}, nil
	case b == 0xc0, b == 0xc2, b == 0xc3:
		return head{kind: '.'}, nil
	case b >= 0xca && b <= 0xd3:
		v, err := t.num([]int{4, 8, 1, 2, 4, 8, 1, 2, 4, 8}[b-0xca])
		return head{kind: '.', v: v}, err
	case b >= 0xd4 && b <= 0xd8:
		ext, err := t.num(1)
		return head{kind: 'x', n: 1 << (b - 0xd4), ext: int8(ext)}, err
	}
	s, ok := sized[b]
	if !ok {
		return head{}, fmt.Errorf("the file is not msgpack, or damaged: byte 0x%02x at %d begins no value", b, t.at-1)
	}
	n, err := t.num(s.width)
	h := head{kind: s.kind, n: int64(n)}
	if err == nil && s.kind == 'x' {
		var ext uint64
		ext, err = t.num(1)
		h.ext = int8(ext)
	}
	return h, err
}

// value walks one value; arrays of Flax become tensors of that name.
func (t *tree) value(name string, depth int) error {
	if t.nodes++; depth > maxDepth || t.nodes > maxNodes {
		return fmt.Errorf("the tree is nested more than %d deep, or has more than %d values", maxDepth, maxNodes)
	}
	h, err := t.head()
	if err != nil {
		return err
	}
	switch h.kind {
	case 'm':
		return t.members(name, h.n, depth)
	case 'a':
		for i := range h.n {
			if err := t.value(fmt.Sprintf("%s/%d", name, i), depth+1); err != nil {
				return err
			}
		}
	case 's', 'b', 'x':
		if h.n > t.size-t.at {
			return errEnd
		}
		if end := t.at + h.n; h.kind == 'x' && (h.ext == extArray || h.ext == extScalar) {
			err = t.array(name, end)
			t.at = end
		} else {
			t.at = end
		}
	}
	return err
}

// members walks a map.
func (t *tree) members(name string, n int64, depth int) error {
	from, split := len(t.tensors), false
	for range n {
		h, err := t.head()
		if err != nil {
			return err
		}
		if h.kind != 's' || h.n > maxKey {
			return fmt.Errorf("a key of the tree at %d is no text, or too long", t.at)
		}
		key, err := t.r.Bytes(t.at, h.n)
		if err != nil {
			return err
		}
		t.at += h.n
		split = split || string(key) == chunked
		path := strings.TrimPrefix(name+"/"+string(key), "/")
		if t.names += len(path); t.names > maxNames {
			return fmt.Errorf("the names of the tree have more than %d MiB", maxNames>>20)
		}
		if err := t.value(path, depth+1); err != nil {
			return err
		}
	}
	if split {
		t.join(name, from)
	}
	return nil
}

// join makes one tensor of the chunks of an array. Its shape stands in a map of
// numbers, which is not kept: the chunks tell how many elements there are.
func (t *tree) join(name string, from int) {
	if from >= len(t.tensors) {
		return
	}
	whole := fingerprint.Tensor{Name: name, DType: t.tensors[from].DType, Shape: []int64{0}, Opaque: true}
	for _, c := range t.tensors[from:] {
		n := int64(1)
		for _, d := range c.Shape {
			n *= d
		}
		whole.Shape[0] += n
	}
	t.tensors = append(t.tensors[:from], whole)
}

// array reads the extension of an array: shape, type and bytes.
func (t *tree) array(name string, end int64) error {
	bad := fmt.Errorf("the array %.200q is not one as Flax writes it", name)
	h, err := t.head()
	if err != nil || h.kind != 'a' || h.n != 3 {
		return errors.Join(bad, err)
	}
	h, err = t.head()
	if err != nil || h.kind != 'a' || h.n > maxRank {
		return errors.Join(bad, err)
	}
	x := fingerprint.Tensor{Name: name}
	elements := int64(1)
	for range h.n {
		d, err := t.head()
		if err != nil || d.kind != '.' || d.v > math.MaxInt64 || d.v > 0 && elements > math.MaxInt64/int64(d.v) {
			return errors.Join(bad, err)
		}
		x.Shape = append(x.Shape, int64(d.v))
		elements *= int64(max(d.v, 1))
	}
	if h, err = t.head(); err != nil || h.kind != 's' && h.kind != 'b' || h.n > 32 {
		return errors.Join(bad, err)
	}
	dtype, err := t.r.Bytes(t.at, h.n)
	if err != nil {
		return err
	}
	t.at += h.n
	x.DType = fingerprint.DType(string(bytes.TrimSpace(dtype)))
	if h, err = t.head(); err != nil || h.kind != 'b' || h.n != end-t.at {
		return errors.Join(bad, err)
	}
	if slices.Contains(x.Shape, 0) {
		elements = 0
	}
	if elements > 0 && (h.n%elements != 0 || h.n/elements > 16 || h.n < elements) || elements == 0 && h.n > 0 {
		return fmt.Errorf("the array %.200q has the shape %v and %d bytes, which do not go together", name, x.Shape, h.n)
	}
	x.Part = sbom.Part{At: t.at, Size: h.n}
	t.tensors = append(t.tensors, x)
	return nil
}
