package modelcard

import (
	"fmt"
	"slices"
	"testing"
)

// The data that a section or a label names by an address.
func TestDatasets(t *testing.T) {
	text := "# A: Model Card\n\n## Training Dataset:\n**Link:** [Own Set](https://example.org/own?key=secret)\n\n**Data Collection Method:** Automated\n\n" +
		"## Testing Dataset\n* Link: https://huggingface.co/datasets/org/test\n\n## Evaluation Dataset:\n**Link:** [B](https://huggingface.co/datasets/org/bench)\n\n" +
		"## Model Sources\n- **Link:** https://example.org/none\n- **Training Dataset:** [x](https://huggingface.co/datasets/org/set)\n- **Training Dataset:** [x](https://example.org/not)\n\n## Limitations\nSome words are here.\n\n## Intended use\nMore words.\n"
	var got []string
	for _, s := range collectText(t, "m/MODEL_CARD.md", text).Sightings {
		for _, l := range s.Links {
			got = append(got, fmt.Sprint(l.Line, " ", l.Rel, " ", l.Note, " ", l.To.Name, " ", l.To.Keys.URL))
		}
	}
	slices.Sort(got)
	want := []string{"12 evaluated-on benchmark org/bench https://huggingface.co/datasets/org/bench", "16 trained-on train org/set https://huggingface.co/datasets/org/set",
		"4 trained-on train Own Set https://example.org/own", "9 evaluated-on test org/test https://huggingface.co/datasets/org/test"}
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
