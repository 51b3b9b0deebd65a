// Package tensorflow reads what TensorFlow saves: the folder of a SavedModel
// (saved_model.pb or .pbtxt, variables, assets, fingerprint, the metadata of Keras),
// graphs with their weights in them (*.pb), exported training graphs (*.meta), and
// checkpoints of the second format (the table *.index and its *.data shards). Of a
// graph it gives the version, tags, signatures, and the operators with those of the
// function library, and reports operators that reach out of the graph. The saver's
// own operators, messages and assertions are no such. Data of tensors are hashed
// and nothing more. A Git LFS pointer in a file's place gives the digest and size
// that it states.
//
// Source: tensorflow/tensorflow core/protobuf/{saved_model,meta_graph,saver,
// tensor_bundle,fingerprint,saved_object_graph}.proto, core/framework/{graph,node_def,
// function,attr_value,tensor,types}.proto, core/util/tensor_bundle, core/lib/io/table,
// keras saved_model/saved_metadata.proto.
//
// Not understood: checkpoints of the first format; tables compressed with Snappy,
// which the library does not write for checkpoints; the bytes of marshalled Python
// in the metadata of Keras; which of several functions a caller runs: an operator
// counts wherever it stands.
package tensorflow

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads TensorFlow's files.
var Collector = sbom.Collector{
	Name: "model/tensorflow",
	Doc: `TensorFlow SavedModels, graphs and checkpoints
Reads version, tags, signatures, operators (with those of functions), variables and
constants with their exact number of elements by type, assets, fingerprint. Operators
that read or write files, run Python or talk over the network are reported; those of
the saver are known. The shards of a checkpoint are looked for, measured and hashed.`,
	Match: []string{"saved_model.pbtxt", "*.pb", "*.meta", "*.index", "*.data-?????-of-?????",
		"checkpoint"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	formatSaved      = "tensorflow-savedmodel"
	formatGraph      = "tensorflow-graph"
	formatMeta       = "tensorflow-metagraph"
	formatCheckpoint = "tensorflow-checkpoint"
	formatShard      = "tensorflow-checkpoint-data"
)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	switch {
	case base == "checkpoint":
		return collectState(f)
	case base == "keras_metadata.pb":
		return collectKeras(f)
	case base == "fingerprint.pb" && inSaved(f):
		return collectFingerprint(f)
	case strings.HasSuffix(base, ".index"):
		return collectIndex(f)
	case shardName.MatchString(base):
		return collectShard(f)
	}
	return collectGraph(f, base)
}

var shardName = pattern.Lazy(`^(.+)\.data-\d{5}-of-\d{5}$`)

// inSaved tells whether the file lies in the folder of a SavedModel.
func inSaved(f *sbom.File) bool { return savedIn(f.FS, path.Dir(f.Path)) }

func savedIn(fsys fs.FS, dir string) bool {
	for _, name := range []string{"saved_model.pb", "saved_model.pbtxt"} {
		if exists(fsys, path.Join(dir, name)) {
			return true
		}
	}
	return false
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// part gives a file that belongs to the model of its folder, and the sighting of
// that model.
func part(f *sbom.File, format string) ([]sbom.Sighting, error) {
	if seen, ok, err := weights.Pointer(f, format, false); ok || err != nil {
		return seen, err
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, err
	}
	owner := weights.Owner{Keys: sbom.Keys{Path: f.Dir()}, Auxiliary: true}
	return []sbom.Sighting{file, owner.Model(format, file)}, nil
}

// collectGraph reads a SavedModel, a graph or a training graph.
func collectGraph(f *sbom.File, base string) ([]sbom.Sighting, error) {
	saved := strings.HasPrefix(base, "saved_model.")
	if seen, ok, err := weights.Pointer(f, formatSaved, saved); (ok && saved) || err != nil {
		return seen, err
	}
	m, format, broken := read(f)
	if format == "" && !saved {
		return nil, nil // .pb and .meta are the names of many things
	}
	var tensors []fingerprint.Tensor
	if format == formatGraph && broken == nil {
		tensors = prints(m.tensors) // those of text are left out: they are no weights
	}
	file, err := weights.Tensors(f, format, tensors)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	if format == "" {
		return []sbom.Sighting{file}, broken
	}
	owner := weights.OwnerOf(f.Path)
	if index := strings.TrimSuffix(f.Path, path.Ext(f.Path)) + ".index"; format == formatMeta && exists(f.FS, index) {
		owner = ownerOf(&sbom.File{Path: index, FS: f.FS}) // the graph of this checkpoint
	}
	s := owner.Model(format, file)
	m.describe(f, format, &file, &s)
	if strings.HasSuffix(base, ".pbtxt") {
		for i := range file.Findings {
			file.Findings[i].Where.Offset = 0 // of another form of the file
		}
	}
	assets, err := m.linkAssets(f, format, &file, &s)
	return append([]sbom.Sighting{file, s}, assets...), errors.Join(broken, err)
}

var operatorName = pattern.Lazy(`^[A-Z_][A-Za-z0-9_>]*$`)

// sniff knows a SavedModel by its version and the message behind it, a graph by
// its first node.
func sniff(head []byte) bool { return isSaved(head) || isGraph(head) || isMeta(head) }

// isSaved: saved_model_schema_version 1, then a MetaGraphDef that begins with its
// MetaInfoDef.
func isSaved(head []byte) bool {
	if len(head) < 8 || head[0] != 0x08 || head[1] != 1 || head[2] != 0x12 {
		return false
	}
	n, used := binary.Uvarint(head[3:])
	return used > 0 && n > 4 && 3+used < len(head) && isMeta(head[3+used:])
}

// isMeta: a MetaInfoDef whose first field is its operators, its tags or its
// version.
func isMeta(head []byte) bool {
	if len(head) < 8 || head[0] != 0x0a {
		return false
	}
	n, used := binary.Uvarint(head[1:])
	if used <= 0 || n < 4 || 1+used >= len(head) {
		return false
	}
	info := head[1+used:]
	switch info[0] {
	case 0x12: // operators: the first with its name
		at := 1
		for depth := 0; depth < 2; depth++ {
			_, used := binary.Uvarint(info[at:])
			if used <= 0 || at+used >= len(info) || info[at+used] != 0x0a {
				return false
			}
			at += used + 1
		}
		return at+1 < len(info) && at+1+int(info[at]) <= len(info) && info[at] < 128 && operatorName.Match(info[at+1:at+1+int(info[at])])
	case 0x22: // tags
		return len(info) > 2 && info[1] < 64 && bytes.HasPrefix(info[2:], []byte("serve"))
	}
	return false
}

// isGraph: a node with a name and an operator.
func isGraph(head []byte) bool {
	if len(head) < 8 || head[0] != 0x0a {
		return false
	}
	n, used := binary.Uvarint(head[1:])
	if used <= 0 || n < 4 || 1+used+2 >= len(head) {
		return false
	}
	node := head[1+used:]
	if node[0] != 0x0a || node[1] > 127 || uint64(node[1]) > n || 2+int(node[1])+2 > len(node) {
		return false
	}
	op := node[2+int(node[1]):]
	return op[0] == 0x12 && op[1] > 0 && 2+int(op[1]) <= len(op) && operatorName.Match(op[2:2+int(op[1])])
}
