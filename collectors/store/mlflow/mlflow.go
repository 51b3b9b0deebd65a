// Package mlflow reads models that MLflow saved: MLmodel, the run that made the
// model where the file store of MLflow holds it (mlruns/EXPERIMENT/RUN with params,
// metrics, tags and inputs; from version 3 on mlruns/EXPERIMENT/models/MODEL beside
// the runs), and the registry of the file store
// (mlruns/models/NAME/version-N/meta.yaml).
//
// A run (mlruns/EXPERIMENT/RUN/meta.yaml) is a process of its own: parameters, the last
// value of each metric, times, tags, the datasets and models that it took and gave, and
// the run that it is part of. MLproject is a pipeline of entry points. Who ran it and on
// which machine is not told.
//
// Not understood: stores in a database (mlflow.db is named as not read), traces, the
// texts of prompts, evaluation tables. What
// conda.yaml and requirements.txt beside a model say is read by the collectors of
// these, and pickles by theirs.
//
// Sources: mlflow (mlflow/models/model.py, mlflow/types/schema.py,
// mlflow/store/tracking/file_store.py, mlflow/store/model_registry/file_store.py).
package mlflow

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads MLmodel and the registry.
var Collector = sbom.Collector{
	Name: "store/mlflow",
	Doc: "MLflow models (MLmodel), projects (MLproject), runs and the registry of the file store\n\nFlavours with versions, inputs and outputs, code that loading would run, and of the run:\n" +
		"parameters, metrics, datasets and the commit of the source.",
	Match:   []string{"MLmodel", "MLproject", "meta.yaml", "mlflow.db"},
	Collect: collect,
}

// Bounds on one model.
const (
	maxText   = 1000 // bytes of one value
	maxValues = 500  // of one sort
	maxPorts  = 2000
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	base := strings.ToLower(path.Base(f.Path))
	if base == "mlflow.db" {
		return nil, database(f)
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	if base == "meta.yaml" { // of conda, and others, too
		return stored(f, text)
	}
	v, err := yamllines.Parse(text)
	if base == "mlproject" {
		return project(f, v, err)
	}
	if !v.Get("flavors").IsMap() {
		return nil, err
	}
	d := hfmodel.New(f)
	m := &model{Draft: d, f: f, root: v}
	m.identity()
	for _, e := range v.Get("flavors").Entries() {
		m.flavor(e)
	}
	err = m.signature(err)
	m.extras()
	return append(d.Done(false), m.run()...), err
}

// stored reads a record of the file store: of a version of a model, or of a run.
func stored(f *sbom.File, text string) ([]sbom.Sighting, error) {
	version := strings.HasPrefix(path.Base(path.Dir(f.Path)), "version-")
	if !version && !strings.Contains(text, "experiment_id") {
		return nil, nil
	}
	v, err := yamllines.Parse(text)
	if version {
		return registered(f, v), err
	}
	return tracked(f, v), err
}

// database tells that a store is not read.
func database(f *sbom.File) error {
	r, _, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	head := make([]byte, 16)
	if _, err := r.ReadAt(head, 0); err != nil || string(head) != "SQLite format 3\x00" {
		return nil
	}
	return &sbom.Problem{Reason: "the runs and models in a database of MLflow are not read; copy them into a file store to have them in the document"}
}

// model is an MLmodel while it is read.
type model struct {
	*hfmodel.Draft
	f    *sbom.File
	root *yamllines.Value
}

// property keeps what the vocabulary has no field for.
func (m *model) property(name string, v *yamllines.Value) {
	property(m.Draft, name, v.Text(), v.Line())
}

func property(d *hfmodel.Draft, name, text string, line int) {
	if text != "" && len(text) <= maxText && len(d.Properties) < maxValues {
		d.Properties = append(d.Properties, sbom.Property{Name: "mlbom:mlflow:" + name, Value: text})
		d.Mark("properties", line)
	}
}

// identity reads what tells this model from others.
func (m *model) identity() {
	m.Model.Formats = []string{"mlflow"}
	m.Mark("model.formats", 1)
	at := m.root.Get("artifact_path")
	if name := at.Text(); name != "" && !strings.Contains(name, ":") && !path.IsAbs(name) && path.Base(name) != "model" && path.Base(name) != "." {
		m.Text("name", &m.Name, path.Base(name), at.Line())
	}
	for _, key := range []string{"run_id", "model_uuid", "model_id", "model_size_bytes", "mlflow_version"} {
		if key == "mlflow_version" {
			m.VersionText("mlflow", m.root.Get(key).Text(), m.root.Get(key).Line())
		} else if key != "model_uuid" || m.root.Get(key).Text() != m.root.Get("model_id").Text() {
			m.property(key, m.root.Get(key))
		}
	}
	created := m.root.Get("utc_time_created")
	if date, time, ok := strings.Cut(created.Text(), " "); ok && len(date) == 10 && len(time) >= 8 {
		m.Text("released", &m.Released, date+"T"+time+"Z", created.Line())
	}
}

// distribution is the name by which others know the library of a flavour.
func distribution(flavor string) string {
	if name := map[string]string{"sklearn": "scikit-learn", "sentence_transformers": "sentence-transformers"}[flavor]; name != "" {
		return name
	}
	return flavor
}

// flavor reads one way to load the model.
func (m *model) flavor(e yamllines.Entry) {
	if e.Key != "python_function" {
		m.Library(distribution(e.Key), e.Line)
		m.Param("flavor", e.Key, e.Line)
	}
	for _, k := range e.Value.Entries() {
		text := k.Value.Text()
		switch {
		case strings.HasSuffix(k.Key, "_version") && text != "":
			m.VersionText(distribution(strings.TrimSuffix(k.Key, "_version")), text, k.Line)
		case k.Key == "task":
			m.Text("model.task", &m.Model.Task, text, k.Line)
		case k.Key == "source_model_name":
			m.Base(text, e.Value.Get("source_model_revision").Text(), "", k.Line)
		case k.Key == "pickled_model", k.Key == "model_path", k.Key == "model_data", k.Key == "data", k.Key == "model_binary":
			m.file(text, k.Line)
		case k.Key == "code" || k.Key == "model_code_path" || k.Key == "python_model":
			m.code(e.Key, k.Key, text, k.Line)
		case k.Key == "env", k.Key == "source_model_revision":
		case text != "":
			m.Param(e.Key+"."+k.Key, text, k.Line)
		}
	}
	if l := e.Value.Get("loader_module"); e.Key == "python_function" && len(m.root.Get("flavors").Entries()) == 1 && l.Text() != "" {
		m.Library("mlflow", l.Line())
	}
}

// file ties a file that holds the model to it.
func (m *model) file(name string, line int) {
	if name == "" {
		return
	}
	at := path.Join(path.Dir(m.f.Path), name)
	if !inside(m.f, at) {
		m.Find(sbom.RulePathEscape, line, "the model's file "+name+" is outside of its folder")
		return
	}
	base := path.Base(at)
	if stem := strings.TrimSuffix(base, path.Ext(base)); stem == "model" && isFile(m.f.FS, at) {
		m.Links = append(m.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: base, Keys: sbom.Keys{Path: at}}, Line: line})
	}
}

// inside tells whether a path is below the folder of the model.
func inside(f *sbom.File, at string) bool {
	return path.Dir(f.Path) == "." && !strings.HasPrefix(at, "..") && !path.IsAbs(at) || strings.HasPrefix(at, path.Dir(f.Path)+"/")
}

// code notes what MLflow puts on Python's path, runs or unpickles.
func (m *model) code(flavor, key, text string, line int) {
	if text == "" {
		return
	}
	if !inside(m.f, path.Join(path.Dir(m.f.Path), text)) {
		m.Find(sbom.RulePathEscape, line, "the code "+text+" is outside of the model's folder")
	}
	switch key {
	case "code":
		m.Runs(text, line, "loading the model imports code from its folder "+text)
	case "model_code_path":
		m.Runs(text, line, "loading the model runs "+path.Base(text)+" of its folder")
	case "python_model":
		m.Runs(text, line, "the model is a Python object in "+text+", whose code runs when it is loaded")
	}
}

// extras reads metadata, the example, and services that the model calls.
func (m *model) extras() {
	for _, key := range []string{"metadata", "auth_policy", "env_vars", "prompts", "type_hint_from_example", "is_signature_from_type_hint"} {
		at := m.root.Get(key)
		for _, p := range lineage.Flat(key, at, maxValues) {
			property(m.Draft, p.Name, p.Value, at.Line())
		}
	}
	m.registered()
	for _, name := range []string{"requirements.txt", "conda.yaml"} {
		if isFile(m.f.FS, path.Join(path.Dir(m.f.Path), name)) { // the packages that the model was made with
			to := sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: sbom.Project(m.f.Path, "python")}}
			m.Links = append(m.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: name})
		}
	}
	m.property("input_example", m.root.Get("saved_input_example_info", "artifact_path"))
	for _, platform := range m.root.Get("resources").Entries() {
		for _, kind := range platform.Value.Entries() {
			for _, item := range kind.Value.Items() {
				m.resource(kind.Key, item.Get("name"))
			}
		}
	}
}

// registered reads the note that a download from a registry leaves beside a model.
func (m *model) registered() {
	at := path.Join(path.Dir(m.f.Path), "registered_model_meta")
	v := read(m.f.FS, at)
	if v.Get("model_name").Text() == "" {
		return
	}
	d := m.part(at)
	d.Text("name", &d.Name, clip(v.Get("model_name").Text()), v.Get("model_name").Line())
	d.Text("version", &d.Component.Version, clip(v.Get("model_version").Text()), v.Get("model_version").Line())
	m.More = append(m.More, d.Sighting)
}

// resource ties the model to what it needs beside its files.
func (m *model) resource(kind string, name *yamllines.Value) {
	if name.Text() == "" || len(m.Links) >= hfmodel.MaxParts {
		return
	}
	to := sbom.Component{Kind: sbom.KindService, Name: name.Text()}
	if strings.Contains(kind, "table") || strings.Contains(kind, "volume") {
		to.Kind = sbom.KindDataset
	}
	m.Links = append(m.Links, sbom.Link{Rel: sbom.Uses, To: to, Note: kind, Line: name.Line()})
}
