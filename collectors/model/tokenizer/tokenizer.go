// Package tokenizer reads the tokenizers of models: tokenizer.json (the library
// tokenizers), SentencePiece models (tokenizer.model, spiece.model,
// sentencepiece.bpe.model), ranks of tiktoken (*.tiktoken, and tokenizer.model of
// some models), tekken.json, vocab.json with merges.txt, vocab.txt, and the
// settings around them (tokenizer_config.json, special_tokens_map.json,
// added_tokens.json).
//
// Each file that defines a tokenizer is a component of its own with its digest, for
// a changed tokenizer changes what a model reads; large ones are read as a stream.
// The settings add to the model of the folder, and where several files define one
// tokenizer, the first in the order above says how large it is.
//
// The size of a vocabulary is that of tokenizers' get_vocab_size with added tokens,
// and of SentencePiece's get_piece_size.
//
// Not understood: what normalisers, pre-tokenizers and decoders do beyond their
// types, and tokenizers in Python.
//
// Sources: huggingface/tokenizers (tokenizers/src/tokenizer/serialization.rs),
// google/sentencepiece (src/sentencepiece_model.proto), openai/tiktoken (load.py),
// mistralai/mistral-common (tekken.py).
package tokenizer

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name: "model/tokenizer",
	Doc: "Tokenizers (tokenizer.json, SentencePiece, tiktoken, vocabularies)\n\nEach tokenizer as a component: type, size of the vocabulary, special tokens, steps; its\n" +
		"settings, chat templates and code in tokenizer_config.json.",
	Match: []string{"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tekken.json",
		"tokenizer.model", "spiece.model", "sentencepiece*.model", "source.spm", "target.spm", "*.tiktoken", "vocab.json", "merges.txt", "vocab.txt"},
	Collect: collect,
}

// facts are what one file says of the tokenizer that it defines.
type facts struct {
	sbom.Tokenizer
	steps []sbom.Property
}

func (t *facts) step(name, value string) {
	if value != "" && len(value) <= maxStep && len(t.steps) < maxSteps {
		t.steps = append(t.steps, sbom.Property{Name: "mlbom:tokenizer:" + name, Value: value})
	}
}

// Bounds on what is kept of one file.
const (
	maxStep  = 500 // bytes
	maxSteps = 50
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	name := strings.ToLower(path.Base(f.Path))
	switch name {
	case "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json":
		return settings(f, name)
	case "vocab.json", "merges.txt", "vocab.txt":
		if !beside(f) {
			return nil, nil // vocabularies of anything have these names
		}
	}
	if seen, ok, err := weights.Pointer(f, "tokenizer", false); ok || err != nil {
		return seen, err
	}
	t, err := define(f, name)
	if t == nil {
		return nil, err
	}
	seen, failed := components(f, t, !preceded(f, name))
	if failed != nil {
		return nil, failed
	}
	return seen, err
}

// define reads a file that defines a tokenizer; nil is none.
func define(f *sbom.File, name string) (*facts, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	in := source{r, size, f.Settings.Limits.WithDefaults().Header}
	switch {
	case name == "tokenizer.json":
		return readTokenizers(in)
	case name == "tekken.json":
		return readTekken(in)
	case name == "vocab.json":
		return readVocabulary(in)
	case strings.HasSuffix(name, ".txt"):
		return readLines(in, name)
	case strings.HasSuffix(name, ".tiktoken") || isRanks(in):
		return readRanks(in)
	}
	return readSentencePiece(in)
}

// beside tells whether a vocabulary lies with a model.
func beside(f *sbom.File) bool {
	dir := path.Dir(f.Path)
	return hfmodel.Exists(f.FS, path.Join(dir, "tokenizer_config.json")) || hfmodel.Exists(f.FS, path.Join(dir, "special_tokens_map.json")) ||
		hfmodel.Exists(f.FS, path.Join(dir, "config.json")) && hfmodel.HasWeights(f.FS, dir)
}

// preceded tells whether the folder has a file that defines the same tokenizer
// better.
func preceded(f *sbom.File, name string) bool {
	order := []string{"tokenizer.json", "tekken.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt", "merges.txt"}
	for _, better := range order {
		if better == name {
			return false
		}
		if hfmodel.Exists(f.FS, path.Join(path.Dir(f.Path), better)) {
			return true
		}
	}
	return false
}

// components gives the file, and the model that contains it; told says that this
// file speaks for the model's tokenizer.
func components(f *sbom.File, t *facts, told bool) ([]sbom.Sighting, error) {
	s, err := weights.File(f, "tokenizer")
	if err != nil {
		return nil, err
	}
	s.Model = &sbom.Model{Tokenizer: t.Tokenizer}
	s.Properties = t.steps
	owner := hfmodel.Owner(f)
	m := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: owner}},
		Hint:      true,
		Links:     []sbom.Link{{Rel: sbom.Contains, Note: "tokenizer", To: sbom.Component{Kind: sbom.KindFile, Name: s.Name, Keys: s.Keys}}},
	}
	if told && owner == f.Dir() { // a pipeline has several
		m.Model = &sbom.Model{Tokenizer: t.Tokenizer}
	}
	return []sbom.Sighting{s, m}, nil
}
