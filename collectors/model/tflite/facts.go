package tflite

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/tfops"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

const maxValue = 4096 // bytes of a property

// describe says of the file and of the model what was read.
func (m *model) describe(file, s *sbom.Sighting) {
	if counted := m.counts(); counted != nil {
		if file.Component.Model != nil {
			counted.Fingerprints = file.Component.Model.Fingerprints
		}
		file.Component.Model = counted
	}
	file.Findings = append(m.findings, m.operatorFindings()...)
	model, d := s.Component.Model, m.metadata
	stated := func(text string) string {
		if text = strings.TrimSpace(text); hub.IsPlaceholder(text) || len(text) > maxText {
			return ""
		}
		return text
	}
	if name := stated(d.name); name != "" {
		s.Name = name
	}
	s.Version, s.Description = stated(d.version), stated(d.description)
	if a := stated(d.author); a != "" {
		s.Authors = []sbom.Party{{Name: a}}
	}
	if l := stated(d.license); l != "" {
		s.Licenses = []sbom.License{license(l)}
	}
	if d.converter != "" {
		model.Training.Versions = []sbom.Property{{Name: "tensorflow", Value: d.converter}}
	}
	for name, n := range m.operators {
		model.Operators = append(model.Operators, sbom.Property{Name: name, Value: strconv.FormatInt(n, 10)})
	}
	slices.SortFunc(model.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	model.Inputs, model.Outputs = m.inputs, m.outputs
	model.Quantization = m.quantization()
	s.Properties = append(s.Properties, m.facts()...)
}

// license reads a licence, or the text of one.
func license(text string) sbom.License {
	if strings.Contains(text, "\n") || len(text) > 200 {
		return sbom.License{Name: "licence text in the file", Text: text}
	}
	return sbom.ParseLicense(text)
}

// facts are what the vocabulary has no field for.
func (m *model) facts() []sbom.Property {
	var out []sbom.Property
	add := func(name, value string) {
		if value != "" && len(value) <= maxValue {
			out = append(out, sbom.Property{Name: "tflite:" + name, Value: value})
		}
	}
	add("schema_version", strconv.FormatUint(uint64(m.version), 10))
	add("description", m.description)
	add("min_runtime_version", m.metadata.runtime)
	add("min_parser_version", m.metadata.parser)
	add("subgraphs", strconv.Itoa(m.subgraphs))
	add("nodes", strconv.FormatInt(m.nodes, 10))
	add("associated_files", strings.Join(m.archived, ", "))
	add("metadata", strings.Join(m.metadata.other, ", "))
	seen := map[string]bool{}
	for _, p := range append(m.signatures, m.quants...) {
		if len(p.Value) <= maxValue && !seen[p.Name] {
			seen[p.Name] = true
			out = append(out, p)
		}
	}
	return out
}

func portsText(ports []sbom.Port) string {
	var out []string
	for _, p := range ports {
		out = append(out, p.Name+": "+p.Format+p.Shape)
	}
	return strings.Join(out, ", ")
}

// prints gives the constants for fingerprints. What lies in another file has no
// digest here.
func (m *model) prints() []fingerprint.Tensor {
	var out []fingerprint.Tensor
	for _, x := range m.constants {
		out = append(out, fingerprint.Tensor{Name: x.name, DType: x.dtype.short, Shape: x.shape,
			Part: sbom.Part{At: max(x.at, 0), Size: x.size}, Opaque: x.opaque || x.at < 0})
	}
	return out
}

// counts gives what is stored, by type.
func (m *model) counts() *sbom.Model {
	out := &sbom.Model{}
	for _, t := range m.types {
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

// quantization says how the model was made smaller: of integers throughout, of
// integers that are turned into floats to compute, or of half floats.
func (m *model) quantization() sbom.Quantization {
	most, bits := "", uint64(0)
	for _, d := range dtypes {
		if n := m.weights[d.short]; n > 0 && d.bits <= 16 && d.bits > 0 && (most == "" || n > m.weights[most]) {
			most, bits = d.short, d.bits
		}
	}
	computed := m.activations["I8"] + m.activations["U8"] + m.activations["I16"]
	switch {
	case most != "" && computed > 0:
		return sbom.Quantization{Method: format, Scheme: "integer", Bits: strconv.FormatUint(bits, 10)}
	case most != "":
		return sbom.Quantization{Method: format, Scheme: "dynamic-range", Bits: strconv.FormatUint(bits, 10)}
	case m.types["F16"] != nil && (m.types["F32"] == nil || m.types["F16"].Parameters > m.types["F32"].Parameters):
		return sbom.Quantization{Method: format, Scheme: "float16", Bits: "16"}
	}
	return sbom.Quantization{}
}

// operatorFindings tells of operators that the library does not bring. Those of
// TensorFlow itself have "Flex" before their name.
func (m *model) operatorFindings() []sbom.Finding {
	var out []sbom.Finding
	var flex, custom []string
	firstFlex, firstCustom := int64(0), int64(0)
	done := map[string]bool{}
	for _, c := range m.codes {
		if !c.custom || brought[c.name] || done[c.name] {
			continue
		}
		done[c.name] = true
		op, isFlex := strings.CutPrefix(c.name, "Flex")
		if !isFlex || !tfops.Known(op) {
			if custom = append(custom, c.name); len(custom) == 1 {
				firstCustom = c.at
			}
			continue
		}
		if does := tfops.Does(op); does != "" {
			out = append(out, sbom.Finding{Rule: sbom.RuleFileOp, Where: sbom.Place{Offset: c.at}, Message: fmt.Sprintf("the operator %s of TensorFlow %s", op, does)})
		} else if tfops.Saves(op) {
			out = append(out, sbom.Finding{Rule: sbom.RuleFileOp, Where: sbom.Place{Offset: c.at}, Message: fmt.Sprintf("the operator %s of TensorFlow %s", op, tfops.SavesOut)})
		}
		if flex = append(flex, op); len(flex) == 1 {
			firstFlex = c.at
		}
	}
	if len(custom) > 0 {
		out = append(out, sbom.Finding{Rule: sbom.RuleCustomOp, Where: sbom.Place{Offset: firstCustom}, Message: "operators are needed that TensorFlow Lite does not have, which come from a library: " + some(custom)})
	}
	if len(flex) > 0 {
		out = append(out, sbom.Finding{Rule: sbom.RuleCustomOp, Where: sbom.Place{Offset: firstFlex}, Message: "operators of TensorFlow are needed, which its Flex library brings: " + some(flex)})
	}
	return out
}

// readGroups reads the names of files that hold tensors.
func (m *model) readGroups(root flatbuf.Table) {
	for i, g := range root.Vector(8, 4).Tables() {
		if i == maxEntries {
			break
		}
		if name := g.Text(0); name != "" && m.hold(len(name)) && !slices.Contains(m.groups, name) {
			m.groups = append(m.groups, name)
		}
	}
}

// external ties files with tensors to the model, and gives a sighting of each.
func (m *model) external(f *sbom.File, s *sbom.Sighting) (seen []sbom.Sighting, err error) {
	var missing []string
	var faults []error
	for _, name := range m.groups {
		if weights.Escapes(name) || strings.Contains(name, "://") {
			m.finding(sbom.RulePathEscape, 0, "tensors are taken from %q, which is not inside the model's folder", clip(name))
			continue
		}
		at := path.Join(path.Dir(f.Path), strings.ReplaceAll(name, `\`, "/"))
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
		file, err := weights.File(&sbom.File{Path: at, FS: f.FS, Settings: f.Settings}, "tflite-data")
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, name)
		case err != nil:
			faults = append(faults, fmt.Errorf("the file %q with tensors cannot be read: %w", clip(name), err))
		default:
			file.Where.Path = at
			seen = append(seen, file)
		}
	}
	if len(missing) > 0 {
		m.finding(sbom.RuleBadShards, 0, "%d of %d files with tensors that the model names are not there: %s", len(missing), len(m.groups), some(missing))
	}
	return seen, errors.Join(faults...)
}
