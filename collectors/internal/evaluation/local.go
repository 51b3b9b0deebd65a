package evaluation

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the search for a path.
const (
	maxUp      = 12  // folders above the report
	maxEntries = 200 // files of a folder that are looked at
)

// marks are the files by which a folder is that of a model.
var marks = []string{"config.json", "adapter_config.json", "model_index.json", "modules.json", "params.json", "MLmodel", "saved_model.pb"}

// endings are those of weights that stand for a model alone.
var endings = map[string]bool{".gguf": true, ".safetensors": true, ".bin": true, ".pt": true, ".pth": true, ".onnx": true, ".pkl": true,
	".joblib": true, ".h5": true, ".keras": true, ".skops": true, ".tflite": true, ".nemo": true, ".ckpt": true, ".ubj": true, ".cbm": true}

// Local gives the model of the tree that a path leads to from the folder of the file,
// or from one above: tools start in any of them, and their first hit is a folder or a
// file of a model. A path that leaves the tree leads nowhere.
func Local(f *sbom.File, ref string) (sbom.Component, bool) {
	name, ok := InTree(f, ref, model)
	if !ok {
		return sbom.Component{}, false
	}
	c := sbom.Component{Kind: sbom.KindModel}
	if info, err := fs.Stat(f.FS, name); err == nil && !info.IsDir() {
		c.Keys.Path = weights.OwnerOf(name).Keys.Path
		return c, c.Keys.Path != ""
	}
	c.Keys.Path = strings.TrimPrefix(name+"/", "./")
	if name == "." {
		c.Keys.Path = "./"
	}
	return c, true
}

// InTree resolves a relative path from the folder of the file and from those above;
// the first of which is tells that it is what the path means wins.
func InTree(f *sbom.File, ref string, is func(tree fs.FS, name string) bool) (string, bool) {
	ref = strings.TrimRight(strings.ReplaceAll(strings.TrimSpace(ref), `\`, "/"), "/")
	if ref == "" || path.IsAbs(ref) || strings.HasPrefix(ref, "~") || strings.Contains(ref, "://") || len(ref) > MaxText {
		return "", false
	}
	dir := path.Dir(f.Path)
	for range maxUp {
		name := path.Join(dir, ref)
		if fs.ValidPath(name) && is(f.FS, name) {
			return name, true
		}
		if dir == "." {
			break
		}
		dir = path.Dir(dir)
	}
	return "", false
}

// IsFile tells whether a path is a regular file of the tree.
func IsFile(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.Mode().IsRegular()
}

func model(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	if err != nil {
		return false
	}
	if !info.IsDir() {
		return info.Mode().IsRegular() && endings[strings.ToLower(path.Ext(name))]
	}
	for _, m := range marks {
		if IsFile(tree, path.Join(name, m)) {
			return true
		}
	}
	entries, _ := fs.ReadDir(tree, name)
	for _, e := range entries[:min(len(entries), maxEntries)] {
		if ext := path.Ext(e.Name()); ext == ".safetensors" || ext == ".gguf" {
			return true
		}
	}
	return false
}
