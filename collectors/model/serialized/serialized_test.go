package serialized

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

// zipped makes an archive of names and contents in turn.
func zipped(t testing.TB, members ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(members[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name, data string
		format     string // "": nothing is seen
		unsafe     bool
		model      string // path key of the model; "": none
		problem    bool
	}{
		{"m/a.keras", zipped(t, "metadata.json", `{"keras_version": "3.1"}`, "config.json", `{}`, "model.weights.h5", ""), "keras", false, "m/a.keras", false},
		{"m/tf_model.h5", hdf5Magic + "layer_names", "hdf5", false, "m/", false},
		{"m/data.h5", hdf5Magic + "temperature", "hdf5", false, "", false},
		{"m/a.h5", strings.Repeat("\x00", 512) + hdf5Magic + "model_weights", "hdf5", false, "m/a.h5", false},
		{"m/flax_model.msgpack", "\x81\xa1a\x01", "flax", false, "m/", false},
		{"m/log.msgpack", "\x81\xa1a\x01", "", false, "", false},
		{"m/a.tflite", "\x1c\x00\x00\x00TFL3\x00\x00", "tflite", false, "m/a.tflite", false},
		{"m/saved_model.pb", "\x08\x01\x12\x02\x0a\x00", "tensorflow-savedmodel", false, "m/", false},
		{"m/g.pb", "\x0a\x10\x0a\x01x\x12\x0bPlaceholder", "tensorflow-graph", false, "m/g.pb", false},
		{"m/other.pb", "\x0a\x03abc", "", false, "", false},
	} {
		f := sbom.NewFile(fstest.MapFS{c.name: {Data: []byte(c.data)}}, c.name)
		seen, err := Collector.Collect(context.Background(), f)
		if (err != nil) != c.problem {
			t.Errorf("%s %q: problem %v", c.name, c.format, err)
		}
		format, unsafe, model := "", false, ""
		for _, s := range seen {
			switch s.Kind {
			case sbom.KindFile:
				format, unsafe = s.File.Format, len(s.Findings) == 1 && s.Findings[0].Rule == sbom.RuleUnsafeFormat
			case sbom.KindModel:
				model = s.Keys.Path
				if s.Links[0].To.Keys.SHA256 != seen[0].Keys.SHA256 {
					t.Errorf("%s: the model does not contain the file", c.name)
				}
			}
		}
		if format != c.format || unsafe != c.unsafe || model != c.model {
			t.Errorf("%s: got %q, unsafe %v, model %q; want %q, %v, %q", c.name, format, unsafe, model, c.format, c.unsafe, c.model)
		}
	}
}

func TestLambdaAndEscape(t *testing.T) {
	data := zipped(t, "metadata.json", "{}", "config.json", `{"layers": [{"class_name": "Lambda"}]}`, "../x", "")
	f := sbom.NewFile(fstest.MapFS{"x.keras": {Data: []byte(data)}}, "x.keras")
	seen, err := Collector.Collect(context.Background(), f)
	if err != nil || len(seen) != 2 || len(seen[0].Findings) != 2 || seen[0].Findings[0].Rule != sbom.RuleCustomCode || seen[0].Findings[1].Rule != sbom.RulePathEscape {
		t.Errorf("got %+v, %v", seen, err)
	}
}

func TestSniff(t *testing.T) {
	if !sniff([]byte("\x1c\x00\x00\x00TFL3\x00\x00")) || sniff([]byte("PK\x03\x04")) || sniff(nil) {
		t.Error("TensorFlow Lite is not told from others")
	}
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/a.pb", []byte("\x0a\x10\x0a\x01x\x12\x0bPlaceholder"), []byte(hdf5Magic), []byte(zipped(f, "metadata.json", "{}", "config.json", "{}")))
}
