package sentencetransformers

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/modules.json") }

func FuzzSettings(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/config_sentence_transformers.json") }
