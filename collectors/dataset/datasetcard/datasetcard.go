// Package datasetcard reads dataset cards: the README.md of a Hugging Face
// dataset repository and DATASET_CARD.md files. The front matter's keys follow
// the hub's documentation (https://huggingface.co/docs/hub/datasets-cards and
// https://github.com/huggingface/hub-docs/blob/main/datasetcard.md), the
// sections of the body huggingface_hub's template and the older one of the
// datasets library.
//
// One card gives sightings of the dataset in its folder: what the front matter
// states, what the body states, and one for each further line from which an
// element of a list was taken, so that it is known by that line. Keys without a
// field become properties, "mlbom:card:KEY", and so do sections that have none.
// Files that are no dataset card give nothing.
//
// Not understood: which dataset repository the card belongs to (a card does not
// name its own id), tables in the body. The type of a nested feature is kept in
// words; settings of loading scripts and of the hub's viewer as properties.
// Placeholders are left out.
package datasetcard

import (
	"context"
	"errors"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datasheet"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads dataset cards.
var Collector = sbom.Collector{
	Name: "dataset/datasetcard",
	Doc: "Dataset cards (README.md, DATASET_CARD.md)\n\n" +
		"The dataset of the card's folder: front matter of the Hugging Face hub (licences,\n" +
		"languages, features, splits, files, sources, gate) and the sections of the text\n" +
		"(collection, annotation, personal data, biases, citation).",
	Match:   []string{"README*.md", "*data*card*.md", "*datasheet*.md"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	c, err := card.Read(f, card.Dataset)
	if c == nil {
		return nil, err
	}
	if _, plain := datasheet.Answers(c.Body); plain && c.FrontLine == 0 {
		return nil, err // dataset/datacard's
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

// dataset is the draft's dataset section.
func dataset(d *card.Draft) *sbom.Dataset {
	if d.Dataset == nil {
		d.Dataset = &sbom.Dataset{}
	}
	return d.Dataset
}

// tidy drops a dataset section that says nothing.
func tidy(d *card.Draft) {
	for _, f := range sbom.Fields() {
		if f.Section() == "dataset" && !f.Empty(&d.Component) {
			return
		}
	}
	d.Dataset = nil
}
