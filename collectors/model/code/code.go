// Package code reads the Python code that lies among the files of a model and
// that loading the model imports: modeling_*.py and its sisters, what "auto_map"
// and other configuration names, custom pipelines, handlers of endpoints. Each
// file is a component of the model, and what it does at import is looked at by
// package pycode. Code that lies there and that nothing names is listed too, and
// judged for hidden code only.
//
// In folders without files of a model, Python is none of our business.
//
// Not understood: what code does beyond package pycode; code in another
// repository ("owner/name--module.Class"), which model/hfconfig tells of.
//
// Source: the documentation of transformers on custom models, of diffusers on
// community pipelines, and of Hugging Face's inference endpoints on handler.py.
package code

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pycode"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the code.
var Collector = sbom.Collector{
	Name: "model/code",
	Doc: "Python code of a model (modeling_*.py and other code beside weights)\n\n" +
		"The files with their digests, as parts of the model, and code that runs programs,\ncalls out or hides itself when it is imported.",
	Match:   []string{"*.py"},
	Collect: collect,
}

// Bounds on what is read beside the file.
const (
	maxBeside = 200     // files
	maxConfig = 4 << 20 // bytes of each
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !weights.Beside(f) && !configured(f) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	imported := loaded(f)
	look, note := pycode.LookScript, ""
	if imported {
		look, note = pycode.Look, "code"
	}
	doings := look(text)
	if len(doings) == 0 && !imported && !isRepository(f) {
		return nil, nil // a project with a model in it
	}
	file, err := weights.File(f, "python")
	if err != nil {
		return nil, err
	}
	for _, d := range doings {
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleSuspicious, Message: fmt.Sprintf("the code %s", d.What), Where: sbom.Place{Line: d.Line}})
	}
	model := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: f.Dir()}},
		Links:     []sbom.Link{{Rel: sbom.Contains, Note: note, To: sbom.Component{Kind: sbom.KindFile, Name: file.Name, Keys: file.Keys}}},
		Hint:      true,
	}
	return []sbom.Sighting{file, model}, nil
}

// configs are the files that name code.
var configs = []string{"config.json", "tokenizer_config.json", "preprocessor_config.json", "processor_config.json", "image_processor_config.json", "video_preprocessor_config.json",
	"generation_config.json", "modules.json", "model_index.json", "adapter_config.json"}

// isRepository tells a folder that is a model's own.
func isRepository(f *sbom.File) bool {
	return slices.ContainsFunc([]string{"config.json", "model_index.json", "adapter_config.json", "modules.json"}, func(base string) bool {
		info, err := fs.Stat(f.FS, path.Join(path.Dir(f.Path), base))
		return err == nil && info.Mode().IsRegular()
	})
}

// usual are names that loaders know of themselves, or that the libraries'
// documentation gives to code that they load.
var usual = pattern.Lazy(`^(?:modeling|modelling|configuration|tokenization|processing|image_processing|feature_extraction|video_processing|generation|pipeline)_.*\.py$|^(?:handler|pipeline|custom_st)\.py$`)

// configured tells whether the folder's configuration names code, though the
// weights are elsewhere.
func configured(f *sbom.File) bool {
	return strings.Contains(read(f, "config.json"), `"auto_map"`) || strings.Contains(read(f, "modules.json"), `"type"`)
}

// read gives a file of the same folder; "" where there is none, or none of a
// size that is read.
func read(f *sbom.File, base string) string {
	name := path.Join(path.Dir(f.Path), base)
	info, err := fs.Stat(f.FS, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxConfig {
		return ""
	}
	text, err := sbom.NewFile(f.FS, name).Text()
	if err != nil {
		return ""
	}
	return text
}

// loaded tells whether loading the model imports the file: by its usual name, by
// configuration, or from a file that is loaded.
func loaded(f *sbom.File) bool {
	base := path.Base(f.Path)
	if usual.MatchString(base) {
		return true
	}
	stem := regexp.QuoteMeta(strings.TrimSuffix(base, path.Ext(base)))
	named := pattern.Lazy(`"(?:[^"]*--)?` + stem + `(?:\.\w+)?"`)
	if slices.ContainsFunc(configs, func(c string) bool { return named.MatchString(read(f, c)) }) {
		return true
	}
	imports := pattern.Lazy(`(?m)^\s*(?:from\s+\.?` + stem + `\s+import\b|from\s+\.\s+import\s+[^\n]*\b` + stem + `\b|import\s+` + stem + `\b)`)
	dir := path.Dir(f.Path)
	beside := sbom.Once(f.FS, usualIn(dir), func() []string { return usualFiles(f.FS, dir) })
	return slices.ContainsFunc(beside, func(base string) bool { return imports.MatchString(read(f, base)) })
}

// usualIn is the key of a folder's code: each file of it asks.
type usualIn string

// usualFiles gives the code of a folder that has usual names.
func usualFiles(fsys fs.FS, dir string) (names []string) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if len(names) < maxBeside && !e.IsDir() && usual.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}
