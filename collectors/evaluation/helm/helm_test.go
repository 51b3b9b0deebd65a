package helm

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "r/run_spec.json", []byte(`{"scenario_spec":{},"adapter_spec":{"model":"a"}}`))
}
