package wandb

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "run-20240101_120000-abc123/files/config.yaml") }

func FuzzMetadata(f *testing.F) { sbomtest.Fuzz(f, &Collector, "files/wandb-metadata.json") }

func FuzzManifest(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/wandb_manifest.json") }
