// Package catalog reads the catalogs of models that Kubeflow's model registry serves
// (https://github.com/kubeflow/model-registry, catalog/internal/catalog/modelcatalog):
// YAML with a source and a list of models. They name models that lie elsewhere. A model of
// the source "Hugging Face" is the one of that name on the hub.
//
// Not understood: the text of a model's readme, lists of sources and of MCP servers, and
// pictures.
package catalog

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads catalogs of models.
var Collector = sbom.Collector{
	Name: "model/catalog",
	Doc: "Kubeflow model catalogs (YAML)\n\n" +
		"The models of a catalog: provider, licence, languages, tasks, and where their artefacts are.",
	Match:   []string{"*.yaml", "*.yml"},
	Sniff:   func(head []byte) bool { return begins.Match(head) },
	Collect: collect,
}

var begins = pattern.Lazy(`^(?:---\s*|#[^\n]*\n|\s+)*source:[ \t]*\S[^\n]*\nmodels:[ \t]*\n\s*-\s+(?:name|provider):`)

const (
	maxModels = 5000
	maxItems  = 200
	maxText   = 4000
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !evaluation.Begins(f, []string{"*catalog*.yaml", "*catalog*.yml", "*models.yaml", "*models.yml"}, begins.Match) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, "\nmodels:") || !strings.Contains(text, "source:") {
		return nil, nil
	}
	root, err := yamllines.Parse(text)
	source, models := root.Get("source"), root.Get("models")
	if !source.IsScalar() || !models.IsList() {
		return nil, nil // lists of sources, and catalogs of others
	}
	var seen []sbom.Sighting
	for i, m := range models.Items() {
		if i == maxModels {
			return seen, &sbom.Problem{Line: m.Line(), Reason: "the catalog has more than 5000 models; the rest is not read"}
		}
		if s, ok := model(source.Text(), m); ok {
			seen = append(seen, s)
		}
	}
	return seen, err
}

func model(source string, v *yamllines.Value) (s sbom.Sighting, ok bool) {
	name := short(v.Get("name"))
	if name == "" {
		return s, false
	}
	m := &sbom.Model{Library: short(v.Get("libraryName"))}
	c := sbom.Component{Kind: sbom.KindModel, Name: name, Model: m}
	if to, is := hub.Model(name, ""); is && strings.EqualFold(source, "Hugging Face") {
		c.Keys, c.Refs = to.Keys, to.Refs
	}
	c.Manufacturer.Name = short(v.Get("provider"))
	c.Description = markdown.Clip(v.Get("description").Text(), maxText)
	if l, is := hflicense.Parse(short(v.Get("license")), "", evaluation.Address(short(v.Get("licenseLink")))); is {
		c.Licenses = []sbom.License{l}
	}
	for _, l := range v.Get("language").Texts() {
		if len(c.Languages) < maxItems && l != "" {
			c.Languages = append(c.Languages, l)
		}
	}
	keep := func(key, value string) {
		if value != "" && len(value) <= maxText && len(c.Properties) < maxItems {
			c.Properties = append(c.Properties, sbom.Property{Name: "mlbom:catalog:" + key, Value: value})
		}
	}
	for i, t := range v.Get("tasks").Texts() {
		if i == 0 {
			m.Task = t
		} else {
			keep("task", t)
		}
	}
	keep("source", source)
	keep("maturity", short(v.Get("maturity")))
	keep("created", epoch(short(v.Get("createTimeSinceEpoch"))))
	keep("updated", epoch(short(v.Get("lastUpdateTimeSinceEpoch"))))
	properties("", v.Get("customProperties"), keep)
	for i, a := range v.Get("artifacts").Items() {
		if at := evaluation.Address(short(a.Get("uri"))); at != "" && i < maxItems {
			c.Refs = append(c.Refs, sbom.Ref{Type: "distribution", URL: at})
		}
		properties("artifact.", a.Get("customProperties"), keep)
	}
	return sbom.Sighting{Component: c, Basis: sbom.Declared, Mentioned: true, Where: sbom.Place{Line: v.Line()}}, true
}

// properties keeps values of the registry's types: {string_value: x, metadataType: y}.
func properties(prefix string, v *yamllines.Value, keep func(key, value string)) {
	for _, e := range v.Entries() {
		for _, one := range e.Value.Entries() {
			if strings.HasSuffix(one.Key, "_value") {
				keep(prefix+e.Key, one.Value.Text())
			}
		}
	}
}

func short(v *yamllines.Value) string {
	if s := strings.TrimSpace(v.Text()); len(s) <= evaluation.MaxText {
		return s
	}
	return ""
}

// epoch makes milliseconds since 1970 a time.
func epoch(s string) string {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > 1<<45 {
		return ""
	}
	return time.UnixMilli(n).UTC().Format(time.RFC3339)
}
