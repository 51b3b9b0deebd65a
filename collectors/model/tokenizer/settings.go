package tokenizer

import (
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// marks are keys of which a tokenizer_config.json has one.
var marks = []string{"tokenizer_class", "model_max_length", "chat_template", "added_tokens_decoder", "unk_token", "eos_token", "auto_map", "processor_class", "do_lower_case"}

// settings reads a file that adds to a model's tokenizer.
func settings(f *sbom.File, name string) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := jsonlines.Parse(text)
	if !v.Is(jsonlines.Object) {
		return nil, err
	}
	owner := hfmodel.Owner(f)
	d := hfmodel.In(owner)
	shared := owner != f.Dir() // a pipeline has several tokenizers
	switch {
	case name == "added_tokens.json":
		if n := len(v.Members); n > 0 && !shared {
			d.Param("tokenizer.added_tokens", strconv.Itoa(n), v.Line)
		}
	case name == "special_tokens_map.json":
		if !shared {
			special(d, v)
		}
	case known(v):
		tokenizer(d, v, shared)
	case err != nil:
		return nil, err
	}
	if f := d.Model; len(d.Links) == 0 && len(f.CustomCode) == 0 && len(f.Hyperparameters) == 0 && f.Tokenizer == (sbom.Tokenizer{}) && len(d.Findings) == 0 {
		return nil, err
	}
	return d.Done(true), err
}

func known(v *jsonlines.Value) bool {
	for _, key := range marks {
		if v.Get(key) != nil {
			return true
		}
	}
	return false
}

// tokenizer reads tokenizer_config.json.
func tokenizer(d *hfmodel.Draft, v *jsonlines.Value, shared bool) {
	if !shared {
		t := &d.Model.Tokenizer
		d.Set("model.tokenizer.class", &t.Class, v.Get("tokenizer_class"))
		special(d, v)
		if n, ok := v.Get("model_max_length").Int(); ok && n > 0 && n < hfmodel.MaxTokens {
			t.MaxLength = n
			d.Mark("model.tokenizer.maxLength", v.Get("model_max_length").Line)
		}
	}
	d.Templates(v.Get("chat_template"))
	d.Code(v)
}

// special reads the tokens that stand for something, each a text or an object.
func special(d *hfmodel.Draft, v *jsonlines.Value) {
	t := &d.Model.Tokenizer
	for _, k := range []struct {
		key  string
		into *string
	}{{"bos", &t.BOS}, {"eos", &t.EOS}, {"pad", &t.PAD}, {"unk", &t.UNK}} {
		token := v.Get(k.key + "_token")
		if token.Is(jsonlines.Object) {
			token = token.Get("content")
		}
		if token.Str() != "" && *k.into == "" && len(token.Str()) <= maxStep {
			*k.into = token.Str()
			d.Mark("model.tokenizer."+k.key, token.Line)
		}
	}
}
