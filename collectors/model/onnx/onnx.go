// Package onnx reads ONNX models: who made them, the versions of the operator
// sets, inputs and outputs, the tensors that are stored with their exact number of
// elements by type, the operators of all graphs, functions and bodies of control
// flow, and the files of external data, which it looks for beside the model. The
// data of tensors are hashed and nothing more: a model of gigabytes is read by
// range. A Git LFS pointer in the file's place gives the digest and size that it
// states.
//
// Source: onnx/onnx onnx/onnx.in.proto, docs/IR.md, docs/ExternalData.md,
// docs/MetadataProps.md.
//
// Not understood: the text and JSON forms of a model; what a node computes; types
// of values within a graph; tensors in attributes, which are counted apart and are
// no parameters; parameters of multi-device configurations. Elements are counted as
// they are stored: those of a sparse tensor are its values, and weights that
// MatMulNBits packs count by the bytes that hold them.
package onnx

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads ONNX models.
var Collector = sbom.Collector{
	Name: "model/onnx",
	Doc: `ONNX models and their external data
Reads producer, operator sets, metadata, inputs and outputs, the exact number of
elements by type, the operators of all graphs and functions, quantisation. External
data are found, measured and hashed; locations outside of the model's folder, and
operators that the format does not have, are reported.`,
	Match:   []string{"*.onnx"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "onnx"

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	owner := ownerOf(f)
	if seen, ok, err := weights.PointerTo(f, format, owner); ok || err != nil {
		return seen, err
	}
	m, broken := read(f)
	if !m.found && !strings.HasSuffix(strings.ToLower(f.Path), ".onnx") {
		return nil, nil
	}
	o := m.external(f)
	if broken != nil || len(m.tensors) < m.total() {
		o.left, o.prints = nil, nil
	}
	file, err := weights.Tensors(f, format, o.left)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	if !m.found {
		file.File.Format = ""
		return []sbom.Sighting{file}, broken
	}
	fingerprint.Add(&file, append(file.File.Prints, o.prints...))
	model := owner.Model(format, file)
	model.Links = append(append(model.Links, o.links...), partOf(f, owner)...)
	m.describe(&file, &model)
	if owner.Variant != "" {
		owner.Settle(format, &file, &model)
	}
	return append([]sbom.Sighting{file, model}, o.seen...), errors.Join(append(o.faults, broken)...)
}

// ownerOf gives the model, which may be one that this file is another form of.
func ownerOf(f *sbom.File) weights.Owner {
	if o, ok := weights.Exported(f, format); ok {
		return o
	}
	return weights.OwnerOf(f.Path)
}

// partOf names the model that this one is another form of, or of a part of it, where
// it keeps to itself: exporters put encoder_model.onnx and its like into a folder
// onnx/ below the model of transformers that they were made of.
func partOf(f *sbom.File, owner weights.Owner) []sbom.Link {
	dir := path.Dir(f.Path)
	above := path.Dir(dir)
	if owner.Variant != "" || path.Base(dir) != "onnx" {
		return nil
	}
	if _, err := fs.Stat(f.FS, path.Join(above, "config.json")); err != nil {
		return nil
	}
	return []sbom.Link{{Rel: sbom.VariantOf, To: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: sbom.DirOf(dir)}}}}
}

// read walks the model. The error says what is wrong with the file; what was read
// before stands.
func read(f *sbom.File) (*model, error) {
	m := newModel(f.Settings.Limits.WithDefaults().Header)
	r, size, err := f.Open()
	if err != nil {
		return m, err
	}
	defer r.Close()
	if size == 0 {
		return m, errors.New("the file is not ONNX: it is empty")
	}
	m.size = size
	top := protowalk.Open(r, size)
	m.read(top)
	if !m.found {
		return m, errors.Join(errors.New("the file is not ONNX, or damaged: it has no graph in a model of ONNX"), m.fault(top))
	}
	return m, errors.Join(append(m.problems, top.Err())...)
}

// sniff knows a model by its first fields: the version of the format, then the
// producer or the graph.
func sniff(head []byte) bool {
	if len(head) < 16 || head[0] != 0x08 || head[1] == 0 || head[1] > maxIR {
		return false
	}
	switch head[2] {
	case 0x12: // producer_name
		n := int(head[3])
		if n > 64 || 4+n >= len(head) || !printable(head[4:4+n]) {
			return false
		}
		next := head[4+n]
		return next == 0x1a || next == 0x22 || next == 0x28 || next == 0x32 || next == 0x3a || next == 0x42
	case 0x3a: // graph: a length, then the first node with an input, an output, a name or an operator
		at := 3
		for at < len(head) && head[at]&0x80 != 0 {
			at++
		}
		at++
		if at+1 >= len(head) || head[at] != 0x0a {
			return false
		}
		for at++; at < len(head) && head[at]&0x80 != 0; at++ {
		}
		at++
		return at+3 < len(head) && (head[at] == 0x0a || head[at] == 0x12 || head[at] == 0x1a || head[at] == 0x22) && int(head[at+1]) < 128 && printable(head[at+2:min(len(head), at+2+int(head[at+1]))])
	}
	return false
}

const maxIR = 32 // of a version that is to come

func printable(s []byte) bool {
	for _, c := range s {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
