package card_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/dataset/datasetcard"
	"github.com/mlbom/mlbom/collectors/model/modelcard"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// fact is what one key of the card must give: a field that holds a text, or a
// link, in the line where the needle stands.
type fact struct{ field, text, needle string }

// modelCardText has each key of the hub's model card, every one with a value
// of its own.
const modelCardText = `---
language:
- cy
- gd
language_bcp47: [cy-GB]
license: other
license_name: example-terms
license_link: https://example.com/terms
library_name: example-lib
pipeline_tag: fill-mask
tags:
- example-tag
- arxiv:2401.00011
- doi:10.57967/hf/0001
- dataset:example/tagged-set
- base_model:adapter:example/base-one
model_name: Example Every
base_model:
- example/base-one
- example/base-two
base_model_relation: merge
new_version: example/newer
datasets:
- example/set-one
- imagefolder
metrics:
- accuracy
- wer
thumbnail: https://example.com/thumb.png
inference:
  parameters:
    temperature: 0.7
widget:
- text: Helo byd
  example_title: Greeting
extra_gated_heading: Heading of the gate
extra_gated_description: Description of the gate
extra_gated_prompt: Prompt of the gate
extra_gated_fields:
  Company: text
  Country: {type: select, options: [Wales, Scotland]}
extra_gated_button_content: Button of the gate
extra_gated_eu_disallowed: true
co2_eq_emissions:
  emissions: 1234.5
  source: MeterApp
  training_type: pre-training
  geographical_location: Cardiff, Wales
  hardware_used: 4 x E100
  unit: gram
buckets: [example/bucket]
duplicated_from: example/original
quantized_by: Quantiser
prompt_template: "<s>{prompt}"
no: answer
model-index:
- name: Example Every
  results:
  - task:
      type: token-classification
      name: Token Classification
    dataset:
      type: example/eval-set
      name: Eval Set
      config: welsh
      split: validation
      revision: 0123456789abcdef0123456789abcdef01234567
      args:
        shots: 5
    metrics:
    - type: f1
      value: 87.60
      name: Macro F1
      config: macro
      args: {beta: 2}
      verified: true
      verifyToken: eyJhbGciOi
    source:
      name: Example Board
      url: https://example.com/board
---
`

func modelFacts() []fact {
	facts := []fact{
		{"languages", `["cy","gd"]`, "language:"}, {"languages", `["cy-GB"]`, "language_bcp47"},
		{"name", "Example Every", "model_name"}, {"name", "Example Every", "- name: Example Every"},
		{"model.library", "example-lib", "library_name"}, {"model.task", "fill-mask", "pipeline_tag"}, {"tags", `["example-tag"]`, "tags:"},
		{"refs", "https://arxiv.org/abs/2401.00011", "arxiv:"}, {"refs", "https://doi.org/10.57967/hf/0001", "doi:"},
		{"model.gated", "Prompt of the gate", "extra_gated_prompt"},
		{"model.emissions.grams", "1234.5", "emissions: 1234.5"}, {"model.emissions.source", "MeterApp", "MeterApp"}, {"model.emissions.activity", "pre-training", "training_type"},
		{"model.emissions.location", "Cardiff, Wales", "Cardiff"}, {"model.emissions.hardware", "4 x E100", "4 x E100"},
		{"model.metrics", `[{"type":"f1","name":"Macro F1","value":"87.60","task":"token-classification","dataset":"example/eval-set","datasetName":"Eval Set",` +
			`"config":"welsh","split":"validation","revision":"0123456789abcdef0123456789abcdef01234567","args":"{\"shots\":5}","verified":true,` +
			`"sourceURL":"https://example.com/board","sourceName":"Example Board"}]`, "- type: f1"},
		{"link", "derived-from example/base-one merge", "- example/base-one"}, {"link", "derived-from example/base-two merge", "- example/base-two"},
		{"link", "derived-from example/base-one merge", "base_model_relation"}, {"link", "derived-from example/base-one adapter", "base_model:adapter"},
		{"link", "trained-on example/tagged-set", "dataset:example"}, {"link", "trained-on example/set-one", "- example/set-one"},
		{"link", "replaced-by example/newer", "new_version"}, {"link", "evaluated-on example/eval-set validation", "type: example/eval-set"},
	}
	for _, needle := range []string{"license: ", "license_name", "license_link"} {
		facts = append(facts, fact{"licenses", `[{"name":"example-terms","url":"https://example.com/terms"}]`, needle})
	}
	return append(facts, properties([][3]string{
		{"datasets", "imagefolder", "- imagefolder"}, {"metrics", "accuracy", "metrics:"}, {"metrics", "wer", "metrics:"},
		{"thumbnail", "https://example.com/thumb.png", "thumbnail"}, {"inference", `{"parameters":{"temperature":0.7}}`, "inference"},
		{"widget", `[{"text":"Helo byd","example_title":"Greeting"}]`, "widget"},
		{"extra_gated_heading", "Heading of the gate", "extra_gated_heading"}, {"extra_gated_description", "Description of the gate", "extra_gated_description"},
		{"extra_gated_fields", `{"Company":"text","Country":{"type":"select","options":["Wales","Scotland"]}}`, "extra_gated_fields"},
		{"extra_gated_button_content", "Button of the gate", "extra_gated_button_content"}, {"extra_gated_eu_disallowed", "true", "extra_gated_eu"},
		{"co2_eq_emissions.unit", "gram", "unit: gram"}, {"buckets", `["example/bucket"]`, "buckets"}, {"duplicated_from", "example/original", "duplicated_from"},
		{"quantized_by", "Quantiser", "quantized_by"}, {"prompt_template", "<s>{prompt}", "prompt_template"}, {"no", "answer", "no: answer"},
		{"model-index.results.task.name", "Token Classification", "name: Token Classification"},
		{"model-index.results.metrics.config", "macro", "config: macro"}, {"model-index.results.metrics.args", `{"beta":2}`, "args: {beta"},
	})...)
}

// dataCardText has each key of the hub's dataset card.
const dataCardText = `---
pretty_name: Every Set
license:
- cc-by-4.0
license_details: the small print
language: [cy]
language_bcp47: [cy-GB]
annotations_creators: [crowdsourced]
language_creators: [found]
multilinguality: [monolingual]
size_categories:
- 1K<n<10K
source_datasets:
- original
- extended|example/older
- extended|other-paper
task_categories: [text-classification]
task_ids: [sentiment-scoring]
paperswithcode_id: every-set
tags: [example-tag, "modality:audio"]
viewer: false
thumbnail: https://example.com/set.png
extra_gated_prompt: Prompt of the set
extra_gated_fields: {Name: text}
train-eval-index:
- config: small
  task: text-classification
  col_mapping: {text: body}
configs:
- config_name: small
  default: true
  sep: ";"
  data_files:
  - split: train
    path: small/train.csv
dataset_info:
  config_name: small
  features:
  - name: body
    dtype: string
  - name: tone
    dtype:
      class_label:
        names:
          '0': sad
          '1': glad
  - name: voice
    dtype:
      audio:
        sampling_rate: 16000
  - name: spans
    list:
    - name: start
      dtype: int32
    - name: vector
      sequence: float32
      length: 7
  splits:
  - name: train
    num_bytes: 4321
    num_examples: 77
  download_size: 999
  dataset_size: 4321
  builder: own
---
`

func dataFacts() []fact {
	facts := []fact{
		{"name", "Every Set", "pretty_name"}, {"licenses", `[{"id":"CC-BY-4.0"}]`, "license:"}, {"languages", `["cy"]`, "language:"}, {"languages", `["cy-GB"]`, "language_bcp47"},
		{"dataset.annotation", `["crowdsourced"]`, "annotations_creators"}, {"dataset.collection", `["found"]`, "language_creators"},
		{"dataset.multilingual", `["monolingual"]`, "multilinguality"}, {"dataset.sizeCategory", "1K<n<10K", "size_categories"},
		{"dataset.tasks", `["text-classification"]`, "task_categories"}, {"dataset.tasks", `["sentiment-scoring"]`, "task_ids"},
		{"refs", "every-set", "paperswithcode_id"}, {"tags", `["example-tag"]`, "tags"}, {"dataset.modalities", `["audio"]`, "tags"},
		{"dataset.gated", "Prompt of the set", "extra_gated_prompt"}, {"dataset.availability", "clickthrough", "extra_gated_prompt"},
		{"dataset.files", `["small/train.csv"]`, "path: small"}, {"dataset.splits", `[{"config":"small","name":"train","rows":77,"bytes":4321}]`, "- name: train"},
		{"dataset.features", `[{"config":"small","name":"body","type":"string"},{"config":"small","name":"tone","type":"class_label<0: sad, 1: glad>"},` +
			`{"config":"small","name":"voice","type":"audio<sampling_rate: 16000>"},` +
			`{"config":"small","name":"spans","type":"list<struct<start: int32, vector: sequence<float32> (length: 7)>>"}]`, "- name: body"},
		{"dataset.downloadSize", "999", "download_size"}, {"dataset.size", "4321", "dataset_size"},
		{"link", "derived-from example/older extended", "example/older"}, {"link", "derived-from paper extended", "other-paper"},
	}
	return append(facts, properties([][3]string{
		{"license_details", "the small print", "license_details"}, {"source_datasets", "original", "- original"}, {"viewer", "false", "viewer"},
		{"thumbnail", "https://example.com/set.png", "thumbnail"}, {"extra_gated_fields", `{"Name":"text"}`, "extra_gated_fields"},
		{"train-eval-index", `[{"config":"small","task":"text-classification","col_mapping":{"text":"body"}}]`, "train-eval-index"},
		{"configs", `{"config_name":"small","default":true,"sep":";"}`, "configs:"},
		{"dataset_info", `{"config_name":"small","download_size":999,"dataset_size":4321,"builder":"own"}`, "dataset_info"},
	})...)
}

func properties(list [][3]string) []fact {
	var facts []fact
	for _, p := range list {
		name, _ := json.Marshal(p[0])
		value := quoted(p[1])
		facts = append(facts, fact{"properties", `{"name":"mlbom:card:` + strings.Trim(string(name), `"`) + `","value":` + value + `}`, p[2]})
	}
	return facts
}

func quoted(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)
	return strings.TrimSpace(b.String())
}

// TestEveryField: each key of the two documented front matters is in the
// sightings, by its value and its line.
func TestEveryField(t *testing.T) {
	for _, c := range []struct {
		by    *sbom.Collector
		text  string
		facts []fact
	}{{&modelcard.Collector, modelCardText, modelFacts()}, {&datasetcard.Collector, dataCardText, dataFacts()}} {
		r := sbomtest.Collect(t, c.by, fstest.MapFS{"a/README.md": &fstest.MapFile{Data: []byte(c.text)}})
		if len(r.Problems) > 0 {
			t.Errorf("%s: %v", c.by.Name, r.Problems)
		}
		lines := strings.Split(c.text, "\n")
		for _, f := range c.facts {
			found := false
			var near []string
			for _, s := range r.Sightings {
				for line, text := range stated(s, f.field) {
					near = append(near, text)
					found = found || line > 0 && strings.Contains(lines[line-1], f.needle) && (text == f.text || (f.field == "properties" || f.field == "refs") && strings.Contains(text, f.text))
				}
			}
			if !found {
				t.Errorf("%s: nothing says %s %s in the line of %q; there is %s", c.by.Name, f.field, f.text, f.needle, strings.Join(near, " | "))
			}
		}
	}
}

// stated gives the texts of a field by line; of "link" one for each link.
func stated(s sbom.Sighting, field string) map[int]string {
	if f, ok := sbom.FieldByName(field); ok {
		if f.Empty(&s.Component) {
			return nil
		}
		return map[int]string{s.Lines[field]: f.Text(&s.Component)}
	}
	texts := map[int]string{}
	for _, l := range s.Links {
		text := strings.TrimSpace(string(l.Rel) + " " + l.To.Name + " " + l.Note)
		if texts[l.Line] == "" {
			texts[l.Line] = text
		}
	}
	return texts
}
