package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxConfig = 16 << 20 // bytes of a configuration
	maxText   = 256      // bytes of one value
)

// described are the formats that describe themselves, and the member that does.
var described = map[string]string{"nemo": "model_config.yaml", "torchserve": "MANIFEST.json", "stable-baselines3": "_stable_baselines3_version"}

// describe adds what the archive's own configuration says.
func describe(f *sbom.File, kind string, file, model *sbom.Sighting) error {
	name := described[kind]
	text, names, err := member(f, name)
	if err != nil {
		return &sbom.Problem{Reason: fmt.Sprintf("%s in the archive cannot be read: %v", name, err)}
	}
	switch kind {
	case "nemo":
		return nemo(text, file, model)
	case "torchserve":
		return torchserve(text, names, file, model)
	}
	m := model.Component.Model
	m.Library = kind
	if v := strings.TrimSpace(text); short(v) {
		m.Training.Versions = append(m.Training.Versions, sbom.Property{Name: kind, Value: v})
	}
	return nil
}

// member reads one file of the archive, and the names of all.
func member(f *sbom.File, base string) (text string, names map[string]bool, err error) {
	r, size, err := f.Open()
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	o := archive.Options{Limits: f.Settings.Limits}
	o.Budget = archive.NewBudget(o.Limits)
	names = map[string]bool{}
	var data []byte
	take := func(m *archive.Member, open func() (io.Reader, error)) error {
		names[clean(m.Name)] = true
		if path.Base(m.Name) != base || strings.Count(clean(m.Name), "/") > 1 || data != nil {
			return nil
		}
		c, err := open()
		if err != nil {
			return err
		}
		data, err = io.ReadAll(io.LimitReader(c, maxConfig))
		return err
	}
	if head := make([]byte, min(size, 512)); true {
		if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
			return "", nil, err
		}
		if content, _, packed := archive.Unpack(io.NewSectionReader(r, 0, size), head, o); packed {
			_, err = archive.Each(content, o, func(m *archive.Member, c io.Reader) error {
				return take(m, func() (io.Reader, error) { return c, nil })
			})
			return decode(data, names, err)
		}
	}
	a, err := archive.Open(r, size, o)
	if err != nil {
		return "", nil, err
	}
	for _, m := range a.Members {
		if err := take(m, func() (io.Reader, error) { return m.Open() }); err != nil {
			return "", names, err
		}
	}
	return decode(data, names, nil)
}

func decode(data []byte, names map[string]bool, err error) (string, map[string]bool, error) {
	if data == nil || err != nil {
		return "", names, err
	}
	text, err := sbom.DecodeText(data)
	return text, names, err
}

func clean(name string) string { return strings.TrimPrefix(name, "./") }

// nemo reads the configuration that Hydra makes objects of: each "_target_" is
// called when the model is restored.
func nemo(text string, file, model *sbom.Sighting) error {
	root, err := yamllines.Parse(text)
	m := model.Component.Model
	m.Library = "nemo"
	if class := root.Get("target").Text(); short(class) {
		m.Architecture = class[strings.LastIndexByte(class, '.')+1:]
	}
	if v := root.Get("nemo_version").Text(); short(v) {
		m.Training.Versions = append(m.Training.Versions, sbom.Property{Name: "nemo", Value: v})
	}
	for _, key := range []string{"sample_rate", "vocab_size", "hidden_size", "num_layers"} {
		if v := root.Get(key); v.IsScalar() && short(v.Text()) {
			m.Hyperparameters = append(m.Hyperparameters, sbom.Property{Name: key, Value: v.Text()})
		}
	}
	t := targets{seen: map[string]bool{}}
	t.walk(root, 0)
	file.Findings = append(file.Findings, t.findings...)
	if len(t.findings) > 0 && file.File.Scan.Verdict != sbom.Malicious {
		file.File.Scan.Verdict = sbom.SuspiciousUse
	}
	return err
}

func short(s string) bool { return s != "" && len(s) <= maxText }

// manifest is that of a model archive of TorchServe.
type manifest struct {
	Runtime  string `json:"runtime"`
	Archiver string `json:"archiverVersion"`
	Model    struct {
		Name         string `json:"modelName"`
		Version      any    `json:"modelVersion"`
		Description  string `json:"description"`
		Serialized   string `json:"serializedFile"`
		Handler      string `json:"handler"`
		ModelFile    string `json:"modelFile"`
		Requirements string `json:"requirementsFile"`
	} `json:"model"`
}

func torchserve(text string, names map[string]bool, file, model *sbom.Sighting) error {
	var m manifest
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		return &sbom.Problem{Reason: fmt.Sprintf("MANIFEST.json in the archive is no JSON: %v", err)}
	}
	c := model.Component.Model
	c.Library = "torchserve"
	if short(m.Archiver) {
		c.Training.Versions = append(c.Training.Versions, sbom.Property{Name: "torch-model-archiver", Value: m.Archiver})
	}
	if short(m.Model.Name) {
		model.Name = m.Model.Name
	}
	if v := fmt.Sprint(m.Model.Version); m.Model.Version != nil && short(v) {
		model.Version = v
	}
	if short(m.Model.Description) {
		model.Description = m.Model.Description
	}
	handler, _, _ := strings.Cut(m.Model.Handler, ":")
	for _, code := range []struct{ role, name string }{{"handler", handler}, {"modelFile", m.Model.ModelFile}} {
		if short(code.name) && (names[code.name] || names[code.name+".py"]) {
			c.CustomCode = append(c.CustomCode, code.role+"="+code.name)
			file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleCustomCode, Message: fmt.Sprintf("serving the model runs %q of the archive (%s)", code.name, code.role)})
		}
	}
	return nil
}
