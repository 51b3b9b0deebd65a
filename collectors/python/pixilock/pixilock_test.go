package pixilock

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/pixi.lock") }

func run(name, text string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(text)}}, name))
}
