package hfconfig

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// modules reads the parts of a Sentence Transformers model. A part with weights
// of its own is a model in its folder; the others only compute.
func (d *draft) modules(v *jsonlines.Value, tree fs.FS) {
	d.Model.Library, d.Lines["model.library"] = "sentence-transformers", v.Line
	for i, item := range v.Items {
		kind := item.Get("type")
		if kind.Str() == "" || i == maxParts {
			continue
		}
		if len(kind.Str()) <= maxValue {
			d.Model.Hyperparameters = append(d.Model.Hyperparameters, sbom.Property{Name: "module." + strconv.Itoa(i), Value: kind.Str()})
		}
		if d.Lines["model.hyperparameters"] == 0 {
			d.Lines["model.hyperparameters"] = kind.Line
		}
		if !strings.HasPrefix(kind.Str(), "sentence_transformers.") {
			d.Model.CustomCode = append(d.Model.CustomCode, kind.Str())
			d.Lines["model.customCode"] = kind.Line
			d.finding(sbom.RuleCustomCode, kind.Line, "the module "+kind.Str()+" is no part of sentence-transformers")
		}
		name := item.Get("path").Str()
		folder := path.Join(d.dir, name)
		if name == "" || !fs.ValidPath(folder) || !strings.HasPrefix(folder+"/", strings.TrimPrefix(d.dir, "./")) {
			if name != "" {
				d.finding(sbom.RulePathEscape, item.Get("path").Line, "the module "+name+" is outside of the folder")
			}
			continue
		}
		if hasWeights(tree, folder) {
			part := sbom.Component{Kind: sbom.KindModel, Name: path.Base(folder), Keys: sbom.Keys{Path: folder + "/"}}
			d.Links = append(d.Links, sbom.Link{Rel: sbom.Contains, To: part, Note: kind.Str(), Line: item.Get("path").Line})
		}
	}
}

func hasWeights(tree fs.FS, folder string) bool {
	entries, _ := fs.ReadDir(tree, folder)
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		name := strings.ToLower(e.Name())
		return strings.HasSuffix(name, ".safetensors") || strings.HasSuffix(name, ".bin") || strings.HasSuffix(name, ".onnx") || strings.HasSuffix(name, ".pt")
	})
}

// sentence reads config_sentence_transformers.json.
func (d *draft) sentence(v *jsonlines.Value) {
	d.Model.Library, d.Lines["model.library"] = "sentence-transformers", v.Line
	d.numbers("", v, "default_prompt_name")
	d.numbers("version.", v.Get("__version__"))
	d.numbers("prompt.", v.Get("prompts"))
}

// class reads "_class_name": a name, or a module of the folder and a name in it.
func (d *draft) class(v *jsonlines.Value) {
	pair := v.Strings()
	if !v.Is(jsonlines.Array) || len(pair) != 2 {
		d.set("model.architecture", &d.Model.Architecture, v)
		return
	}
	d.Model.Architecture, d.Lines["model.architecture"] = pair[1], v.Line
	d.Model.CustomCode = append(d.Model.CustomCode, strings.Join(pair, "."))
	d.Lines["model.customCode"] = v.Line
	d.finding(sbom.RuleCustomCode, v.Line, "the pipeline "+pair[1]+" is that of "+pair[0]+".py of this folder")
}

// tools are the endings of classes without weights, which are no models.
var tools = []string{"Scheduler", "Tokenizer", "TokenizerFast", "FeatureExtractor", "Processor", "ProcessorFast"}

// pipeline reads Diffusers' model_index.json: each part with weights is a model
// in a folder.
func (d *draft) pipeline(v *jsonlines.Value) {
	d.Model.Library, d.Lines["model.library"] = "diffusers", v.Line
	d.class(v.Get("_class_name"))
	for _, m := range v.Members {
		pair := m.Value.Strings()
		if strings.HasPrefix(m.Key, "_") || !m.Value.Is(jsonlines.Array) || len(pair) != 2 || len(d.Links) == maxParts {
			continue
		}
		if pair[0] == m.Key || strings.HasPrefix(pair[0], "pipeline_") {
			d.Model.CustomCode = append(d.Model.CustomCode, m.Key+"="+pair[0]+"."+pair[1])
			d.Lines["model.customCode"] = m.Line
			d.finding(sbom.RuleCustomCode, m.Line, "the part "+m.Key+" runs "+pair[0]+".py of this folder")
		}
		if strings.ContainsAny(m.Key, "/\\") || m.Key == ".." || m.Key == "." || m.Key == "" {
			d.finding(sbom.RulePathEscape, m.Line, "the part "+m.Key+" is no name of a folder")
			continue
		}
		d.Model.Hyperparameters = append(d.Model.Hyperparameters, sbom.Property{Name: "part." + m.Key, Value: strings.Join(pair, ".")})
		if d.Lines["model.hyperparameters"] == 0 {
			d.Lines["model.hyperparameters"] = m.Line
		}
		if slices.ContainsFunc(tools, func(end string) bool { return strings.HasSuffix(pair[1], end) }) {
			continue
		}
		part := sbom.Component{Kind: sbom.KindModel, Name: m.Key, Keys: sbom.Keys{Path: path.Join(d.dir, m.Key) + "/"}}
		d.Links = append(d.Links, sbom.Link{Rel: sbom.Contains, To: part, Note: strings.Join(pair, "."), Line: m.Line})
	}
	var parts []string
	for _, m := range v.Members {
		if m.Value.Is(jsonlines.Array) {
			parts = append(parts, m.Key)
		}
	}
	d.numbers("", v, parts...)
}
