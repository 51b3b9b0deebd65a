package serialized

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
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

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

const (
	pickle2 = "\x80\x02}q\x00."
	pickle4 = "\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00}\x94."
	plain   = "\x93NUMPY\x01\x00\x36\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"
	objects = "\x93NUMPY\x01\x00\x36\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,) }"
)

func TestFormats(t *testing.T) {
	torch := zipped(t, "archive/data.pkl", pickle2, "archive/version", "3")
	for _, c := range []struct {
		name, data string
		format     string // "": nothing is seen
		unsafe     bool
		model      string // path key of the model; "": none
		problem    bool
	}{
		{"m/pytorch_model.bin", torch, "pytorch", true, "m/", false},
		{"m/x.pt", torch, "pytorch", true, "m/x.pt", false},
		{"m/x.pt", zipped(t, "x/data.pkl", pickle2, "x/constants.pkl", pickle2, "x/code/a.py", ""), "torchscript", true, "m/x.pt", false},
		{"m/x.pth", legacyTorch + "...", "pytorch", true, "m/x.pth", false},
		{"m/x.ckpt", pickle2, "pickle", true, "m/x.ckpt", false},
		{"m/training_args.bin", torch, "pytorch", true, "m/", false},
		{"m/optimizer.pt", torch, "pytorch", true, "m/", false},
		{"m/firmware.bin", "\x7fELF\x02\x01\x01", "", false, "", false},
		{"m/archive.bin", zipped(t, "a.txt", "a"), "", false, "", false},
		{"m/empty.bin", "", "", false, "", false},
		{"m/payload.bin", "cos\nsystem\n(S'id'\ntR.", "pickle", true, "m/payload.bin", false},
		{"m/data.pkl", pickle4, "pickle", true, "", false},
		{"m/old.pkl", "(dp0\n.", "pickle", true, "", false},
		{"m/old2.pkl", "I1\n.", "pickle", true, "", false},
		{"m/not.pkl", "hello", "", false, "", true},
		{"m/my_model.pkl", pickle4, "pickle", true, "m/my_model.pkl", false},
		{"m/model.joblib", pickle4, "joblib", true, "m/", false},
		{"m/a.joblib", gz(pickle4), "joblib", true, "", false},
		{"m/a.pkl.gz", gz(pickle4), "joblib", true, "", false},
		{"m/a.joblib", "\xfd7zXZ\x00", "joblib", true, "", false},
		{"m/a.npy", plain, "npy", false, "", false},
		{"m/a.npy", objects, "npy", true, "", false},
		{"m/a.npz", zipped(t, "a.npy", plain), "npz", false, "", false},
		{"m/a.npz", zipped(t, "a.npy", plain, "b.npy", objects), "npz", true, "", false},
		{"m/a.npz", "nothing", "", false, "", true},
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
		{"m/x.pt", "7z\xbc\xaf\x27\x1c\x00\x04", "7z", true, "", false},
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

func TestAuxiliaryIsNoModel(t *testing.T) {
	f := sbom.NewFile(fstest.MapFS{"m/optimizer.pt": {Data: []byte(pickle2)}}, "m/optimizer.pt")
	seen, _ := Collector.Collect(context.Background(), f)
	if len(seen) != 2 || !seen[1].Hint || seen[1].Component.Model != nil {
		t.Errorf("got %+v", seen)
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
	for _, head := range []string{pickle2, pickle4, legacyTorch, zipped(t, "archive/data.pkl", pickle2)} {
		if !sniff([]byte(head)) {
			t.Errorf("%q was not known", head)
		}
	}
	for _, head := range []string{"", "PK\x03\x04", zipped(t, "a.txt", "x"), "\x80\x02", "hello", "\x80\x01}q."} {
		if sniff([]byte(head)) {
			t.Errorf("%q is none", head)
		}
	}
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/x.pt", []byte(pickle2), []byte(legacyTorch), []byte(zipped(f, "archive/data.pkl", pickle2)))
}

func FuzzOthers(f *testing.F) {
	for _, s := range []string{plain, objects, "\x0a\x10\x0a\x01x\x12\x0bPlaceholder", gz(pickle4), hdf5Magic, zipped(f, "metadata.json", "{}", "config.json", "{}")} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"a.pb", "a.npy", "a.joblib", "a.keras", "a.h5", "a.npz"} {
			sbomtest.Collect(t, &Collector, fstest.MapFS{name: {Data: data}})
		}
	})
}
