package modelcard

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// A section lands by what its heading says, at any level and in any place.
func TestSections(t *testing.T) {
	for heading, field := range map[string]string{
		"### 🎯 Intended Use Cases": "model.considerations.useCases", "# Recommended use": "model.considerations.useCases", "## Out-of-Scope & Misuse": "model.considerations.outOfScope",
		"#### Known Issues": "model.considerations.limitations", "## 4. Risks and Biases": "model.considerations.ethical", "## Responsible AI Considerations": "model.considerations.ethical",
		"## Safety": "model.considerations.ethical", "## Dataset Sources": "model.training.data", "## Fine-tuning procedure": "model.training.description",
		"## Pre-processing": "model.training.preprocessing", "## Evaluation Results": "properties", "## Environmental Impact": "properties", "## Licence": "properties",
	} {
		text := "---\npipeline_tag: x\nlicense: mit\n---\n# T\n\n" + heading + "\n\n<!-- no words -->\nThe words of this section.\n"
		found := false
		for _, s := range collectText(t, "README.md", text).Sightings {
			f, _ := sbom.FieldByName(field)
			found = found || strings.Contains(f.Text(&s.Component), "The words of this section.") && s.Lines[field] == 10
		}
		if !found {
			t.Errorf("%q does not give %s", heading, field)
		}
		for _, s := range collectText(t, "README.md", strings.Replace(text, "The words of this section.", "[More Information Needed]", 1)).Sightings {
			if s.Lines[field] > 4 {
				t.Errorf("%q: a placeholder gives %s", heading, field)
			}
		}
	}
}

// Several sections on the training are kept together.
func TestTrainingSections(t *testing.T) {
	r := collectText(t, "README.md", "---\npipeline_tag: x\n---\n## Training\nOn one day.\n## Training procedure\nStep by step.\n")
	if got := r.Sightings[1].Model.Training.Description; got != "On one day.\n\nStep by step." {
		t.Errorf("got %q", got)
	}
}
