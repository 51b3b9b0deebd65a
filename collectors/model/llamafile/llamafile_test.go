package llamafile

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/x.llamafile", []byte("MZqFpD='\nPK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x21\x58\x00\x00\x00\x00\x04\x00\x00\x00\x04\x00\x00\x00\x06\x00\x00\x00a.ggufGGUF"))
}
