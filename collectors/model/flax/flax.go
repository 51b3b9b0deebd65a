// Package flax reads the weights that Flax keeps as msgpack (flax_model.msgpack):
// the tree of parameters with types and shapes, and where the bytes of each lie. It
// knows Orbax checkpoints (_METADATA) and gives the names of their arrays, and it
// reads the index of a sharded model (flax_model.msgpack.index.json). A Git LFS
// pointer in the file's place gives the digest and size that it states.
//
// Source: google/flax flax/serialization.py; the msgpack specification;
// google/orbax docs, checkpoint format guide.
//
// Not understood: the arrays of an Orbax checkpoint (OCDBT, Zarr); what is in the
// state of an optimizer, which counts for no parameters.
package flax

import (
	"context"
	"errors"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/paged"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Flax weights.
var Collector = sbom.Collector{
	Name: "model/flax",
	Doc: `Flax weights (msgpack) and Orbax checkpoints
Reads the tree of parameters: names, types, shapes, the exact number of parameters by
type, apart from the optimizer's state. Of an Orbax checkpoint the names of its arrays.`,
	Match:   []string{"*.msgpack", "*.msgpack.index.json", "_METADATA"},
	Collect: collect,
}

const format = "flax"

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	switch {
	case base == "_metadata":
		return orbax(f)
	case strings.HasSuffix(base, ".json"):
		if seen, ok, err := weights.Pointer(f, format, false); ok || err != nil {
			return seen, err
		}
		return weights.Index(f, format)
	}
	owner := weights.OwnerOf(f.Path)
	if owner.Standard {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	t := &tree{r: paged.New(r, size), size: size}
	broken := t.read()
	if len(t.tensors) == 0 {
		if owner.Standard {
			return nil, errors.Join(errors.New("the file is not of Flax: it holds no array as msgpack"), broken)
		}
		return nil, nil // msgpack of any other program
	}
	return t.model(f, owner, broken)
}

// model counts the parameters.
func (t *tree) model(f *sbom.File, owner weights.Owner, broken error) ([]sbom.Sighting, error) {
	state := false
	for _, x := range t.tensors {
		state = state || strings.HasPrefix(x.Name, "opt_state/")
	}
	var list []fingerprint.Tensor
	counts := map[string]int{}
	m := &sbom.Model{}
	var other int64
	for _, x := range t.tensors {
		n := int64(1)
		for _, d := range x.Shape {
			n *= d
		}
		if state && !strings.HasPrefix(x.Name, "params/") {
			other += n
			continue
		}
		i, ok := counts[x.DType]
		if !ok {
			i = len(m.Tensors)
			counts[x.DType] = i
			m.Tensors = append(m.Tensors, sbom.TensorType{DType: x.DType})
		}
		m.Tensors[i].Tensors++
		m.Tensors[i].Parameters += n
		m.Parameters += n
		list = append(list, x)
	}
	file, err := weights.Tensors(f, format, list)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	if file.Component.Model == nil {
		file.Component.Model = &sbom.Model{}
	}
	file.Component.Model.Tensors, file.Component.Model.Parameters = m.Tensors, m.Parameters
	if other > 0 {
		file.Properties = append(file.Properties, sbom.Property{Name: "flax:optimizer_values", Value: strconv.FormatInt(other, 10)})
	}
	if t.end > 0 && t.end < t.size {
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: t.end},
			Message: strconv.FormatInt(t.size-t.end, 10) + " bytes stand behind the tree of parameters"})
	}
	s := owner.Model(format, file)
	if s.Component.Model != nil {
		s.Component.Model.Library = "flax"
	}
	return []sbom.Sighting{file, s}, broken
}
