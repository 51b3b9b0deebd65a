// Package kubeflow reads compiled pipelines of Kubeflow: the IR of KFP 2 (YAML or JSON
// with components, deploymentSpec and root) and Argo Workflows, which KFP 1 compiles to.
//
// Tasks are stages with their image, command and constant parameters; they depend on
// the tasks that they name and on those whose outputs they take. Of artifacts the
// datasets and models are told, by the type that the component declares.
//
// Not understood: the source code of lightweight components, conditions and loops but
// for the tasks in them, values that are known when a pipeline runs, the platform
// document of the IR, and Argo Workflows that KFP 2 makes of an IR (their tasks are
// drivers; the IR says the same better).
//
// Sources: github.com/kubeflow/pipelines (api/v2alpha1/pipeline_spec.proto),
// github.com/argoproj/argo-workflows (docs/fields.md).
package kubeflow

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads compiled pipelines, by their first bytes.
var Collector = sbom.Collector{
	Name:    "pipeline/kubeflow",
	Doc:     "Kubeflow pipelines (compiled IR of KFP 2) and Argo Workflows\n\nTasks with images, commands and parameters, their order, and the datasets and models between them.",
	Sniff:   sniff,
	Collect: collect,
}

const (
	maxTasks  = 5000 // of one file
	maxDeep   = 16   // pipelines in pipelines
	maxValues = 500  // of one task
)

// sniff knows the IR by its banner or first key, and a workflow by its kind.
func sniff(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n-\ufeff")
	if len(head) == 0 {
		return false
	}
	switch head[0] {
	case '#':
		return bytes.HasPrefix(head, []byte("# PIPELINE DEFINITION"))
	case 'c':
		return bytes.HasPrefix(head, []byte("components:"))
	case 'a':
		return bytes.HasPrefix(head, []byte("apiVersion: argoproj.io/")) && bytes.Contains(head, []byte("kind: Workflow"))
	case '{':
		return bytes.Contains(head, []byte(`"pipelineSpec"`)) || bytes.Contains(head, []byte(`"components"`)) && bytes.Contains(head, []byte(`"comp-`))
	}
	return false
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := yamllines.Parse(text)
	if spec := v.Get("pipelineSpec"); spec.IsMap() {
		v = spec
	}
	r := &reader{f: f, above: map[string]bool{}}
	switch {
	case strings.HasPrefix(v.Get("apiVersion").Text(), "argoproj.io/"):
		r.workflow(v)
	case v.Get("root").IsMap() && v.Get("deploymentSpec").IsMap() && v.Get("pipelineInfo").IsMap():
		r.ir(v)
	case strings.HasPrefix(text, "# PIPELINE DEFINITION"):
		return nil, err
	default:
		return nil, nil // of something else, whatever is wrong with it
	}
	if r.tasks > maxTasks && err == nil {
		err = &sbom.Problem{Line: 1, Reason: fmt.Sprintf("the pipeline has more than %d tasks; the rest is not read", maxTasks)}
	}
	return append([]sbom.Sighting{r.pipeline}, r.seen...), err
}

type reader struct {
	f        *sbom.File
	spec     *yamllines.Value
	pipeline sbom.Sighting
	seen     []sbom.Sighting
	tasks    int
	above    map[string]bool // components or templates that the one being read is in
}

func clip(s string) string { return lineage.Clip(s, lineage.MaxText) }

func (r *reader) begin(name, description string, line int) {
	r.pipeline = sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: max(line, 1)}}
	r.pipeline.Component = sbom.Component{Kind: sbom.KindProcess, Name: clip(name), Description: clip(description), Keys: sbom.Keys{Path: r.f.Path}, Process: &sbom.Process{Type: "pipeline", Tool: "kubeflow"}}
}

func (r *reader) id(name string) sbom.Component {
	return sbom.Component{Kind: sbom.KindProcess, Name: clip(name), Keys: sbom.Keys{Path: r.f.Path + "#" + clip(name)}}
}

// stage begins a task; over is what it is part of.
func (r *reader) stage(over *sbom.Sighting, id, name string, line int) *sbom.Sighting {
	s := &sbom.Sighting{Component: r.id(id), Basis: sbom.Declared, Where: sbom.Place{Line: line}}
	if name != "" {
		s.Name = clip(name)
	}
	s.Process = &sbom.Process{Type: "stage", Tool: "kubeflow"}
	over.Links = append(over.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: s.Kind, Name: s.Name, Keys: s.Keys}, Line: line})
	return s
}

// container reads what a task runs. A command that holds a program is not shown.
func container(s *sbom.Sighting, v *yamllines.Value) {
	s.Process.Environment = lineage.Property(s.Process.Environment, "image", clip(lineage.Image(v.Get("image").Text())))
	words := append(v.Get("command").Texts(), v.Get("args").Texts()...)
	for i, w := range words {
		if w == "--function_to_execute" && i+1 < len(words) {
			s.Properties = lineage.Property(s.Properties, "mlbom:kubeflow:function", clip(words[i+1]))
		}
	}
	if line := strings.Join(words, " "); line != "" && !strings.Contains(line, "\n") {
		s.Process.Commands = []string{clip(lineage.NoMail(lineage.Command(line)))}
	}
	if n := v.Get("resources", "acceleratorCount").Text(); n != "" {
		s.Process.Environment = lineage.Property(s.Process.Environment, "gpu", clip(strings.TrimSpace(n+" "+v.Get("resources", "acceleratorType").Text()+v.Get("resources", "resourceAcceleratorType").Text())))
	}
}

func depend(s *sbom.Sighting, to sbom.Component, line int) {
	for _, l := range s.Links {
		if l.Rel == sbom.DependsOn && l.To.Keys == to.Keys {
			return
		}
	}
	s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Line: line})
}
