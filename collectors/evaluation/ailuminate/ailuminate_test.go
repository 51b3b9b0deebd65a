package ailuminate

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a/record.json", []byte(`{"score":{"sut":"x","hazard_scores":[{"score":{"estimate":1}}]}}`))
}
