package promptfoo

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a/results.json", []byte(`{"results":{"version":3,"stats":{},"results":[{"provider":{"id":"openai:gpt-4o"},"success":true}]}}`))
}

func FuzzConfiguration(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a/promptfooconfig.yaml", []byte("providers: [openai:chat:gpt-4o]\nredteam: {plugins: [pii]}\n"))
}

func TestProviders(t *testing.T) {
	for id, want := range map[string]provider{
		"openai:gpt-4o": {"openai", "", "gpt-4o"}, "openai:chat:gpt-4o": {"openai", "chat", "gpt-4o"}, "huggingface:text-generation:org/m": {"huggingface", "text-generation", "org/m"},
		"ollama:llama3:8b": {"ollama", "", "llama3:8b"}, "ollama:chat:llama3:8b": {"ollama", "chat", "llama3:8b"}, "file://a.py": {service: "file://a.py"}, "python:a.py": {service: "python"},
		"bedrock:anthropic.claude-3:0": {"bedrock", "", "anthropic.claude-3:0"}, "openai:chat": {service: "openai"}, "echo": {service: "echo"}, "https://a.example/x": {service: "https://a.example/x"},
	} {
		if got := parse(id); got != want {
			t.Errorf("%s: %+v", id, got)
		}
	}
}
