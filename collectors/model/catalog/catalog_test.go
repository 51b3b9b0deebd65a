package catalog

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "c/catalog.yaml", []byte("source: A\nmodels:\n- name: a/b\n  license: mit\n"))
}
