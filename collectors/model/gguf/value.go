package gguf

import (
	"math"
	"strconv"
	"strings"
)

// Bounds on what is kept of arrays.
const (
	maxElements  = 512
	maxArrayText = 64 << 10 // bytes of all strings of one array
)

// The types of a value.
const (
	typeU8 = iota
	typeI8
	typeU16
	typeI16
	typeU32
	typeI32
	typeF32
	typeBool
	typeString
	typeArray
	typeU64
	typeI64
	typeF64
)

var sizes = [...]uint64{typeU8: 1, typeI8: 1, typeU16: 2, typeI16: 2, typeU32: 4, typeI32: 4, typeF32: 4, typeBool: 1, typeU64: 8, typeI64: 8, typeF64: 8}

// value is one value of the header.
type value struct {
	kind  uint32
	text  string   // of a scalar
	whole uint64   // of an unsigned or not negative integer
	isInt bool     // whole is meant
	of    uint32   // type of the elements
	count uint64   // of the elements
	list  []string // the elements, unless they are too many or too large
	at    int64    // where it begins; the elements of an array
	// from and to bound the value with its type, as it stands in the file.
	from, to int64
}

func (r *reader) value(key string) value {
	v := value{from: r.at}
	v.kind = r.u32()
	v.at = r.at
	switch {
	case v.kind == typeArray:
		r.array(&v, key)
	case v.kind == typeString:
		v.text = strings.ToValidUTF8(r.str(maxString), "\uFFFD")
	case int64(v.kind) < int64(len(sizes)):
		v.text, v.whole, v.isInt = r.scalar(v.kind)
	default:
		r.fail("key %q: the type %d of its value is not known", key, v.kind)
	}
	v.to = r.at
	return v
}

func (r *reader) array(v *value, key string) {
	v.of, v.count, v.at = r.u32(), r.count(), 0
	v.at = r.at
	switch {
	case r.err != nil:
	case v.of == typeString:
		kept := 0
		for i := uint64(0); i < v.count && r.err == nil; i++ {
			if v.count > maxElements || kept > maxArrayText {
				r.skip(r.count())
				v.list = nil
				continue
			}
			s := r.str(maxString)
			kept += len(s)
			v.list = append(v.list, strings.ToValidUTF8(s, "\uFFFD"))
		}
	case v.of == typeArray:
		r.fail("key %q: an array of arrays is not allowed", key)
	case int64(v.of) >= int64(len(sizes)):
		r.fail("key %q: the type %d of its elements is not known", key, v.of)
	case v.count > maxElements:
		if v.count > uint64(r.most) {
			r.fail("key %q: an array would have %d elements", key, v.count)
		}
		r.skip(v.count * sizes[v.of])
	default:
		for range v.count {
			text, _, _ := r.scalar(v.of)
			v.list = append(v.list, text)
		}
	}
}

func (r *reader) scalar(kind uint32) (text string, whole uint64, isInt bool) {
	unsigned := func(n uint64) (string, uint64, bool) { return strconv.FormatUint(n, 10), n, true }
	signed := func(n int64) (string, uint64, bool) { return strconv.FormatInt(n, 10), uint64(n), n >= 0 }
	switch kind {
	case typeU8:
		return unsigned(uint64(r.u8()))
	case typeI8:
		return signed(int64(int8(r.u8())))
	case typeU16:
		return unsigned(uint64(r.u16()))
	case typeI16:
		return signed(int64(int16(r.u16())))
	case typeU32:
		return unsigned(uint64(r.u32()))
	case typeI32:
		return signed(int64(int32(r.u32())))
	case typeU64:
		return unsigned(r.u64())
	case typeI64:
		return signed(int64(r.u64()))
	case typeBool:
		return strconv.FormatBool(r.u8() != 0), 0, false
	case typeF32:
		return strconv.FormatFloat(float64(math.Float32frombits(r.u32())), 'g', -1, 32), 0, false
	case typeF64:
		return strconv.FormatFloat(math.Float64frombits(r.u64()), 'g', -1, 64), 0, false
	}
	return "", 0, false
}

// String gives a scalar, or a short list in brackets; "" where it is too long.
func (v value) String() string {
	if v.kind != typeArray {
		return v.text
	}
	if v.of == typeString || len(v.list) == 0 {
		return strings.Join(v.list, ", ")
	}
	return "[" + strings.Join(v.list, ",") + "]"
}
