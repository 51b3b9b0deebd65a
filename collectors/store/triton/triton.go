// Package triton reads the model repository of NVIDIA Triton: config.pbtxt in each
// model's folder, which says how the model is served, with the folders of its
// versions beside it ("1/model.onnx").
//
// An ensemble depends on the models of its steps. A Python backend runs model.py of
// a version, and may unpack an environment of its own; backends and operators may be
// libraries of machine code in the folder. model.json of the vLLM backend names the
// model that is served.
//
// Not understood: models that Triton configures by itself without a config.pbtxt,
// what a Python backend calls, and repositories in object stores.
//
// Source: triton-inference-server/common (protobuf/model_config.proto), and the
// documentation of the backends.
package triton

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/textproto"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the configurations.
var Collector = sbom.Collector{
	Name: "store/triton",
	Doc: "Triton model repositories (config.pbtxt)\n\nBackend, inputs and outputs, versions, how the model is served, the steps of an ensemble,\n" +
		"and code that serving the model would run.",
	Match:   []string{"config.pbtxt"},
	Collect: collect,
}

// marks are fields of ModelConfig of which one must be there.
var marks = []string{"platform", "backend", "input", "output", "max_batch_size", "ensemble_scheduling", "instance_group", "default_model_filename"}

const (
	maxPorts    = 1000
	maxVersions = 200
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := textproto.Parse(text)
	if !slices.ContainsFunc(marks, func(name string) bool { return v.Get(name) != nil }) {
		return nil, err
	}
	m := &config{Draft: hfmodel.New(f), f: f, root: v}
	m.identity()
	m.ports("input", "model.inputs", &m.Model.Inputs)
	m.ports("output", "model.outputs", &m.Model.Outputs)
	m.serving()
	m.parameters()
	m.ensemble()
	versions := m.versions()
	return append(m.Done(len(versions) == 0 && hfmodel.Example(m.Dir)), versions...), err
}

// config is a ModelConfig while it is read.
type config struct {
	*hfmodel.Draft
	f    *sbom.File
	root *textproto.Value
}

// platforms are the older names of backends, with the format that they load.
var platforms = map[string][2]string{"tensorflow_savedmodel": {"tensorflow", "savedmodel"}, "tensorflow_graphdef": {"tensorflow", "graphdef"},
	"onnxruntime_onnx": {"onnxruntime", "onnx"}, "pytorch_libtorch": {"pytorch", "torchscript"}, "tensorrt_plan": {"tensorrt", "tensorrt"}, "ensemble": {"ensemble", ""}}

// identity reads name and backend.
func (m *config) identity() {
	name := m.root.Get("name")
	m.Text("name", &m.Name, name.Str(), name.LineOf())
	if folder := path.Base(path.Dir(m.f.Path)); m.Name == "" && folder != "." {
		m.Text("name", &m.Name, folder, 1) // the server demands that they agree
	}
	backend, platform := m.root.Get("backend"), m.root.Get("platform")
	m.Library(backend.Str(), backend.LineOf())
	if p, ok := platforms[platform.Str()]; ok {
		m.Library(p[0], platform.LineOf())
		if p[1] != "" {
			m.Model.Formats = []string{p[1]}
			m.Mark("model.formats", platform.LineOf())
		}
	} else if platform.Str() != "" {
		m.Param("triton.platform", platform.Str(), platform.LineOf())
	}
	if m.Model.Library == "" {
		m.Library("triton", 1)
	}
}

// ports reads inputs or outputs.
func (m *config) ports(name, field string, into *[]sbom.Port) {
	for _, v := range m.root.All(name) {
		if len(*into) == maxPorts {
			return
		}
		var dims []string
		for _, d := range v.All("dims") {
			dims = append(dims, d.Str())
		}
		p := sbom.Port{Name: v.Get("name").Str(), Format: strings.TrimPrefix(v.Get("data_type").Str(), "TYPE_")}
		if len(dims) > 0 && len(dims) <= 64 {
			p.Shape = "[" + strings.Join(dims, ",") + "]"
		}
		if len(p.Name) <= 1000 && len(p.Format) <= 100 && len(p.Shape) <= 1000 && p != (sbom.Port{}) {
			*into = append(*into, p)
			m.Mark(field, v.Line)
		}
	}
}

// serving keeps how the model is run.
func (m *config) serving() {
	for _, f := range m.root.Fields {
		if !f.Value.Is && f.Name != "name" && f.Name != "backend" && f.Name != "platform" {
			m.Param("triton."+f.Name, f.Value.Text, f.Line)
		}
	}
	for _, g := range m.root.All("instance_group") {
		text := strings.TrimPrefix(g.Get("kind").Str(), "KIND_")
		if n := g.Get("count").Str(); n != "" {
			text = strings.TrimSpace(n + " " + text)
		}
		m.Param("triton.instance_group", text, g.Line)
	}
	for _, name := range []string{"dynamic_batching", "sequence_batching", "model_transaction_policy", "response_cache", "version_policy"} {
		v := m.root.Get(name)
		if v == nil {
			continue
		}
		m.Param("triton."+name, "set", v.Line)
		for _, f := range v.Fields {
			if !f.Value.Is {
				m.Param("triton."+name+"."+f.Name, f.Value.Text, f.Line)
			}
		}
	}
	for _, a := range m.root.Get("optimization", "execution_accelerators").All("gpu_execution_accelerator") {
		m.Param("triton.accelerator", a.Get("name").Str(), a.Line)
	}
	for _, a := range m.root.Get("model_repository_agents").All("agents") {
		m.Param("triton.agent", a.Get("name").Str(), a.Line)
	}
	for _, l := range m.root.Get("model_operations").All("op_library_filename") {
		m.Find(sbom.RuleCustomOp, l.Line, "the model loads operators from the library "+l.Str())
	}
}

// parameters reads what is handed to the backend.
func (m *config) parameters() {
	for _, e := range m.root.Map("parameters") {
		value := e.Value.Get("string_value").Str()
		if e.Name == "EXECUTION_ENV_PATH" && value != "" {
			m.Runs("environment="+value, e.Line, "the Python backend unpacks and runs the environment "+value)
			continue
		}
		m.Param("parameter."+e.Name, value, e.Line)
	}
}

// ensemble ties the model to those of its steps, which lie beside it.
func (m *config) ensemble() {
	for _, step := range m.root.Get("ensemble_scheduling").All("step") {
		name := step.Get("model_name").Str()
		if name == "" || len(m.Links) == hfmodel.MaxParts || len(name) > 1000 {
			continue
		}
		to := sbom.Component{Kind: sbom.KindModel, Name: name}
		if beside := path.Join(path.Dir(path.Dir(m.f.Path)), name); !strings.ContainsAny(name, `/\`) && path.Dir(m.f.Path) != "." && hfmodel.Exists(m.f.FS, path.Join(beside, "config.pbtxt")) {
			to.Keys.Path = beside + "/"
		}
		note := "ensemble step"
		if v, ok := step.Get("model_version").Int(); ok && v > 0 {
			note += ", version " + step.Get("model_version").Str()
		}
		m.Links = append(m.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: note, Line: step.Line})
	}
}

// versions looks into the folders of versions, whose names are numbers: those that
// hold weights are models in this one, and code in them runs.
func (m *config) versions() (seen []sbom.Sighting) {
	dir := path.Dir(m.f.Path)
	entries, _ := fs.ReadDir(m.f.FS, dir)
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() && strings.HasSuffix(name, ".so") {
			m.Find(sbom.RuleNative, 1, "the backend's library "+name+" lies in the model's folder, and the server loads it")
		}
		if !e.IsDir() || name == "0" || strings.Trim(name, "0123456789") != "" || len(seen) == maxVersions {
			continue
		}
		at := path.Join(dir, name)
		if hfmodel.HasWeights(m.f.FS, at) {
			of := sbom.Component{Kind: sbom.KindModel, Name: m.Name, Version: name, Keys: sbom.Keys{Path: at + "/"}}
			seen = append(seen, sbom.Sighting{Component: of, Basis: sbom.Declared, Hint: true, Where: sbom.Place{Line: 1}})
			m.Links = append(m.Links, sbom.Link{Rel: sbom.Contains, Note: "version " + name, To: sbom.Component{Kind: sbom.KindModel, Name: m.Name, Keys: of.Keys}})
		}
		m.code(at)
	}
	if len(seen) == 0 {
		m.Properties = append(m.Properties, sbom.Property{Name: sbom.NoWeights, Value: "none beside the configuration"})
	}
	return seen
}
