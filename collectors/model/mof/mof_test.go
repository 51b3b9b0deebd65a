package mof

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/MOF.yml", []byte("framework:\n  name: Model Openness Framework\nrelease: {name: a, components: [{name: b, license: MIT}]}\n"))
}
