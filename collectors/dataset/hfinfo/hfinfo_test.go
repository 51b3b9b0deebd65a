package hfinfo

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/dataset_info.json", []byte(`{"features": {"a": {"feature": {"names": ["x", "y"], "_type": "ClassLabel"}, "length": 3, "_type": "Sequence"}}, "splits": {"train": {"num_examples": 1}}, "download_checksums": {"https://x/y": {"checksum": null}}}`))
}

func TestDialects(t *testing.T) {
	for text, want := range map[string]int{
		`{"features": {"a": {"dtype": "string", "_type": "Value"}}}`:                               1,
		`{"moduleName": "m", "splits": [{"name": "train", "shardLengths": ["1"]}], "features": 1}`: 0,
		`{"alpaca": {"file_name": "a.json"}, "b": {"hf_hub_url": "x/y"}}`:                          0,
		`[]`: 0, `{"x": 1}`: 0,
	} {
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/dataset_info.json": &fstest.MapFile{Data: []byte(text)}})
		if len(r.Sightings) != want || len(r.Problems) != 0 {
			t.Errorf("%s: %+v %v", text, r.Sightings, r.Problems)
		}
	}
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/dataset_info.json": &fstest.MapFile{Data: []byte(`{"features": {"a": {"dtype": "string"`)}})
	if len(r.Problems) != 1 || len(r.Sightings) != 1 {
		t.Errorf("a broken file: %+v", r)
	}
}

func TestFacts(t *testing.T) {
	sum := "853fbe7922f70c59629f06a39e8d9ca440c3d740e760fd3b87a5ddf3dcba2436"
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/dataset_infos.json": &fstest.MapFile{Data: []byte(`{"default": {"license": "MIT", "builder_name": "boolq",
 "features": {"label": {"num_classes": 2, "names": ["no", "yes"], "id": null, "_type": "ClassLabel"}},
 "splits": {"train": {"name": "train", "num_bytes": 6179206, "num_examples": 9427, "dataset_name": "boolq"}},
 "download_checksums": {"https://user:pw@example.org/BoolQ.zip?token=secret": {"num_bytes": 4118001, "checksum": "` + sum + `"},
  "hf://datasets/squad@abc/x.parquet": {"num_bytes": 1, "checksum": null}}, "dataset_size": 7}}`)}})
	if len(r.Sightings) != 1 || len(r.Problems) != 0 {
		t.Fatalf("%+v", r)
	}
	s := r.Sightings[0]
	d := s.Dataset
	if s.Name != "boolq" || s.Component.Licenses[0].ID != "MIT" || d.Size != 7 || d.Splits[0] != (sbom.Split{Name: "train", Rows: 9427, Bytes: 6179206}) {
		t.Errorf("%+v %+v", s, d)
	}
	if f := d.Features[0]; f.Type != "class_label" || len(f.Labels) != 2 || f.Labels[1] != "yes" || s.Lines["dataset.features"] != 2 {
		t.Errorf("%+v", f)
	}
	if len(s.Links) != 3 || s.Links[0].To.Keys != (sbom.Keys{URL: "https://example.org/BoolQ.zip", SHA256: sum}) || !s.Links[0].To.File.Asserted || s.Links[0].To.File.Size != 4118001 || s.Links[0].Line != 4 {
		t.Errorf("%+v", s.Links)
	}
	if to := s.Links[1].To; to.Name != "rajpurkar/squad" || to.Version != "abc" {
		t.Errorf("%+v", to)
	}
}

// What people write by hand in place of the library's words is a type, no struct.
func TestByHand(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/dataset_infos.json": {Data: []byte(`{"w": {"description": "x", "license": "Specify your license here (e.g., MIT)", "features": {"a": {"type": "json", "description": "What."}, "b": {"dtype": "string"}},
 "splits": {"train": {"name": "train", "num_examples": 3}}}}`)}})
	if len(r.Sightings) != 1 || len(r.Sightings[0].Component.Licenses) != 0 || len(r.Sightings[0].Dataset.Features) != 2 || r.Sightings[0].Dataset.Features[0].Type != "json" {
		t.Errorf("%+v", r)
	}
}
