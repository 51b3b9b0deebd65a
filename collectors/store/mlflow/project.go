package mlflow

import (
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const maxCommand = 4000 // bytes

// project reads MLproject: entry points with their commands and parameters, and what
// they run in.
func project(f *sbom.File, v *yamllines.Value, broken error) ([]sbom.Sighting, error) {
	if !v.IsMap() {
		return nil, errors.Join(broken, &sbom.Problem{Line: 1, Reason: "an MLproject is a mapping with a name and entry points"})
	}
	p := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindProcess, Name: clip(v.Get("name").Text()), Keys: sbom.Keys{Path: f.Path},
		Process: &sbom.Process{Type: "pipeline", Tool: "mlflow"}}, Basis: sbom.Declared, Where: sbom.Place{Line: max(v.Get("name").Line(), 1)}}
	image := v.Get("docker_env", "image")
	p.Process.Environment = lineage.Property(nil, "image", clip(image.Text()))
	for _, key := range []string{"conda_env", "python_env"} {
		name := v.Get(key)
		at := lineage.Inside(path.Dir(f.Path), name.Text())
		if at == "" {
			continue
		}
		p.Process.Environment = append(p.Process.Environment, sbom.Property{Name: key, Value: clip(name.Text())})
		if isFile(f.FS, at) {
			to := sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: sbom.Project(at, "python")}}
			p.Links = append(p.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: name.Text(), Line: name.Line()})
		}
	}
	var seen []sbom.Sighting
	for i, e := range v.Get("entry_points").Entries() {
		if i >= maxValues {
			return append([]sbom.Sighting{p}, seen...), errors.Join(broken, &sbom.Problem{Line: e.Line, Reason: "too many entry points; the rest is not read"})
		}
		s := entryPoint(f, e)
		seen = append(seen, s)
		p.Links = append(p.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: s.Kind, Name: s.Name, Keys: s.Keys}, Line: e.Line})
	}
	return append([]sbom.Sighting{p}, seen...), broken
}

func entryPoint(f *sbom.File, e yamllines.Entry) sbom.Sighting {
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindProcess, Name: clip(e.Key), Keys: sbom.Keys{Path: f.Path + "#" + lineage.Clip(e.Key, maxText)},
		Process: &sbom.Process{Type: "stage", Tool: "mlflow"}}, Basis: sbom.Declared, Where: sbom.Place{Line: e.Line}}
	if c := e.Value.Get("command").Text(); c != "" {
		s.Process.Commands = []string{lineage.Command(lineage.Clip(c, maxCommand))}
	}
	for i, p := range e.Value.Get("parameters").Entries() {
		if i >= maxValues {
			break
		}
		value := p.Value.Get("default").Text() // what it is where nothing else is said
		if value == "" {
			value = firstOf(p.Value.Get("type").Text(), p.Value.Text())
		}
		if value != "" && !lineage.Secret(p.Key) {
			s.Process.Parameters = append(s.Process.Parameters, sbom.Property{Name: clip(p.Key), Value: lineage.Clip(value, maxText)})
		}
		if about := strings.TrimSpace(p.Value.Get("description").Text()); about != "" {
			if kind := p.Value.Get("type").Text(); kind != "" {
				about += " (" + kind + ")"
			}
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:mlflow:parameter:" + clip(p.Key), Value: lineage.NoMail(lineage.Clip(about, maxText))})
		}
	}
	return s
}
