package tokenizer

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/tokenizer.json") }

func FuzzSentencePiece(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/tokenizer.model") }

func FuzzSettings(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/tokenizer_config.json") }
