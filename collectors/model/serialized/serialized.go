// Package serialized knows weights that are not safetensors or GGUF: PyTorch
// archives and legacy files, TorchScript, pickles, joblib, HDF5 and Keras, NumPy,
// TensorFlow, TensorFlow Lite and Flax. It finds out by the bytes what a
// file is, gives its digest, and says where loading it can run code. It also
// reads the index of a sharded PyTorch model (pytorch_model.bin.index.json). A
// Git LFS pointer in the file's place gives the digest and size that it states.
//
// Source: pytorch torch/serialization.py; python pickletools; joblib
// compressor.py; the NumPy format (NEP 1); the HDF5 specification, section II.A;
// keras saving_lib.py; tensorflow lite schema.fbs, saved_model.proto.
//
// Not understood: the opcodes of a pickle are not analysed, so an unsafe format
// is reported whatever the pickle does; what an archive compressed with xz, lzma
// or lz4 holds; PyTorch's tar files of before version 0.2; tensors, attributes
// and operators of HDF5 and TensorFlow files.
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
	Doc: `Weights and objects in PyTorch, pickle, joblib, Keras, HDF5, TensorFlow and NumPy files
Knows the format by the bytes, gives digest and size, and reports formats that can
run code when they are loaded. The opcodes of pickles are not analysed yet.`,
	Match: []string{"*.pkl", "*.pickle", "*.pt", "*.pth", "*.ckpt", "*.bin", "*.joblib", "*.dill", "*.cloudpickle",
		"*.npy", "*.npz", "*.msgpack", "*.pb", "*.tflite",
		"*.pkl.gz", "*.pkl.bz2", "*.pkl.xz", "*.joblib.gz",
		"pytorch_model.bin.index.json", "*.bin.index.json", "*.bin.index.*.json"},
	Sniff:   sniff,
	Collect: collect,
}

// found is what the bytes say.
type found struct {
	format string // "" where nothing is known
	model  bool   // the format is one of models
	unsafe string // why loading can run code
	facts  []sbom.Property
	other  []sbom.Finding
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	if strings.HasSuffix(base, ".json") {
		return collectIndex(f)
	}
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
	file.Properties = is.facts
	if is.unsafe != "" {
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleUnsafeFormat, Message: is.unsafe})
	}
	file.Findings = append(file.Findings, is.other...)
	seen := []sbom.Sighting{file}
	owner := weights.OwnerOf(f.Path)
	if owner.Auxiliary || is.model || (isObject(is.format) && weights.ModelLike(f.Path)) {
		seen = append(seen, owner.Model(is.format, file))
	}
	return seen, broken
}

// isObject tells whether the format holds any Python object, so that the name
// alone says that it is a model.
func isObject(format string) bool { return format == "pickle" || format == "joblib" }

func collectIndex(f *sbom.File) ([]sbom.Sighting, error) {
	if seen, ok, err := weights.Pointer(f, "pytorch", false); ok || err != nil {
		return seen, err
	}
	return weights.Index(f, "pytorch")
}

// byName says what the name promises, where the bytes are not there. A name
// that firmware and data have too promises nothing.
func byName(file string) (format string, isFile, isModel bool) {
	owner := weights.OwnerOf(file)
	ext := strings.ToLower(path.Ext(file))
	format = map[string]string{".pkl": "pickle", ".pickle": "pickle", ".dill": "pickle", ".cloudpickle": "pickle", ".joblib": "joblib",
		".pt": "pytorch", ".pth": "pytorch", ".ckpt": "pytorch", ".bin": "pytorch",
		".npy": "npy", ".npz": "npz", ".msgpack": "flax", ".pb": "tensorflow", ".tflite": "tflite"}[ext]
	switch ext {
	case ".bin", ".msgpack", ".pb":
		return format, owner.Standard || owner.Auxiliary, owner.Standard || owner.Auxiliary
	case ".pkl", ".pickle", ".dill", ".cloudpickle", ".joblib":
		return format, true, owner.Auxiliary || weights.ModelLike(file)
	case ".npy", ".npz":
		return format, true, false
	}
	return format, format != "", format != ""
}

// sniff knows pickles, PyTorch files and TensorFlow Lite by their first bytes.
func sniff(head []byte) bool {
	return isPickle(head) || isLocalPickle(head) || isTFLite(head)
}

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
	if strings.HasPrefix(string(head), "PK\x03\x04") || strings.HasPrefix(string(head), "PK\x05\x06") {
		return archive(r, size, ext)
	}
	if is := byHead(head, ext); is.format != "" {
		return is, nil
	}
	switch ext {
	case ".pb":
		return tensorflow(head, base), nil
	case ".h5", ".hdf5", ".keras", ".npy", ".npz", ".tflite", ".pkl", ".pickle", ".dill", ".cloudpickle", ".joblib", ".gz", ".bz2", ".xz":
		return named(r, size, head, ext)
	case ".msgpack":
		if owner := weights.OwnerOf(f.Path); owner.Standard && isMsgpackMap(head) {
			return found{format: "flax", model: true}, nil
		}
	}
	return found{}, nil
}

// named judges what the bytes did not: pickles of the first protocols have no
// mark but their end.
func named(r io.ReaderAt, size int64, head []byte, ext string) (found, error) {
	switch ext {
	case ".pkl", ".pickle", ".dill", ".cloudpickle", ".joblib":
		var last [1]byte
		if size > 1 && strings.IndexByte("(]}lcdI0NLFSVUK", head[0]) >= 0 {
			if _, err := r.ReadAt(last[:], size-1); err == nil && last[0] == '.' {
				return pickleFound("pickle", "a pickle of protocol 0 or 1"), nil
			}
		}
		return found{}, fmt.Errorf("the file is no pickle, whatever its name %q says", ext)
	case ".gz", ".bz2", ".xz":
		return found{}, nil
	}
	return found{}, fmt.Errorf("the file is not what its name says: the bytes are not those of %s", ext[1:])
}
