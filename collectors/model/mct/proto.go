package mct

import (
	"bytes"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/textproto"
	"github.com/mlbom/mlbom/sbom"
)

// field is one field of a message: its name and, where it is a message, its type.
type field struct{ name, of string }

// messages are those of model_card.proto of version 2, by type and number.
var messages = map[string]map[int]field{
	"ModelCard": {1: {"model_details", "ModelDetails"}, 2: {"model_parameters", "ModelParameters"}, 3: {"quantitative_analysis", "QuantitativeAnalysis"}, 4: {"considerations", "Considerations"}},
	"ModelDetails": {1: {name: "name"}, 2: {name: "overview"}, 3: {name: "documentation"}, 4: {"owners", "Owner"}, 5: {"version", "Version"}, 6: {"licenses", "License"},
		7: {"references", "Reference"}, 8: {"citations", "Citation"}, 9: {name: "path"}},
	"Owner": {1: {name: "name"}, 2: {name: "contact"}}, "Version": {1: {name: "name"}, 2: {name: "date"}, 3: {name: "diff"}},
	"License": {1: {name: "identifier"}, 2: {name: "custom_text"}}, "Reference": {1: {name: "reference"}}, "Citation": {1: {name: "style"}, 2: {name: "citation"}},
	"ModelParameters": {1: {name: "model_architecture"}, 2: {"data", "Dataset"}, 3: {name: "input_format"}, 4: {name: "output_format"}, 5: {"input_format_map", "KeyVal"}, 6: {"output_format_map", "KeyVal"}},
	"Dataset":         {1: {name: "name"}, 2: {name: "link"}, 3: {"sensitive", "SensitiveData"}, 4: {"graphics", "Graphics"}, 5: {name: "description"}},
	"SensitiveData":   {1: {name: "sensitive_data"}}, "KeyVal": {1: {name: "key"}, 2: {name: "value"}},
	"Graphics": {1: {name: "description"}, 2: {"collection", "Graphic"}}, "Graphic": {1: {name: "name"}},
	"QuantitativeAnalysis": {1: {"performance_metrics", "Metric"}, 2: {"graphics", "Graphics"}},
	"Metric":               {1: {name: "type"}, 2: {name: "value"}, 3: {name: "slice"}, 4: {"confidence_interval", "Interval"}}, "Interval": {1: {name: "lower_bound"}, 2: {name: "upper_bound"}},
	"Considerations": {1: {"users", "Description"}, 2: {"use_cases", "Description"}, 3: {"limitations", "Description"}, 4: {"tradeoffs", "Description"}, 5: {"ethical_considerations", "Risk"}},
	"Description":    {1: {name: "description"}}, "Risk": {1: {name: "name"}, 2: {name: "mitigation_strategy"}},
}

const maxFields = 100_000

// fromWire reads the wire form as the JSON that it stands for.
func fromWire(data []byte) (*jsonlines.Value, error) {
	m := protowalk.Open(bytes.NewReader(data), int64(len(data)))
	left := maxFields
	v := walk(m, "ModelCard", &left)
	if m.Broken() || left <= 0 || len(v.Members) == 0 {
		return nil, errors.Join(m.Err(), &sbom.Problem{Reason: "no card of the Model Card Toolkit could be read"})
	}
	return v, nil
}

func walk(m protowalk.Message, of string, left *int) *jsonlines.Value {
	v := &jsonlines.Value{Kind: jsonlines.Object}
	for f := range m.Fields() {
		known, ok := messages[of][int(f.Number)]
		if *left--; *left <= 0 {
			return v
		}
		if !ok {
			continue
		}
		var child *jsonlines.Value
		if known.of != "" {
			child = walk(f.Message(), known.of, left)
		} else {
			child = &jsonlines.Value{Kind: jsonlines.String, Text: f.Text(maxText)}
		}
		add(v, known.name, 0, child)
	}
	return v
}

// fromText reads the text form likewise, with its lines.
func fromText(text string) (*jsonlines.Value, error) {
	root, err := textproto.Parse(strings.ToValidUTF8(text, "\uFFFD"))
	return object(root), err
}

func object(v *textproto.Value) *jsonlines.Value {
	if v == nil {
		return nil
	}
	if !v.Is {
		return &jsonlines.Value{Kind: jsonlines.String, Line: v.LineOf(), Text: v.Str()}
	}
	out := &jsonlines.Value{Kind: jsonlines.Object, Line: v.LineOf()}
	for _, f := range v.Fields {
		add(out, f.Name, f.Value.LineOf(), object(f.Value))
	}
	return out
}

// add sets a key; one that stands there already becomes a list.
func add(to *jsonlines.Value, key string, line int, child *jsonlines.Value) {
	for i := range to.Members {
		if m := &to.Members[i]; m.Key == key {
			if !m.Value.Is(jsonlines.Array) {
				m.Value = &jsonlines.Value{Kind: jsonlines.Array, Line: m.Value.LineOf(), Items: []*jsonlines.Value{m.Value}}
			}
			m.Value.Items = append(m.Value.Items, child)
			return
		}
	}
	to.Members = append(to.Members, jsonlines.Member{Key: key, Line: line, Value: child})
}
