package kubeflow

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// ir reads the intermediate representation of KFP 2.
func (r *reader) ir(v *yamllines.Value) {
	r.spec = v
	r.begin(v.Get("pipelineInfo", "name").Text(), v.Get("pipelineInfo", "description").Text(), v.Get("pipelineInfo").Line())
	r.pipeline.Properties = lineage.Property(r.pipeline.Properties, "mlbom:kubeflow:sdk", clip(v.Get("sdkVersion").Text()))
	for i, e := range v.Get("root", "inputDefinitions", "parameters").Entries() {
		if value := e.Value.Get("defaultValue").Text(); i < maxValues && value != "" && !lineage.Secret(e.Key) {
			r.pipeline.Process.Parameters = append(r.pipeline.Process.Parameters, sbom.Property{Name: clip(e.Key), Value: clip(lineage.Shown(value))})
		}
	}
	r.dag(&r.pipeline, v.Get("root", "dag"), "", nil, 0)
}

// dag reads the tasks of a pipeline; given are the artifacts that the one over it
// hands in, by name.
func (r *reader) dag(over *sbom.Sighting, v *yamllines.Value, prefix string, given map[string]sbom.Component, depth int) {
	for _, e := range v.Get("tasks").Entries() {
		if r.tasks++; r.tasks > maxTasks || depth > maxDeep {
			return
		}
		name := e.Value.Get("componentRef", "name").Text()
		component := r.spec.Get("components", name)
		s := r.stage(over, prefix+e.Key, e.Value.Get("taskInfo", "name").Text(), e.Line)
		r.executor(s, component, prefix+e.Key)
		in := r.takes(s, e.Value, prefix, given)
		r.gives(s, component, prefix+e.Key)
		if !r.above[name] {
			r.above[name] = true
			r.dag(s, component.Get("dag"), prefix+e.Key+"/", in, depth+1)
			delete(r.above, name)
		}
		r.seen = append(r.seen, *s)
	}
}

// executor reads what carries a component out: a container, or an import of data.
func (r *reader) executor(s *sbom.Sighting, component *yamllines.Value, id string) {
	x := r.spec.Get("deploymentSpec", "executors", component.Get("executorLabel").Text())
	container(s, x.Get("container"))
	importer := x.Get("importer")
	address := lineage.URL(importer.Get("artifactUri", "constant").Text())
	if address == "" {
		return
	}
	if kind := kindOf(importer.Get("typeSchema", "schemaTitle").Text()); kind != "" {
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: sbom.Component{Kind: kind, Name: lineage.Name(address), Keys: sbom.Keys{URL: address}}, Line: importer.Line()})
	}
}

// takes reads order, parameters and artifacts that go in.
func (r *reader) takes(s *sbom.Sighting, task *yamllines.Value, prefix string, given map[string]sbom.Component) map[string]sbom.Component {
	for _, item := range task.Get("dependentTasks").Items() {
		depend(s, r.id(prefix+item.Text()), item.Line())
	}
	for i, e := range task.Get("inputs", "parameters").Entries() {
		if of := e.Value.Get("taskOutputParameter", "producerTask"); of.Text() != "" {
			depend(s, r.id(prefix+of.Text()), e.Line)
		}
		value := e.Value.Get("runtimeValue", "constant")
		if i < maxValues && value.IsScalar() && !lineage.Secret(e.Key) && value.Text() != "" {
			s.Process.Parameters = append(s.Process.Parameters, sbom.Property{Name: clip(e.Key), Value: clip(lineage.Shown(value.Text()))})
		} else if i < maxValues {
			s.Process.Parameters = append(s.Process.Parameters, lineage.Flat(e.Key, value, maxValues)...)
		}
	}
	in := map[string]sbom.Component{}
	for _, e := range task.Get("inputs", "artifacts").Entries() {
		from := e.Value.Get("taskOutputArtifact")
		if producer := from.Get("producerTask").Text(); producer != "" {
			depend(s, r.id(prefix+producer), e.Line)
			made := r.spec.Get("components", r.reference(prefix, producer))
			title := made.Get("outputDefinitions", "artifacts", from.Get("outputArtifactKey").Text(), "artifactType", "schemaTitle").Text()
			if c, ok := r.artifact(prefix+producer, from.Get("outputArtifactKey").Text(), title); ok {
				in[e.Key] = c
			}
		} else if c, ok := given[e.Value.Get("componentInputArtifact").Text()]; ok {
			in[e.Key] = c
		}
		if c, ok := in[e.Key]; ok {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: c, Note: clip(e.Key), Line: e.Line})
		}
	}
	return in
}

// reference gives the name of the component of a task, whose name has the pipelines
// that it is in.
func (r *reader) reference(prefix, task string) string {
	dag := r.spec.Get("root", "dag")
	for _, over := range strings.Split(strings.TrimSuffix(prefix, "/"), "/") {
		if over != "" {
			dag = r.spec.Get("components", dag.Get("tasks", over, "componentRef", "name").Text(), "dag")
		}
	}
	return dag.Get("tasks", task, "componentRef", "name").Text()
}

// gives reads the artifacts that come out.
func (r *reader) gives(s *sbom.Sighting, component *yamllines.Value, id string) {
	for _, e := range component.Get("outputDefinitions", "artifacts").Entries() {
		if c, ok := r.artifact(id, e.Key, e.Value.Get("artifactType", "schemaTitle").Text()); ok {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Produces, To: c, Note: clip(e.Key), Line: e.Line})
		}
	}
}

// artifact is what a task gives, known by task and name within the file.
func (r *reader) artifact(task, name, title string) (sbom.Component, bool) {
	kind := kindOf(title)
	return sbom.Component{Kind: kind, Name: clip(name), Keys: sbom.Keys{Path: r.f.Path + "#" + clip(task+"."+name)}}, kind != "" && name != ""
}

// kindOf tells datasets and models from other artifacts, which give no component.
func kindOf(title string) sbom.Kind {
	switch last := title[strings.LastIndexByte(title, '.')+1:]; {
	case strings.HasSuffix(last, "Model"):
		return sbom.KindModel
	case last == "Dataset" || strings.HasSuffix(last, "Dataset") || last == "BQTable":
		return sbom.KindDataset
	}
	return ""
}
