package paddle

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/inference.pdmodel") }

func FuzzNewer(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/inference.json") }

func TestVersion(t *testing.T) {
	for n, want := range map[int64]string{2006000: "2.6.0", 1008005: "1.8.5", 0: "", 3000000: "3.0.0", -1: ""} {
		if got := version(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
