package estimator

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/npy"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
)

const maxValues = 300_000 // that are made of one pickle

// Pickled gives the value that an object in a pickle stands for: of arrays and
// numbers of NumPy what they are, of an object its class and attributes.
func Pickled(v pickle.Value) Value {
	c := converter{busy: map[pickle.Value]bool{}, left: maxValues}
	return c.value(v, 0)
}

type converter struct {
	busy map[pickle.Value]bool
	left int
}

func (c *converter) value(v pickle.Value, depth int) Value {
	if c.left--; c.left < 0 || depth > 64 {
		return Value{}
	}
	switch v := v.(type) {
	case pickle.None:
		return Value{Scalar: true, Text: "None"}
	case pickle.Bool:
		return Value{Scalar: true, Text: map[bool]string{true: "True", false: "False"}[bool(v)]}
	case pickle.Int:
		return Value{Scalar: true, Text: strconv.FormatInt(int64(v), 10)}
	case pickle.Float:
		return Value{Scalar: true, Text: float(float64(v))}
	case pickle.Str:
		return Value{Scalar: true, Text: string(v)}
	case *pickle.Bytes:
		return Value{Head: v.Head}
	case *pickle.Global:
		return Value{}
	}
	if v == nil || c.busy[v] {
		return Value{}
	}
	c.busy[v] = true
	defer delete(c.busy, v)
	switch v := v.(type) {
	case *pickle.List:
		return Value{Items: c.items(v.Items, depth)}
	case *pickle.Tuple:
		return Value{Items: c.items(v.Items, depth)}
	case *pickle.Dict:
		return Value{Attrs: c.attrs(v.Items, depth)}
	case *pickle.Object:
		return c.object(v, depth)
	}
	return Value{}
}

// float writes as Python does: 2.0, 0.0001, 1e-05, nan, inf.
func float(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if f >= 1e-4 && f < 1e16 || f <= -1e-4 && f > -1e16 {
		s = strconv.FormatFloat(f, 'f', -1, 64)
	}
	switch {
	case f != f:
		return "nan"
	case s == "+Inf", s == "-Inf":
		return strings.ToLower(strings.TrimPrefix(s, "+"))
	case !strings.ContainsAny(s, ".e"):
		s += ".0"
	}
	return s
}

func (c *converter) items(list []pickle.Value, depth int) []Value {
	var out []Value
	for _, item := range list {
		out = append(out, c.value(item, depth+1))
	}
	return out
}

func (c *converter) attrs(list []pickle.Pair, depth int) []Attr {
	var out []Attr
	for _, p := range list {
		if name, ok := p.Key.(pickle.Str); ok {
			out = append(out, Attr{string(name), c.value(p.Value, depth+1)})
		}
	}
	return out
}

func (c *converter) object(o *pickle.Object, depth int) Value {
	g, ok := o.Callee.(*pickle.Global)
	if !ok {
		return Value{}
	}
	switch name := g.Module + "." + g.Name; {
	case isNumPy(g.Module) && g.Name == "scalar" && len(o.Args) == 2:
		return numpyScalar(o)
	case isNumPy(g.Module) && (g.Name == "_reconstruct" || g.Name == "_frombuffer"), g.Name == "NumpyArrayWrapper" && strings.HasSuffix(g.Module, "numpy_pickle"):
		return c.array(o, depth)
	case name == "copyreg._reconstructor" && len(o.Args) > 0:
		if class, ok := o.Args[0].(*pickle.Global); ok {
			return Value{Class: class.Module + "." + class.Name, Attrs: c.state(o.State, depth)}
		}
		return Value{}
	case name == "builtins.bytearray" && len(o.Args) == 1:
		return c.value(o.Args[0], depth+1)
	case name == "collections.OrderedDict":
		return Value{Attrs: c.attrs(o.Pairs, depth)}
	default:
		return Value{Class: name, Attrs: c.state(o.State, depth)}
	}
}

// state is a dict, or a pair of one with that of the slots.
func (c *converter) state(v pickle.Value, depth int) []Attr {
	switch v := v.(type) {
	case *pickle.Dict:
		return c.attrs(v.Items, depth)
	case *pickle.Tuple:
		var out []Attr
		for _, part := range v.Items {
			if d, ok := part.(*pickle.Dict); ok {
				out = append(out, c.attrs(d.Items, depth)...)
			}
		}
		return out
	}
	return nil
}

func isNumPy(module string) bool {
	return module == "numpy.core.multiarray" || module == "numpy._core.multiarray" || module == "numpy.core.numeric" || module == "numpy._core.numeric"
}

// dtype reads numpy.dtype("f8", False, True) with its state (3, "<", ...).
func dtype(v pickle.Value) string {
	o, ok := pickle.Made(v, "numpy", "dtype")
	if !ok || len(o.Args) == 0 {
		return ""
	}
	name, ok := o.Args[0].(pickle.Str)
	if !ok {
		return ""
	}
	order := ""
	if state, ok := o.State.(*pickle.Tuple); ok && len(state.Items) > 1 {
		if s, ok := state.Items[1].(pickle.Str); ok && len(s) == 1 {
			order = string(s)
		}
	}
	return order + string(name)
}

func numpyScalar(o *pickle.Object) Value {
	data, ok := o.Args[1].(*pickle.Bytes)
	if !ok || data.Len != int64(len(data.Head)) {
		return Value{}
	}
	if list := npy.Elements(dtype(o.Args[0]), []byte(data.Head), 1); len(list) == 1 {
		return Value{Scalar: true, Text: list[0]}
	}
	return Value{}
}

// array reads an array as NumPy pickles it (its state is version, shape, type,
// order, bytes; or all of that are arguments), and as joblib describes it.
func (c *converter) array(o *pickle.Object, depth int) Value {
	var shape, kind, data pickle.Value
	switch state := o.State.(type) {
	case *pickle.Tuple:
		if len(state.Items) == 5 {
			shape, kind, data = state.Items[1], state.Items[2], state.Items[4]
		}
	case *pickle.Dict:
		if len(o.Items) > 0 { // an array of objects, which is a pickle of its own
			return c.value(o.Items[0], depth+1)
		}
		shape, _ = state.Get("shape")
		kind, _ = state.Get("dtype")
	default:
		if len(o.Args) >= 3 {
			data, kind, shape = o.Args[0], o.Args[1], o.Args[2]
		}
	}
	a := &Array{DType: dtype(kind)}
	dims, ok := shape.(*pickle.Tuple)
	if !ok || a.DType == "" {
		return Value{}
	}
	for _, d := range dims.Items {
		n, _ := d.(pickle.Int)
		a.Shape = append(a.Shape, max(0, int64(n)))
	}
	switch data := data.(type) {
	case *pickle.Bytes:
		if data.Len == int64(len(data.Head)) {
			a.Values = npy.Elements(a.DType, []byte(data.Head), maxFeatures)
		}
	case *pickle.List:
		for _, item := range data.Items {
			if s := c.value(item, depth+1); s.Scalar && len(a.Values) < maxFeatures {
				a.Values = append(a.Values, s.Text)
			}
		}
	}
	return Value{Array: a}
}
