package tensorflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/sbom"
)

// maxKerasJSON bounds the metadata of one object of Keras, in bytes.
const maxKerasJSON = 16 << 20

// collectKeras reads keras_metadata.pb, in which Keras 2 says how to make its
// objects anew: loading the folder with Keras runs what stands there.
func collectKeras(f *sbom.File) ([]sbom.Sighting, error) {
	seen, err := part(f, "keras-metadata")
	if err != nil || len(seen) < 2 {
		return seen, err
	}
	r, size, err := f.Open()
	if err != nil {
		return seen, err
	}
	defer r.Close()
	file, s := &seen[0], &seen[1]
	s.Component.Model = &sbom.Model{} // TensorFlow loads the folder too: its library is told beside saved_model.pb
	top := protowalk.Open(r, size)
	for f := range top.Fields() {
		if f.Number != 1 {
			continue
		}
		identifier := ""
		for o := range f.Message().Fields() {
			switch o.Number {
			case 4:
				identifier = o.Text(256)
			case 5:
				metadata := o.Text(maxKerasJSON)
				file.Findings = append(file.Findings, lambdas(metadata, o.At)...)
				if identifier == "" || strings.HasPrefix(identifier, "_tf_keras_model") || identifier == "_tf_keras_sequential" || identifier == "_tf_keras_network" {
					describeKeras(s, metadata)
				}
			}
		}
	}
	file.Findings = once(file.Findings)
	return seen, top.Err()
}

// describeKeras takes the class of the outermost model, and the version of Keras.
func describeKeras(s *sbom.Sighting, metadata string) {
	var is struct {
		Class   string `json:"class_name"`
		Version string `json:"keras_version"`
	}
	if json.Unmarshal([]byte(metadata), &is) != nil {
		return
	}
	m := s.Component.Model
	if m.Architecture == "" && len(is.Class) <= 256 {
		m.Architecture = is.Class
	}
	if is.Version != "" && len(is.Version) <= 64 && len(m.Training.Versions) == 0 {
		m.Training.Versions = []sbom.Property{{Name: "keras", Value: is.Version}}
	}
}

// lambdas finds layers that hold marshalled code.
func lambdas(metadata string, at int64) []sbom.Finding {
	if !strings.Contains(metadata, "Lambda") && !strings.Contains(metadata, "__lambda__") {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(metadata))
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil
	}
	var out []sbom.Finding
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		switch v := v.(type) {
		case map[string]any:
			config, _ := v["config"].(map[string]any)
			if config == nil {
				config = v
			}
			if name, _ := v["class_name"].(string); (name == "Lambda" || name == "__lambda__") && config["function"] != nil && config["function_type"] != "function" {
				layer, _ := config["name"].(string)
				out = append(out, sbom.Finding{Rule: sbom.RuleModelCode, Where: sbom.Place{Offset: at},
					Message: fmt.Sprintf("the layer %q is a Lambda with code in it, which Keras runs", clip(layer))})
				return
			}
			for _, each := range v {
				walk(each, depth+1)
			}
		case []any:
			for _, each := range v {
				walk(each, depth+1)
			}
		}
	}
	walk(tree, 0)
	return once(out)
}

// once drops findings that say the same: a model lists its layers, and each layer
// stands for itself.
func once(findings []sbom.Finding) []sbom.Finding {
	seen := map[string]bool{}
	var out []sbom.Finding
	for _, f := range findings {
		if !seen[f.Message] {
			seen[f.Message] = true
			out = append(out, f)
		}
	}
	slices.SortFunc(out, sbom.CompareFindings)
	return out
}
