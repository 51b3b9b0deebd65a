// Package modelcard reads model cards: the README.md of a Hugging Face model
// repository, MODEL_CARD.md files, and Markdown of any other name that begins as a card
// does. The front matter's keys follow the hub's
// documentation (https://huggingface.co/docs/hub/model-cards and
// https://github.com/huggingface/hub-docs/blob/main/modelcard.md), the sections
// of the body huggingface_hub's template and the common variants of it.
//
// One card gives sightings of the model in its folder: what the front matter
// states, what the body states, and one for each further line from which an
// element of a list was taken, so that it is known by that line. Keys without a
// field become properties, "mlbom:card:KEY", and so do sections that have none.
//
// Files that are no model card (pages, READMEs, Spaces, dataset cards,
// templates) give nothing. A card with no more than a licence or free tags only
// adds to a model that other files establish.
//
// Not understood: which model repository the card belongs to (a card does not
// name its own id), revisions of base models, tables of results in the body
// (their text is kept), and cards in other languages than English (their front
// matter is read). Left out on purpose: placeholders, results without a value,
// "verified: false" and verifyToken, which the hub alone can check.
package modelcard

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads model cards.
var Collector = sbom.Collector{
	Name: "model/modelcard",
	Doc: "Model cards (README.md, MODEL_CARD.md)\n\n" +
		"The model of the card's folder: front matter of the Hugging Face hub (licence, base\n" +
		"models, datasets, results, gate, emissions) and the sections of the text (uses,\n" +
		"limitations, training, environment, citation).",
	Match:   []string{"README*.md", "*model*card*.md"},
	Sniff:   sniff,
	Collect: collect,
}

// begins is how a card begins whose name does not tell: with a key of the hub that
// models have, or with a title that says what it is.
var begins = pattern.Lazy(`^(?:\xef\xbb\xbf)?(?:---[ \t]*\r?\n(?s:.*\n)?(?:pipeline_tag|library_name|base_model|model-index|model_name|datasets|metrics|tags|widget|inference|co2_eq_emissions)[ \t]*:|#[^\n]*(?i:model card)\b)`)

func sniff(head []byte) bool {
	return len(head) > 0 && (head[0] == '-' || head[0] == '#' || head[0] == 0xef) && begins.Match(head)
}

// markdowns are the endings that a card has.
var markdowns = map[string]bool{".md": true, ".markdown": true, ".mdx": true}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !markdowns[strings.ToLower(path.Ext(f.Path))] {
		return nil, nil // a program whose first comment speaks of a card
	}
	c, err := card.Read(f, card.Model)
	if c == nil {
		return nil, err
	}
	front := readFront(c)
	text := readBody(c, front)
	var seen []sbom.Sighting
	if c.FrontLine > 0 {
		seen = append(seen, front.Sightings()...)
	}
	if text.Says() || c.FrontLine == 0 {
		seen = append(seen, text.Sightings()...)
	}
	return seen, errors.Join(err, front.Err(), text.Err())
}

// model is the draft's model section.
func model(d *card.Draft) *sbom.Model {
	if d.Model == nil {
		d.Model = &sbom.Model{}
	}
	return d.Model
}

// tidy drops a model section that says nothing.
func tidy(d *card.Draft) {
	if d.Model == nil {
		return
	}
	for _, f := range sbom.Fields() {
		if f.Section() == "model" && !f.Empty(&d.Component) {
			return
		}
	}
	d.Model = nil
}
