package tensorflow

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/saved_model.pb") }

func FuzzGraph(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/graph.pb") }

func FuzzIndex(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/ckpt.index") }

func FuzzText(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/saved_model.pbtxt") }
