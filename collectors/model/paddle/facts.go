package paddle

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/sbom"
)

// prints gives the parameters for fingerprints, without their bytes.
func (m *model) prints() []fingerprint.Tensor {
	var out []fingerprint.Tensor
	for _, t := range m.tensors {
		out = append(out, fingerprint.Tensor{Name: t.name, DType: short(t.dtype), Shape: t.shape, Opaque: true})
	}
	return out
}

func short(number int64) string {
	if d, ok := dtypes[number]; ok {
		return d[0]
	}
	return "TYPE_" + strconv.FormatInt(number, 10)
}

// describe says of the file and of the model what was read.
func (m *model) describe(file, s *sbom.Sighting) {
	if counted := m.counts(); counted != nil {
		if file.Component.Model != nil {
			counted.Fingerprints = file.Component.Model.Fingerprints
		}
		file.Component.Model = counted
	}
	file.Findings = append(file.Findings, m.findings...)
	model := s.Component.Model
	model.Library = "paddle"
	model.Inputs, model.Outputs = m.ports[0], m.ports[1]
	for name, n := range m.operators {
		model.Operators = append(model.Operators, sbom.Property{Name: name, Value: strconv.FormatInt(n, 10)})
	}
	slices.SortFunc(model.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	if m.newerForm {
		s.Properties = append(s.Properties, sbom.Property{Name: "paddle:pir_version", Value: strconv.FormatInt(m.version, 10)})
	} else if v := version(m.version); v != "" {
		model.Training.Versions = []sbom.Property{{Name: "paddle", Value: v}}
	}
}

// version spells the library's version, 2006000 for 2.6.0; 0 is one that was built
// between releases.
func version(n int64) string {
	if n <= 0 || n > 1e9 {
		return ""
	}
	return strconv.FormatInt(n/1e6, 10) + "." + strconv.FormatInt(n/1e3%1e3, 10) + "." + strconv.FormatInt(n%1e3, 10)
}

// counts gives the parameters by type.
func (m *model) counts() *sbom.Model {
	types := map[string]*sbom.TensorType{}
	out := &sbom.Model{}
	for _, t := range m.tensors {
		n, _ := volume.Elements(t.shape)
		if out.Parameters > math.MaxInt64-n {
			return nil
		}
		out.Parameters += n
		name := short(t.dtype)
		if types[name] == nil {
			types[name] = &sbom.TensorType{DType: name}
		}
		types[name].Tensors++
		types[name].Parameters += n
	}
	for _, t := range types {
		out.Tensors = append(out.Tensors, *t)
	}
	if len(out.Tensors) == 0 {
		return nil
	}
	slices.SortFunc(out.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
	return out
}
