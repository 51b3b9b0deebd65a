package tfrecord

import (
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "data/x.tfrecord") }

// TestProfile: with --profile-data all records are read, and the declared labels counted.
func TestProfile(t *testing.T) {
	tree := sbomtest.Tree(t, "testdata/records.txtar")
	f := sbom.NewFile(tree, "hub/demo-train.tfrecord-00000-of-00001")
	f.Settings.Profile = true
	seen, err := Collector.Collect(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range seen[0].File.Table.Columns {
		switch c.Name {
		case "label":
			if len(c.Labels) != 2 || c.Labels[0] != (sbom.LabelCount{Label: "-1", Rows: 2}) || c.Labels[1] != (sbom.LabelCount{Label: "0", Rows: 2}) {
				t.Errorf("labels %+v", c.Labels)
			}
		case "source":
			if c.Nulls == nil || *c.Nulls != 1 || !c.Nullable {
				t.Errorf("source %+v", c)
			}
		}
	}
}
