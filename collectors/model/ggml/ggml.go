// Package ggml reads the weights that ggml's programs wrote before GGUF, and that
// whisper.cpp writes still: ggml (without version), ggmf, ggjt (versions 1 to 3) and
// ggla (adapters). These formats do not say which architecture they hold, so what
// follows the magic is read as LLaMA's header, and that of ggml as Whisper's too;
// what ends exactly where the file ends is taken. Tensor data is hashed, with each
// tensor's own digest, and nothing more.
//
// Source: llama.cpp at the commits before b1046 (llama.cpp, convert-*.py: ggml, ggmf,
// ggjt), examples/baby-llama's and convert-lora-to-ggml.py (ggla); whisper.cpp
// models/convert-pt-to-ggml.py and src/whisper.cpp.
//
// Not understood: other architectures in the format ggml (GPT-2, GPT-J, GPT-NeoX, MPT,
// BERT, RWKV), of which the magic is said and nothing else; the session files ggsn
// and ggsq.
package ggml

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/quant"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads ggml files.
var Collector = sbom.Collector{
	Name: "model/ggml",
	Doc: `Weights of ggml before GGUF (ggml, ggmf, ggjt, ggla)
LLaMA's files and adapters of the first months of llama.cpp, and those of whisper.cpp:
the architecture's parameters, quantisation, and the exact number of parameters by type.
Of other architectures in the same container the format alone.`,
	Match:   []string{"ggml-*.bin", "*.ggml", "*.ggml.*.bin"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "ggml"

func sniff(head []byte) bool { return len(head) >= 12 && magics[string(head[:4])] != "" }

// magics are what the first four bytes say, little-endian as they stand.
var magics = map[string]string{"lmgg": "ggml", "fmgg": "ggmf", "tjgg": "ggjt", "algg": "ggla"}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
		return seen, err
	}
	w, broken := read(f)
	var tensors []fingerprint.Tensor
	if w != nil {
		tensors = w.tensors
	}
	file, err := weights.Tensors(f, format, tensors)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	if w == nil {
		file.File.Format = ""
		return []sbom.Sighting{file}, broken
	}
	file.Properties = []sbom.Property{{Name: "ggml:container", Value: w.container}}
	model := weights.OwnerOf(f.Path).Model(format, file)
	if model.Component.Model != nil && broken == nil {
		w.counts(&file)
		w.describe(model.Component.Model)
	}
	return []sbom.Sighting{file, model}, broken
}

// read tries the layouts that the magic may stand for.
func read(f *sbom.File) (*file, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var head [8]byte
	if n, _ := r.ReadAt(head[:], 0); n < 8 || magics[string(head[:4])] == "" {
		return nil, errors.New("the file is not of ggml: it does not begin with the magic of ggml, ggmf, ggjt or ggla")
	}
	name := magics[string(head[:4])]
	var last error
	best := int64(-1)
	for _, l := range layouts(name) {
		w := newFile(r, size, l)
		err := w.read()
		if err == nil {
			return w, nil
		}
		if w.r.at > best {
			last, best = err, w.r.at
		}
	}
	w := &file{container: name}
	if name == "ggml" { // anybody's
		return w, &sbom.Problem{Reason: "of an architecture that is not known here, or damaged: the container ggml does not say which it holds (read as LLaMA or Whisper: " + last.Error() + ")"}
	}
	return w, fmt.Errorf("the file is damaged: %w", last)
}

// counts says what the file holds, by storage type.
func (w *file) counts(s *sbom.Sighting) {
	if len(w.types) == 0 {
		return
	}
	m := s.Component.Model
	if m == nil {
		m = &sbom.Model{}
	}
	for _, t := range w.types {
		m.Parameters += t.Parameters
		m.Tensors = append(m.Tensors, *t)
	}
	slices.SortFunc(m.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
	s.Component.Model = m
}

func (w *file) describe(m *sbom.Model) {
	m.Family = w.family
	for _, p := range w.settings {
		switch p.name {
		case "ftype":
			name, _ := quant.FileType(uint64(p.value % quantVersion))
			if bits := quant.Bits(name); bits != "" {
				m.Quantization = sbom.Quantization{Method: format, Scheme: name, Bits: bits}
			}
			continue
		case "n_vocab":
			m.Tokenizer.VocabSize = int64(p.value)
		case "n_text_ctx":
			m.ContextLength = int64(p.value)
		case "lora.r":
			m.AdapterType = "LORA"
		}
		m.Hyperparameters = append(m.Hyperparameters, sbom.Property{Name: p.name, Value: strconv.FormatUint(uint64(p.value), 10)})
	}
}
