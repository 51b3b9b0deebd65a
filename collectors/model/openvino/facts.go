package openvino

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const namedInMsg = 5

// describe says of the file and of the model what was read.
func (m *model) describe(file, s *sbom.Sighting) {
	if counted := m.counts(); counted != nil {
		if file.Component.Model != nil {
			counted.Fingerprints = file.Component.Model.Fingerprints
		}
		file.Component.Model = counted
	}
	file.Findings = m.findings
	if len(m.foreign) > 0 {
		some := strings.Join(m.foreign[:min(len(m.foreign), namedInMsg)], ", ")
		if n := len(m.foreign) - namedInMsg; n > 0 {
			some += " and " + strconv.Itoa(n) + " more"
		}
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleCustomOp, Where: sbom.Place{Line: m.foreignLine},
			Message: "operators outside of OpenVINO's sets are needed, which come from a library: " + some})
	}
	model := s.Component.Model
	model.Inputs, model.Outputs = m.inputs, m.outputs
	for name, n := range m.operators {
		model.Operators = append(model.Operators, sbom.Property{Name: name, Value: strconv.FormatInt(n, 10)})
	}
	slices.SortFunc(model.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	if n := m.sets["opset"]; n > 0 {
		model.Opsets = []sbom.Property{{Name: "openvino", Value: strconv.Itoa(n)}}
	}
	add := func(name, value string) {
		if value != "" && len(value) <= maxValue {
			s.Properties = append(s.Properties, sbom.Property{Name: "openvino:" + name, Value: value})
		}
	}
	add("ir_version", m.version)
	add("graph", m.name)
	for _, p := range m.info {
		if !m.place(model, p) {
			add(p.Name, p.Value)
		}
	}
}

// place puts what a converter says where the vocabulary has a place for it.
func (m *model) place(model *sbom.Model, p sbom.Property) bool {
	if name, ok := strings.CutPrefix(p.Name, "optimum."); ok {
		if of, ok := strings.CutSuffix(name, "_version"); ok {
			model.Training.Versions = append(model.Training.Versions, sbom.Property{Name: of, Value: p.Value})
			return true
		}
	}
	switch p.Name {
	case "Runtime_version":
		model.Training.Versions = append(model.Training.Versions, sbom.Property{Name: "openvino", Value: p.Value})
	case "nncf.weight_compression.mode":
		bits := ""
		for _, n := range []string{"8", "4", "2"} {
			if strings.Contains(p.Value, "int"+n) || strings.Contains(p.Value, "nf"+n) {
				bits = n
			}
		}
		model.Quantization = sbom.Quantization{Method: "nncf", Scheme: p.Value, Bits: bits}
	case "nncf.quantization.preset":
		model.Quantization = sbom.Quantization{Method: "nncf", Scheme: p.Value}
	default:
		return false
	}
	return true
}

// counts gives the constants by type.
func (m *model) counts() *sbom.Model {
	types := map[string]*sbom.TensorType{}
	out := &sbom.Model{}
	for _, c := range m.constants {
		n := int64(1)
		for _, d := range c.shape {
			n *= d // checked where it was read
		}
		if out.Parameters > math.MaxInt64-n {
			return nil
		}
		out.Parameters += n
		if types[c.dtype.short] == nil {
			types[c.dtype.short] = &sbom.TensorType{DType: c.dtype.short}
		}
		types[c.dtype.short].Tensors++
		types[c.dtype.short].Parameters += n
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
