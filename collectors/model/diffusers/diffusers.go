// Package diffusers reads model_index.json, in which Diffusers lists the parts of
// a pipeline, and scheduler_config.json. A part with weights is a model in a folder
// of its own; what a scheduler, a tokenizer or a processor is set to belongs to the
// pipeline.
//
// Not understood: pipelines in one file (DDUF), and modular pipelines
// (modular_model_index.json) beyond the names of their parts.
//
// Source: the documentation of diffusers (DiffusionPipeline, ConfigMixin).
package diffusers

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name: "model/diffusers",
	Doc: "Diffusers pipelines (model_index.json, scheduler_config.json)\n\nClass and parts of the pipeline, each part with weights as a model of its own, the\n" +
		"scheduler, and code that loading the pipeline would run.",
	Match:   []string{"model_index.json", "modular_model_index.json", "scheduler_config.json"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := jsonlines.Parse(text)
	if v.Get("_class_name") == nil && v.Get("_diffusers_version") == nil {
		return nil, err
	}
	if strings.EqualFold(path.Base(f.Path), "scheduler_config.json") {
		d := hfmodel.In(hfmodel.Owner(f))
		scheduler(d, v)
		return d.Done(true), err
	}
	d := hfmodel.New(f)
	pipeline(d, v, f.FS)
	return d.Settle(f), err
}

// scheduler reads the settings of the noise schedule.
func scheduler(d *hfmodel.Draft, v *jsonlines.Value) {
	class := v.Get("_class_name")
	if class.Is(jsonlines.Array) {
		d.Runs(strings.Join(class.Strings(), "."), class.Line, "the scheduler is code of this folder")
	}
	d.Param("scheduler", class.Str(), class.LineOf())
	d.Version("diffusers", v.Get("_diffusers_version"))
	d.Numbers("scheduler.", v)
}

// tools are the endings of classes without weights, which are no models.
var tools = []string{"Scheduler", "Tokenizer", "TokenizerFast", "FeatureExtractor", "Processor", "ProcessorFast"}

// pipeline reads model_index.json.
func pipeline(d *hfmodel.Draft, v *jsonlines.Value, tree fs.FS) {
	d.Library("diffusers", v.LineOf())
	d.Version("diffusers", v.Get("_diffusers_version"))
	d.Class(v.Get("_class_name"))
	d.LoadedFrom(orEmpty(v.Get("_name_or_path")))
	var parts []string
	for _, m := range v.Members {
		if !m.Value.Is(jsonlines.Array) || strings.HasPrefix(m.Key, "_") {
			continue
		}
		parts = append(parts, m.Key)
		if pair := m.Value.Strings(); len(pair) >= 2 && len(parts) <= hfmodel.MaxParts {
			part(d, m, pair, tree)
		}
	}
	d.Numbers("", v, parts...)
}

func orEmpty(v *jsonlines.Value) *jsonlines.Value {
	if v == nil {
		return &jsonlines.Value{}
	}
	return v
}

// part adds one part: the library or module, and the class.
func part(d *hfmodel.Draft, m jsonlines.Member, pair []string, tree fs.FS) {
	library, _, _ := strings.Cut(pair[0], ".")
	own := library == m.Key || strings.HasPrefix(library, "pipeline_") ||
		fs.ValidPath(path.Join(m.Key, library)) && hfmodel.Exists(tree, path.Join(d.Dir, m.Key, library+".py"))
	if own {
		d.Runs(m.Key+"="+pair[0]+"."+pair[1], m.Line, "the part "+m.Key+" runs "+pair[0]+".py of this folder")
	}
	if strings.ContainsAny(m.Key, "/\\") || m.Key == ".." || m.Key == "." || m.Key == "" {
		d.Find(sbom.RulePathEscape, m.Line, "the part "+m.Key+" is no name of a folder")
		return
	}
	d.Param("part."+m.Key, pair[0]+"."+pair[1], m.Line)
	if slices.ContainsFunc(tools, func(end string) bool { return strings.HasSuffix(pair[1], end) }) {
		return
	}
	part := sbom.Component{Kind: sbom.KindModel, Name: m.Key, Keys: sbom.Keys{Path: path.Join(d.Dir, m.Key) + "/"}}
	d.Links = append(d.Links, sbom.Link{Rel: sbom.Contains, To: part, Note: pair[0] + "." + pair[1], Line: m.Line})
}
