package coreml

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/sbom"
)

const maxValue = 1024 // bytes of a property

// describeModel reads a ModelDescription.
func (m *model) describeModel(msg protowalk.Message) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			m.inputs = m.feature(m.inputs, f.Message())
		case 10:
			m.outputs = m.feature(m.outputs, f.Message())
		case 20: // of a program with several functions: those of the first
			first := len(m.inputs) == 0
			for p := range f.Message().Fields() {
				switch {
				case p.Number == 2 && first:
					m.inputs = m.feature(m.inputs, p.Message())
				case p.Number == 3 && first:
					m.outputs = m.feature(m.outputs, p.Message())
				}
			}
		case 100:
			m.metadata(f.Message())
		}
	}
}

func (m *model) metadata(msg protowalk.Message) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			m.description = f.Text(maxText)
		case 2:
			m.version = f.Text(maxName)
		case 3:
			m.author = f.Text(maxName)
		case 4:
			m.license = f.Text(maxText)
		case 100:
			var p sbom.Property
			for e := range f.Message().Fields() {
				switch e.Number {
				case 1:
					p.Name = e.Text(maxName)
				case 2:
					p.Value = e.Text(maxText)
				}
			}
			if len(m.user) < maxEntries && m.hold(len(p.Name)+len(p.Value)) {
				m.user = append(m.user, p)
			}
		}
	}
}

// feature reads a FeatureDescription.
func (m *model) feature(ports []sbom.Port, msg protowalk.Message) []sbom.Port {
	var p sbom.Port
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			p.Name = f.Text(maxName)
		case 3:
			for t := range f.Message().Fields() {
				switch t.Number {
				case 1:
					p.Format = "int64"
				case 2:
					p.Format = "double"
				case 3:
					p.Format = "string"
				case 4:
					p.Format, p.Shape = image(t.Message())
				case 5:
					p.Format, p.Shape = array(t.Message())
				case 6:
					p.Format = "dictionary"
				case 7:
					p.Format = "sequence"
				case 8:
					p.Format = "state"
				}
			}
		}
	}
	if len(ports) == maxEntries || !m.hold(len(p.Name)) {
		return ports
	}
	return append(ports, p)
}

func image(msg protowalk.Message) (format, shape string) {
	var width, height int64
	format = "image"
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			width = f.Int()
		case 2:
			height = f.Int()
		case 3:
			if space := map[int64]string{10: "grayscale", 20: "RGB", 30: "BGR", 40: "grayscale float16"}[f.Int()]; space != "" {
				format = "image (" + space + ")"
			}
		}
	}
	return format, shapeText([]int64{height, width})
}

func array(msg protowalk.Message) (format, shape string) {
	var dims []int64
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			for d := range f.Ints() {
				if len(dims) < maxDims {
					dims = append(dims, d)
				}
			}
		case 2:
			format = map[int64]string{65568: "float32", 65600: "float64", 131104: "int32", 65552: "float16", 131080: "int8"}[f.Int()]
		}
	}
	return format, shapeText(dims)
}

// describe says of the file and of the model what was read.
func (m *model) describe(file, s *sbom.Sighting) {
	if counted := m.counts(); counted != nil {
		if file.Component.Model != nil {
			counted.Fingerprints = file.Component.Model.Fingerprints
		}
		file.Component.Model = counted
	}
	file.Findings = m.findings
	if len(m.classes) > 0 {
		slices.Sort(m.classes)
		m.classes = slices.Compact(m.classes)
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleCustomOp, Where: sbom.Place{Offset: m.classAt},
			Message: "the model needs classes of native code, which the application brings: " + clip(strings.Join(m.classes, ", "))})
	}
	stated := func(text string) string {
		if text = strings.TrimSpace(text); hub.IsPlaceholder(text) {
			return ""
		}
		return text
	}
	s.Version, s.Description = stated(m.version), stated(m.description)
	if a := stated(m.author); a != "" {
		s.Authors = []sbom.Party{{Name: a}}
	}
	if l := stated(m.license); strings.Contains(l, "\n") {
		s.Licenses = []sbom.License{{Name: "licence text in the file", Text: l}}
	} else if l != "" {
		s.Licenses = []sbom.License{sbom.ParseLicense(l)}
	}
	model := s.Component.Model
	model.Inputs, model.Outputs = m.inputs, m.outputs
	for name, n := range m.operators {
		model.Operators = append(model.Operators, sbom.Property{Name: name, Value: strconv.FormatInt(n, 10)})
	}
	slices.SortFunc(model.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	if set, version, ok := strings.Cut(strings.ToLower(m.opset), "ios"); ok && set == "" {
		model.Opsets = []sbom.Property{{Name: "iOS", Value: version}}
	}
	m.properties(s)
}

// properties puts what a user defined, and what coremltools leaves there, where the
// vocabulary has a place for it.
func (m *model) properties(s *sbom.Sighting) {
	add := func(name, value string) {
		if value = strings.TrimSpace(value); value != "" && len(value) <= maxValue && len(name) <= maxValue {
			s.Properties = append(s.Properties, sbom.Property{Name: "coreml:" + name, Value: value})
		}
	}
	add("type", m.kind)
	versions := &s.Component.Model.Training.Versions
	add("specification_version", strconv.FormatInt(m.spec, 10))
	for _, p := range m.user {
		switch p.Name {
		case "com.github.apple.coremltools.version":
			*versions = append(*versions, sbom.Property{Name: "coremltools", Value: p.Value})
		case "com.github.apple.coremltools.source":
			if name, version, ok := strings.Cut(p.Value, "=="); ok {
				*versions = append(*versions, sbom.Property{Name: name, Value: version})
			} else {
				add("source", p.Value)
			}
		default:
			add("user:"+p.Name, p.Value)
		}
	}
}

// counts gives the weights that lie in files, by type. One place counts once.
func (m *model) counts() *sbom.Model {
	type place struct {
		file string
		at   int64
	}
	types, seen := map[string]*sbom.TensorType{}, map[place]bool{}
	out := &sbom.Model{}
	for _, t := range m.tensors {
		if seen[place{t.file, t.record}] {
			continue
		}
		seen[place{t.file, t.record}] = true
		n, _ := volume.Elements(t.shape)
		if out.Parameters > math.MaxInt64-n {
			m.problems = append(m.problems, fmt.Errorf("the number of parameters overflows"))
			return nil
		}
		out.Parameters += n
		if types[t.dtype.short] == nil {
			types[t.dtype.short] = &sbom.TensorType{DType: t.dtype.short}
		}
		types[t.dtype.short].Tensors++
		types[t.dtype.short].Parameters += n
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
