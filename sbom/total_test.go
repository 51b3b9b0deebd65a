package sbom

import "testing"

// TestTotalOfVariants: forms of the same weights never add up.
func TestTotalOfVariants(t *testing.T) {
	type file struct {
		name, format, note string
		parameters         int64
		asserted           bool
	}
	for _, c := range []struct {
		what  string
		files []file
		want  int64
	}{
		{"a variant beside the weights", []file{{"model.safetensors", "safetensors", "", 10, false}, {"model.fp16.safetensors", "safetensors", "variant:fp16", 10, false}}, 10},
		{"variants alone", []file{{"onnx/model.onnx", "onnx", "variant:onnx", 12, false}, {"onnx/model_q4.onnx", "onnx", "variant:onnx-q4", 7, false}}, 12},
		{"a quantised conversion beside what was trained", []file{{"model.h5", "hdf5", "", 10, false}, {"model.tflite", "tflite", "", 14, false}}, 10},
		{"weights that are elsewhere", []file{{"model.safetensors", "safetensors", "", 0, true}, {"openvino/openvino_model.xml", "openvino", "variant:openvino", 9, false}}, 0},
		{"weights that are elsewhere, and a variant of them", []file{{"model.safetensors", "safetensors", "", 0, true}, {"model.fp16.safetensors", "safetensors", "variant:fp16", 10, false}}, 10},
	} {
		m := Sighting{Component: Component{Kind: KindModel, Name: "m", Keys: Keys{Path: "m/"}, Model: &Model{Library: "l"}}, Where: Place{Path: "m/config.json"}}
		r := Report{}
		for _, f := range c.files {
			at := Component{Kind: KindFile, Name: f.name, Keys: Keys{Path: "m/" + f.name}, File: &FileFacts{Format: f.format, Asserted: f.asserted}}
			if f.parameters > 0 {
				at.Model = &Model{Tensors: []TensorType{{"F32", 1, f.parameters}}}
				at.File.Prints = []Print{{Header: [32]byte{1}}}
			}
			r.Sightings = append(r.Sightings, Sighting{Component: at, Where: Place{Path: "m/" + f.name}})
			m.Links = append(m.Links, Link{Rel: Contains, Note: f.note, To: Component{Kind: KindFile, Keys: at.Keys}})
		}
		r.Sightings = append(r.Sightings, m)
		for _, n := range Merge(r).Nodes {
			if n.Kind == KindModel && n.Model.Parameters != c.want {
				t.Errorf("%s: got %d, want %d", c.what, n.Model.Parameters, c.want)
			}
			if n.Kind == KindModel && c.what == "variants alone" && n.Model.Fingerprints.Header == "" {
				t.Error("one of the variants gives no header id")
			}
		}
	}
}

// TestNamesOfModels: a model that nobody named has the name of its folder; a folder of a
// version that of the one above, the tree itself that of its weights.
func TestNamesOfModels(t *testing.T) {
	for _, c := range []struct{ key, file, want string }{
		{"m/bert/", "m/bert/model.onnx", "bert"},
		{"models/half_plus_two/00000123/", "models/half_plus_two/00000123/saved_model.pb", "half_plus_two"},
		{"123/", "123/saved_model.pb", "123"},
		{"./", "model.keras", "model"},
		{"./", "", "unknown"},
	} {
		m := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: c.key}, Model: &Model{Formats: []string{"x"}}}, Where: Place{Path: "a"}}
		r := Report{}
		if c.file != "" {
			f := Component{Kind: KindFile, Name: "f", Keys: Keys{Path: c.file}, File: &FileFacts{Format: "x"}}
			r.Sightings = append(r.Sightings, Sighting{Component: f, Where: Place{Path: c.file}})
			m.Links = []Link{{Rel: Contains, To: Component{Kind: KindFile, Keys: f.Keys}}}
		}
		r.Sightings = append(r.Sightings, m)
		for _, n := range Merge(r).Nodes {
			if n.Kind == KindModel && n.Name != c.want {
				t.Errorf("%+v: got %q", c, n.Name)
			}
		}
	}
}
