package card

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

func read(t *testing.T, name, text string, want Kind) *Card {
	t.Helper()
	c, err := Read(sbom.NewFile(fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}, name), want)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each file is one kind, and never both.
func TestKind(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Kind
	}{
		{"README.md", "---\npipeline_tag: x\n---\n", Model},
		{"README.md", "---\ndatasets: [a/b]\nlicense: mit\n---\n", Model},
		{"README.md", "---\nlicense: mit\n---\n# Thing\n", Vague},
		{"README.md", "---\nlicense: mit\n---\n# Dataset Card for X\n", Dataset},
		{"README.md", "---\nlicense: mit\nlanguage: en\n---\n# X\n## Dataset Summary\n## Data Fields\n", Dataset},
		{"README.md", "---\nlanguage: en\ntags: [transformers]\n---\n", Model},
		{"README.md", "---\ntask_categories: [x]\nsize_categories: [y]\nlicense: mit\n---\n# Model Card\n", Dataset},
		{"README.md", "---\nconfigs:\n- config_name: default\n  data_files: x\nlicense: mit\n---\n", Dataset},
		{"README.md", "---\ntags: [go]\n---\n", None},
		{"README.md", "---\ntitle: x\ntags: [transformers]\nlicense: mit\ndate: 2024-01-01\n---\n", None},
		{"README.md", "---\nsdk: gradio\npipeline_tag: x\n---\n", None},
		{"README.md", "# Model Card Toolkit\n\n## Usage\n## License\n", None},
		{"README.md", "# Model Card for X\n## Uses\n## Limitations\n## Training Data\n", Model},
		{"README.md", "# Dataset Card for X\n## Data Fields\n## Data Splits\n## Annotations\n", Dataset},
		{"model_card.md", "# X\n## Intended use\n## Limitations\n", Model},
		{"model_card.md", "# How to write one\n", None},
		{"DATASET_CARD.md", "# X\n## Data Fields\n## Data Splits\n", Dataset},
		{"README.md", "", None},
	} {
		got := None
		m, d := read(t, c.name, c.text, Model), read(t, c.name, c.text, Dataset)
		switch {
		case m != nil && d != nil:
			t.Errorf("%s %q is both", c.name, c.text)
		case m != nil:
			got = m.Kind
		case d != nil:
			got = d.Kind
		}
		if got != c.want {
			t.Errorf("%s %q is %d, want %d", c.name, c.text, got, c.want)
		}
	}
}

func TestTitle(t *testing.T) {
	for heading, want := range map[string]string{
		"Model Card for Example 7B": "Example 7B", "Example Model Card": "Example", "Model Card for Model ID": "", "Dataset Card for [Dataset Name]": "",
		"🤗 Example": "Example", "Model Card": "", "Model Details": "", "Introduction": "", "Example 1.0 — Model Card": "Example 1.0",
		"Version 1.0.0": "", "v2": "", "V2 Turbo": "V2 Turbo", "Dataset Card Creation Guide": "",
	} {
		if got := titleName(heading); got != want {
			t.Errorf("title %q names %q, want %q", heading, got, want)
		}
	}
}

func TestPlaceholder(t *testing.T) {
	for s, want := range map[string]bool{
		"@misc{birds_2026, title={Birds}, author={Ann Doe}, url={https://acme.example/birds}}": false,
		"@article{a, title={{BERT}: Pre-training}, year={2019}}":                               false,
		"@misc{a, title={{ model_id }}, year={2026}}":                                          true,
		"[More Information Needed]":                                                            true, "**N/A**": true, "{{ base_model }}": true, "[TODO: provide examples]": true, "…": true, "": true, "unknown": true,
		"English": false, "no": false, "Needs care": false, "[a paper](https://example.com)": false, "[Your Example](https://example.com) is a name": false,
	} {
		if got := Placeholder(s); got != want {
			t.Errorf("Placeholder(%q) = %v", s, got)
		}
	}
}

func TestPartyOf(t *testing.T) {
	for s, want := range map[string]sbom.Party{
		"[Ann](https://example.com)": {Name: "Ann", URL: "https://example.com"},
		"Ann <ann@example.com>":      {Name: "Ann", Email: "ann@example.com"},
		"**Example Labs (EL)**":      {Name: "Example Labs (EL)"},
		"https://example.com":        {},
		"[More Information Needed]":  {},
	} {
		if got := PartyOf(s); got != want {
			t.Errorf("PartyOf(%q) = %+v, want %+v", s, got, want)
		}
	}
}
