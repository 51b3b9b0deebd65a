// Package hfmodel is what the collectors of a model folder's configuration files
// have in common: the sighting of the folder's model while it is written, code
// that loading would run, chat templates, and the base that weights came from.
package hfmodel

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept of one file.
const (
	maxFindings  = 50
	maxTemplates = 20
	maxValues    = 300     // hyper-parameters
	maxValue     = 1000    // bytes of one
	MaxParts     = 200     // parts, and names of code
	MaxTokens    = 1 << 40 // a context length; tokenizers write 1e30 for "no bound"
)

// Draft is the sighting of the folder's model while it is written.
type Draft struct {
	sbom.Sighting
	More []sbom.Sighting // inferred bases, and parts that are components of their own
	Dir  string          // path key of the folder
}

// New begins the sighting of the model in the file's folder.
func New(f *sbom.File) *Draft { return In(f.Dir()) }

// In begins the sighting of the model in a folder, given as a path key.
func In(dir string) *Draft {
	d := &Draft{Dir: dir}
	d.Kind, d.Keys.Path, d.Basis, d.Model, d.Lines = sbom.KindModel, dir, sbom.Declared, &sbom.Model{}, map[string]int{}
	return d
}

// Done gives the sightings; hint is as in [sbom.Sighting].
func (d *Draft) Done(hint bool) []sbom.Sighting {
	d.Hint = hint
	return append([]sbom.Sighting{d.Sighting}, d.More...)
}

// Mark notes the line of a field; the first one stays.
func (d *Draft) Mark(field string, line int) {
	if line > 0 && d.Lines[field] == 0 {
		d.Lines[field] = line
	}
}

// Text fills a text field that is still empty.
func (d *Draft) Text(field string, into *string, text string, line int) {
	if text = strings.TrimSpace(text); text != "" && *into == "" && len(text) <= maxValue {
		*into = text
		d.Mark(field, line)
	}
}

// Set fills a text field from a string.
func (d *Draft) Set(field string, into *string, v *jsonlines.Value) {
	d.Text(field, into, v.Str(), v.LineOf())
}

// Library names the library that loads the model.
func (d *Draft) Library(name string, line int) {
	d.Text("model.library", &d.Model.Library, name, max(1, line))
}

// Version notes the version of a framework that wrote the model.
func (d *Draft) Version(framework string, v *jsonlines.Value) {
	d.VersionText(framework, v.Str(), v.LineOf())
}

// VersionText is Version for a text.
func (d *Draft) VersionText(framework, version string, line int) {
	if version = strings.TrimSpace(version); version != "" && len(version) <= maxValue && len(framework) <= maxValue && len(d.Model.Training.Versions) < maxValues {
		d.Model.Training.Versions = append(d.Model.Training.Versions, sbom.Property{Name: framework, Value: version})
		d.Mark("model.training.versions", line)
	}
}

// Find adds a finding.
func (d *Draft) Find(rule string, line int, message string) {
	if len(d.Findings) < maxFindings {
		d.Findings = append(d.Findings, sbom.Finding{Rule: rule, Message: message, Where: sbom.Place{Line: line}})
	}
}

// Param adds a hyper-parameter.
func (d *Draft) Param(name, value string, line int) {
	if value == "" || len(value) > maxValue || len(name) > maxValue || len(d.Model.Hyperparameters) >= maxValues {
		return
	}
	d.Model.Hyperparameters = append(d.Model.Hyperparameters, sbom.Property{Name: name, Value: value})
	d.Mark("model.hyperparameters", line)
}

// Numbers keeps numbers, truth values, strings and short lists under their own
// names after the prefix.
func (d *Draft) Numbers(prefix string, v *jsonlines.Value, except ...string) {
	if v == nil {
		return
	}
	for _, m := range v.Members {
		if !strings.HasPrefix(m.Key, "_") && m.Key != "auto_map" && !slices.Contains(except, m.Key) && flat(m.Value) {
			d.Param(prefix+m.Key, Literal(m.Value), m.Line)
		}
	}
}

// Literal is a value on one line: a string as it is, anything else as JSON.
func Literal(v *jsonlines.Value) string {
	switch {
	case v == nil || v.Kind == jsonlines.Null:
		return ""
	case v.Is(jsonlines.Array) || v.Is(jsonlines.Object):
		return v.Compact()
	}
	return v.Text
}

// flat tells whether a value is a scalar, or a list of scalars that is not empty.
func flat(v *jsonlines.Value) bool {
	if v.Is(jsonlines.Array) {
		nested := func(i *jsonlines.Value) bool { return i.Is(jsonlines.Array) || i.Is(jsonlines.Object) }
		return len(v.Items) > 0 && !slices.ContainsFunc(v.Items, nested)
	}
	return v.Is(jsonlines.String) || v.Is(jsonlines.Number) || v.Is(jsonlines.Bool)
}

// Runs notes code that loading the model runs, with the finding that says so.
func (d *Draft) Runs(code string, line int, message string) {
	if code == "" || len(code) > maxValue || len(d.Model.CustomCode) == MaxParts {
		return
	}
	if !slices.Contains(d.Model.CustomCode, code) {
		d.Model.CustomCode = append(d.Model.CustomCode, code)
		d.Mark("model.customCode", line)
	}
	d.Find(sbom.RuleCustomCode, line, message)
}
