package hfconfig

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

// quantizationOf finds the quantisation in config.json, under its names of
// several years and of models with several parts.
func quantizationOf(v *jsonlines.Value) *jsonlines.Value {
	for _, q := range []*jsonlines.Value{v.Get("quantization_config"), v.Get("compression_config"),
		v.Path("text_config", "quantization_config"), v.Path("llm_config", "quantization_config")} {
		if q.Is(jsonlines.Object) {
			return q
		}
	}
	return nil
}

// fixed are the methods whose name says how many bits a weight has.
var fixed = map[string]string{"fp8": "8", "fbgemm_fp8": "8", "mxfp4": "4", "eetq": "8"}

// quantization reads the settings of a method; method names it where the file
// itself does not.
func (d *draft) quantization(v *jsonlines.Value, method string) {
	if !v.Is(jsonlines.Object) {
		return
	}
	q := &d.Model.Quantization
	d.Set("model.quantization.method", &q.Method, v.Get("quant_method"))
	d.Text("model.quantization.method", &q.Method, method, v.Line)
	for _, key := range []string{"load_in_4bit", "load_in_8bit", "_load_in_4bit", "_load_in_8bit"} {
		if on, _ := v.Get(key).Bool(); on {
			d.Text("model.quantization.method", &q.Method, "bitsandbytes", v.Get(key).Line) // as transformers reads a file without a method
			d.Text("model.quantization.bits", &q.Bits, strings.Trim(key, "_loadinbt"), v.Get(key).Line)
		}
	}
	for _, key := range []string{"bits", "w_bit", "wbits"} {
		if n := v.Get(key); n.Is(jsonlines.Number) {
			d.Text("model.quantization.bits", &q.Bits, n.Text, n.Line)
		}
	}
	four := q.Bits == "4" || q.Method != "bitsandbytes"
	for _, key := range []string{"bnb_4bit_quant_type", "fmt", "format", "version", "quant_algo", "weights", "checkpoint_format"} {
		if (key != "bnb_4bit_quant_type" || four) && (key != "version" || q.Method == "awq") { // of others it is that of the program
			d.Set("model.quantization.scheme", &q.Scheme, v.Get(key))
		}
	}
	d.groups(v)
	d.torchao(v.Get("quant_type"))
	for _, at := range []*jsonlines.Value{v.Path("quant_config", "weight_quant_params", "nbits"), v.Path("quant_config", "nbits"), v.Get("nbits")} { // HQQ
		if at.Is(jsonlines.Number) {
			d.Text("model.quantization.bits", &q.Bits, at.Text, at.Line)
		}
	}
	d.Text("model.quantization.bits", &q.Bits, fixed[q.Method], v.Line)
	d.Numbers("quantization.", v, "quant_method", "model_name_or_path", "model_file_base_name")
}

// groups reads the groups of compressed-tensors, of which each has a number of
// bits. Where these differ, all are told.
func (d *draft) groups(v *jsonlines.Value) {
	groups := v.Get("config_groups")
	if !groups.Is(jsonlines.Object) {
		return
	}
	var bits []string
	for _, g := range groups.Members {
		for _, key := range []string{"weights", "input_activations", "output_activations"} {
			d.Numbers("quantization."+g.Key+"."+key+".", g.Value.Get(key))
		}
		if n := g.Value.Path("weights", "num_bits"); n.Is(jsonlines.Number) && !slices.Contains(bits, n.Text) {
			bits = append(bits, n.Text)
		}
	}
	d.Text("model.quantization.bits", &d.Model.Quantization.Bits, strings.Join(bits, ","), groups.Line)
}

// torchao reads the type, which is a name or, in newer versions, an object.
func (d *draft) torchao(v *jsonlines.Value) {
	q := &d.Model.Quantization
	d.Set("model.quantization.scheme", &q.Scheme, v)
	for _, name := range []*jsonlines.Value{v.Path("default", "_type"), v.Get("_type")} {
		d.Set("model.quantization.scheme", &q.Scheme, name)
	}
	d.Numbers("quantization.", v.Path("default", "_data"))
}

// modelOpt reads hf_quant_config.json.
func (d *draft) modelOpt(v *jsonlines.Value) {
	inner := v.Get("quantization")
	d.quantization(inner, "modelopt")
	if name := v.Path("producer", "name"); name.Str() != "" {
		d.Version(name.Str(), v.Path("producer", "version"))
	}
}

// autoGPTQ reads quantize_config.json, which may say what was quantised.
func (d *draft) autoGPTQ(v *jsonlines.Value) {
	d.quantization(v, "gptq")
	if from := v.Get("model_name_or_path"); from != nil {
		d.LoadedFrom(from)
	}
}
