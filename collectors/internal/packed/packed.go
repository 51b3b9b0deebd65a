// Package packed counts the parameters of weights that a quantiser has packed into
// other tensors: several into one integer, with scales and zero points beside them.
// It goes by the names and shapes that each method gives to its tensors:
//
//	gptq                qweight I32 [in*bits/32, out], scales [groups, out], g_idx [in]
//	awq                 qweight I32 [in, out*bits/32], scales [groups, out]
//	bitsandbytes        weight U8 [n/2, 1] with weight.absmax; weight I8 with SCB
//	compressed-tensors  weight_packed I32 with weight_shape; weight_packed U8 [out, in/2]
//	modelopt            weight U8 [out, in/2] with weight_scale_2 (NVFP4)
//	mxfp4               NAME_blocks U8 [.., 16] with NAME_scales U8
//	fp8                 weight F8 with weight_scale or weight_scale_inv
//
// Source: AutoGPTQ and GPTQModel (qlinear), AutoAWQ (WQLinear_GEMM), bitsandbytes
// (Params4bit, Linear8bitLt), vllm-project/compressed-tensors (compressors), NVIDIA
// TensorRT Model Optimizer (export), transformers (integrations/mxfp4).
//
// Not understood: HQQ, Quanto, EETQ, AQLM, VPTQ, SpQR and other methods, whose tensors
// count for what they are; GGUF has types of its own for all this.
package packed

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
)

// Count is what packed tensors hold.
type Count struct {
	Parameters int64  // of all tensors, packed and plain; 0 where it cannot be known
	Method     string // that packs most tensors; "" where nothing is packed
	Bits       string // a parameter; "" where they differ
}

// set are the tensors of one file by name.
type set struct {
	of     map[string]*fingerprint.Tensor
	ints   func(fingerprint.Tensor) []int64
	helper map[string]bool // scales and the like, which are no parameters
	count  map[string]int  // packed tensors of each method
	bits   map[int64]bool
	total  int64
	lost   bool
}

// Of counts the parameters. ints reads a small tensor of integers; it may give nil.
func Of(tensors []fingerprint.Tensor, ints func(fingerprint.Tensor) []int64) Count {
	s := &set{of: make(map[string]*fingerprint.Tensor, len(tensors)), ints: ints, helper: map[string]bool{}, count: map[string]int{}, bits: map[int64]bool{}}
	for i := range tensors {
		s.of[tensors[i].Name] = &tensors[i]
	}
	own := map[string]int64{}
	for i := range tensors {
		if n, ok := s.unpack(&tensors[i]); ok {
			own[tensors[i].Name] = n
		}
	}
	if len(s.count) == 0 {
		return Count{}
	}
	for i := range tensors {
		t := &tensors[i]
		n, isPacked := own[t.Name]
		if !isPacked && !s.helper[t.Name] {
			n = elements(t.Shape)
		}
		if n > math.MaxInt64-s.total {
			s.lost = true
			break
		}
		s.total += n
	}
	c := Count{Parameters: s.total}
	if s.lost {
		c.Parameters = 0
	}
	for method, n := range s.count {
		if best := s.count[c.Method]; n > best || n == best && method < c.Method {
			c.Method = method
		}
	}
	if len(s.bits) == 1 {
		for b := range s.bits {
			c.Bits = strconv.FormatInt(b, 10)
		}
	}
	return c
}

// unpack gives the parameters of a tensor that is packed.
func (s *set) unpack(t *fingerprint.Tensor) (int64, bool) {
	stem, ok := strings.CutSuffix(t.Name, ".qweight")
	switch {
	case ok:
		return s.integers(stem, t)
	case strings.HasSuffix(t.Name, ".weight_packed"):
		return s.compressed(strings.TrimSuffix(t.Name, "weight_packed"), t)
	case strings.HasSuffix(t.Name, "_blocks") && t.DType == "U8":
		return s.blocks(strings.TrimSuffix(t.Name, "_blocks"), t)
	case strings.HasSuffix(t.Name, ".weight"):
		return s.weight(t)
	}
	return 0, false
}

func (s *set) packed(method string, bits int64, helpers ...string) {
	s.count[method]++
	if bits > 0 {
		s.bits[bits] = true
	}
	for _, h := range helpers {
		s.helper[h] = true
	}
}

// integers reads the tensors of GPTQ and AWQ, which differ in the side that is packed.
func (s *set) integers(stem string, t *fingerprint.Tensor) (int64, bool) {
	scales, zeros, order := s.of[stem+".scales"], s.of[stem+".qzeros"], s.of[stem+".g_idx"]
	if scales == nil || len(scales.Shape) != 2 || len(t.Shape) != 2 || t.DType != "I32" {
		return 0, false
	}
	rows, columns, out := t.Shape[0], t.Shape[1], scales.Shape[1]
	method, bits, in := "gptq", int64(0), int64(0)
	switch {
	case out == columns && order != nil && len(order.Shape) == 1:
		in = order.Shape[0]
		bits = quotient(s.product(32, rows), in)
	case out == columns && zeros != nil && len(zeros.Shape) == 2:
		bits = quotient(s.product(32, zeros.Shape[1]), out)
		in = quotient(s.product(32, rows), bits)
	case out > columns:
		method, in = "awq", rows
		bits = quotient(s.product(32, columns), out)
	}
	s.packed(method, bits, stem+".scales", stem+".qzeros", stem+".g_idx")
	if bits < 1 || bits > 8 || in < 1 {
		s.lost = true
		return 0, true
	}
	return s.product(in, out), true
}

// quotient divides where nothing is left; 0 where it does not.
func quotient(a, b int64) int64 {
	if b <= 0 || a <= 0 || a%b != 0 {
		return 0
	}
	return a / b
}

func (s *set) product(a, b int64) int64 {
	if b != 0 && a > math.MaxInt64/b {
		s.lost = true
		return 0
	}
	return a * b
}

// compressed reads those of compressed-tensors.
func (s *set) compressed(prefix string, t *fingerprint.Tensor) (int64, bool) {
	var helpers []string
	for _, h := range []string{"weight_scale", "weight_zero_point", "weight_g_idx", "weight_shape", "weight_global_scale", "input_global_scale"} {
		helpers = append(helpers, prefix+h)
	}
	if t.DType == "U8" {
		s.packed("compressed-tensors", 4, helpers...)
		return s.product(2, elements(t.Shape)), true
	}
	s.packed("compressed-tensors", 0, helpers...)
	shape := s.of[prefix+"weight_shape"]
	if shape == nil {
		s.lost = true
		return 0, true
	}
	n := int64(1)
	sizes := s.ints(*shape)
	for _, d := range sizes {
		if d < 0 {
			sizes = nil
			break
		}
		n = s.product(n, d)
	}
	if bits := quotient(s.product(32, elements(t.Shape)), n); len(sizes) > 0 && bits > 0 {
		s.bits[bits] = true
	}
	if len(sizes) == 0 || n < elements(t.Shape) || n > s.product(32, elements(t.Shape)) {
		s.lost = true
		return 0, true
	}
	return n, true
}

// blocks reads those of MXFP4: 32 values of 4 bits and a scale.
func (s *set) blocks(stem string, t *fingerprint.Tensor) (int64, bool) {
	scales := s.of[stem+"_scales"]
	last := len(t.Shape) - 1
	if scales == nil || scales.DType != "U8" || last < 1 || t.Shape[last] != 16 || !slices.Equal(scales.Shape, t.Shape[:last]) {
		return 0, false
	}
	s.packed("mxfp4", 4, stem+"_scales")
	return s.product(2, elements(t.Shape)), true
}

// weight reads weights that keep their name and have scales beside them.
func (s *set) weight(t *fingerprint.Tensor) (int64, bool) {
	stem := strings.TrimSuffix(t.Name, "weight")
	has := func(name string) bool { return s.of[name] != nil }
	scales := []string{t.Name + "_scale", t.Name + "_scale_inv", t.Name + "_scale_2", stem + "input_scale", stem + "output_scale"}
	switch {
	case t.DType == "U8" && has(t.Name+".absmax"):
		s.packed("bitsandbytes", 4, t.Name+".absmax", t.Name+".quant_map", t.Name+".nested_absmax", t.Name+".nested_quant_map")
		for _, state := range []string{"nf4", "fp4"} {
			s.helper[t.Name+".quant_state.bitsandbytes__"+state] = true
		}
		return s.product(2, elements(t.Shape)), true
	case t.DType == "I8" && has(stem+"SCB"):
		s.packed("bitsandbytes", 8, stem+"SCB", stem+"weight_format")
		return elements(t.Shape), true
	case t.DType == "U8" && has(t.Name+"_scale") && has(t.Name+"_scale_2"):
		s.packed("modelopt", 4, scales...)
		return s.product(2, elements(t.Shape)), true
	case strings.HasPrefix(t.DType, "F8_") && (has(t.Name+"_scale") || has(t.Name+"_scale_inv")):
		s.packed("fp8", 8, scales...)
		return elements(t.Shape), true
	}
	return 0, false
}

// elements is the product of a shape, which the reader of the format has checked.
func elements(shape []int64) int64 {
	n := int64(1)
	for _, d := range shape {
		n *= d
	}
	return n
}
