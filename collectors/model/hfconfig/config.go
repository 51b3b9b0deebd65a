package hfconfig

import (
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept of one file.
const (
	maxFindings  = 50
	maxTemplates = 20
	maxValues    = 200  // hyper-parameters
	maxValue     = 1000 // bytes of one
	maxParts     = 200
	maxContext   = 1 << 40 // tokens; tokenizers write 1e30 for "no bound"
)

// config reads config.json.
func (d *draft) config(v *jsonlines.Value) {
	m := d.Model
	d.set("model.family", &m.Family, v.Get("model_type"))
	if list := v.Get("architectures"); len(list.Strings()) > 0 {
		m.Architecture, d.Lines["model.architecture"] = list.Strings()[0], list.Line
	}
	d.class(v.Get("_class_name"))
	switch {
	case v.Get("_diffusers_version") != nil:
		m.Library, d.Lines["model.library"] = "diffusers", v.Get("_diffusers_version").Line
	case v.Get("transformers_version") != nil:
		m.Library, d.Lines["model.library"] = "transformers", v.Get("transformers_version").Line
	}
	d.context(v)
	d.quantization(v.Get("quantization_config"))
	d.numbers("", v, "transformers_version", "_diffusers_version", "model_type", "architectures")
	if inner := v.Get("text_config"); inner.Is(jsonlines.Object) {
		d.numbers("text_config.", inner, "transformers_version", "model_type", "architectures")
	}
	d.code(v)
	d.kernel(v.Get("_attn_implementation"))
	d.kernel(v.Get("attn_implementation"))
	if from := v.Get("_name_or_path"); from != nil {
		d.loadedFrom(from)
	}
}

// context reads the context length under the names that families use.
func (d *draft) context(v *jsonlines.Value) {
	for _, from := range []*jsonlines.Value{v, v.Get("text_config"), v.Get("llm_config")} {
		for _, key := range []string{"max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "seq_length", "n_ctx"} {
			if n, ok := from.Get(key).Int(); ok && n > 0 && n < maxContext {
				d.Model.ContextLength, d.Lines["model.contextLength"] = n, from.Get(key).Line
				return
			}
		}
	}
}

func (d *draft) quantization(v *jsonlines.Value) {
	if !v.Is(jsonlines.Object) {
		return
	}
	q := &d.Model.Quantization
	d.set("model.quantization.method", &q.Method, v.Get("quant_method"))
	for _, key := range []string{"bnb_4bit_quant_type", "fmt", "format", "quant_type"} {
		d.set("model.quantization.scheme", &q.Scheme, v.Get(key))
	}
	for _, key := range []string{"bits", "w_bit", "wbits"} {
		if n := v.Get(key); n.Is(jsonlines.Number) && q.Bits == "" {
			q.Bits, d.Lines["model.quantization.bits"] = n.Text, n.Line
		}
	}
	for _, k := range []struct{ key, bits string }{{"load_in_4bit", "4"}, {"load_in_8bit", "8"}, {"_load_in_4bit", "4"}, {"_load_in_8bit", "8"}} {
		if on, _ := v.Get(k.key).Bool(); on && q.Bits == "" {
			q.Bits, d.Lines["model.quantization.bits"] = k.bits, v.Get(k.key).Line
		}
	}
	d.numbers("quantization.", v, "quant_method")
}

// numbers keeps numbers, truth values, strings and short lists under their own names.
func (d *draft) numbers(prefix string, v *jsonlines.Value, except ...string) {
	if v == nil {
		return
	}
	for _, m := range v.Members {
		if strings.HasPrefix(m.Key, "_") || m.Key == "auto_map" || contains(except, m.Key) || !scalar(m.Value) || len(d.Model.Hyperparameters) >= maxValues {
			continue
		}
		text := m.Value.Text
		if m.Value.Is(jsonlines.Array) {
			text = m.Value.Compact()
		}
		if text == "" || len(text) > maxValue {
			continue
		}
		d.Model.Hyperparameters = append(d.Model.Hyperparameters, sbom.Property{Name: prefix + m.Key, Value: text})
		if d.Lines["model.hyperparameters"] == 0 {
			d.Lines["model.hyperparameters"] = m.Line
		}
	}
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func scalar(v *jsonlines.Value) bool {
	if v.Is(jsonlines.Array) {
		for _, item := range v.Items {
			if item.Is(jsonlines.Array) || item.Is(jsonlines.Object) {
				return false
			}
		}
		return len(v.Items) > 0
	}
	return v.Is(jsonlines.String) || v.Is(jsonlines.Number) || v.Is(jsonlines.Bool)
}

// code notes code that loading would run: auto_map, in this folder or in
// another repository ("org/repo--module.Class").
func (d *draft) code(v *jsonlines.Value) {
	all := v.Get("auto_map")
	if !all.Is(jsonlines.Object) {
		return
	}
	for _, m := range all.Members {
		for _, target := range m.Value.Strings() {
			if target == "" || len(d.Model.CustomCode) == maxParts {
				continue
			}
			d.Model.CustomCode = append(d.Model.CustomCode, m.Key+"="+target)
			if d.Lines["model.customCode"] == 0 {
				d.Lines["model.customCode"] = m.Line
			}
			message := m.Key + " runs " + target + " of this folder"
			if repo, module, other := strings.Cut(target, "--"); other {
				message = m.Key + " runs " + module + " of the repository " + repo
				if to, ok := hub.Model(repo, ""); ok {
					d.Links = append(d.Links, sbom.Link{Rel: sbom.Uses, To: to, Note: "code", Line: m.Line})
				}
			}
			d.finding(sbom.RuleCustomCode, m.Line, message)
		}
	}
}

// kernel notes an attention implementation that is fetched from the hub:
// "kernels-community/flash-attn", with "@revision" and ":function" where given.
func (d *draft) kernel(v *jsonlines.Value) {
	if !strings.Contains(v.Str(), "/") {
		return
	}
	d.Model.CustomCode = append(d.Model.CustomCode, "attention="+v.Str())
	if d.Lines["model.customCode"] == 0 {
		d.Lines["model.customCode"] = v.Line
	}
	d.finding(sbom.RuleCustomCode, v.Line, "the attention implementation "+v.Str()+" is code of another repository")
}

var (
	// legacy are the models of the hub's first days, without an owner. Any other
	// bare word is as likely a folder.
	legacy = regexp.MustCompile(`^(gpt2(-medium|-large|-xl)?|distilgpt2|openai-gpt|(distil)?bert-(base|large)-[a-z-]+|(distil)?roberta-(base|large)|xlm-roberta-(base|large)|t5-(small|base|large|3b|11b)|albert-[a-z]+-v[12]|xlnet-(base|large)-cased|camembert-base|xlm-(mlm|clm)-[a-z0-9-]+|transfo-xl-wt103|ctrl)$`)
	// cached is a path into a cache of the hub, which names repository and commit.
	cached = regexp.MustCompile(`(?:^|[/\\])models--([^/\\]+?)--([^/\\]+)[/\\]snapshots[/\\]([0-9a-f]{40})`)
)

// loadedFrom makes an inferred base of what weights were loaded from.
func (d *draft) loadedFrom(v *jsonlines.Value) {
	name, revision := v.Str(), ""
	if c := cached.FindStringSubmatch(name); c != nil {
		name, revision = c[1]+"/"+c[2], c[3]
	}
	to, ok := hub.Model(name, revision)
	if !ok || !strings.Contains(to.Name, "/") && !legacy.MatchString(to.Name) || strings.HasSuffix("/"+d.dir, "/"+to.Name+"/") {
		return // a path of a machine, or a bare word that may be a folder
	}
	d.also = append(d.also, sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: d.dir}},
		Basis:     sbom.Inferred, Hint: true, Where: sbom.Place{Line: v.Line},
		Links: []sbom.Link{{Rel: sbom.DerivedFrom, To: to, Line: v.Line}},
	})
}

// adapter reads PEFT's adapter_config.json.
func (d *draft) adapter(v *jsonlines.Value) {
	d.set("model.adapterType", &d.Model.AdapterType, v.Get("peft_type"))
	d.Model.Library = "peft"
	d.Lines["model.library"] = max(1, v.Get("peft_type").LineOf())
	prefix := strings.ToLower(d.Model.AdapterType)
	if prefix == "" {
		prefix = "adapter"
	}
	d.numbers(prefix+".", v, "peft_type", "base_model_name_or_path", "revision")
	d.code(v)
	base, revision := v.Get("base_model_name_or_path"), v.Get("revision").Str()
	if to, ok := hub.Model(base.Str(), revision); ok {
		d.Links = append(d.Links, sbom.Link{Rel: sbom.DerivedFrom, To: to, Note: "adapter", Line: base.Line})
	}
}

// tokenizer reads tokenizer_config.json and chat_template.json.
func (d *draft) tokenizer(v *jsonlines.Value) {
	t := &d.Model.Tokenizer
	d.set("model.tokenizer.class", &t.Class, v.Get("tokenizer_class"))
	for _, k := range []struct {
		key  string
		into *string
	}{{"bos", &t.BOS}, {"eos", &t.EOS}, {"pad", &t.PAD}, {"unk", &t.UNK}} {
		token := v.Get(k.key + "_token")
		if token.Is(jsonlines.Object) {
			token = token.Get("content")
		}
		if token.Str() != "" {
			*k.into, d.Lines["model.tokenizer."+k.key] = token.Str(), token.Line
		}
	}
	if n, ok := v.Get("model_max_length").Int(); ok && n > 0 && n < maxContext {
		t.MaxLength, d.Lines["model.tokenizer.maxLength"] = n, v.Get("model_max_length").Line
	}
	switch c := v.Get("chat_template"); {
	case c.Is(jsonlines.String):
		d.template("", c.Text, c.Line)
	case c.Is(jsonlines.Array):
		for _, item := range c.Items {
			name := item.Get("name").Str()
			if name == "default" {
				name = ""
			}
			d.template(name, item.Get("template").Str(), item.Line)
		}
	case c.Is(jsonlines.Object):
		for _, m := range c.Members {
			d.template(m.Key, m.Value.Str(), m.Line)
		}
	}
	d.code(v)
}
