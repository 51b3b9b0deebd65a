package hfmodel

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is looked into beside a configuration.
const (
	maxEntries = 20_000 // of a folder
	maxFolders = 200    // in it
)

// weightExtensions are those of files that hold weights, or say where they are.
var weightExtensions = map[string]bool{".safetensors": true, ".bin": true, ".pt": true, ".pth": true, ".ckpt": true, ".onnx": true, ".gguf": true,
	".ggml": true, ".h5": true, ".keras": true, ".msgpack": true, ".tflite": true, ".pkl": true, ".pickle": true, ".joblib": true, ".npz": true, ".pb": true, ".ot": true,
	".engine": true, ".plan": true, ".mlmodel": true, ".mlpackage": true, ".pdparams": true, ".nemo": true, ".pte": true, ".skops": true, ".dduf": true, ".params": true,
	".model": true, ".cbm": true, ".ubj": true}

// IsWeights tells by the name whether a file holds weights, or is their index.
func IsWeights(name string) bool {
	name = strings.ToLower(name)
	return weightExtensions[path.Ext(name)] && name != "tokenizer.model" && name != "spiece.model" && !strings.HasPrefix(name, "sentencepiece") ||
		strings.Contains(name, ".index.") && path.Ext(name) == ".json"
}

// HasWeights tells whether a folder, without those below it, holds weights.
func HasWeights(tree fs.FS, folder string) bool {
	return slices.ContainsFunc(list(tree, folder), func(e fs.DirEntry) bool { return IsWeights(e.Name()) })
}

func list(tree fs.FS, folder string) []fs.DirEntry {
	entries, _ := fs.ReadDir(tree, path.Clean(folder))
	return entries[:min(len(entries), maxEntries)]
}

// Settle tells whether the folder's configuration establishes a model. Weights
// in it or in a folder of it, and a card, show that there is one. Without any, the
// model has [sbom.NoWeights], and among tests and templates it is an example, which is
// nothing that a system is made of.
func (d *Draft) Settle(f *sbom.File) []sbom.Sighting {
	folders := 0
	for _, e := range list(f.FS, d.Dir) {
		name := strings.ToLower(e.Name())
		if e.IsDir() {
			folders++
		}
		if IsWeights(name) || e.IsDir() && folders <= maxFolders && HasWeights(f.FS, path.Join(d.Dir, e.Name())) || strings.HasPrefix(name, "readme") || strings.Contains(name, "model_card") {
			return d.Done(false)
		}
	}
	d.Properties = append(d.Properties, sbom.Property{Name: sbom.NoWeights, Value: "none beside the configuration"})
	return d.Done(Example(d.Dir))
}

// Example tells whether a folder is one of tests, or of a template.
func Example(dir string) bool {
	for part := range strings.SplitSeq(strings.ToLower(dir), "/") {
		switch part {
		case "test", "tests", "testing", "testdata", "test_data", "fixtures", "fixture", "templates", "template", "mock", "mocks":
			return true
		}
		if strings.Contains(part, "{{") || strings.HasPrefix(part, "test_") || strings.HasSuffix(part, "_test") || strings.HasSuffix(part, "_tests") {
			return true
		}
	}
	return false
}

// Exists tells whether the tree has the file.
func Exists(tree fs.FS, name string) bool {
	_, err := fs.Stat(tree, path.Clean(name))
	return err == nil
}

// Owner is the folder of the model that a file of settings belongs to: its own,
// or that of the Diffusers pipeline of which its folder is a part without weights,
// such as "tokenizer/" and "scheduler/".
func Owner(f *sbom.File) string {
	dir := path.Dir(f.Path)
	if dir == "." || Exists(f.FS, path.Join(dir, "config.json")) {
		return f.Dir()
	}
	if over := path.Dir(dir); Exists(f.FS, path.Join(over, "model_index.json")) {
		return sbom.DirOf(dir)
	}
	return f.Dir()
}

// Loader is the library that a folder's files are laid out for; "" where they may be
// for any: what transformers wrote there is a part of what this library loads.
func Loader(tree fs.FS, dir string) string {
	for _, k := range [][2]string{{"config_setfit.json", "setfit"}, {"modules.json", "sentence-transformers"}, {"config_sentence_transformers.json", "sentence-transformers"}, {"model_index.json", "diffusers"}} {
		if Exists(tree, path.Join(dir, k[0])) {
			return k[1]
		}
	}
	return ""
}
