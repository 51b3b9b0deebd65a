package weights

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

func TestExported(t *testing.T) {
	tree := fstest.MapFS{"m/config.json": {}, "config.json": {}, "own/config.json": {}, "own/onnx/config.json": {}}
	for _, c := range []struct{ file, folder, path, variant string }{
		{"m/onnx/model.onnx", "onnx", "m/", "onnx"},
		{"onnx/model.onnx", "onnx", "./", "onnx"},
		{"m/onnx/model_qint8_avx512_vnni.onnx", "onnx", "m/", "onnx-qint8_avx512_vnni"},
		{"m/openvino/openvino_model.xml", "openvino", "m/", "openvino"},
		{"m/openvino/openvino_model_qint8_quantized.xml", "openvino", "m/", "openvino-qint8_quantized"},
		{"m/onnx/encoder_model.onnx", "onnx", "", ""},
		{"m/model.onnx", "onnx", "", ""},
		{"x/onnx/model.onnx", "onnx", "", ""},
		{"own/onnx/model.onnx", "onnx", "", ""},
	} {
		o, ok := Exported(&sbom.File{Path: c.file, FS: tree}, c.folder)
		if ok != (c.path != "") || o.Keys.Path != c.path || o.Variant != c.variant {
			t.Errorf("%s: got %+v", c.file, o)
		}
	}
}
