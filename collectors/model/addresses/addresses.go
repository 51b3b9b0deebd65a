// Package addresses tells of addresses on the web in the configuration of a model
// that lead to none of the places that models usually name: something could
// fetch them. Chat templates and prompts speak about the web, so they are passed
// over, as are files in folders that hold no model.
//
// Not understood: which of the addresses a library fetches.
package addresses

import (
	"context"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/address"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads configuration.
var Collector = sbom.Collector{
	Name:  "model/addresses",
	Doc:   "Addresses in a model's configuration (config.json and its sisters)\n\nAddresses on the web outside of the usual hubs, code hosts, papers and standards.",
	Match: []string{"config.json", "generation_config.json", "tokenizer_config.json", "adapter_config.json", "model_index.json", "*processor_config.json"},
	Collect: func(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
		return collect(f)
	},
}

const (
	maxFindings = 10
	maxDepth    = 64
)

func collect(f *sbom.File) ([]sbom.Sighting, error) {
	if !weights.Beside(f) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, "://") {
		return nil, err
	}
	root, err := jsonlines.Parse(text)
	if err != nil { // model/hfconfig tells of it
		return nil, nil
	}
	s := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: f.Dir()}},
		Basis:     sbom.Declared,
		Hint:      true,
	}
	walk(root, 0, func(line int, value string) {
		for _, a := range address.Outside(value) {
			if len(s.Findings) < maxFindings {
				s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleURL, Message: fmt.Sprintf("the configuration names %s", a), Where: sbom.Place{Line: line}})
			}
		}
	})
	if len(s.Findings) == 0 {
		return nil, nil
	}
	return []sbom.Sighting{s}, nil
}

// walk visits the texts, but for those that speak to people or to the model.
func walk(v *jsonlines.Value, depth int, visit func(line int, value string)) {
	if v == nil || depth > maxDepth {
		return
	}
	if v.Is(jsonlines.String) {
		visit(v.LineOf(), v.Str())
	}
	for _, item := range v.Items {
		walk(item, depth+1, visit)
	}
	for _, m := range v.Members {
		if key := strings.ToLower(m.Key); !strings.Contains(key, "template") && !strings.Contains(key, "prompt") && !strings.Contains(key, "token") {
			walk(m.Value, depth+1, visit)
		}
	}
}
