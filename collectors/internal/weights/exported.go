package weights

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// form is the stem of what exporters write: the name, then what was done to it.
var form = pattern.Lazy(`^(?:openvino_)?model(?:[-_.](\w[\w.-]*))?$`)

// Exported gives the owner of a form that exporters (optimum, sentence-transformers,
// transformers.js) put into a folder named after the format, onnx/ or openvino/, below
// the model of transformers that it was made of: it is a variant of that model. Parts
// of a model (encoder_model.onnx) are models of their own, and so is a folder that has
// a configuration of its own.
func Exported(f *sbom.File, folder string) (Owner, bool) {
	dir, base := path.Dir(f.Path), path.Base(f.Path)
	m := form.FindStringSubmatch(strings.TrimSuffix(base, path.Ext(base)))
	if path.Base(dir) != folder || m == nil || !has(f.FS, path.Dir(dir)) || has(f.FS, dir) {
		return Owner{}, false
	}
	o := Owner{Keys: sbom.Keys{Path: sbom.DirOf(dir)}, Standard: true, Variant: folder}
	if m[1] != "" {
		o.Variant += "-" + m[1]
	}
	return o, true
}

func has(tree fs.FS, dir string) bool {
	_, err := fs.Stat(tree, path.Join(dir, "config.json"))
	return err == nil
}

// Settle gives the file of a variant what was read of it: several forms of a model
// differ in operators, versions and the like. The plain form says what goes in and out.
func (o Owner) Settle(format string, file, model *sbom.Sighting) {
	if file.Component.Model == nil {
		file.Component.Model = &sbom.Model{}
	}
	from, into := model.Component.Model, file.Component.Model
	into.Inputs, into.Outputs, into.Opsets, into.Operators = from.Inputs, from.Outputs, from.Opsets, from.Operators
	into.Training.Versions, into.Quantization = from.Training.Versions, from.Quantization
	file.Properties = append(file.Properties, model.Properties...)
	file.Licenses = append(file.Licenses, model.Licenses...)
	file.Authors = append(file.Authors, model.Authors...)
	file.Description, file.Version = model.Description, model.Version
	file.Findings = append(file.Findings, model.Findings...)
	links := model.Links
	*model = o.Model(format, *file)
	model.Links = links
	if o.Variant == format {
		model.Component.Model.Inputs, model.Component.Model.Outputs = into.Inputs, into.Outputs
	}
}

// PointerTo is Pointer for a file whose owner is known.
func PointerTo(f *sbom.File, format string, o Owner) (seen []sbom.Sighting, ok bool, err error) {
	seen, ok, err = Pointer(f, format, false)
	if ok && err == nil {
		seen = append(seen, o.presumed(format, seen[0]))
	}
	return seen, ok, err
}
