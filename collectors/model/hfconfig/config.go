package hfconfig

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// apart are the keys of config.json that have a place of their own.
var apart = []string{"transformers_version", "model_type", "architectures", "architecture", "quant_method"}

// config reads config.json.
func (d *draft) config(v *jsonlines.Value) {
	m := d.Model
	d.Set("model.family", &m.Family, v.Get("model_type"))
	if list := v.Get("architectures"); len(list.Strings()) > 0 {
		d.Text("model.architecture", &m.Architecture, list.Strings()[0], list.Line)
	}
	d.Class(v.Get("_class_name"))
	d.timm(v)
	for _, library := range []string{"diffusers", "transformers"} {
		version := v.Get("_" + library + "_version")
		if library == "transformers" {
			version = v.Get("transformers_version")
		}
		if version != nil {
			d.Version(library, version)
			if d.loader == "" || d.loader == library {
				d.Library(library, version.Line)
			}
		}
	}
	d.context(v)
	d.quantization(quantizationOf(v), "")
	d.Numbers("", v, apart...)
	for _, inner := range v.Members {
		if inner.Value.Is(jsonlines.Object) && part(inner.Key) {
			d.Numbers(inner.Key+".", inner.Value, apart...)
		}
	}
	d.Code(v)
	d.kernel(v.Get("_attn_implementation"))
	d.kernel(v.Get("attn_implementation"))
	if from := v.Get("_name_or_path"); from != nil {
		d.LoadedFrom(from)
	}
}

// part tells whether a key is that of the configuration of a model in the model.
func part(key string) bool {
	switch key {
	case "encoder", "decoder", "generator", "question_encoder":
		return true
	}
	return strings.HasSuffix(key, "_config") && key != "quantization_config" && key != "compression_config"
}

// timm reads what timm alone writes.
func (d *draft) timm(v *jsonlines.Value) {
	cfg := v.Get("pretrained_cfg")
	if !cfg.Is(jsonlines.Object) {
		return
	}
	d.Set("model.architecture", &d.Model.Architecture, v.Get("architecture"))
	d.Library("timm", cfg.Line)
	d.Numbers("pretrained_cfg.", cfg, "license", "url", "file")
	if l := cfg.Get("license"); l.Str() != "" && l.Str() != "other" {
		if license := sbom.ParseLicense(l.Str()); license != (sbom.License{}) {
			d.Licenses = append(d.Licenses, license)
			d.Mark("licenses", l.Line)
		}
	}
	if size := cfg.Get("input_size"); size.Is(jsonlines.Array) {
		d.Model.Inputs = append(d.Model.Inputs, sbom.Port{Format: "image", Shape: size.Compact()})
		d.Mark("model.inputs", size.Line)
	}
}

// context reads the context length under the names that families use.
func (d *draft) context(v *jsonlines.Value) {
	for _, from := range []*jsonlines.Value{v, v.Get("text_config"), v.Get("llm_config"), v.Path("thinker_config", "text_config")} {
		for _, key := range []string{"max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "seq_length", "n_ctx", "context_window_size"} {
			if n, ok := from.Get(key).Int(); ok && n > 0 && n < hfmodel.MaxTokens {
				d.Model.ContextLength = n
				d.Mark("model.contextLength", from.Get(key).Line)
				return
			}
		}
	}
}

// kernel notes an attention implementation that is fetched from the hub:
// "kernels-community/flash-attn", with "@revision" and ":function" where given.
func (d *draft) kernel(v *jsonlines.Value) {
	if strings.Contains(v.Str(), "/") {
		d.Runs("attention="+v.Str(), v.Line, "the attention implementation "+v.Str()+" is code of another repository")
	}
}

// generation reads generation_config.json.
func (d *draft) generation(v *jsonlines.Value) {
	d.Version("transformers", v.Get("transformers_version"))
	d.Numbers("generation.", v, "transformers_version")
	if where := v.Get("custom_generate"); strings.Contains(where.Str(), "/") {
		d.Runs("generate="+where.Str(), where.Line, "generation runs code of the repository "+where.Str())
	}
}

// processor reads the configuration of a tokenizer's neighbours: of pictures,
// sound, and of both with text.
func (d *draft) processor(v *jsonlines.Value) {
	d.Numbers("preprocessor.", v, "chat_template")
	for _, m := range v.Members {
		if m.Value.Is(jsonlines.Object) && m.Key != "auto_map" {
			d.Numbers("preprocessor."+m.Key+".", m.Value)
		}
	}
	d.Templates(v.Get("chat_template"))
	d.Code(v)
}

// openCLIP reads open_clip_config.json.
func (d *draft) openCLIP(v *jsonlines.Value) {
	d.Library("open_clip", v.Line)
	model := v.Get("model_cfg")
	d.Numbers("", model)
	for _, key := range []string{"text_cfg", "vision_cfg"} {
		d.Numbers(key+".", model.Get(key))
	}
	d.Numbers("preprocess_cfg.", v.Get("preprocess_cfg"))
	if n, ok := model.Path("text_cfg", "context_length").Int(); ok && n > 0 && n < hfmodel.MaxTokens {
		d.Model.ContextLength = n
		d.Mark("model.contextLength", model.Path("text_cfg", "context_length").Line)
	}
}

// mlc reads mlc-chat-config.json, which MLC LLM writes beside its shards.
func (d *draft) mlc(v *jsonlines.Value) {
	d.Library("mlc-llm", v.Line)
	d.Set("model.family", &d.Model.Family, v.Get("model_type"))
	d.Text("model.quantization.method", &d.Model.Quantization.Method, "mlc", v.Get("quantization").LineOf())
	d.Set("model.quantization.scheme", &d.Model.Quantization.Scheme, v.Get("quantization"))
	d.context(v)
	d.Numbers("mlc.", v, "model_type", "quantization")
	d.Numbers("", v.Get("model_config"), apart...)
}
