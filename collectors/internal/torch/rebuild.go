package torch

import (
	"fmt"
	"math"
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/volume"
)

// storage reads a persistent id: ("storage", torch.FloatStorage, "0", "cpu", 12),
// to which the old format adds None, or the view (key, offset, size) of another
// storage.
func (r *reader) storage(v pickle.Value) (Storage, bool) {
	p, ok := v.(*pickle.Persistent)
	if !ok {
		return Storage{}, false
	}
	id, ok := p.ID.(*pickle.Tuple)
	if !ok || len(id.Items) < 5 || id.Items[0] != pickle.Value(pickle.Str("storage")) {
		return Storage{}, false
	}
	s := Storage{Type: StorageType(id.Items[1])}
	switch key := id.Items[2].(type) {
	case pickle.Str:
		s.Key = string(key)
	case pickle.Int:
		s.Key = strconv.FormatInt(int64(key), 10)
	}
	n, ok := id.Items[4].(pickle.Int)
	if s.Key == "" || !ok || n < 0 {
		return Storage{}, false
	}
	s.Elements = int64(n)
	if g, ok := id.Items[1].(*pickle.Global); ok && (g.Name == "UntypedStorage" || g.Name == "_UntypedStorage") {
		s.Untyped = true
	}
	if s.Type == "" {
		r.problem("storage %q is of a type that is not known", s.Key)
	}
	r.keep(s)
	return s, true
}

// tensor reads the call that makes a tensor; made is false where the value is none.
func (r *reader) tensor(v pickle.Value, name string, depth int) (t Tensor, made bool) {
	o, ok := v.(*pickle.Object)
	if !ok || depth > maxDepth {
		return t, false
	}
	g, ok := o.Callee.(*pickle.Global)
	if !ok {
		return t, false
	}
	arg := func(i int) pickle.Value {
		if i < len(o.Args) {
			return o.Args[i]
		}
		return pickle.Unknown{}
	}
	if g.Module == "torch._tensor" && g.Name == "_rebuild_from_type_v2" || g.Module == "torch" && g.Name == "_tensor._rebuild_from_type_v2" {
		if args, ok := arg(2).(*pickle.Tuple); ok {
			return r.tensor(&pickle.Object{Callee: arg(0), Args: args.Items}, name, depth+1)
		}
		return t, false
	}
	if g.Module != "torch._utils" {
		return t, false
	}
	switch g.Name {
	case "_rebuild_parameter", "_rebuild_parameter_with_state":
		return r.tensor(arg(0), name, depth+1)
	case "_rebuild_qtensor":
		if quantizer, ok := arg(4).(*pickle.Tuple); ok {
			for _, part := range quantizer.Items { // scales and zero points have storages of their own
				r.tensor(part, name, depth+1)
			}
		}
		return r.strided(name, arg(0), arg(1), arg(2), arg(3), "")
	case "_rebuild_tensor", "_rebuild_tensor_v2":
		return r.strided(name, arg(0), arg(1), arg(2), arg(3), "")
	case "_rebuild_tensor_v3":
		return r.strided(name, arg(0), arg(1), arg(2), arg(3), dtype(arg(6)))
	case "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor":
		return r.sparse(name, arg(1), depth)
	case "_rebuild_nested_tensor":
		return r.tensor(arg(0), name, depth+1)
	case "_rebuild_meta_tensor_no_storage":
		shape, ok1 := sizes(arg(1))
		strides, ok2 := sizes(arg(2))
		_, ok3 := volume.Elements(shape)
		return Tensor{Name: name, Type: dtype(arg(0)), Shape: shape, Strides: strides}, ok1 && ok2 && ok3
	}
	return t, false
}

func (r *reader) strided(name string, storage, offset, size, stride pickle.Value, of DType) (Tensor, bool) {
	s, ok := r.storage(storage)
	at, isInt := offset.(pickle.Int)
	shape, ok1 := sizes(size)
	strides, ok2 := sizes(stride)
	if !ok || !isInt || at < 0 || !ok1 || !ok2 || len(shape) != len(strides) {
		r.problem("tensor %q is not described as PyTorch does", name)
		return Tensor{}, false
	}
	if _, ok := volume.Elements(shape); !ok {
		r.problem("tensor %q: the shape %v overflows", name, shape)
		return Tensor{}, false
	}
	t := Tensor{Name: name, Type: s.Type, Shape: shape, Strides: strides, Offset: int64(at), Storage: s}
	elements := s.Elements
	if of != "" { // the storage is one of bytes
		t.Type = of
		elements /= max(of.Width(), 1)
	}
	if reach := t.reach(); reach < 0 || reach > elements {
		r.problem("tensor %q reaches past the end of its storage %q", name, s.Key)
	}
	return t, true
}

// sparse gives the values of a sparse tensor, which is what is stored; the
// indices, integers that say where they are, are no parameters.
func (r *reader) sparse(name string, parts pickle.Value, depth int) (Tensor, bool) {
	list, ok := parts.(*pickle.Tuple)
	if !ok {
		return Tensor{}, false
	}
	best, found := Tensor{}, false
	for i, part := range list.Items { // COO: indices, values, size; CSR: two of indices, values, size
		if t, ok := r.tensor(part, name, depth+1); ok && i > 0 {
			best, found = t, true
		}
	}
	return best, found
}

func (r *reader) keep(s Storage) {
	if i, ok := r.at[s.Key]; ok {
		if old := r.out.Storages[i]; old.Elements != s.Elements || old.Type != s.Type {
			a, _ := old.Size()
			b, _ := s.Size()
			if a != b {
				r.problem("storage %q is said to have %d bytes and %d", s.Key, a, b)
			}
			if b > a && b < math.MaxInt64 {
				r.out.Storages[i] = s
			}
		}
		return
	}
	if len(r.out.Storages) < maxTensors {
		r.at[s.Key] = len(r.out.Storages)
		r.out.Storages = append(r.out.Storages, s)
	}
}

func (r *reader) problem(format string, args ...any) {
	if len(r.out.Problems) < maxProblems {
		r.out.Problems = append(r.out.Problems, fmt.Errorf(format, args...))
	}
}
