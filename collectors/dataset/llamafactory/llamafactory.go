// Package llamafactory reads LLaMA-Factory's registry of datasets (dataset_info.json
// of that dialect): each name with the file, the repository or the script that it
// stands for, its form, and what its columns are used as. The dialects of the same
// name of Hugging Face and TFDS are none of it.
//
// Not understood: the tags of roles in conversations; a registry in which any entry
// names no source, which is none of this dialect.
package llamafactory

import (
	"context"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/llamaregistry"
	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads registries.
var Collector = sbom.Collector{
	Name:    "dataset/llamafactory",
	Doc:     "LLaMA-Factory's registry of datasets (dataset_info.json)\n\nThe files and repositories that names stand for, with their columns.",
	Match:   []string{"dataset_info.json"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, nil // another dialect's collector says so
	}
	v, err := jsonlines.Parse(text)
	if err != nil || !llamaregistry.Is(v) {
		return nil, nil
	}
	var all []sbom.Sighting
	for _, e := range llamaregistry.Read(f, v) {
		all = append(all, sighting(e))
	}
	return all, nil
}

// sighting gives one dataset. A file of the tree is a dataset of that one file.
func sighting(e llamaregistry.Entry) sbom.Sighting {
	s := sbom.Sighting{Component: e.To, Basis: sbom.Declared, Where: sbom.Place{Line: e.Line}}
	if e.To.Kind == sbom.KindFile {
		s.Component = sbom.Component{Kind: sbom.KindDataset, Name: e.Name, Keys: e.To.Keys}
		s.Links = []sbom.Link{{Rel: sbom.Contains, To: e.To}}
	}
	s.Mentioned = s.Keys.Path == ""
	s.Dataset = &sbom.Dataset{}
	for _, c := range e.Columns {
		s.Dataset.Features = append(s.Dataset.Features, sbom.Feature{Config: e.Config, Name: c.Value, Description: "used as " + c.Name})
	}
	for _, p := range [][2]string{{"name", e.Name}, {"formatting", e.Format}, {"kind", e.Kind}, {"subset", e.Config}, {"split", e.Split}, {"folder", e.Folder}} {
		if p[1] != "" && len(p[1]) < 300 {
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:llamafactory:" + p[0], Value: p[1]})
		}
	}
	if e.Code {
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleDatasetCode, Message: e.Name + " is loaded by the script of " + e.To.Name, Where: s.Where})
	}
	if why := mlcalls.Unpinned(e.To, "the registry"); why != "" {
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleUnpinned, Message: why, Where: s.Where})
	}
	return s
}
