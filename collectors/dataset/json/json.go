// Package json reads JSON documents that are data: an array of records, records one
// a line, or one object with lists of records as SQuAD and COCO have them (data, images,
// annotations, examples and the like). Only files whose place or name says that they are
// data (see datafile) are read: most JSON is none.
//
// What is counted is as of JSON lines. The rows of an object are those of its main list,
// in SQuAD's format the questions; of COCO's annotations the distribution over the
// categories is told.
//
// Not understood: tables by columns, objects whose keys are the ids of records, other
// formats of annotations.
package json

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonrows"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads JSON documents that are data.
var Collector = sbom.Collector{
	Name: "dataset/json",
	Doc: "JSON documents that hold records (json in a folder of data)\n\n" +
		"An array of records, or an object with lists of them (SQuAD, COCO): what is told of JSON\n" +
		"lines, and the classes of annotations.",
	Match:   []string{"*.json"},
	Collect: collect,
}

// others are names that other formats have, in folders of data too.
var others = map[string]bool{"dataset_info.json": true, "dataset_infos.json": true, "dataset_dict.json": true, "state.json": true, "metadata.json": true, "config.json": true,
	"package.json": true, "package-lock.json": true, "tokenizer.json": true, "vocab.json": true, "datapackage.json": true, "dataset-metadata.json": true,
	"features.json": true, "tsconfig.json": true, "index.json": true, "schema.json": true, "manifest.json": true}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	base := strings.ToLower(path.Base(f.Path))
	if others[base] || strings.Contains(base, "croissant") || strings.HasSuffix(base, "config.json") {
		return nil, nil
	}
	return jsonrows.Sightings(ctx, f, "json", "application/json", false)
}
