package datacard

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/DATASHEET.md", []byte("# Datasheet\n**Who created the dataset?** Ann\n## Who funded it?\nBob\n### How many instances are there?\n3\n### What data does each instance consist of?\nText\n"))
}

func TestTemplate(t *testing.T) {
	for name, text := range map[string]string{
		"d/DATASHEET.md":         "# Datasheet\n## For what purpose was the dataset created?\n## Who created the dataset?\n## Who funded the creation?\n## How many instances are there in total?\n",
		"d/README.md":            "# Tool\n## Purpose\nA tool.\n## Access\nAnyone.\n## Limitations\nMany.\n## Provenance\nHere.\n",
		"d/datacard_template.md": "# Datasheet\n## For what purpose was the dataset created?\nx\n## Who created the dataset?\nx\n## Who funded the creation?\nx\n## How many instances are there in total?\nx\n",
	} {
		if r := sbomtest.Collect(t, &Collector, fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}); len(r.Sightings)+len(r.Problems) != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
