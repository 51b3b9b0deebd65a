// Package tflite reads models of TensorFlow Lite (LiteRT): version, operators,
// inputs and outputs with their types, shapes and quantisation, the constant tensors
// with their exact number of elements by type, signatures, and the metadata that
// writers leave there: name, version, author, licence, labels in the archive behind
// the model. It is a buffer of FlatBuffers, which is read by range; the data of
// tensors are hashed and nothing more. A Git LFS pointer in the file's place gives
// the digest and size that it states.
//
// Source: tensorflow/tensorflow compiler/mlir/lite/schema/schema.fbs and
// conversion_metadata.fbs; tensorflow/tflite-support metadata_schema.fbs.
//
// Not understood: options of operators; models that are compressed or encrypted by
// an application; bytes that no table leads to, other than an archive at the end;
// how a sparse tensor is packed: its elements count by its shape.
package tflite

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads TensorFlow Lite models.
var Collector = sbom.Collector{
	Name: "model/tflite",
	Doc: `TensorFlow Lite models
Reads version, operators, inputs and outputs, quantisation, the exact number of
elements by type, signatures, and the metadata: name, version, author, licence,
associated files. Custom operators, and TensorFlow's own that reach out of the graph,
are reported.`,
	Match:   []string{"*.tflite"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format     = "tflite"
	identifier = "TFL3"
)

func sniff(head []byte) bool { return len(head) >= 8 && string(head[4:8]) == identifier }

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
		return seen, err
	}
	m, broken := read(f)
	if !m.found && !strings.HasSuffix(strings.ToLower(f.Path), ".tflite") {
		return nil, nil
	}
	var tensors []fingerprint.Tensor
	if broken == nil {
		tensors = m.prints()
	}
	file, err := weights.Tensors(f, format, tensors)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	if !m.found {
		file.File.Format = ""
		return []sbom.Sighting{file}, broken
	}
	s := weights.OwnerOf(f.Path).Model(format, file)
	seen, err := m.external(f, &s)
	m.describe(&file, &s)
	return append([]sbom.Sighting{file, s}, seen...), errors.Join(broken, err)
}

// read reads the tables. The error says what is wrong with the file; what was read
// before stands.
func read(f *sbom.File) (*model, error) {
	m := newModel(f.Settings.Limits.WithDefaults().Header)
	r, size, err := f.Open()
	if err != nil {
		return m, err
	}
	defer r.Close()
	b := flatbuf.Open(r, size)
	if b.Identifier() != identifier {
		return m, errors.New("the file is not TensorFlow Lite: it does not begin with the mark TFL3")
	}
	root, ok := b.Root()
	if !ok {
		return m, errors.Join(errors.New("the file is not TensorFlow Lite, or damaged: it has no model"), b.Err())
	}
	m.found, m.size = true, size
	m.read(root)
	m.archive(r, size)
	return m, errors.Join(append(m.problems, b.Err())...)
}
