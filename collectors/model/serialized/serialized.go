// Package serialized knows weights of TensorFlow, TensorFlow Lite and Flax by their
// first bytes, and gives their digests. A Git LFS pointer in the file's place gives
// the digest and size that it states.
//
// Source: tensorflow lite schema.fbs, saved_model.proto.
//
// Not understood: tensors, attributes and operators of these files.
package serialized

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads files of weights in other formats.
var Collector = sbom.Collector{
	Name: "model/serialized",
	Doc: `Weights in TensorFlow and Flax files
Knows the format by the bytes, gives digest and size.`,
	Match:   []string{"*.msgpack", "*.pb", "*.tflite"},
	Sniff:   sniff,
	Collect: collect,
}

// found is what the bytes say.
type found struct {
	format string // "" where nothing is known
	model  bool   // the format is one of models
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	if format, file, model := byName(f.Path); file {
		if seen, ok, err := weights.Pointer(f, format, model); ok || err != nil {
			return seen, err
		}
	}
	is, broken := examine(f, base)
	if is.format == "" {
		return nil, broken
	}
	file, err := weights.File(f, is.format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	seen := []sbom.Sighting{file}
	owner := weights.OwnerOf(f.Path)
	if owner.Auxiliary || is.model {
		seen = append(seen, owner.Model(is.format, file))
	}
	return seen, broken
}

// byName says what the name promises, where the bytes are not there. A name
// that firmware and data have too promises nothing.
func byName(file string) (format string, isFile, isModel bool) {
	owner := weights.OwnerOf(file)
	ext := strings.ToLower(path.Ext(file))
	format = map[string]string{".msgpack": "flax", ".pb": "tensorflow", ".tflite": "tflite"}[ext]
	switch ext {
	case ".msgpack", ".pb":
		return format, owner.Standard || owner.Auxiliary, owner.Standard || owner.Auxiliary
	}
	return format, format != "", format != ""
}

// sniff knows TensorFlow Lite by its first bytes.
func sniff(head []byte) bool { return isTFLite(head) }

// examine finds out what the file is. Nothing is known of most files that share
// an ending with weights: that is no error. A name that cannot mean anything
// else makes it one.
func examine(f *sbom.File, base string) (found, error) {
	r, size, err := f.Open()
	if err != nil {
		return found{}, err
	}
	defer r.Close()
	head := make([]byte, min(size, 4096))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return found{}, err
	}
	ext := path.Ext(base)
	if isTFLite(head) {
		return found{format: "tflite", model: true}, nil
	}
	switch ext {
	case ".pb":
		return tensorflow(head, base), nil
	case ".tflite":
		return found{}, fmt.Errorf("the file is not what its name says: the bytes are not those of %s", ext[1:])
	case ".msgpack":
		if owner := weights.OwnerOf(f.Path); owner.Standard && isMsgpackMap(head) {
			return found{format: "flax", model: true}, nil
		}
	}
	return found{}, nil
}
