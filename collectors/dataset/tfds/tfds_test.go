package tfds

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/features.json", []byte(`{"pythonClassName": "a.FeaturesDict", "featuresDict": {"features": {"x": {"pythonClassName": "a.Sequence", "sequence": {"feature": {"pythonClassName": "a.ClassLabel", "classLabel": {"numClasses": "2"}}, "length": "-1"}}}}}`))
}

func FuzzInfo(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/dataset_info.json", []byte(`{"name": "x", "moduleName": "m", "splits": [{"name": "train", "shardLengths": ["9223372036854775807", "2"], "filepathTemplate": "../{SHARD_X_OF_Y}"}]}`))
}

func TestFacts(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"x/1.0.0/dataset_info.json": &fstest.MapFile{Data: []byte(`{"name": "x", "version": "1.0.0", "fileFormat": "tfrecord",
 "redistributionInfo": {"license": "CC-BY-4.0"}, "downloadSize": "12", "location": {"urls": ["https://example.org"]},
 "splits": [{"name": "train", "numBytes": "3474742", "shardLengths": ["25", "24"]}]}`)},
		"x/1.0.0/x-train.tfrecord-00001-of-00002": &fstest.MapFile{}})
	if len(r.Sightings) != 2 || len(r.Problems) != 0 {
		t.Fatalf("%+v", r)
	}
	s := r.Sightings[0]
	if s.Version != "1.0.0" || s.Dataset.Splits[0] != (sbom.Split{Name: "train", Rows: 49, Bytes: 3474742}) || s.Dataset.DownloadSize != 12 || s.Component.Licenses[0].ID != "CC-BY-4.0" {
		t.Errorf("%+v %+v", s, s.Dataset)
	}
	if len(s.Findings) != 1 || s.Findings[0].Rule != sbom.RuleBadShards || r.Sightings[1].File.Table.Split != "train" {
		t.Errorf("%+v", s.Findings)
	}
}

// Until TFDS 4.2 the features were JSON in JSON, without classes around the whole.
func TestOldFeatures(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"x/1.0.0/features.json": &fstest.MapFile{Data: []byte(`{"type": "tensorflow_datasets.core.features.features_dict.FeaturesDict",
 "content": "{\"features\": {\"label\": {\"pythonClassName\": \"tensorflow_datasets.core.features.class_label_feature.ClassLabel\", \"classLabel\": {\"numClasses\": \"2\"}}}}"}`)},
		"x/1.0.0/label.labels.txt": &fstest.MapFile{Data: []byte("cat\ndog\n")}})
	if len(r.Sightings) != 1 || len(r.Problems) != 0 || len(r.Sightings[0].Dataset.Features) != 1 || len(r.Sightings[0].Dataset.Features[0].Labels) != 2 {
		t.Errorf("%+v", r)
	}
}
