package triton

import (
	"io/fs"
	"path"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// code notes what a version brings beside weights: the program of a Python
// backend, and the settings of vLLM.
func (m *config) code(version string) {
	name := m.root.Get("default_model_filename").Str()
	if name == "" {
		name = "model.py"
	}
	if path.Base(name) == name && path.Ext(name) == ".py" && hfmodel.Exists(m.f.FS, path.Join(version, name)) {
		m.Runs(path.Join(path.Base(version), name), 1, "serving the model runs "+path.Join(path.Base(version), name))
	}
	file := path.Join(version, "model.json")
	if info, err := fs.Stat(m.f.FS, file); err != nil || !info.Mode().IsRegular() || m.root.Get("backend").Str() != "vllm" {
		return
	}
	text, err := sbom.NewFile(m.f.FS, file).Text()
	if err != nil {
		return
	}
	v, _ := jsonlines.Parse(text)
	d := hfmodel.In(m.Dir)
	d.Hint, d.Where = true, sbom.Place{Path: file}
	d.Numbers("vllm.", v)
	if to, ok := hfmodel.Origin(v.Get("model").Str(), v.Get("revision").Str()); ok {
		d.Links = append(d.Links, sbom.Link{Rel: sbom.Uses, To: to, Note: "serves", Line: v.Get("model").LineOf()})
	}
	if on, _ := v.Get("trust_remote_code").Bool(); on {
		d.Runs("trust_remote_code", v.Get("trust_remote_code").LineOf(), "the server runs code of the repository of "+v.Get("model").Str())
	}
	m.More = append(m.More, d.Sighting)
}
