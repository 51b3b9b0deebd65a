package opaque

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/x.param", []byte("7767517\n3 2\nInput"), []byte("RKNN\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"), []byte("7767517\n"), []byte("\x01HEF\x00\x00\x00\x02"), []byte("0000MSL2"))
}
