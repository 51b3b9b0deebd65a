package modelcard

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// What the Trainer of transformers writes into a card.
var (
	tuned   = pattern.Lazy(`(?i)\bis a fine-?tuned version of \[[^\[\]]*\]\((https?://[^()\s]+)\)`)
	onSets  = pattern.Lazy(`(?i)\[[^\[\]]*\]\((https?://(?:huggingface\.co|hf\.co)/datasets/[^()\s]+)\)`)
	results = pattern.Lazy(`(?i)following results on the evaluation set:?\s*$`)
	reading = pattern.Lazy(`^\s*[-*]\s+([A-Za-z][\w .@/-]{0,60}?)\s*:\s*(-?\d[\d.eE+-]*%?|nan|inf)\s*$`)
)

// trainer reads "This model is a fine-tuned version of X on the Y dataset. It
// achieves the following results on the evaluation set: ...".
func (b *body) trainer(s *markdown.Section) {
	measured := false
	for _, l := range s.Lines {
		if l.Code {
			continue
		}
		if m := tuned.FindStringSubmatchIndex(l.Text); m != nil {
			if to, ok := hub.Model(l.Text[m[2]:m[3]], ""); ok && !self(b.card, b.front, to.Name) {
				b.Link(sbom.DerivedFrom, to, "finetune", l.No)
			}
			for _, d := range onSets.FindAllStringSubmatch(l.Text[m[1]:], 10) {
				if to, ok := hub.Dataset(d[1], ""); ok {
					b.Link(sbom.TrainedOn, to, "", l.No)
				}
			}
		}
		switch {
		case results.MatchString(l.Text):
			measured = true
		case measured && reading.MatchString(l.Text):
			b.metric(reading.FindStringSubmatch(l.Text), l.No)
		case strings.TrimSpace(l.Text) != "":
			measured = false
		}
	}
}

// metric adds a reading, unless the front matter has the results.
func (b *body) metric(m []string, line int) {
	if b.front.Model != nil && len(b.front.Model.Metrics) > 0 || card.Placeholder(m[1]) {
		return
	}
	if list := &model(b.Draft).Metrics; len(*list) < maxMetrics {
		*list = append(*list, sbom.Metric{Type: m[1], Value: m[2]})
		b.Mark("model.metrics", line)
	}
}
