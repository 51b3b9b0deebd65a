package h5weights

import (
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/hdf5"
	"github.com/mlbom/mlbom/sbom"
)

func dataset(path string, d hdf5.Dataset) hdf5.Object {
	if d.Type.Size == 0 {
		d.Type = hdf5.Type{Class: hdf5.Float, Size: 4, Exponent: 8, Mantissa: 23}
	}
	return hdf5.Object{Path: path, Dataset: &d}
}

func TestOf(t *testing.T) {
	f := &hdf5.File{Objects: []hdf5.Object{
		{Path: "/"},
		dataset("/model_weights/dense/kernel:0", hdf5.Dataset{Shape: []uint64{4, 3}, Layout: "contiguous", Offset: 100, Size: 48}),
		dataset("/layers/dropout/seed_generator/vars/0", hdf5.Dataset{Shape: []uint64{2}}),
		dataset("/optimizer/vars/1", hdf5.Dataset{Shape: []uint64{12}}),
		dataset("/words", hdf5.Dataset{Shape: []uint64{9}, Type: hdf5.Type{Class: hdf5.VarLen, Size: 16, Text: true}}),
		dataset("/none", hdf5.Dataset{Null: true}),
		dataset("/chunked", hdf5.Dataset{Shape: []uint64{5}, Layout: "chunked", Offset: -1}),
		dataset("/far", hdf5.Dataset{Shape: []uint64{1}, Layout: "contiguous", Offset: -1, External: []string{"/dev/zero"}}),
	}, Links: []hdf5.Link{{Path: "/a", Target: "/b"}, {Path: "/c", File: "near.h5", Target: "/d"}}}
	w := Of(f, 1000, 5000, true)
	if w.Model.Parameters != 12+5+1 || len(w.Tensors) != 4 {
		t.Errorf("%+v %+v", w.Model, w.Tensors)
	}
	first := w.Tensors[0]
	if first.Name != "dense/kernel:0" || first.DType != "F32" || first.Part != (sbom.Part{At: 1100, Size: 48}) || first.Opaque || !w.Tensors[2].Opaque {
		t.Errorf("%+v", w.Tensors)
	}
	var rules []string
	for _, x := range w.Findings {
		rules = append(rules, x.Rule)
	}
	if len(rules) != 2 || rules[0] != sbom.RulePathEscape || rules[1] != sbom.RuleFileOp {
		t.Errorf("%q", rules)
	}
	if packed := Of(f, -1, 5000, true); !packed.Tensors[0].Opaque {
		t.Error("bytes that are packed have no place in the file")
	}
	if data := Of(f, 0, 5000, false); len(data.Findings) != 1 {
		t.Errorf("data that are no model may name files beside them: %+v", data.Findings)
	}
}
