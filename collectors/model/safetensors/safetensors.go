// Package safetensors reads the header of safetensors files (*.safetensors):
// the tensors with their data types and shapes, and the metadata that trainers
// leave there, among it Stability's modelspec.* and kohya's ss_*. It also reads
// the index of a sharded model (*.safetensors.index.json). Tensor data is hashed
// and nothing more. A Git LFS pointer in the file's place gives the digest and
// size that it states.
//
// Source: huggingface/safetensors README.md (Format) and safetensors/src/tensor.rs;
// Stability-AI/ModelSpec; kohya-ss/sd-scripts (train_network.py).
//
// Not understood: what tensors mean (an adapter is known by its metadata alone),
// quantisation by packing (GPTQ, AWQ: elements are counted as they are stored),
// ss_tag_frequency and other large metadata.
package safetensors

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads safetensors files and their indexes.
var Collector = sbom.Collector{
	Name: "model/safetensors",
	Doc: `Safetensors weights and their index of shards
Reads the header: tensors by data type, exact number of parameters, metadata of
trainers (modelspec.*, ss_*). Checks that the tensors fill the file without holes,
overlaps or bytes behind them. The index gives the shards of a model.`,
	Match:   []string{"*.safetensors", "*.safetensors.index.json", "*.safetensors.index.*.json"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format    = "safetensors"
	maxHeader = 100_000_000 // bytes, the format's own limit
)

// sniff knows the length of the header and the beginning of its JSON.
func sniff(head []byte) bool {
	return len(head) > 10 && binary.LittleEndian.Uint64(head) <= maxHeader && head[8] == '{' &&
		(bytes.Contains(head, []byte(`"dtype"`)) || bytes.Contains(head, []byte(`"__metadata__"`)))
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	isIndex := strings.HasSuffix(strings.ToLower(f.Path), ".json")
	if seen, ok, err := weights.Pointer(f, format, !isIndex); ok || err != nil {
		return seen, err
	}
	if isIndex {
		return weights.Index(f, format)
	}
	h, broken := readHeader(f)
	var tensors []fingerprint.Tensor
	if broken == nil {
		tensors = h.prints()
	}
	file, err := weights.Tensors(f, format, tensors)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	if !h.found {
		file.File.Format = ""
		return []sbom.Sighting{file}, broken
	}
	h.counts(&file)
	file.Findings = h.findings
	model := weights.OwnerOf(f.Path).Model(format, file)
	model.Findings = weights.Shards(f)
	if model.Component.Model != nil { // else it is state of a training run
		h.adapter(model.Component.Model)
		h.describe(&model)
	}
	return []sbom.Sighting{file, model}, broken
}

// readHeader reads the header by range. The error says what is wrong with it;
// what was read before stands.
func readHeader(f *sbom.File) (*header, error) {
	h := &header{names: map[string]bool{}, types: map[string]*sbom.TensorType{}}
	r, size, err := f.Open()
	if err != nil {
		return h, err
	}
	defer r.Close()
	var length [8]byte
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return h, errors.New("the file is too short to be safetensors: it has no length of the header")
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader {
		return h, fmt.Errorf("the file is not safetensors, or damaged: its header would have %d bytes, and %d are allowed", n, maxHeader)
	}
	if most := f.Settings.Limits.WithDefaults().Header; n > uint64(most) {
		return h, fmt.Errorf("the header has %d bytes, more than the %d that are allowed (--max-header)", n, most)
	}
	var first [1]byte
	if _, err := r.ReadAt(first[:], 8); err != nil || first[0] != '{' {
		return h, errors.New("the file is not safetensors, or damaged: the header does not begin with {")
	}
	h.found, h.size, h.start = true, size, 8+int64(n)
	if err := h.parse(r, int64(n)); err != nil {
		return h, err
	}
	err = h.checkLayout()
	if err == nil {
		h.unpack(r)
	}
	return h, err
}
