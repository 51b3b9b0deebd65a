package hfmodules

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func TestPlain(t *testing.T) {
	for from, want := range map[string]string{"phi_dot_3_hyphen_mini": "phi.3-mini", "_01_hyphen_ai": "01-ai", "Yi-6B": "Yi-6B", "_x": "_x", "": ""} {
		if got := plain(from); got != want {
			t.Errorf("%q is %q, want %q", from, got, want)
		}
	}
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "transformers_modules/a/b/0123456789012345678901234567890123456789/x.py")
}
