package kubeflow

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// workflow reads an Argo Workflow, a template of some, or one that runs at times.
func (r *reader) workflow(v *yamllines.Value) {
	name := v.Get("metadata", "name").Text()
	if name == "" {
		name = strings.TrimSuffix(v.Get("metadata", "generateName").Text(), "-")
	}
	description := v.Get("metadata", "annotations", "description").Text()
	if spec, err := jsonlines.Parse(v.Get("metadata", "annotations", "pipelines.kubeflow.org/pipeline_spec").Text()); err == nil && spec.Is(jsonlines.Object) {
		description = spec.Get("description").Str()
	}
	r.begin(name, description, v.Get("metadata").Line())
	r.spec = v.Get("spec")
	if nested := r.spec.Get("workflowSpec"); nested.IsMap() {
		r.spec = nested
	}
	if v.Get("metadata", "annotations", "pipelines.kubeflow.org/pipeline_spec") == nil && v.Get("metadata", "annotations", "pipelines.kubeflow.org/kfp_sdk_version") == nil {
		r.pipeline.Process.Tool = "argo"
	}
	for i, item := range r.spec.Get("arguments", "parameters").Items() {
		key, value := item.Get("name").Text(), item.Get("value").Text()
		if key == "components-root" {
			r.pipeline.Process.Parameters = nil
			return // made of an IR
		}
		if i < maxValues && value != "" && !lineage.Secret(key) && !strings.HasPrefix(key, "components-") && !strings.HasPrefix(key, "implementations-") {
			r.pipeline.Process.Parameters = append(r.pipeline.Process.Parameters, sbom.Property{Name: clip(key), Value: clip(lineage.Shown(value))})
		}
	}
	r.template(&r.pipeline, r.spec.Get("entrypoint").Text(), "", 0)
}

func (r *reader) find(name string) *yamllines.Value {
	for _, t := range r.spec.Get("templates").Items() {
		if name != "" && t.Get("name").Text() == name {
			return t
		}
	}
	return nil
}

// template reads the tasks or steps of a template, or the one that it is itself.
func (r *reader) template(over *sbom.Sighting, name, prefix string, depth int) {
	t := r.find(name)
	if depth > maxDeep || r.above[name] {
		return // it is in itself
	}
	r.above[name] = true
	defer delete(r.above, name)
	for _, task := range t.Get("dag", "tasks").Items() {
		s := r.task(over, task, prefix, depth)
		if s == nil {
			return
		}
		for _, item := range task.Get("dependencies").Items() {
			depend(s, r.id(prefix+item.Text()), item.Line())
		}
		for _, word := range names.FindAllString(task.Get("depends").Text(), maxValues) {
			word, _, _ = strings.Cut(word, ".")
			depend(s, r.id(prefix+word), task.Get("depends").Line())
		}
		r.seen = append(r.seen, *s)
	}
	var before []string
	for _, group := range t.Get("steps").Items() {
		var now []string
		for _, step := range group.Items() {
			s := r.task(over, step, prefix, depth)
			if s == nil {
				return
			}
			for _, b := range before {
				depend(s, r.id(b), step.Line())
			}
			now = append(now, prefix+step.Get("name").Text())
			r.seen = append(r.seen, *s)
		}
		if len(now) > 0 {
			before = now
		}
	}
	if depth == 0 && t.Get("container").IsMap() { // a workflow of one
		container(over, t.Get("container"))
	}
}

var names = pattern.Lazy(`[A-Za-z0-9][\w-]*(?:\.\w+)?`)

// task reads one task or step, and what is in it; nil where there are too many.
func (r *reader) task(over *sbom.Sighting, v *yamllines.Value, prefix string, depth int) *sbom.Sighting {
	if r.tasks++; r.tasks > maxTasks {
		return nil
	}
	name := v.Get("name").Text()
	s := r.stage(over, prefix+name, name, v.Line())
	s.Process.Tool = r.pipeline.Process.Tool
	t := r.find(v.Get("template").Text())
	if t == nil {
		t = v.Get("inline")
	}
	container(s, t.Get("container"))
	s.Process.Environment = lineage.Property(s.Process.Environment, "image", clip(lineage.Image(t.Get("script", "image").Text())))
	for i, p := range v.Get("arguments", "parameters").Items() {
		if key, value := p.Get("name").Text(), p.Get("value").Text(); i < maxValues && value != "" && !lineage.Secret(key) {
			s.Process.Parameters = append(s.Process.Parameters, sbom.Property{Name: clip(key), Value: clip(lineage.Shown(value))})
		}
	}
	for _, list := range []*yamllines.Value{t.Get("inputs", "artifacts"), v.Get("arguments", "artifacts")} {
		for _, a := range list.Items() {
			if to, ok := stored(a); ok {
				s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: to, Note: clip(a.Get("name").Text()), Line: a.Line()})
			}
		}
	}
	for _, a := range t.Get("outputs", "artifacts").Items() {
		if to, ok := stored(a); ok {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Produces, To: to, Note: clip(a.Get("name").Text()), Line: a.Line()})
		}
	}
	r.template(s, v.Get("template").Text(), prefix+name+"/", depth+1)
	return s
}

// stored gives an artifact that lies at an address.
func stored(a *yamllines.Value) (sbom.Component, bool) {
	address := a.Get("http", "url").Text()
	for _, store := range []struct{ key, scheme string }{{"s3", "s3"}, {"gcs", "gs"}, {"oss", "oss"}} {
		if key := a.Get(store.key, "key").Text(); key != "" && a.Get(store.key, "bucket").Text() != "" {
			address = store.scheme + "://" + a.Get(store.key, "bucket").Text() + "/" + key
		}
	}
	if repo := lineage.Repository(a.Get("git", "repo").Text()); repo != "" {
		address = repo
	}
	u := lineage.URL(address)
	return sbom.Component{Kind: sbom.KindFile, Name: lineage.Name(u), Version: clip(a.Get("git", "revision").Text()), Keys: sbom.Keys{URL: u}}, u != ""
}
