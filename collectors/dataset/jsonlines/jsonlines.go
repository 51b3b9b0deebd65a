// Package jsonlines reads records of JSON, one a line: *.jsonl, *.ndjson, also with .gz,
// .zst and .bz2 behind, and *.json.gz and the like where their place or name says that
// they are data (see datafile). What is called so and holds values over several lines or
// one array is read all the same.
//
// By default the first MiB is looked at. It gives the members of the records and their
// types, and where it is all of the file the counts too: rows, nulls, distinct values and
// labels; with --profile-data the whole file passes, in memory that does not grow. Types
// are those that pyarrow.json infers, nested ones in one text; values of several kinds,
// which pyarrow refuses, are a union. The usual shapes of conversations are known.
// Broken lines are a problem with the first one's line, and are left out.
//
// Not understood: what the texts say; JSON5 and comments.
package jsonlines

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonrows"
	"github.com/mlbom/mlbom/collectors/internal/textsource"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads JSON lines.
var Collector = sbom.Collector{
	Name: "dataset/jsonlines",
	Doc: "Records of JSON, one a line (jsonl, ndjson, also compressed; json.gz)\n\n" +
		"Members with types as pyarrow infers them, rows, nulls, distinct values and labels: of the\n" +
		"first MiB, or of all with --profile-data. The shape of conversations.",
	Match: []string{"*.jsonl", "*.ndjson", "*.jsonl.gz", "*.ndjson.gz", "*.jsonl.zst", "*.ndjson.zst", "*.jsonl.bz2", "*.ndjson.bz2",
		"*.json.gz", "*.json.zst", "*.json.bz2"},
	Sniff:   textsource.Packed, // so that what its bytes show to be something else goes to whoever knows it
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	name := strings.ToLower(f.Path)
	for _, packed := range []string{".gz", ".zst", ".bz2"} {
		name = strings.TrimSuffix(name, packed)
	}
	switch {
	case strings.HasSuffix(name, ".jsonl"), strings.HasSuffix(name, ".ndjson"):
		return jsonrows.Sightings(ctx, f, "jsonl", "application/jsonl", true)
	case strings.HasSuffix(name, ".json") && len(name) < len(f.Path):
		return jsonrows.Sightings(ctx, f, "json", "application/json", false)
	}
	return nil, nil
}
