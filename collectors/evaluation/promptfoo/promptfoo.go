// Package promptfoo reads what promptfoo writes and is told (https://www.promptfoo.dev/docs/,
// src/types/index.ts): results in JSON of versions 2 to 4, and promptfooconfig.yaml.
//
// The value is the rate of the tests that passed, by provider and prompt, and of a red
// team's run by plugin. Models are known by the name that their provider has for them; only
// those of "huggingface:" are on the hub. Configurations make a process that was not run.
//
// Not understood: single answers and assertions, prompts and tests in other files,
// templates, configurations in JavaScript, and providers that are scripts, whose names
// are kept. The author's mail address, headers and keys are left out.
package promptfoo

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads results and configurations of promptfoo.
var Collector = sbom.Collector{
	Name: "evaluation/promptfoo",
	Doc: "promptfoo (results in JSON, promptfooconfig.yaml)\n\n" +
		"Which providers and models are tested, with which red team plugins, and how many tests\n" +
		"they passed.",
	Match:   []string{"promptfooconfig*.yaml", "promptfooconfig*.yml", "*promptfoo*.json", "results.json", "output.json", "*eval*.json", "*redteam*.json"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if ext := strings.ToLower(path.Ext(f.Path)); ext != ".json" {
		return configuration(f)
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, `"stats"`) || !strings.Contains(text, `"provider`) {
		return nil, nil // of another program
	}
	root, err := jsonlines.Parse(text)
	if !root.Path("results", "stats").Is(jsonlines.Object) || !root.Path("results", "results").Is(jsonlines.Array) {
		return nil, nil
	}
	r := &report{root: root, run: evaluation.New(f, "promptfoo-results", "promptfoo"), counts: map[string]*count{}}
	seen, failed := r.read()
	return seen, errors.Join(err, failed)
}

// provider is one that answers: its service, and the name that it has for the model.
type provider struct{ service, kind, model string }

// scripts are providers that run code or nothing in place of a model.
var scripts = map[string]bool{"file": true, "exec": true, "python": true, "golang": true, "ruby": true, "echo": true, "webhook": true, "package": true, "mcp": true,
	"browser": true, "websocket": true, "promptfoo": true, "manual-input": true, "sequence": true}

// parse reads "openai:chat:gpt-4o".
func parse(id string) provider {
	if strings.Contains(id, "://") {
		return provider{service: id}
	}
	parts := strings.SplitN(id, ":", 3)
	p := provider{service: parts[0]}
	switch {
	case len(parts) == 1:
	case len(parts) == 2:
		p.model = parts[1]
	default:
		p.kind, p.model = parts[1], parts[2]
		if !kinds[p.kind] { // "ollama:llama3:8b"
			p.kind, p.model = "", parts[1]+":"+parts[2]
		}
	}
	if scripts[p.service] || strings.Contains(id, "{{") || kinds[p.model] {
		p.model = ""
	}
	return p
}

// kinds are the interfaces that stand between provider and model.
var kinds = map[string]bool{"chat": true, "completion": true, "completions": true, "messages": true, "responses": true, "embedding": true, "embeddings": true, "image": true,
	"realtime": true, "assistant": true, "text-generation": true, "text-classification": true, "feature-extraction": true, "sentence-similarity": true,
	"token-classification": true, "moderation": true, "video": true, "speech": true, "transcription": true, "deployment": true, "inference": true, "converse": true, "chat-completion": true}

// model finds what a provider's id names; nil where it is no model.
func model(run *evaluation.Run, id string, line int) *evaluation.Model {
	p := parse(id)
	switch {
	case p.model == "":
		if at := evaluation.Address(id); at != "" {
			run.Link(sbom.Consumes, sbom.Component{Kind: sbom.KindService, Name: at, Keys: sbom.Keys{URL: at}, Service: &sbom.Service{Endpoints: []string{at}}}, "", line)
		}
		return nil
	case p.service == "huggingface":
		return run.Model(p.model, "", line)
	}
	return run.Hosted(p.model, p.service, line)
}
