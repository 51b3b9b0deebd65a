package gowork

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "w/go.work",
		[]byte("go 1.24\nuse (\n\t./a\n\t../b\n"),
		[]byte("use .\nreplace m => ./m\nreplace m v1.0.0 => m v1.0.1\n"),
		[]byte("go 1.99.9\ntoolchain default\ngodebug a=b\nuse /abs\nuse \"\x00\"\n"))
}
