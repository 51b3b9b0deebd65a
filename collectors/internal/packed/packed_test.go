package packed

import (
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
)

func TestOf(t *testing.T) {
	type tensor = fingerprint.Tensor
	one := func(name, dtype string, shape ...int64) tensor { return tensor{Name: name, DType: dtype, Shape: shape} }
	norm := one("norm.weight", "F16", 100)
	for name, c := range map[string]struct {
		list []tensor
		want Count
	}{
		"plain":           {[]tensor{norm, one("l.weight", "F16", 8, 8)}, Count{}},
		"gptq with order": {[]tensor{norm, one("l.qweight", "I32", 512, 1024), one("l.scales", "F16", 32, 1024), one("l.qzeros", "I32", 32, 128), one("l.g_idx", "I32", 4096)}, Count{100 + 4096*1024, "gptq", "4"}},
		"gptq of 3 bits":  {[]tensor{one("l.qweight", "I32", 384, 1024), one("l.scales", "F16", 32, 1024), one("l.qzeros", "I32", 32, 96), one("l.g_idx", "I32", 4096)}, Count{4096 * 1024, "gptq", "3"}},
		"gptq by zeros":   {[]tensor{one("l.qweight", "I32", 1024, 64), one("l.scales", "F16", 32, 64), one("l.qzeros", "I32", 32, 16)}, Count{4096 * 64, "gptq", "8"}},
		"gptq unknown":    {[]tensor{one("l.qweight", "I32", 1024, 64), one("l.scales", "F16", 32, 64)}, Count{0, "gptq", ""}},
		"awq":             {[]tensor{norm, one("l.qweight", "I32", 4096, 128), one("l.scales", "F16", 32, 1024), one("l.qzeros", "I32", 32, 128)}, Count{100 + 4096*1024, "awq", "4"}},
		"nf4":             {[]tensor{norm, one("l.weight", "U8", 512, 1), one("l.weight.absmax", "U8", 16), one("l.weight.quant_map", "F32", 16), one("l.weight.nested_absmax", "F32", 1), one("l.weight.nested_quant_map", "F32", 256), one("l.weight.quant_state.bitsandbytes__nf4", "U8", 90)}, Count{1124, "bitsandbytes", "4"}},
		"int8":            {[]tensor{norm, one("l.weight", "I8", 32, 32), one("l.SCB", "F32", 32), one("l.weight_format", "U8")}, Count{1124, "bitsandbytes", "8"}},
		"compressed":      {[]tensor{norm, one("l.weight_packed", "I32", 32, 4), one("l.weight_scale", "BF16", 32, 1), one("l.weight_shape", "I64", 2)}, Count{1124, "compressed-tensors", "4"}},
		"compressed lost": {[]tensor{norm, one("l.weight_packed", "I32", 32, 4), one("l.weight_scale", "BF16", 32, 1)}, Count{0, "compressed-tensors", ""}},
		"nvfp4":           {[]tensor{norm, one("l.weight_packed", "U8", 32, 16), one("l.weight_scale", "F8_E4M3", 32, 2), one("l.weight_global_scale", "F32", 1)}, Count{1124, "compressed-tensors", "4"}},
		"modelopt":        {[]tensor{norm, one("l.weight", "U8", 32, 16), one("l.weight_scale", "F8_E4M3", 32, 2), one("l.weight_scale_2", "F32"), one("l.input_scale", "F32")}, Count{1124, "modelopt", "4"}},
		"mxfp4":           {[]tensor{norm, one("e.gate_blocks", "U8", 2, 8, 4, 16), one("e.gate_scales", "U8", 2, 8, 4), one("e.gate_bias", "BF16", 2, 8)}, Count{100 + 2*8*4*32 + 16, "mxfp4", "4"}},
		"fp8":             {[]tensor{norm, one("l.weight", "F8_E4M3", 32, 32), one("l.weight_scale_inv", "F32", 1, 1)}, Count{1124, "fp8", "8"}},
		"no scales":       {[]tensor{one("l.weight", "F8_E4M3", 32, 32), one("x.qweight", "I32", 3, 3)}, Count{}},
		"mixed bits":      {[]tensor{one("a.qweight", "I32", 1024, 64), one("a.scales", "F16", 32, 64), one("a.g_idx", "I32", 4096), one("b.qweight", "I32", 512, 64), one("b.scales", "F16", 32, 64), one("b.g_idx", "I32", 4096)}, Count{2 * 4096 * 64, "gptq", ""}},
		"too large":       {[]tensor{one("l.qweight", "I32", 1, 1<<61), one("l.scales", "F16", 1, 1<<62), one("l.qzeros", "I32", 1, 1)}, Count{0, "awq", ""}},
	} {
		got := Of(c.list, func(fingerprint.Tensor) []int64 { return []int64{32, 32} })
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
