package torch

import (
	"math"
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/volume"
)

const maxDims = 64

// Storage is a run of elements that tensors look at, in a place of its own.
type Storage struct {
	Key      string // names the place: of data/KEY in an archive
	Type     DType
	Elements int64
	// Untyped: the elements are bytes, whatever tensors make of them.
	Untyped bool
}

// Size is in bytes; ok is false where it is not known.
func (s Storage) Size() (n int64, ok bool) {
	n, ok = volume.Times(s.Elements, s.Type.Width())
	return n, ok && n > 0 || s.Elements == 0
}

// Tensor is one tensor.
type Tensor struct {
	Name    string // within its state dict: "encoder.0.weight"
	Type    DType
	Shape   []int64
	Strides []int64
	Offset  int64   // in elements, from the start of the storage
	Storage Storage // none, with an empty key, for tensors without data (meta)
}

// Elements is the number of elements.
func (t Tensor) Elements() int64 {
	n, _ := volume.Elements(t.Shape) // checked when it was read
	return n
}

// InOrder tells whether the elements lie in the storage one behind the other, the
// last dimension fastest.
func (t Tensor) InOrder() bool {
	want := int64(1)
	if len(t.Strides) != len(t.Shape) {
		return false
	}
	for i := len(t.Shape) - 1; i >= 0; i-- {
		if t.Shape[i] > 1 && t.Strides[i] != want {
			return false
		}
		want *= max(t.Shape[i], 1)
	}
	return true
}

// Product multiplies dimensions; ok is false where the product overflows.
func Product(dims []int64) (n int64, ok bool) { return volume.Elements(dims) }

// reach is the number of elements of the storage up to the last that the tensor
// looks at; -1 where it overflows.
func (t Tensor) reach() int64 {
	if t.Elements() == 0 {
		return 0
	}
	end := t.Offset + 1
	for i, d := range t.Shape {
		step, ok := volume.Times(d-1, t.Strides[i])
		if !ok || end > math.MaxInt64-step {
			return -1
		}
		end += step
	}
	return end
}

// place tells tensors that are the same elements from others.
func (t Tensor) place() string {
	b := append([]byte(t.Storage.Key), 0)
	b = append(append(b, t.Type...), 0)
	for _, list := range [][]int64{{t.Offset}, t.Shape, t.Strides} {
		for _, n := range list {
			b = append(strconv.AppendInt(b, n, 10), ',')
		}
		b = append(b, ';')
	}
	return string(b)
}

// sizes reads a tuple, list or torch.Size of numbers.
func sizes(v pickle.Value) ([]int64, bool) {
	var items []pickle.Value
	switch v := v.(type) {
	case *pickle.Tuple:
		items = v.Items
		if v.More > 0 {
			return nil, false
		}
	case *pickle.List:
		items = v.Items
		if v.More > 0 {
			return nil, false
		}
	case *pickle.Object:
		if !pickle.Is(v.Callee, "torch", "Size") || len(v.Args) != 1 {
			return nil, false
		}
		return sizes(v.Args[0])
	default:
		return nil, false
	}
	if len(items) > maxDims {
		return nil, false
	}
	dims := make([]int64, 0, len(items))
	for _, item := range items {
		n, ok := item.(pickle.Int)
		if !ok || n < 0 {
			return nil, false
		}
		dims = append(dims, int64(n))
	}
	return dims, true
}
