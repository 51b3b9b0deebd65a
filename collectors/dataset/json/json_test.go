package json

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "data/train.json", []byte(`{"images": [{"id": 1}], "annotations": [{"category_id": 3}], "categories": [{"id": 3, "name": "a"}]}`), []byte(`{"data": [{"paragraphs": [{"qas": [{"id": "1"}]}]}], "x": "\u00"}`), []byte(`[{"a": [1, 2]}, {"a": null}`))
}
