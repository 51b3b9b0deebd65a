package wandb

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "run-20240101_120000-abc123/files/config.yaml") }

func FuzzMetadata(f *testing.F) { sbomtest.Fuzz(f, &Collector, "files/wandb-metadata.json") }

func FuzzManifest(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/wandb_manifest.json") }

// TestLatestRun: a run's folder that was committed as latest-run has its configuration
// read; the state in the metadata is of the run's start and says nothing of its end.
func TestLatestRun(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{
		"wandb/latest-run/files/config.yaml":         {Data: []byte("wandb_version: 1\nlr:\n  desc: null\n  value: 0.5\n")},
		"wandb/latest-run/files/wandb-metadata.json": {Data: []byte(`{"program": "train.py", "state": "running"}`)},
	})
	if len(r.Sightings) != 2 {
		t.Fatalf("%+v", r)
	}
	for _, s := range r.Sightings {
		if s.Keys.Path != "wandb/latest-run/" || s.Process.Status != "" {
			t.Errorf("%+v", s.Component)
		}
	}
	if p := r.Sightings[0].Process.Parameters; len(p) != 1 || p[0] != (sbom.Property{Name: "lr", Value: "0.5"}) {
		t.Errorf("%+v", p)
	}
}
