// Package gguf reads the header of GGUF files, versions 1 to 3 in either byte
// order: what the file says of the model (general.*), its architecture, its
// tokenizer, its chat templates, its parents and its training data, and the
// tensors by storage type. Tensor data is hashed and nothing more. A Git LFS
// pointer in the file's place gives the digest and size that it states.
//
// Source: ggml-org/ggml docs/gguf.md, include/gguf.h and src/gguf.cpp;
// ggml-org/llama.cpp gguf-py/gguf/constants.py.
//
// Not understood: arrays of arrays, which ggml refuses as well; the quantisation of
// types that ggml does not know (forks use numbers of their own). Files of before
// GGUF are those of model/ggml.
package gguf

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads GGUF files.
var Collector = sbom.Collector{
	Name: "model/gguf",
	Doc: `GGUF weights
Reads all of the header: name, licence, authors, base models and datasets, the
architecture's parameters, tokenizer and chat templates, quantisation and the exact
number of parameters by type. Chat templates are searched for code that reaches out
of the template; tensors that overlap and bytes behind them are reported.`,
	Match:   []string{"*.gguf"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "gguf"

// sniff knows the magic and a version below 2^16 in either byte order.
func sniff(head []byte) bool {
	if len(head) < 8 || string(head[:4]) != "GGUF" {
		return false
	}
	v := binary.LittleEndian.Uint32(head[4:])
	return v != 0 && (v < 1<<16 || v&0xffff == 0)
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
		return seen, err
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
	if !h.isGGUF {
		file.File.Format = ""
		return []sbom.Sighting{file}, broken
	}
	h.counts(&file)
	file.Findings, file.Properties = h.findings, h.split()
	if h.text("general.type") == "imatrix" {
		file.Properties = h.rest()
		return []sbom.Sighting{file}, broken
	}
	model := weights.OwnerOf(f.Path).Model(format, file)
	model.Findings = append(weights.Shards(f), h.splitFindings(f.Path)...)
	h.describe(&model)
	parts, err := h.parts(f, &model)
	return append([]sbom.Sighting{file, model}, parts...), errors.Join(broken, err)
}

// readHeader reads the header. The error says what is wrong with the file; what
// was read before stands.
func readHeader(f *sbom.File) (*header, error) {
	h := &header{values: map[string]value{}, types: map[string]*sbom.TensorType{}}
	r, size, err := f.Open()
	if err != nil {
		return h, err
	}
	defer r.Close()
	h.r = newReader(r, size, f.Settings.Limits.WithDefaults().Header)
	if !h.begin() {
		return h, errors.New("the file is not GGUF: " + h.r.reason())
	}
	h.readValues()
	if h.r.err == nil {
		h.readTokens(r, size)
		h.readTensors()
	}
	if h.r.err == nil {
		h.checkLayout(size)
	} else {
		h.problem("%s", h.r.reason())
	}
	return h, errors.Join(h.problems...)
}

// owned tells whether a key belongs to the architecture, or to a part of the
// model with keys of its own.
func owned(key, architecture string) bool {
	head, _, ok := strings.Cut(key, ".")
	return ok && (head == architecture || head == "clip" || head == "adapter" || strings.HasPrefix(key, "general.sampling."))
}
