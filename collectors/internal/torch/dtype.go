package torch

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
)

// widths are the bytes of an element, by PyTorch's name of the type. Types with
// several elements in a byte count one element a byte, as their storages do.
var widths = map[string]int64{
	"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "complex32": 4, "complex64": 8, "complex128": 16,
	"int64": 8, "int32": 4, "int16": 2, "int8": 1, "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8, "bool": 1,
	"qint8": 1, "quint8": 1, "qint32": 4, "quint4x2": 1, "quint2x4": 1,
	"float8_e4m3fn": 1, "float8_e5m2": 1, "float8_e4m3fnuz": 1, "float8_e5m2fnuz": 1, "float8_e8m0fnu": 1, "float4_e2m1fn_x2": 1,
	"bits8": 1, "bits16": 2, "bits1x8": 1, "bits2x4": 1, "bits4x2": 1,
}

// other are names of one type.
var other = map[string]string{"double": "float64", "float": "float32", "half": "float16", "long": "int64", "int": "int32", "short": "int16",
	"cfloat": "complex64", "cdouble": "complex128", "chalf": "complex32"}

// storages are the types of the elements in PyTorch's typed storages, and in the
// tensors that the first versions had.
var storages = map[string]string{"Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64",
	"Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool", "ComplexDouble": "complex128", "ComplexFloat": "complex64",
	"QInt8": "qint8", "QUInt8": "quint8", "QInt32": "qint32", "QUInt4x2": "quint4x2", "QUInt2x4": "quint2x4", "Untyped": "uint8", "_Untyped": "uint8"}

// DType is a type of elements.
type DType string // as PyTorch spells it, "float32"; "" where it is not known

// Width is the size of an element in bytes; 0 where it is not known.
func (d DType) Width() int64 { return widths[string(d)] }

// Name spells the type as safetensors does, "F32"; PyTorch's quantised types,
// which it does not have, in capitals: "QINT8".
func (d DType) Name() string { return fingerprint.DType(string(d)) }

// StorageType gives the type of elements that a class of storages or tensors
// says: torch.FloatStorage, torch.cuda.HalfTensor. An untyped one has bytes.
func StorageType(v pickle.Value) DType {
	g, ok := v.(*pickle.Global)
	if !ok || !strings.HasPrefix(g.Module+".", "torch.") {
		return ""
	}
	name := g.Name[strings.LastIndexByte(g.Name, '.')+1:]
	for _, end := range []string{"Storage", "Tensor"} {
		if kind, ok := strings.CutSuffix(name, end); ok {
			return DType(storages[kind])
		}
	}
	return ""
}

// dtype reads torch.float32.
func dtype(v pickle.Value) DType {
	g, ok := v.(*pickle.Global)
	if !ok || g.Module != "torch" {
		return ""
	}
	name := g.Name
	if full, ok := other[name]; ok {
		name = full
	}
	if widths[name] == 0 {
		return ""
	}
	return DType(name)
}
