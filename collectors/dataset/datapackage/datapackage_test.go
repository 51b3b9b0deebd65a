package datapackage

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/datapackage.json",
		[]byte(`{"name":"a","resources":[{"name":"r","path":["a.csv","../b"],"hash":"sha256:00","schema":{"fields":[{"name":"x","constraints":{"enum":[1]}}]}}]}`))
}
