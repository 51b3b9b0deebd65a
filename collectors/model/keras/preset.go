package keras

import (
	"bytes"
	"context"
	"encoding/json"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/kerasconfig"
	"github.com/mlbom/mlbom/sbom"
)

// preset reads a file of a KerasHub model: the folder holds the weights beside it.
// Other programs have files of these names.
func preset(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	m := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: f.Dir()},
		Model: &sbom.Model{Library: "keras", Formats: []string{format}}}, Basis: sbom.Declared, Hint: base != "config.json"}
	if base == "metadata.json" {
		if !bytes.Contains(text, []byte(`"keras_version"`)) {
			return nil, nil
		}
		if err := stated(text, &m); err != nil {
			return nil, err
		}
		return []sbom.Sighting{m}, nil
	}
	if !isConfig(text) {
		return nil, nil
	}
	c, err := kerasconfig.Read(text, nil, optionsOf(ctx, f, base))
	file := sbom.Sighting{Component: sbom.Component{File: &sbom.FileFacts{}}}
	c.Describe(&file, &m)
	if base != "config.json" { // of the task around the model, and of what stands before it
		m.Component.Model.Architecture, m.Component.Model.Operators, m.Component.Model.Hyperparameters = "", nil, nil
	}
	m.Findings = file.Findings
	return []sbom.Sighting{m}, err
}

// isConfig knows the configuration of an object of Keras 3 by its four members.
func isConfig(text []byte) bool {
	if !bytes.Contains(text, []byte(`"registered_name"`)) {
		return false
	}
	var is struct {
		Module     *string         `json:"module"`
		Class      *string         `json:"class_name"`
		Config     json.RawMessage `json:"config"`
		Registered *string         `json:"registered_name"`
	}
	return json.Unmarshal(text, &is) == nil && is.Class != nil && is.Config != nil
}
