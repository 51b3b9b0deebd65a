// Package quant holds the tables by which GGUF files say how tensors are stored
// and how the weights as a whole were made smaller.
//
// Source: ggml's ggml.h and ggml-common.h (types and block sizes), llama.cpp's
// llama.h (file types). Numbers that were in use and then were given up keep
// their names, since files with them exist.
package quant

import (
	"math"
	"strings"
)

// Type is a storage type of ggml: Block elements in Bytes bytes. Zero sizes mean
// that the layout is no longer documented.
type Type struct {
	Name         string
	Block, Bytes uint64
}

// TypeOf gives the ggml type of that number.
func TypeOf(n uint32) (t Type, ok bool) {
	if int64(n) >= int64(len(types)) || types[n].Name == "" {
		return Type{}, false
	}
	return types[n], true
}

// Size gives the bytes that so many elements take; ok is false where it is not
// known, does not fit the blocks, or overflows.
func (t Type) Size(elements uint64) (bytes uint64, ok bool) {
	if t.Block == 0 || elements%t.Block != 0 {
		return 0, false
	}
	blocks := elements / t.Block
	if blocks > math.MaxInt64/t.Bytes {
		return 0, false
	}
	return blocks * t.Bytes, true
}

var types = [...]Type{
	0: {"F32", 1, 4}, 1: {"F16", 1, 2},
	2: {"Q4_0", 32, 18}, 3: {"Q4_1", 32, 20}, 4: {Name: "Q4_2"}, 5: {Name: "Q4_3"},
	6: {"Q5_0", 32, 22}, 7: {"Q5_1", 32, 24}, 8: {"Q8_0", 32, 34}, 9: {"Q8_1", 32, 40},
	10: {"Q2_K", 256, 84}, 11: {"Q3_K", 256, 110}, 12: {"Q4_K", 256, 144}, 13: {"Q5_K", 256, 176},
	14: {"Q6_K", 256, 210}, 15: {"Q8_K", 256, 292},
	16: {"IQ2_XXS", 256, 66}, 17: {"IQ2_XS", 256, 74}, 18: {"IQ3_XXS", 256, 98}, 19: {"IQ1_S", 256, 50},
	20: {"IQ4_NL", 32, 18}, 21: {"IQ3_S", 256, 110}, 22: {"IQ2_S", 256, 82}, 23: {"IQ4_XS", 256, 136},
	24: {"I8", 1, 1}, 25: {"I16", 1, 2}, 26: {"I32", 1, 4}, 27: {"I64", 1, 8}, 28: {"F64", 1, 8},
	29: {"IQ1_M", 256, 56}, 30: {"BF16", 1, 2},
	31: {"Q4_0_4_4", 32, 18}, 32: {"Q4_0_4_8", 32, 18}, 33: {"Q4_0_8_8", 32, 18},
	34: {"TQ1_0", 256, 54}, 35: {"TQ2_0", 256, 66},
	36: {"IQ4_NL_4_4", 32, 18}, 37: {"IQ4_NL_4_8", 32, 18}, 38: {"IQ4_NL_8_8", 32, 18},
	39: {"MXFP4", 32, 17}, 40: {"NVFP4", 64, 36}, 41: {"Q1_0", 128, 18}, 42: {"Q2_0", 64, 18},
}

// guessed marks a file type that a loader worked out: the file does not state it.
const guessed = 1024

// FileType gives the name of llama.cpp's file type ("general.file_type") of that
// number, without the word "mostly".
func FileType(n uint64) (name string, ok bool) {
	if n >= guessed || n >= uint64(len(fileTypes)) || fileTypes[n] == "" {
		return "", false
	}
	return fileTypes[n], true
}

var fileTypes = [...]string{
	0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 4: "Q4_1_SOME_F16", 5: "Q4_2", 6: "Q4_3", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1",
	10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
	19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M",
	28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 33: "Q4_0_4_4", 34: "Q4_0_4_8", 35: "Q4_0_8_8",
	36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4_MOE", 39: "NVFP4", 40: "Q1_0", 41: "Q2_0",
}

// Bits gives the bits a weight that a scheme's name states: "4" of "Q4_K_M". A
// plain floating type is no quantisation: "".
func Bits(scheme string) string {
	if scheme == "F32" || scheme == "F16" || scheme == "BF16" {
		return ""
	}
	head := strings.TrimLeft(scheme, "MXNVFPITQ")
	if head == "" || head[0] < '1' || head[0] > '9' {
		return ""
	}
	return head[:1]
}
