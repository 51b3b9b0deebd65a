package garak

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "g/a.report.jsonl", []byte("{\"entry_type\": \"init\"}\n{\"entry_type\": \"eval\", \"passed\": 1, \"total\": 2}\n"))
}
