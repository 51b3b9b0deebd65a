// Package hfconfig reads the configuration files of model folders as the
// Hugging Face libraries write them: config.json, generation_config.json,
// adapter_config.json (PEFT), tokenizer_config.json, chat_template.jinja and
// .json, modules.json and config_sentence_transformers.json (Sentence
// Transformers), model_index.json (Diffusers), and the code that the
// configuration of a processor names.
//
// Many projects have a config.json: one that is not of a model gives nothing.
// config.json, adapter_config.json, modules.json and model_index.json establish
// a model in their folder; the others add to one.
//
// "_name_or_path" says from where weights were loaded, before training as well
// as after a plain download. It is no name of this model: it becomes an inferred
// base, and a path of somebody's machine is dropped.
//
// Not understood: legacy tokenizer files, what processors compute, and configurations in
// Python.
//
// Sources: the documentation of transformers (PretrainedConfig,
// GenerationConfig, tokenizers), peft (PeftConfig), diffusers (model_index.json)
// and sentence-transformers (modules.json).
package hfconfig

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jinja"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name: "model/hfconfig",
	Doc: "Hugging Face configuration (config.json and its sisters)\n\nArchitecture, context length, quantisation, hyper-parameters, tokenizer, chat\n" +
		"template, adapter, parts of a pipeline, the base that weights were loaded from,\nand code that loading the model would run.",
	Match: []string{"config.json", "generation_config.json", "adapter_config.json", "tokenizer_config.json", "chat_template.jinja", "chat_template.json",
		"modules.json", "config_sentence_transformers.json", "model_index.json", "*processor_config.json"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	d := newDraft(f)
	name := strings.ToLower(path.Base(f.Path))
	if name == "chat_template.jinja" {
		d.template("", text, 1)
		return d.done(true), nil
	}
	root, err := jsonlines.Parse(text)
	if !belongs(name, root) {
		if err != nil && name != "config.json" && name != "modules.json" {
			return nil, err
		}
		return nil, nil // some other program's file
	}
	switch name {
	case "config.json":
		d.config(root)
	case "generation_config.json":
		d.numbers("generation.", root, "_from_model_config", "transformers_version")
	case "adapter_config.json":
		d.adapter(root)
	case "tokenizer_config.json", "chat_template.json":
		d.tokenizer(root)
	case "modules.json":
		d.modules(root, f.FS)
	case "config_sentence_transformers.json":
		d.sentence(root)
	case "model_index.json":
		d.pipeline(root)
	default: // of a processor
		d.code(root)
	}
	return d.done(!establishes[name]), err
}

var establishes = map[string]bool{"config.json": true, "adapter_config.json": true, "model_index.json": true, "modules.json": true}

// belongs tells by the content whether the file is what its name says.
func belongs(name string, v *jsonlines.Value) bool {
	marks := map[string][]string{
		"config.json":            {"model_type", "architectures", "auto_map", "_name_or_path", "transformers_version", "torch_dtype", "quantization_config", "_diffusers_version"},
		"generation_config.json": {"transformers_version", "_from_model_config", "eos_token_id", "bos_token_id", "max_new_tokens", "max_length", "temperature", "do_sample"},
		"adapter_config.json":    {"peft_type", "base_model_name_or_path", "adapter_type"},
		"tokenizer_config.json":  {"tokenizer_class", "model_max_length", "chat_template", "added_tokens_decoder", "unk_token", "eos_token", "auto_map", "processor_class", "do_lower_case"},
		"chat_template.json":     {"chat_template"},
		"model_index.json":       {"_class_name", "_diffusers_version"},

		"config_sentence_transformers.json": {"__version__", "similarity_fn_name", "prompts"},
	}
	if strings.HasSuffix(name, "processor_config.json") {
		return v.Get("auto_map") != nil
	}
	if name == "modules.json" {
		return v.Is(jsonlines.Array) && len(v.Items) > 0 && strings.HasPrefix(v.Items[0].Get("type").Str(), "sentence_transformers.")
	}
	for _, key := range marks[name] {
		if v.Get(key) != nil {
			return true
		}
	}
	return false
}

// draft is the sighting of the folder's model while it is written.
type draft struct {
	sbom.Sighting
	also []sbom.Sighting // inferred bases
	dir  string
}

func newDraft(f *sbom.File) *draft {
	d := &draft{dir: f.Dir()}
	d.Kind, d.Keys.Path, d.Basis, d.Model, d.Lines = sbom.KindModel, f.Dir(), sbom.Declared, &sbom.Model{}, map[string]int{}
	return d
}

func (d *draft) done(hint bool) []sbom.Sighting {
	d.Hint = hint
	return append([]sbom.Sighting{d.Sighting}, d.also...)
}

// set fills a text field from a string.
func (d *draft) set(field string, into *string, v *jsonlines.Value) {
	if s := strings.TrimSpace(v.Str()); s != "" && *into == "" {
		*into = s
		d.Lines[field] = v.Line
	}
}

func (d *draft) finding(rule string, line int, message string) {
	if len(d.Findings) < maxFindings {
		d.Findings = append(d.Findings, sbom.Finding{Rule: rule, Message: message, Where: sbom.Place{Line: line}})
	}
}

// template keeps a chat template and judges it.
func (d *draft) template(name, text string, line int) {
	if strings.TrimSpace(text) == "" || len(d.Model.ChatTemplates) == maxTemplates {
		return
	}
	t, findings := jinja.Inspect(name, text)
	d.Model.ChatTemplates = append(d.Model.ChatTemplates, t)
	if d.Lines["model.chatTemplates"] == 0 {
		d.Lines["model.chatTemplates"] = line
	}
	for _, f := range findings {
		d.finding(f.Rule, line, f.Message)
	}
}
