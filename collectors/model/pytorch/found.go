package pytorch

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/torch"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

const maxProblems = 20

// found is what a file holds.
type found struct {
	file *sbom.File
	r    io.ReaderAt
	size int64

	format     string // "" where the file is none of PyTorch's
	facts      torch.Facts
	places     map[string]place // of the storages, by key
	big        bool             // elements are big-endian
	scan       sbom.Scan
	findings   []sbom.Finding
	properties []sbom.Property
	script     *script
	problems   []error
}

// place is where the bytes of a storage lie in the file, where they lie in one
// run as they are.
type place struct{ at, size int64 }

func (is *found) problem(format string, args ...any) {
	if len(is.problems) < maxProblems {
		is.problems = append(is.problems, fmt.Errorf(format, args...))
	}
}

func (is *found) find(rule, format string, args ...any) {
	is.findings = append(is.findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...)})
}

func (is *found) property(name, value string) {
	if value != "" && len(value) <= 256 {
		is.properties = append(is.properties, sbom.Property{Name: name, Value: strings.ToValidUTF8(value, "\uFFFD")})
	}
}

// sightings are the file, and the model that it belongs to.
func (is *found) sightings() ([]sbom.Sighting, error) {
	for _, err := range is.facts.Problems {
		is.problem("%w", err)
	}
	if is.facts.Cut {
		is.problem("the file holds more tensors, or more around them, than are read; the count is not complete")
	}
	var prints []fingerprint.Tensor
	if len(is.problems) == 0 {
		prints = is.prints()
	}
	file, err := weights.Tensors(is.file, is.format, prints)
	if err != nil {
		return nil, err
	}
	file.File.Scan, file.Findings = is.scan, is.findings
	is.count(&file)
	if n := len(is.facts.State); n > 0 {
		is.property("pytorch:training_state_tensors", fmt.Sprint(n))
	}
	if n := is.facts.Tied; n > 0 {
		is.property("pytorch:tied_tensors", fmt.Sprint(n))
	}
	file.Properties = is.properties
	owner := weights.OwnerOf(is.file.Path)
	model := owner.Model(is.format, file)
	if len(is.facts.Tensors) == 0 && is.facts.Class == "" && len(is.facts.State) > 0 {
		model.Hint, model.Component.Model = true, nil // nothing but state of a training
	}
	is.describe(&model)
	return []sbom.Sighting{file, model}, nil
}

// prints are the tensors for the fingerprints.
func (is *found) prints() []fingerprint.Tensor {
	var list []fingerprint.Tensor
	for _, t := range is.facts.Tensors {
		width := t.Type.Width()
		p, ok := is.places[t.Storage.Key]
		part := sbom.Part{At: p.at + t.Offset*width, Size: t.Elements() * width}
		ok = ok && width > 0 && t.InOrder() && !is.big && t.Offset <= p.size && part.Size <= p.size && part.At+part.Size <= p.at+p.size
		list = append(list, fingerprint.Tensor{Name: t.Name, DType: t.Type.Name(), Shape: t.Shape, Part: part, Opaque: !ok})
	}
	overlapping(list)
	return list
}

// overlapping takes the digests from tensors that share a part of their bytes with
// an earlier one: one pass makes none of such.
func overlapping(list []fingerprint.Tensor) {
	order := make([]int, 0, len(list))
	for i, t := range list {
		if !t.Opaque && t.Part.Size > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if list[a].Part.At != list[b].Part.At {
			return int(min(1, max(-1, list[a].Part.At-list[b].Part.At)))
		}
		return int(min(1, max(-1, list[b].Part.Size-list[a].Part.Size)))
	})
	var last sbom.Part
	for _, i := range order {
		part := list[i].Part
		if part != last && part.At < last.At+last.Size {
			list[i].Opaque = true
			continue
		}
		last = part
	}
}

// count gives the elements by type.
func (is *found) count(file *sbom.Sighting) {
	if len(is.facts.Tensors) == 0 {
		return
	}
	if file.Component.Model == nil {
		file.Component.Model = &sbom.Model{}
	}
	m, types := file.Component.Model, map[string]*sbom.TensorType{}
	for _, t := range is.facts.Tensors {
		name, n := t.Type.Name(), t.Elements()
		if name == "" {
			continue
		}
		if m.Parameters+n < n {
			is.problem("the number of parameters overflows")
			return
		}
		if types[name] == nil {
			types[name] = &sbom.TensorType{DType: name}
		}
		types[name].Tensors++
		types[name].Parameters += n
		m.Parameters += n
	}
	for _, t := range types {
		m.Tensors = append(m.Tensors, *t)
	}
	slices.SortFunc(m.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
}

// describe puts what the file says of the model into its sighting.
func (is *found) describe(model *sbom.Sighting) {
	c := &model.Component
	if c.Model == nil {
		c.Model = &sbom.Model{}
	}
	c.Model.Training.Hyperparameters = distinct(is.facts.Training)
	c.Model.Training.Versions = distinct(is.facts.Versions)
	c.Model.Architecture = is.facts.Class[strings.LastIndexByte(is.facts.Class, '.')+1:]
	if is.facts.License != "" && len(is.facts.License) <= 256 {
		c.Licenses = append(c.Licenses, sbom.ParseLicense(is.facts.License))
	}
	for _, p := range is.facts.Other {
		c.Properties = append(c.Properties, sbom.Property{Name: "pytorch:" + p.Name, Value: p.Value})
	}
	if is.script != nil {
		is.script.describe(c.Model)
	}
	if model.Hint && c.Model.Architecture == "" && len(c.Model.Training.Hyperparameters) == 0 && len(c.Model.Training.Versions) == 0 {
		c.Model = nil
	}
}

// distinct keeps the first of each name.
func distinct(list []sbom.Property) []sbom.Property {
	seen := map[string]bool{}
	var out []sbom.Property
	for _, p := range list {
		if !seen[p.Name] {
			seen[p.Name] = true
			out = append(out, p)
		}
	}
	return out
}
