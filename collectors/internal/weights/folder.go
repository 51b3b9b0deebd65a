package weights

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// maxListed bounds how much of a folder is looked at.
const maxListed = 10_000

// weightName knows files of weights by a name that little else has.
var weightName = pattern.Lazy(`(?i)(?:\.(?:safetensors|gguf|onnx|pt|pth|ckpt|tflite|keras|nemo|pte|llamafile|safetensors\.index\.json|bin\.index\.json)|^(?:pytorch_model|model|adapter_model|tf_model|flax_model|consolidated|diffusion_pytorch_model)[^/]*\.(?:bin|h5|msgpack|pt|pkl|joblib)|pytorch[^/]*\.bin|^saved_model\.pb)$`)

// configName are files that only folders of models have.
var configName = map[string]bool{"tokenizer_config.json": true, "adapter_config.json": true, "model_index.json": true, "generation_config.json": true,
	"preprocessor_config.json": true, "tokenizer.json": true, "mlmodel": true, "config_sentence_transformers.json": true}

// Beside tells whether the file lies in the folder of a model: other files there
// are weights, or configuration that only models have.
func Beside(f *sbom.File) bool {
	dir, self := path.Dir(f.Path), path.Base(f.Path)
	for _, name := range sbom.Once(f.FS, folderOf(dir), func() []string { return modelFiles(f.FS, dir) }) {
		if name != self {
			return true
		}
	}
	return false
}

// folderOf is the key of what a folder holds: all files of source code ask.
type folderOf string

// modelFiles gives the first two files of a folder that only models have.
func modelFiles(fsys fs.FS, dir string) (names []string) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	for _, e := range entries[:min(len(entries), maxListed)] {
		if !e.IsDir() && (configName[strings.ToLower(e.Name())] || weightName.MatchString(e.Name())) {
			if names = append(names, e.Name()); len(names) == 2 {
				break
			}
		}
	}
	return names
}
