// Package fingerprint makes the ids by which a model is known again when its files
// differ: re-sharded, renamed, with other metadata, converted, trained further.
//
// Of each tensor it takes the name, in UTF-8; the data type, in the spelling of
// safetensors ("BF16", "F32") or of ggml ("Q4_K"); the shape, as decimal numbers
// joined by ",", the slowest dimension first ("" for a scalar); and the bytes: the
// elements in row-major order, little-endian, without padding (blocks as they are
// stored, for ggml's types). With \0 for a zero byte:
//
//	s = SHA-256(name \0 shape)
//	h = SHA-256(name \0 type \0 shape)
//	c = h || SHA-256(bytes)
//
// An id is the SHA-256, in lower-case hex, of a line of text and the set of records
// of all tensors, whichever files they are in, sorted by their bytes, without doubles:
//
//	shapes id  = SHA-256("mlbom shapes 1\n"  || sorted set of s)
//	header id  = SHA-256("mlbom header 1\n"  || sorted set of h)
//	content id = SHA-256("mlbom content 1\n" || sorted set of c)
//
// testdata/ids.py does the same in a few lines of Python.
//
// Equal content ids mean equal weights, in any number of files and in any of the
// formats that keep the tensors' names. Equal header ids mean one architecture in
// one precision: a model, its fine-tunes and its copies under other names. Equal
// shapes ids leave the precision aside: the quantisations that a GGUF file has of
// one model, or the same weights in F16 and BF16.
//
// What they do not tie: a GGUF and the safetensors that it was made of, for the
// conversion gives the tensors other names (blk.0.attn_q.weight), permutes some and
// splits or joins others; weights that are packed by GPTQ, AWQ or bitsandbytes and
// their origin, for these have other tensors; a merged and a separate adapter; tensors
// of one checkpoint with and without a prefix in their names ("model.").
//
// Not understood: bytes that lie in the file in another order (strided or
// big-endian), so their model has no content id.
package fingerprint

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Tensor is one tensor of a file.
type Tensor struct {
	Name  string
	DType string  // as safetensors or ggml spell it, see [DType]
	Shape []int64 // the slowest dimension first
	Part  sbom.Part
	// Sum of the bytes, where whoever reads the format has made it already: of a
	// compressed member of an archive.
	Sum sbom.Sum
	// Opaque: Part does not hold the elements in order, so that there is no digest.
	Opaque bool
}

// Digest makes the digests of the file and of the tensors in one pass.
func Digest(f *sbom.File, tensors []Tensor) (sbom.Digest, []sbom.Print, error) {
	var parts []sbom.Part
	var of []int
	for i, t := range tensors {
		if t.Sum == nil && !t.Opaque {
			parts, of = append(parts, t.Part), append(of, i)
		}
	}
	d, sums, err := f.DigestParts(parts)
	if err != nil {
		return d, nil, err
	}
	prints := make([]sbom.Print, len(tensors))
	for i, t := range tensors {
		prints[i] = t.print()
	}
	for i, s := range sums {
		prints[of[i]].Content = s
	}
	return d, prints, nil
}

// print gives the records of one tensor.
func (t Tensor) print() sbom.Print {
	var shape []byte
	for i, n := range t.Shape {
		if i > 0 {
			shape = append(shape, ',')
		}
		shape = strconv.AppendInt(shape, n, 10)
	}
	name := append([]byte(t.Name), 0)
	header := append(append(append([]byte{}, name...), t.DType...), 0)
	return sbom.Print{
		Shape:   sha256.Sum256(append(name, shape...)),
		Header:  sha256.Sum256(append(header, shape...)),
		Content: t.Sum,
	}
}

// Add puts prints and the ids of this file into its sighting, whose Model counts
// its tensors. The ids of a model of several files are derived after the merge.
func Add(file *sbom.Sighting, prints []sbom.Print) {
	if len(prints) == 0 {
		return
	}
	if file.File == nil {
		file.File = &sbom.FileFacts{}
	}
	if file.Component.Model == nil {
		file.Component.Model = &sbom.Model{}
	}
	file.File.Prints = prints
	file.Component.Model.Fingerprints = sbom.FingerprintsOf(prints)
}

// DType gives safetensors' spelling of a data type that NumPy, PyTorch, TensorFlow
// or ONNX spell in their way, without the module: "float32", "bfloat16", "FLOAT".
// What it does not know it gives in upper case.
func DType(s string) string {
	if short, ok := dtypes[strings.ToLower(s)]; ok {
		return short
	}
	return strings.ToUpper(s)
}

var dtypes = map[string]string{
	"bool": "BOOL", "boolean": "BOOL",
	"uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32", "int32": "I32", "uint64": "U64", "int64": "I64",
	"byte": "U8", "char": "I8", "short": "I16", "int": "I32", "long": "I64",
	"float16": "F16", "half": "F16", "float32": "F32", "float": "F32", "float64": "F64", "double": "F64", "bfloat16": "BF16",
	"complex64": "C64", "complex128": "C128",
	"float8_e4m3fn": "F8_E4M3", "float8e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2", "float8e5m2": "F8_E5M2",
	"float8_e4m3fnuz": "F8_E4M3FNUZ", "float8e4m3fnuz": "F8_E4M3FNUZ", "float8_e5m2fnuz": "F8_E5M2FNUZ", "float8e5m2fnuz": "F8_E5M2FNUZ",
	"float8_e8m0fnu": "F8_E8M0", "float8e8m0": "F8_E8M0", "float4_e2m1fn_x2": "F4", "float4e2m1": "F4",
}
