package tensorflow

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// describe says of the file and of the model what was read.
func (m *model) describe(f *sbom.File, format string, file, s *sbom.Sighting) {
	model := s.Component.Model
	if format == formatGraph {
		setCounts(file, counts(m.types)) // its weights are its constants
	} else {
		model.Library = "tensorflow"
	}
	file.Findings = append(append(m.findings, m.reach(format)...), m.custom()...)
	if m.version != "" {
		model.Training.Versions = []sbom.Property{{Name: "tensorflow", Value: m.version}}
	}
	for op, u := range m.operators {
		model.Operators = append(model.Operators, sbom.Property{Name: op, Value: strconv.FormatInt(u.times, 10)})
	}
	slices.SortFunc(model.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	m.ports(s, format)
	s.Properties = append(s.Properties, m.facts(format)...)
	if format == formatSaved {
		if m.variables > 0 && !hasVariables(f) {
			file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleBadShards, Message: "the model has variables, and its folder variables/ holds no checkpoint"})
		}
	}
}

// hasVariables tells whether the model's checkpoint is in its folder.
func hasVariables(f *sbom.File) bool {
	_, err := fs.Stat(f.FS, path.Join(path.Dir(f.Path), "variables", "variables.index"))
	return err == nil
}

// ports gives inputs and outputs of the signature that serves, the others as
// properties.
func (m *model) ports(s *sbom.Sighting, format string) {
	names := slices.Sorted(maps.Keys(m.signatures))
	main := "serving_default"
	if m.signatures[main] == nil && len(names) == 1 {
		main = names[0]
	}
	for _, name := range names {
		sig := m.signatures[name]
		byName := func(a, b sbom.Port) int { return strings.Compare(a.Name, b.Name) }
		slices.SortFunc(sig.inputs, byName)
		slices.SortFunc(sig.outputs, byName)
		if name == main {
			s.Component.Model.Inputs, s.Component.Model.Outputs = sig.inputs, sig.outputs
			if name == "serving_default" {
				continue
			}
		}
		value := portsText(sig.inputs) + " -> " + portsText(sig.outputs)
		if len(value) <= 4*maxText {
			s.Properties = append(s.Properties, sbom.Property{Name: "tensorflow:signature:" + name, Value: value})
		}
	}
}

func portsText(ports []sbom.Port) string {
	var out []string
	for _, p := range ports {
		out = append(out, p.Name+": "+p.Format+p.Shape)
	}
	return strings.Join(out, ", ")
}

// facts are what the vocabulary has no field for.
func (m *model) facts(format string) []sbom.Property {
	var out []sbom.Property
	add := func(name, value string) {
		if value != "" && value != "0" && len(value) <= maxText {
			out = append(out, sbom.Property{Name: "tensorflow:" + name, Value: value})
		}
	}
	add("tags", strings.Join(m.tags, "; "))
	add("git_version", strings.TrimPrefix(m.git, "unknown"))
	add("graph_producer", strconv.FormatInt(m.producer, 10))
	add("nodes", strconv.FormatInt(m.nodes, 10))
	add("functions", strconv.Itoa(len(m.functions)))
	add("variables", strconv.FormatInt(m.variables, 10))
	if format != formatGraph && len(m.types) > 0 {
		n, elements := int64(0), int64(0)
		for _, t := range m.types {
			n += t.Tensors
			if elements <= math.MaxInt64-t.Parameters {
				elements += t.Parameters
			}
		}
		add("constants", fmt.Sprintf("%d tensors, %d elements", n, elements))
	}
	for _, name := range slices.Sorted(maps.Keys(m.kerasLayers)) {
		add("keras:"+strings.TrimPrefix(name, "_tf_keras_"), strconv.FormatInt(m.kerasLayers[name], 10))
	}
	return out
}

// counts gives what is stored, by type.
func counts(types map[string]*sbom.TensorType) *sbom.Model {
	out := &sbom.Model{}
	for _, t := range types {
		if out.Parameters > math.MaxInt64-t.Parameters {
			return nil
		}
		out.Parameters += t.Parameters
		out.Tensors = append(out.Tensors, *t)
	}
	if len(out.Tensors) == 0 {
		return nil
	}
	slices.SortFunc(out.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
	return out
}

// linkAssets ties the files of the folder assets/ to the model, and gives a sighting
// of each.
func (m *model) linkAssets(f *sbom.File, format string, file, s *sbom.Sighting) (seen []sbom.Sighting, err error) {
	var missing []string
	var faults []error
	linked := map[string]bool{}
	for _, a := range m.assets {
		if linked[a.name] || format != formatSaved {
			continue
		}
		linked[a.name] = true
		if weights.Escapes(a.name) || strings.Contains(a.name, "://") {
			file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Where: sbom.Place{Offset: a.at},
				Message: fmt.Sprintf("the model names the asset %q, which is not inside its folder assets/", clip(a.name))})
			continue
		}
		at := path.Join(path.Dir(f.Path), "assets", strings.ReplaceAll(a.name, `\`, "/"))
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, Note: "asset", To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
		one, err := weights.File(&sbom.File{Path: at, FS: f.FS, Settings: f.Settings}, "")
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, clip(a.name))
		case err != nil:
			faults = append(faults, fmt.Errorf("the asset %q cannot be read: %w", clip(a.name), err))
		default:
			one.Where.Path = at
			seen = append(seen, one)
		}
	}
	if len(missing) > 0 {
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleBadShards,
			Message: fmt.Sprintf("%d of %d assets that the model names are not there: %s", len(missing), len(linked), strings.Join(missing[:min(len(missing), namedInMsg)], ", "))})
	}
	return seen, errors.Join(faults...)
}
