package hfscript

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/d.py", []byte("import datasets\n_URLS = {'a': ['https://x/y', 'z']}\nclass D(datasets.GeneratorBasedBuilder):\n  def _info(self):\n    return datasets.DatasetInfo(features=datasets.Features({'a': [[datasets.Value('int32')]]}))\n"))
}

func TestWhose(t *testing.T) {
	script := []byte("import datasets\nclass D(datasets.GeneratorBasedBuilder):\n    pass\n")
	for name, want := range map[string]int{"d/d.py": 2, "lib/other.py": 0} {
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{name: &fstest.MapFile{Data: script}})
		if len(r.Sightings) != want {
			t.Errorf("%s: %+v", name, r.Sightings)
		}
		if want > 0 && (len(r.Sightings[0].Findings) != 1 || r.Sightings[0].Findings[0].Rule != sbom.RuleDatasetCode || r.Sightings[0].Findings[0].Where.Line != 2) {
			t.Errorf("%+v", r.Sightings[0].Findings)
		}
	}
	tfds := []byte("import tensorflow_datasets as tfds\nclass D(tfds.core.GeneratorBasedBuilder):\n    pass\n")
	if r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/d.py": &fstest.MapFile{Data: tfds}}); len(r.Sightings) != 0 {
		t.Errorf("TensorFlow Datasets: %+v", r.Sightings)
	}
}
