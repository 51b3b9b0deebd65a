// Package coreml reads Core ML models: *.mlmodel, and the folder *.mlpackage with the
// model and its weights. It gives author, licence, version and description, what
// made it, inputs and outputs, the kind of model, the layers of a neural network or
// the operations of a program with the weights that lie in files, and the classes of
// native code that a custom layer or model needs. Weights are hashed and nothing
// more. A Git LFS pointer in the file's place gives the digest and size that it
// states.
//
// Source: apple/coremltools mlmodel/format/{Model,FeatureTypes,NeuralNetwork,MIL}.proto
// and mlmodel/src/MILBlob/Blob/StorageFormat.hpp.
//
// Not understood: weights within a neural network, trees and other kinds of before
// programs, so there is no count of theirs; compiled models (*.mlmodelc); flexible
// shapes, of which the default is given.
package coreml

import (
	"context"
	"encoding/binary"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Core ML models.
var Collector = sbom.Collector{
	Name: "model/coreml",
	Doc: `Core ML models (.mlmodel, .mlpackage)
Reads author, licence, version, description, what converted the model from what,
inputs and outputs, layers or operations, and the weights of a program by type.
Custom layers and models, which are native code, and weights outside of the package
are reported.`,
	Match:   []string{"*.mlmodel", "*.mlpackage/Manifest.json"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "coreml"

// sniff knows the version, then a description whose first input has a name and a
// description or a type.
func sniff(head []byte) bool {
	if len(head) < 12 || head[0] != 0x08 || head[1] == 0 || head[1] > 32 || head[2] != 0x12 {
		return false
	}
	at := 3
	for range 2 { // of the description, of the input
		_, n := binary.Uvarint(head[at:])
		if n <= 0 || at+n+1 >= len(head) || head[at+n] != 0x0a {
			return false
		}
		at += n + 1
	}
	end := at + 1 + int(head[at])
	return head[at] > 0 && head[at] < 128 && end < len(head) && (head[end] == 0x12 || head[end] == 0x1a)
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	isManifest := strings.EqualFold(path.Base(f.Path), "manifest.json")
	if seen, ok, err := weights.Pointer(f, format, !isManifest); ok || err != nil {
		return seen, err
	}
	owner := ownerOf(f.Path)
	if isManifest {
		file, err := weights.File(f, "coreml-manifest")
		if err != nil {
			return nil, err
		}
		owner.Auxiliary = true
		return []sbom.Sighting{file, owner.Model(format, file)}, nil
	}
	m, broken := read(f)
	if !m.found && !strings.HasSuffix(strings.ToLower(f.Path), ".mlmodel") {
		return nil, nil
	}
	o := m.external(f)
	if broken != nil {
		o.prints, o.left = nil, nil
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
	s := owner.Model(format, file)
	s.Links = append(s.Links, o.links...)
	m.describe(&file, &s)
	return append([]sbom.Sighting{file, s}, o.seen...), errors.Join(append(o.faults, broken)...)
}

// ownerOf gives the model: the package that the file lies in, or its own.
func ownerOf(file string) weights.Owner {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if ext := path.Ext(dir); strings.EqualFold(ext, ".mlpackage") {
			return weights.Owner{Keys: sbom.Keys{Path: dir + "/"}, Name: strings.TrimSuffix(path.Base(dir), ext)}
		}
	}
	return weights.OwnerOf(file)
}

// read reads the model. The error says what is wrong with the file; what was read
// before stands.
func read(f *sbom.File) (*model, error) {
	m := newModel(f.Settings.Limits.WithDefaults().Header)
	r, size, err := f.Open()
	if err != nil {
		return m, err
	}
	defer r.Close()
	top := protowalk.Open(r, size)
	m.read(top, 0)
	if m.kind == "" || m.spec == 0 {
		return m, errors.New("the file is not Core ML, or damaged: it has no model of a kind that is known")
	}
	m.found = true
	return m, errors.Join(append(m.problems, top.Err())...)
}
