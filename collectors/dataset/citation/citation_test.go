package citation

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "CITATION.cff", []byte("cff-version: 1.2.0\ntitle: a\ntype: dataset\nauthors: [{name: b}]\nidentifiers: [{type: doi, value: 10.1/x}]\n"))
}
