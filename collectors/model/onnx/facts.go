package onnx

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept of the metadata.
const (
	maxValue      = 1024 // bytes of a property
	maxProperties = 256
	namedInMsg    = 5
)

// describe says of the file and of the model what was read.
func (m *model) describe(file, s *sbom.Sighting) {
	if counted := m.counts(); counted != nil {
		if file.Component.Model != nil {
			counted.Fingerprints = file.Component.Model.Fingerprints
		}
		file.Component.Model = counted
	}
	file.Findings = append(m.findings, m.custom()...)
	slices.SortStableFunc(file.Findings, func(a, b sbom.Finding) int { return cmp.Compare(a.Where.Offset, b.Where.Offset) })
	model := s.Component.Model
	if m.producer != "" && m.producerVersion != "" {
		model.Training.Versions = []sbom.Property{{Name: m.producer, Value: m.producerVersion}}
	}
	if m.version > 0 {
		s.Version = strconv.FormatInt(m.version, 10)
	}
	if !hub.IsPlaceholder(m.doc) {
		s.Description = strings.TrimSpace(m.doc)
	}
	for _, name := range slices.Sorted(maps.Keys(m.opsets)) {
		model.Opsets = append(model.Opsets, sbom.Property{Name: name, Value: strconv.FormatInt(m.opsets[name], 10)})
	}
	for op, u := range m.operators {
		model.Operators = append(model.Operators, sbom.Property{Name: op.domain + "." + op.name, Value: strconv.FormatInt(u.times, 10)})
	}
	slices.SortFunc(model.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	for _, p := range m.inputs {
		if _, stored := m.initializers[p.name]; !stored { // before version 4 of the format, parameters were inputs too
			model.Inputs = append(model.Inputs, sbom.Port{Name: p.name, Format: p.format, Shape: p.shape})
		}
	}
	for _, p := range m.outputs {
		model.Outputs = append(model.Outputs, sbom.Port{Name: p.name, Format: p.format, Shape: p.shape})
	}
	model.Quantization = m.quantized()
	m.say(s)
	s.Properties = append(s.Properties, m.facts()...)
}

// facts are what the vocabulary has no field for.
func (m *model) facts() []sbom.Property {
	var out []sbom.Property
	add := func(name, value string) {
		if value != "" && value != "0" && len(value) <= maxValue {
			out = append(out, sbom.Property{Name: "onnx:" + name, Value: value})
		}
	}
	number := func(name string, n int64) { add(name, strconv.FormatInt(n, 10)) }
	number("ir_version", m.irVersion)
	if m.producerVersion == "" {
		add("producer_name", m.producer)
	}
	add("domain", m.domain)
	add("graph", m.graphName)
	number("nodes", m.nodes)
	number("functions", int64(len(m.functions)))
	if m.constants > 0 {
		add("constants", fmt.Sprintf("%d tensors, %d elements", m.constants, m.constantNumbers))
	}
	number("training_info", int64(m.training))
	return out
}

// say puts the metadata where the vocabulary has a place for it, the rest into
// properties. docs/IR.md names model_author and model_license; exporters write
// the shorter names.
func (m *model) say(s *sbom.Sighting) {
	for _, p := range m.metadata {
		value := strings.TrimSpace(p.Value)
		if value == "" || hub.IsPlaceholder(value) {
			continue
		}
		switch strings.ToLower(p.Name) {
		case "model_author", "author":
			if len(value) <= maxValue {
				s.Authors = append(s.Authors, sbom.Party{Name: value})
			}
		case "model_license", "license":
			if len(value) <= maxValue {
				s.Licenses = append(s.Licenses, license(value))
			}
		case "description":
			s.Description = cmp.Or(s.Description, value)
		default:
			if len(value) <= maxValue && len(p.Name) <= maxValue && len(s.Properties) < maxProperties {
				s.Properties = append(s.Properties, sbom.Property{Name: "onnx:metadata:" + p.Name, Value: value})
			}
		}
	}
}

// license reads a licence, or an address of one: docs/IR.md allows both.
func license(value string) sbom.License {
	if strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://") {
		return sbom.License{Name: value, URL: value}
	}
	name, address, ok := strings.Cut(strings.TrimSuffix(value, ")"), " (http")
	if !ok || strings.ContainsAny(address, " ()") {
		return sbom.ParseLicense(value)
	}
	l := sbom.ParseLicense(strings.TrimSuffix(name, " License"))
	if l.Name != "" {
		l = sbom.ParseLicense(name)
	}
	l.URL = "http" + address
	return l
}

// total is the number of all tensors that are stored.
func (m *model) total() int {
	n := int64(0)
	for _, t := range m.types {
		n += t.Tensors
	}
	return int(n)
}

// counts gives what is stored, by type.
func (m *model) counts() *sbom.Model {
	out := &sbom.Model{}
	for _, t := range m.types {
		if out.Parameters > math.MaxInt64-t.Parameters {
			m.problem("the number of parameters overflows")
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

// quantized says how weights were made smaller, where nodes say so. The bits are
// those of the type that is dequantised.
func (m *model) quantized() sbom.Quantization {
	q := &m.quant
	switch {
	case q.nbits > 0:
		out := sbom.Quantization{Method: "onnx", Scheme: "weight-only"}
		if len(q.bits) == 1 {
			for bits := range q.bits {
				out.Bits = strconv.FormatInt(bits, 10)
			}
		}
		return out
	case q.integer > 0 && q.dynamic > 0:
		return sbom.Quantization{Method: "onnx", Scheme: "dynamic", Bits: "8"}
	case q.integer > 0:
		return sbom.Quantization{Method: "onnx", Scheme: "QOperator", Bits: "8"}
	case q.qdq > 0 || m.annotated:
		return sbom.Quantization{Method: "onnx", Scheme: "QDQ", Bits: m.dequantizedBits()}
	}
	return sbom.Quantization{}
}

func (m *model) dequantizedBits() string {
	bits := ""
	for name, short := range m.initializers {
		if !m.quant.dequantized[name] {
			continue
		}
		n := ""
		for _, t := range dtypes {
			if t.short == short {
				n = strconv.FormatUint(t.bits, 10)
			}
		}
		if bits != "" && bits != n && n != "32" {
			return "" // of several
		}
		if n != "32" { // 32: a bias
			bits = n
		}
	}
	return bits
}

// custom tells of operators that neither the format nor the model itself has.
func (m *model) custom() []sbom.Finding {
	names := map[string][]string{}
	first := map[string]int64{}
	for op, u := range m.operators {
		if !custom(op.domain) || m.functions[op] {
			continue
		}
		names[op.domain] = append(names[op.domain], op.name)
		if at, ok := first[op.domain]; !ok || u.at < at {
			first[op.domain] = u.at
		}
	}
	var out []sbom.Finding
	for _, domain := range slices.Sorted(maps.Keys(names)) {
		ops := names[domain]
		slices.Sort(ops)
		some := strings.Join(ops[:min(len(ops), namedInMsg)], ", ")
		if len(ops) > namedInMsg {
			some += fmt.Sprintf(" and %d more", len(ops)-namedInMsg)
		}
		out = append(out, sbom.Finding{Rule: sbom.RuleCustomOp, Where: sbom.Place{Offset: first[domain]},
			Message: fmt.Sprintf("operators of the domain %q are needed, which come from a library: %s", domain, some)})
	}
	return out
}
