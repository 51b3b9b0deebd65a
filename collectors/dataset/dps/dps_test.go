package dps

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/provenance.json", []byte(`{"source":{"title":"a","issuer":[{"name":"b"}]},"use":{"classification":[{"code":"pi"}]},"provenance":{"sub-provenance":{"origin":1}}}`))
}
