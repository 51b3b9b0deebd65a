package jsonlines

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "data/train.jsonl", []byte("{\"a\": [1, {\"b\": \"\\ud83d\\ude00\"}], \"a\": -1e5}\n\n{\"a\": null}\n"), []byte("{\n\"a\": NaN\n}\n{\"b\":{}}"), []byte("[{\"a\":1},{\"a\":\"2020-01-01\"}]"), []byte("\xff\xfe{\x00}\x00"))
}

func read(t *testing.T, data string, profile bool) ([]sbom.Sighting, error) {
	t.Helper()
	f := sbom.NewFile(fstest.MapFS{"data/x.jsonl": {Data: []byte(data)}}, "data/x.jsonl")
	f.Settings.Profile = profile
	return collect(t.Context(), f)
}

func TestSample(t *testing.T) {
	line := `{"text": "some words", "label": "yes"}` + "\n"
	rows := (3 << 20) / len(line)
	data := strings.Repeat(line, rows) + `{"text": 1, "label": "no"}`
	seen, err := read(t, data, false)
	table := seen[0].File.Table
	if err != nil || table.Rows != nil || !strings.HasPrefix(table.Sample, "first 2") || table.Columns[0].Type != "string" || table.Columns[0].Nulls != nil {
		t.Errorf("got %+v, %v", table, err)
	}
	seen, err = read(t, data, true)
	table = seen[0].File.Table
	if err != nil || *table.Rows != int64(rows+1) || table.Columns[0].Type != "union<int64, string>" || *table.Columns[0].Distinct != 2 || table.Columns[1].Labels[0] != (sbom.LabelCount{Label: "yes", Rows: int64(rows)}) {
		t.Errorf("got %+v, %v", table, err)
	}
}

func TestHostile(t *testing.T) {
	var keys strings.Builder
	for i := range 50_000 {
		keys.WriteString(`{"k` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + `": {"` + strings.Repeat("y", i%100) + `": 1}}` + "\n")
	}
	for name, data := range map[string]string{
		"deep":   strings.Repeat(`{"a":`, 100_000) + "\n",
		"string": `{"a": "` + strings.Repeat("x", 5<<20),
		"keys":   keys.String(),
		"lists":  strings.Repeat("[", 1<<20),
	} {
		seen, err := read(t, data, true)
		if len(seen) == 0 || err == nil && name != "keys" {
			t.Errorf("%s: got %d sightings, %v", name, len(seen), err)
		}
	}
}
