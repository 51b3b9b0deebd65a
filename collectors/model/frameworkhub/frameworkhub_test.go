package frameworkhub

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "h/1.md", []byte("# Module a/b/1\nText.\n<!-- dataset: x -->\n"), []byte("---\nlayout: hub_detail\ntitle: A\n---\n"))
}
