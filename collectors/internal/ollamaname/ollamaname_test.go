package ollamaname

import "testing"

func TestParse(t *testing.T) {
	for text, want := range map[string]Name{
		"llama3":                        {host, "library", "llama3", "latest"},
		"llama3.2:1b-instruct-q4_K_M":   {host, "library", "llama3.2", "1b-instruct-q4_K_M"},
		"mario/wiz:7b":                  {host, "mario", "wiz", "7b"},
		"hf.co/bartowski/L-GGUF:Q4_K_M": {"hf.co", "bartowski", "L-GGUF", "Q4_K_M"},
		"https://reg.lan:5000/a/b":      {"reg.lan:5000", "a", "b", "latest"},
		"llama3@sha256:00":              {host, "library", "llama3", "latest"},
	} {
		if got, ok := Parse(text); !ok || got != want {
			t.Errorf("%s: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "./model.gguf", "/models/x.gguf", "a/b/c/d", "~/x", "a:b:c", "x y", "-x"} {
		if got, ok := Parse(text); ok {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestComponent(t *testing.T) {
	for text, want := range map[string][2]string{
		"llama3":              {"llama3", "https://ollama.com/library/llama3:latest"},
		"mario/wiz:7b":        {"mario/wiz", "https://ollama.com/mario/wiz:7b"},
		"hf.co/org/repo:Q4_0": {"hf.co/org/repo", "https://hf.co/org/repo:Q4_0"},
	} {
		n, _ := Parse(text)
		if c := n.Component(); c.Name != want[0] || c.Keys.URL != want[1] {
			t.Errorf("%s: %+v", text, c)
		}
	}
	n, _ := Parse("hf.co/org/repo:Q4_0")
	if c, ok := n.Repository(); !ok || c.Keys.PURL != "pkg:huggingface/org/repo" {
		t.Errorf("%+v", c)
	}
}
