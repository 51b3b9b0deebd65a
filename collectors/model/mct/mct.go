// Package mct reads the cards of Google's Model Card Toolkit: JSON of the schemas 0.0.1
// and 0.0.2 and the protocol buffer of version 2, in its text form and in its wire form
// (https://github.com/tensorflow/model-card-toolkit, schema/ and proto/model_card.proto).
//
// The card speaks of the model that its path leads to, or else of the one in its own
// folder. Data has its role of the key (0.0.1) or of the words of its name (0.0.2).
//
// Not understood: graphics, which are pictures in base64 (their captions are kept).
package mct

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads cards of the Model Card Toolkit.
var Collector = sbom.Collector{
	Name: "model/mct",
	Doc: "Model Card Toolkit (JSON, model_card.proto)\n\n" +
		"Details, data, results by slice and considerations of a model, nearly one to one.",
	Match:   []string{"*.json", "model_card.proto", "model_card.pbtxt", "model_card.textproto"},
	Sniff:   func(head []byte) bool { return begins.Match(head) },
	Collect: collect,
}

var (
	begins = pattern.Lazy(`^\s*\{\s*(?:"schema_version"\s*:\s*"[^"]*"\s*,\s*)?"model_(?:details|parameters)"\s*:\s*\{`)
	proto  = pattern.Lazy(`^\s*(?:#[^\n]*\s+)*(?:model_details|model_parameters|quantitative_analysis|considerations)\s*:?\s*[{<]`)
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !evaluation.Begins(f, []string{"model_card.*", "*modelcard*.json", "*model_card*.json", "*model-card*.json"}, begins.Match) {
		return nil, nil
	}
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	var root *jsonlines.Value
	switch ext := strings.ToLower(path.Ext(f.Path)); {
	case ext == ".json" || begins.Match(data):
		text, failed := f.Text()
		if failed != nil {
			return nil, nil // another's
		}
		root, err = jsonlines.Parse(text)
	case proto.Match(data):
		root, err = fromText(string(data))
	case bytes.Contains(data, []byte("syntax =")) || bytes.Contains(data, []byte("message ")):
		return nil, nil // a schema
	default:
		root, err = fromWire(data)
	}
	if !is(root) {
		if err != nil && begins.Match(data[:min(len(data), sbom.HeadSize)]) {
			return nil, err
		}
		return nil, nil
	}
	c := newCard(f, root)
	c.details()
	c.parameters()
	c.analysis()
	c.considerations()
	return c.sightings(), errors.Join(err, c.over())
}

// is tells whether a document is such a card, and not the schema of one.
func is(root *jsonlines.Value) bool {
	if !root.Is(jsonlines.Object) || root.Get("$schema") != nil || root.Get("properties") != nil {
		return false
	}
	details := root.Get("model_details")
	if details.Get("type").Str() == "object" && details.Get("properties") != nil {
		return false
	}
	return details.Is(jsonlines.Object) || root.Get("model_parameters").Is(jsonlines.Object) && root.Get("considerations").Is(jsonlines.Object)
}
