// Package peft reads adapter_config.json, in which PEFT says what an adapter is
// and which model it changes. The adapter's weights lie beside it.
//
// Every type of adapter is known by its name; its settings are kept under their
// own names. Not understood: adapters of the older library adapter-transformers,
// beyond their type and model.
//
// Source: the documentation of peft (PeftConfig and its descendants).
package peft

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name: "model/peft",
	Doc: "PEFT adapters (adapter_config.json)\n\nType and settings of the adapter, the model that it changes with its revision, and code\n" +
		"that loading it would run.",
	Match:   []string{"adapter_config.json"},
	Collect: collect,
}

// apart are the keys that have a place of their own.
var apart = []string{"peft_type", "peft_version", "base_model_name_or_path", "revision", "model_name", "config"}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := jsonlines.Parse(text)
	if v.Get("peft_type") == nil && v.Get("base_model_name_or_path") == nil && v.Get("adapter_type") == nil {
		return nil, err
	}
	d := hfmodel.New(f)
	d.Set("model.adapterType", &d.Model.AdapterType, v.Get("peft_type"))
	if d.Model.AdapterType != "" {
		d.Library("peft", v.Get("peft_type").LineOf())
	}
	d.Version("peft", v.Get("peft_version"))
	prefix := strings.ToLower(d.Model.AdapterType)
	if prefix == "" {
		prefix = "adapter"
	}
	d.Numbers(prefix+".", v, apart...)
	nested(d, prefix, v)
	d.Code(v)
	auto(d, v.Get("auto_mapping"))
	base := v.Get("base_model_name_or_path")
	d.Base(base.Str(), v.Get("revision").Str(), "adapter", base.LineOf())
	return d.Settle(f), err
}

// nested keeps the settings of a method inside an adapter (loftq_config,
// eva_config, rank_pattern).
func nested(d *hfmodel.Draft, prefix string, v *jsonlines.Value) {
	for _, m := range v.Members {
		if m.Value.Is(jsonlines.Object) && m.Key != "auto_mapping" && m.Key != "auto_map" {
			d.Numbers(prefix+"."+m.Key+".", m.Value)
		}
	}
}

// auto reads auto_mapping: the class of the base model, and the module that it is
// in. One outside of transformers is code that the adapter names.
func auto(d *hfmodel.Draft, v *jsonlines.Value) {
	class, library := v.Get("base_model_class"), v.Get("parent_library")
	if class.Str() != "" {
		d.Param("base_model_class", class.Str(), class.Line)
	}
	head, _, _ := strings.Cut(library.Str(), ".")
	switch {
	case head == "" || head == "transformers" || head == "diffusers" || head == "peft" || head == "torch" || head == "timm":
		d.Param("base_model_library", library.Str(), library.LineOf())
	default:
		d.Runs(library.Str()+"."+class.Str(), library.Line, "loading the base model imports "+library.Str())
	}
}
