package onnx

import (
	"crypto/sha256"
	"math"
	"math/bits"
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/sbom"
)

// dtype is a data type: its name as safetensors spells it, as NumPy and ONNX do, and
// its bits.
type dtype struct {
	short, long string
	bits        uint64
}

// dtypes are TensorProto.DataType. Texts have no size.
var dtypes = [...]dtype{
	1: {"F32", "float32", 32}, 2: {"U8", "uint8", 8}, 3: {"I8", "int8", 8}, 4: {"U16", "uint16", 16}, 5: {"I16", "int16", 16},
	6: {"I32", "int32", 32}, 7: {"I64", "int64", 64}, 8: {"STRING", "string", 0}, 9: {"BOOL", "bool", 8}, 10: {"F16", "float16", 16},
	11: {"F64", "float64", 64}, 12: {"U32", "uint32", 32}, 13: {"U64", "uint64", 64}, 14: {"C64", "complex64", 64}, 15: {"C128", "complex128", 128},
	16: {"BF16", "bfloat16", 16}, 17: {"F8_E4M3", "float8e4m3fn", 8}, 18: {"F8_E4M3FNUZ", "float8e4m3fnuz", 8},
	19: {"F8_E5M2", "float8e5m2", 8}, 20: {"F8_E5M2FNUZ", "float8e5m2fnuz", 8}, 21: {"U4", "uint4", 4}, 22: {"I4", "int4", 4},
	23: {"F4", "float4e2m1", 4}, 24: {"F8_E8M0", "float8e8m0", 8}, 25: {"U2", "uint2", 2}, 26: {"I2", "int2", 2},
}

func typeOf(number int64) dtype {
	if number > 0 && number < int64(len(dtypes)) {
		return dtypes[number]
	}
	name := "TYPE_" + strconv.FormatInt(number, 10)
	return dtype{short: name, long: "type " + strconv.FormatInt(number, 10)}
}

// extent is where a tensor's bytes are.
type extent struct {
	at, size int64
	sized    bool // size is stated
}

// tensor is one that is stored.
type tensor struct {
	name     string
	dtype    dtype
	shape    []int64
	raw      extent // in this file, or at its location
	location string // of external data
	sum      sbom.Sum
	opaque   bool // its bytes stand nowhere in a row
}

// initializer reads a TensorProto that is a parameter.
func (m *model) initializer(msg protowalk.Message, main bool) {
	t, n, ok := m.tensor(msg)
	if main && t.name != "" && m.hold(len(t.name)) {
		m.initializers[t.name] = t.dtype.short
	}
	if ok {
		m.add(t, n)
	}
}

// sparse reads a SparseTensorProto, whose values are what is stored.
func (m *model) sparse(msg protowalk.Message, parameter, main bool) {
	for f := range msg.Fields() {
		switch {
		case f.Number == 1 && parameter:
			m.initializer(f.Message(), main)
		case f.Number == 1:
			m.constant(f.Message())
		case f.Number == 2:
			m.tensor(f.Message()) // its indices can be in another file
		}
	}
}

// constant reads a tensor in an attribute.
func (m *model) constant(msg protowalk.Message) {
	if _, n, ok := m.tensor(msg); ok {
		m.constants++
		if sum, over := bits.Add64(uint64(m.constantNumbers), uint64(n), 0); over == 0 && sum <= math.MaxInt64 {
			m.constantNumbers = int64(sum)
		}
	}
}

// add counts a parameter.
func (m *model) add(t tensor, n int64) {
	count := m.types[t.dtype.short]
	if count == nil {
		if len(m.types) > 2*len(dtypes) {
			m.problem("the tensors have more types than there are")
			return
		}
		count = &sbom.TensorType{DType: t.dtype.short}
		m.types[t.dtype.short] = count
	}
	if count.Parameters > math.MaxInt64-n {
		m.problem("the number of elements of type %s overflows", t.dtype.short)
		return
	}
	count.Tensors++
	count.Parameters += n
	if len(m.tensors) < maxTensors && m.hold(len(t.name)+8*len(t.shape)) {
		m.tensors = append(m.tensors, t)
	}
}

// tensor reads a TensorProto and gives its number of elements; ok is false where
// there can be no such tensor.
func (m *model) tensor(msg protowalk.Message) (t tensor, n int64, ok bool) {
	var number, where int64
	var data, numbers []protowalk.Field
	hasRaw := false
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			for d := range f.Ints() {
				if len(t.shape) < maxDims {
					t.shape = append(t.shape, d)
				}
			}
		case 2:
			number = f.Int()
		case 8:
			t.name = f.Text(maxName)
		case 9:
			t.raw, hasRaw = extent{f.At, f.Size, true}, true
		case 4, 5, 7, 10, 11:
			if len(numbers) < 2 {
				numbers = append(numbers, f)
			}
		case 13:
			if len(data) < 16 {
				data = append(data, f)
			}
		case 14:
			where = f.Int()
		}
	}
	t.dtype = typeOf(number)
	if n, ok = elements(t.shape); !ok {
		m.problem("the tensor %q at byte %d has a shape that no tensor has: %v", t.name, msg.At, brief(t.shape))
		return t, 0, false
	}
	if number < 1 || number >= int64(len(dtypes)) {
		m.problem("the tensor %q at byte %d has a data type that is not known: %d", t.name, msg.At, number)
	}
	if where == 1 {
		m.stored(&t, n, msg.At, data)
	} else if want, sized := volume.Bytes(n, t.dtype.bits); hasRaw && sized && want != t.raw.size {
		m.problem("the tensor %q at byte %d has %d bytes, and its shape %v of type %s needs %d", t.name, msg.At, t.raw.size, brief(t.shape), t.dtype.long, want)
		t.opaque = true
	} else if !hasRaw {
		t.fields(numbers, n)
	}
	return t, n, true
}

// maxNumbers bounds the numbers that are read of one tensor.
const maxNumbers = 1 << 16

// fields finds the bytes of a tensor whose numbers stand in a field of their type.
// Floats stand there as raw data do; integers are brought into that form.
func (t *tensor) fields(numbers []protowalk.Field, n int64) {
	t.opaque = true
	if len(numbers) != 1 || numbers[0].Wire != protowalk.Bytes || n == 0 {
		return
	}
	f := numbers[0]
	want, sized := volume.Bytes(n, t.dtype.bits)
	switch {
	case !sized:
	case f.Number == 4 || f.Number == 10:
		t.raw, t.opaque = extent{f.At, f.Size, true}, want != f.Size
	case want <= maxNumbers:
		width := max(1, int(t.dtype.bits/8))
		data := make([]byte, 0, want)
		for v := range f.Ints() {
			if int64(len(data)+width) > want {
				return
			}
			for i := range width {
				data = append(data, byte(v>>(8*i)))
			}
		}
		if int64(len(data)) == want {
			sum := sha256.Sum256(data)
			t.sum, t.opaque = &sum, false
		}
	}
}

func brief(shape []int64) []int64 { return shape[:min(len(shape), 8)] }

// elements multiplies the dimensions.
func elements(dims []int64) (int64, bool) {
	if len(dims) == maxDims { // there may be more
		return 0, false
	}
	return volume.Elements(dims)
}
