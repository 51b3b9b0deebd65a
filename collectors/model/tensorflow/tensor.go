package tensorflow

import (
	"crypto/sha256"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/sbom"
)

// dtype is a data type: its name as safetensors spells it, as TensorFlow does, and
// its bits; 0 where it has no size.
type dtype struct {
	short, long string
	bits        uint64
}

// dtypes are DataType of types.proto. Types of references are 100 more.
var dtypes = [...]dtype{
	1: {"F32", "float32", 32}, 2: {"F64", "float64", 64}, 3: {"I32", "int32", 32}, 4: {"U8", "uint8", 8}, 5: {"I16", "int16", 16},
	6: {"I8", "int8", 8}, 7: {"STRING", "string", 0}, 8: {"C64", "complex64", 64}, 9: {"I64", "int64", 64}, 10: {"BOOL", "bool", 8},
	11: {"QI8", "qint8", 8}, 12: {"QU8", "quint8", 8}, 13: {"QI32", "qint32", 32}, 14: {"BF16", "bfloat16", 16}, 15: {"QI16", "qint16", 16},
	16: {"QU16", "quint16", 16}, 17: {"U16", "uint16", 16}, 18: {"C128", "complex128", 128}, 19: {"F16", "float16", 16},
	20: {"RESOURCE", "resource", 0}, 21: {"VARIANT", "variant", 0}, 22: {"U32", "uint32", 32}, 23: {"U64", "uint64", 64},
	24: {"F8_E5M2", "float8_e5m2", 8}, 25: {"F8_E4M3", "float8_e4m3fn", 8}, 26: {"F8_E4M3FNUZ", "float8_e4m3fnuz", 8},
	27: {"F8_E4M3B11FNUZ", "float8_e4m3b11fnuz", 8}, 28: {"F8_E5M2FNUZ", "float8_e5m2fnuz", 8},
	29: {"I4", "int4", 8}, 30: {"U4", "uint4", 8}, 31: {"I2", "int2", 8}, 32: {"U2", "uint2", 8}, // a byte each, as they are stored
}

func typeOf(number int64) dtype {
	if number > 100 {
		number -= 100
	}
	if number > 0 && number < int64(len(dtypes)) {
		return dtypes[number]
	}
	name := "TYPE_" + strconv.FormatInt(number, 10)
	return dtype{short: name, long: strings.ToLower(name)}
}

// tensor is one that is stored.
type tensor struct {
	name     string
	dtype    dtype
	shape    []int64
	shard    int64 // of a checkpoint
	at, size int64 // bytes
	sum      sbom.Sum
	opaque   bool // its elements do not stand in a row
}

// tensor reads a TensorProto: the number of elements, and the text where it is
// one.
func (m *model) tensor(msg protowalk.Message) (t tensor, n int64, text string, broken bool) {
	t.opaque = true
	var values protowalk.Field
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			t.dtype = typeOf(f.Int())
		case 2:
			t.shape, _ = shape(f.Message())
		case 4:
			t.at, t.size, t.opaque = f.At, f.Size, f.Size == 0
		case 8:
			if text == "" {
				text = f.Text(maxText)
			}
		case 5, 6:
			values = f
			t.at, t.size = f.At, f.Size
		case 7, 10, 11, 13:
			values = f
		}
	}
	n, ok := volume.Elements(t.shape)
	if !ok {
		m.problem("the constant at byte %d has a shape that no tensor has: %v", msg.At, t.shape[:min(len(t.shape), 8)])
		return t, 0, text, true
	}
	if want, sized := size(n, t.dtype); !t.opaque && sized && want != t.size {
		m.problem("the constant at byte %d has %d bytes, and its shape %v of type %s needs %d", msg.At, t.size, t.shape[:min(len(t.shape), 8)], t.dtype.long, want)
		t.opaque = true
	}
	if t.opaque {
		t.fields(values, n)
	}
	return t, n, text, false
}

// maxNumbers bounds the numbers that are read of one tensor.
const maxNumbers = 1 << 16

// fields finds the bytes of a tensor whose numbers stand in a field of their type,
// all of them: floats stand there as they do in a row, integers are brought into
// that form.
func (t *tensor) fields(f protowalk.Field, n int64) {
	want, sized := size(n, t.dtype)
	switch {
	case f.Wire != protowalk.Bytes && f.Number != 7 || !sized:
	case f.Number == 5 || f.Number == 6:
		t.opaque = want != f.Size
	case want <= maxNumbers:
		width := int(t.dtype.bits / 8)
		data := make([]byte, 0, want)
		for v := range f.Ints() {
			if int64(len(data)+width) > want {
				return
			}
			for i := range width {
				data = append(data, byte(v>>(8*i)))
			}
		}
		if int64(len(data)) == want && want > 0 {
			sum := sha256.Sum256(data)
			t.sum, t.opaque = &sum, false
		}
	}
}

// constant counts a tensor that stands in the graph.
func (m *model) constant(name string, a attributes, main bool) {
	if a.broken {
		return
	}
	if !add(m.types, a.tensor.dtype.short, a.number) {
		m.problem("the number of elements of type %s overflows", a.tensor.dtype.short)
		return
	}
	if a.tensor.name = name; main && a.tensor.dtype.bits > 0 && m.hold(len(name)+8*len(a.tensor.shape)) {
		m.tensors = append(m.tensors, a.tensor)
	}
}

// add counts a tensor of a type.
func add(types map[string]*sbom.TensorType, short string, n int64) bool {
	t := types[short]
	if t == nil {
		t = &sbom.TensorType{DType: short}
		types[short] = t
	}
	if t.Parameters > math.MaxInt64-n {
		return false
	}
	t.Tensors++
	t.Parameters += n
	return true
}

// shape reads a TensorShapeProto; known is false where the rank is not.
func shape(msg protowalk.Message) (dims []int64, known bool) {
	known = true
	for f := range msg.Fields() {
		switch f.Number {
		case 2:
			n := int64(0)
			for d := range f.Message().Fields() {
				if d.Number == 1 {
					n = d.Int()
				}
			}
			if len(dims) < maxDims {
				dims = append(dims, n)
			}
		case 3:
			known = f.Int() == 0
		}
	}
	return dims, known
}

func size(n int64, t dtype) (int64, bool) {
	hi, lo := bits.Mul64(uint64(n), t.bits/8)
	return int64(lo), t.bits != 0 && hi == 0 && lo <= math.MaxInt64
}

// shapeText writes a shape: "[?,224,224,3]", "" where the rank is not known.
func shapeText(dims []int64, known bool) string {
	if !known {
		return ""
	}
	var out []string
	for _, d := range dims {
		if d < 0 {
			out = append(out, "?")
		} else {
			out = append(out, strconv.FormatInt(d, 10))
		}
	}
	return "[" + strings.Join(out, ",") + "]"
}
