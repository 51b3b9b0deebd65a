package webdataset

import (
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "data/x-000000.tar") }

func FuzzIndex(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "data/x.json", []byte(`{"wids_version": 1, "shardlist": [{"url": "a.tar", "nsamples": 9223372036854775807}]}`))
}

// TestProfile: with --profile-data the labels are counted, of compressed shards too.
func TestProfile(t *testing.T) {
	tree := sbomtest.Tree(t, "testdata/shards.txtar")
	for name, want := range map[string][]sbom.LabelCount{
		"data/animals-000000.tar":    {{Label: "7", Rows: 2}, {Label: "10", Rows: 1}},
		"data/animals-000001.tar.gz": {{Label: "7", Rows: 2}},
	} {
		f := sbom.NewFile(tree, name)
		f.Settings.Profile = true
		seen, err := Collector.Collect(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		c := seen[0].File.Table.Columns[0]
		if c.Name != "cls" || len(c.Labels) != len(want) || c.Labels[0] != want[0] || c.Labels[len(want)-1] != want[len(want)-1] || *c.Distinct != int64(len(want)) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
