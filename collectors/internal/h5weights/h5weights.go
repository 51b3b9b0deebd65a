// Package h5weights takes from an HDF5 file what it holds of a model: the tensors,
// apart from the state of the optimizer, and the ways in which it reads other files.
//
// Source: keras-team/keras keras/src/saving/saving_lib.py (H5IOStore),
// keras/src/legacy/saving/legacy_h5_format.py.
package h5weights

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/hdf5"
	"github.com/mlbom/mlbom/sbom"
)

// A dataset that claims more than this, and more than so many times the file, is a
// bomb: Keras's own bounds.
const (
	bombFloor = 4 << 30 // bytes
	bombTimes = 1000
)

// Weights are the tensors of a file.
type Weights struct {
	Tensors    []fingerprint.Tensor
	Model      *sbom.Model // counts of the tensors; nil where there are none
	Properties []sbom.Property
	Findings   []sbom.Finding
}

// Of gives the weights of a file. Base is where it begins in the file that holds
// it, or below 0 where its bytes do not lie there as they are; size is its own.
func Of(f *hdf5.File, base, size int64, model bool) *Weights {
	w := &Weights{}
	types := map[string]*sbom.TensorType{}
	var order []string
	var optimizer, seeds int64
	for i := range f.Objects {
		o := &f.Objects[i]
		if o.Dataset == nil {
			continue
		}
		w.outside(o, size, model)
		elements, ok := o.Dataset.Elements()
		if !ok || !numeric(&o.Dataset.Type) {
			continue
		}
		elements *= max(o.Dataset.Type.Elements, 1)
		switch {
		case isOptimizer(o.Path):
			optimizer += elements
			continue
		case strings.Contains(o.Path, "/seed_generator/"): // Keras counts it to no weights
			seeds += elements
			continue
		}
		t := tensor(o, base)
		w.Tensors = append(w.Tensors, t)
		if types[t.DType] == nil {
			types[t.DType] = &sbom.TensorType{DType: t.DType}
			order = append(order, t.DType)
		}
		types[t.DType].Tensors++
		types[t.DType].Parameters += elements
	}
	w.links(f, model)
	if len(order) > 0 {
		w.Model = &sbom.Model{}
	}
	for _, name := range order {
		w.Model.Tensors = append(w.Model.Tensors, *types[name])
		w.Model.Parameters += types[name].Parameters
	}
	if optimizer > 0 {
		w.Properties = append(w.Properties, sbom.Property{Name: "keras:optimizer_values", Value: strconv.FormatInt(optimizer, 10)})
	}
	if seeds > 0 {
		w.Properties = append(w.Properties, sbom.Property{Name: "keras:seed_values", Value: strconv.FormatInt(seeds, 10)})
	}
	return w
}

func isOptimizer(path string) bool {
	return strings.HasPrefix(path, "/optimizer_weights/") || strings.HasPrefix(path, "/optimizer/") || strings.HasPrefix(path, "/_optimizer/")
}

// numeric tells whether elements are numbers; a list of texts is no tensor.
func numeric(t *hdf5.Type) bool {
	switch t.Class {
	case hdf5.Fixed, hdf5.Float, hdf5.Bits, hdf5.Complex, hdf5.Opaque:
		return true
	case hdf5.Enum, hdf5.Array:
		return t.Base != nil && numeric(t.Base)
	case hdf5.Compound:
		return strings.HasPrefix(t.Name(), "C")
	}
	return false
}

// tensor gives a dataset as a tensor, under the name that it has in a file of
// weights alone.
func tensor(o *hdf5.Object, base int64) fingerprint.Tensor {
	d := o.Dataset
	name := strings.TrimPrefix(o.Path, "/")
	t := fingerprint.Tensor{Name: strings.TrimPrefix(name, "model_weights/"), DType: d.Type.Name()}
	if stated := o.Text("dtype"); stated == "bfloat16" { // kept as two bytes of no type
		t.DType = "BF16"
	}
	for _, n := range d.Shape {
		t.Shape = append(t.Shape, int64(n))
	}
	n, _ := d.Elements()
	t.Part = sbom.Part{At: base + d.Offset, Size: n * d.Type.Size}
	t.Opaque = base < 0 || d.Offset < 0 || d.Layout != "contiguous" || d.Type.Big && d.Type.Size > 1 || len(d.External) > 0 || d.Type.Class == hdf5.Array || d.Filtered
	if t.Opaque {
		t.Part = sbom.Part{}
	}
	return t
}

// outside reports a dataset whose bytes are in another file, or nowhere.
func (w *Weights) outside(o *hdf5.Object, size int64, model bool) {
	d := o.Dataset
	for _, name := range d.External {
		w.elsewhere(name, fmt.Sprintf("the dataset %.200q takes its bytes", o.Path), model)
	}
	n, _ := d.Elements()
	width := max(d.Type.Size, 1)
	if d.Layout != "contiguous" && d.Layout != "compact" && n/(bombFloor/width) > 0 && n/bombTimes > size/width {
		w.Findings = append(w.Findings, sbom.Finding{Rule: sbom.RuleBomb, Message: fmt.Sprintf("the dataset %.200q claims %d elements of %d bytes, and the file has %d bytes", o.Path, n, width, size)})
	}
}

func (w *Weights) links(f *hdf5.File, model bool) {
	soft := 0
	for _, l := range f.Links {
		if l.File == "" {
			soft++
			continue
		}
		w.elsewhere(l.File, fmt.Sprintf("the link %.200q is read", l.Path), model)
	}
	if soft > 0 {
		w.Properties = append(w.Properties, sbom.Property{Name: "hdf5:soft_links", Value: strconv.Itoa(soft)})
	}
}

const maxFindings = 50

func (w *Weights) elsewhere(name, what string, model bool) {
	if len(w.Findings) >= maxFindings {
		return
	}
	if archive.Escapes(name) || strings.Contains(name, "://") {
		w.Findings = append(w.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Message: fmt.Sprintf("%s from %.200q, outside of the folder", what, name)})
	} else if model {
		w.Findings = append(w.Findings, sbom.Finding{Rule: sbom.RuleFileOp, Message: fmt.Sprintf("%s from %.200q, another file", what, name)})
	}
}

// Describe puts the counts, the properties and the findings into the sighting of the
// file; what a fingerprint put there stays.
func (w *Weights) Describe(file *sbom.Sighting) {
	file.Findings = append(file.Findings, w.Findings...)
	file.Properties = append(file.Properties, w.Properties...)
	if w.Model == nil {
		return
	}
	if file.Component.Model == nil {
		file.Component.Model = &sbom.Model{}
	}
	file.Component.Model.Tensors, file.Component.Model.Parameters = w.Model.Tensors, w.Model.Parameters
}
