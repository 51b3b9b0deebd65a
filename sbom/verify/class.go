package verify

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Class is what sort of file something is, by what it does to a system.
type Class string

// The classes, the most dangerous first.
const (
	Runs      Class = "runs-on-load" // loading it can run code: a pickle, bytecode, a start-up file, a native library
	Code      Class = "model-code"   // source that a model loads
	Weights   Class = "weights"
	Tokenizer Class = "tokenizer" // with chat templates
	Settings  Class = "model-settings"
	Lock      Class = "dependencies"
	Source    Class = "source"
	Data      Class = "data"
	Signature Class = "signature"
	Document  Class = "documentation"
	Other     Class = "other"
)

var classes = []Class{Runs, Code, Weights, Tokenizer, Settings, Lock, Source, Data, Signature, Other, Document}

func (c Class) rank() int {
	if i := slices.Index(classes, c); i >= 0 {
		return i
	}
	return len(classes)
}

// means is what a difference can do, by class and status.
func (c Class) means(s Status) string {
	switch s {
	case NotCovered, Unreadable:
		return ""
	case Missing:
		switch c {
		case Weights:
			return "the model is not complete"
		case Lock:
			return "which versions are installed is open"
		}
		return ""
	case Moved:
		return "the bytes are the same, and whoever looks for the old path does not find them"
	case Pointer:
		return "the bytes are not here; git lfs pull (or hf download) fetches them"
	}
	switch c {
	case Runs:
		return "loading it can run code: do not load it"
	case Code:
		return "code that the model loads is not what was released: do not load it"
	case Weights:
		return "the weights are not those that were released: do not load them"
	case Tokenizer:
		return "the prompt that the model gets can be another one"
	case Settings:
		return "what the model computes, or what it loads, can be something else"
	case Lock:
		return "other packages can be installed"
	case Source:
		return "the program is not what was released"
	case Data:
		return "the data are not those that were released"
	case Signature:
		return "whose the signature is, or what it signs, is not what it was"
	}
	return ""
}

func words(s string) []string { return strings.Fields(s) }

var (
	runsExt    = words(".pyc .pyo .pth .so .dll .dylib .pyd .pkl .pickle .joblib .dill .cloudpickle .exe .egg .jar")
	weightsExt = words(".safetensors .gguf .ggml .onnx .bin .pt .pth .ckpt .h5 .hdf5 .keras .tflite .pb .mlmodel .pdparams .pdmodel .msgpack .npz .npy .engine .plan .pte .ot .model .caffemodel .params .llamafile .xml .task")
	sourceExt  = words(".py .pyi .pyx .go .js .mjs .cjs .ts .tsx .java .kt .c .h .cc .cpp .cxx .hpp .cu .cuh .rs .rb .php .pl .lua .r .jl .cs .swift .scala .sh .bash .zsh .ps1 .bat .cmd .sql .ipynb .mod .proto .dockerfile")
	dataExt    = words(".csv .tsv .jsonl .ndjson .parquet .arrow .feather .avro .orc .tfrecord .tfrecords .tar .zip .png .jpg .jpeg .gif .webp .wav .mp3 .flac .ogg .mp4 .webm .idx")
	docExt     = words(".md .markdown .rst .adoc .txt .pdf .html .tex .bib .cff")
	docNames   = words("license licence copying notice readme authors contributors changelog citation.cff")
	locks      = words("go.sum go.mod go.work go.work.sum package.json package-lock.json yarn.lock pnpm-lock.yaml uv.lock poetry.lock pdm.lock pipfile pipfile.lock pylock.toml pyproject.toml setup.py setup.cfg pixi.toml pixi.lock conda-lock.yml environment.yml environment.yaml cargo.lock cargo.toml requirements.txt constraints.txt dockerfile")
	tokens     = words("tokenizer.json tokenizer.model tokenizer_config.json vocab.json vocab.txt merges.txt special_tokens_map.json added_tokens.json spiece.model sentencepiece.bpe.model chat_template.json chat_template.jinja tekken.json")
	settings   = words("config.json generation_config.json preprocessor_config.json processor_config.json model_index.json adapter_config.json quantize_config.json quantization_config.json scheduler_config.json modules.json sentence_bert_config.json config_sentence_transformers.json params.json modelfile mlmodel model.safetensors.index.json pytorch_model.bin.index.json config.yaml")
)

// classOf tells what sort a file is: by what the scans knew of it, then by its name.
// model tells whether a model lies in its folder.
func classOf(name string, of []*sbom.Node, locked, model bool) Class {
	base, ext := strings.ToLower(path.Base(name)), strings.ToLower(path.Ext(name))
	for _, n := range of {
		if c := byNode(n); c != "" {
			return c
		}
	}
	lock := slices.Contains(locks, base) || strings.HasPrefix(base, "requirements") && ext == ".txt" || ext == ".lock"
	switch {
	case slices.Contains(runsExt, ext):
		return Runs
	case slices.Contains(tokens, base) || ext == ".jinja":
		return Tokenizer
	case slices.Contains(settings, base):
		return Settings
	case locked || lock:
		return Lock
	case model && ext == ".py":
		return Code
	case slices.Contains(weightsExt, ext) && (model || !slices.Contains(words(".bin .pb .xml .params .plan .model .npy"), ext)):
		return Weights
	case ext == ".sig" || ext == ".sigstore" || strings.HasSuffix(base, ".sigstore.json") || ext == ".asc":
		return Signature
	case slices.Contains(docNames, strings.TrimSuffix(base, ext)) || slices.Contains(docExt, ext):
		return Document
	case slices.Contains(sourceExt, ext) || base == "makefile":
		return Source
	case slices.Contains(dataExt, ext):
		return Data
	}
	return Other
}

// byNode is what a scan knew: the bytes count, whatever the name.
func byNode(n *sbom.Node) Class {
	if n.File == nil {
		return ""
	}
	switch f := n.File; {
	case f.Scan.Verdict != "" && f.Scan.Verdict != sbom.Clean || f.Format == "pickle" || f.Format == "python-pth" || f.Format == "joblib":
		return Runs
	case f.Format == "oms-signature":
		return Signature
	case f.Format == "chat-template":
		return Tokenizer
	case f.Format == "safetensors" || f.Format == "gguf" || f.Format == "onnx" || len(f.Prints) > 0:
		return Weights
	case f.Table.Columns != nil || f.Format == "parquet":
		return Data
	}
	for _, found := range n.Findings {
		switch found.Rule {
		case sbom.RuleUnsafeCall, sbom.RuleUnsafeImport, sbom.RuleStartupCode, sbom.RuleUnsafeFormat, sbom.RuleNative, sbom.RuleModelCode:
			return Runs
		case sbom.RuleCustomCode:
			return Code
		}
	}
	return ""
}
