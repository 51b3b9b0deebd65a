package sbom

import (
	"strings"
	"testing"
)

// fileOf is a file of a split of the dataset d/ with these hashes.
func fileOf(name, split string, rows RowPrints) []Sighting {
	f := Component{Kind: KindFile, Keys: Keys{Path: "d/" + name}, File: &FileFacts{Table: Table{Split: split}, Rows: rows}}
	return []Sighting{{Component: f}, {Component: Component{Kind: KindDataset, Keys: Keys{Path: "d/"}}, Links: []Link{{Rel: Contains, To: Component{Kind: KindFile, Keys: f.Keys}}}}}
}

func numbers(from, n, step uint64) (list RowPrints) {
	for i := range n {
		list = append(list, from+i*step)
	}
	return list
}

func TestOverlaps(t *testing.T) {
	for name, c := range map[string]struct {
		train, test RowPrints
		want        string
	}{
		"none":    {numbers(1, 100, 2), numbers(2, 50, 2), ""},
		"some":    {numbers(1, 100, 1), numbers(91, 20, 1), "10 of the 20 different rows of the test data"},
		"one":     {numbers(1, 100, 1), numbers(100, 200, 1), ""},
		"sampled": {numbers(1, MaxRowPrints, 2), numbers(1, MaxRowPrints, 1), "8192 of the 16384"},
		"beyond":  {numbers(1, MaxRowPrints, 1), append(numbers(2, 4, 1), numbers(1<<40, 100, 1)...), "4 of the 4 different"},
	} {
		r := Report{Sightings: append(fileOf("train.csv", "train", c.train), fileOf("test.csv", "test", c.test)...)}
		n := len(r.Sightings)
		Overlaps(&r)
		got := ""
		for _, s := range r.Sightings[n:] {
			got += s.Findings[0].Message
		}
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
