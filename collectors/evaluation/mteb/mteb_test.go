package mteb

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "r/org__m/x/T.json", []byte(`{"dataset_revision":"1","mteb_version":"1.1","scores":{"test":[{"main_score":1}]}}`))
}
