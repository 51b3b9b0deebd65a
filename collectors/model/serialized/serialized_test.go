package serialized

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name, data string
		format     string // "": nothing is seen
		unsafe     bool
		model      string // path key of the model; "": none
		problem    bool
	}{
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

func TestSniff(t *testing.T) {
	if !sniff([]byte("\x1c\x00\x00\x00TFL3\x00\x00")) || sniff([]byte("PK\x03\x04")) || sniff(nil) {
		t.Error("TensorFlow Lite is not told from others")
	}
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/a.pb", []byte("\x0a\x10\x0a\x01x\x12\x0bPlaceholder"))
}
