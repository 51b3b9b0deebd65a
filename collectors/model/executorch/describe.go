package executorch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// own are the sets of operators that ExecuTorch itself brings.
var own = map[string]bool{"aten": true, "prim": true, "executorch_prim": true, "quantized_decomposed": true, "dim_order_ops": true, "et_view": true,
	"higher_order": true, "cortex_m": true, "cadence": true, "et_vk": true, "llama": true, "": true}

// judge reports operators that are native code from elsewhere.
func (p *program) judge() {
	foreign := map[string]bool{}
	for op := range p.operators {
		if set, _, ok := strings.Cut(op, "::"); ok && !own[set] {
			foreign[set] = true
		}
	}
	var sets []string
	for set := range foreign {
		sets = append(sets, set)
	}
	slices.Sort(sets)
	for _, set := range sets {
		p.findings = append(p.findings, sbom.Finding{Rule: sbom.RuleCustomOp,
			Message: fmt.Sprintf("the program calls operators of %q, which some other library than ExecuTorch brings", set)})
	}
}

// count gives the constants by type.
func (p *program) count(file *sbom.Sighting) {
	if len(p.tensors) == 0 {
		return
	}
	if file.Component.Model == nil {
		file.Component.Model = &sbom.Model{}
	}
	m, types := file.Component.Model, map[string]*sbom.TensorType{}
	for _, t := range p.tensors {
		if m.Parameters+t.elements < m.Parameters {
			p.problem("the number of parameters overflows")
			return
		}
		if types[t.dtype] == nil {
			types[t.dtype] = &sbom.TensorType{DType: t.dtype}
		}
		types[t.dtype].Tensors++
		types[t.dtype].Parameters += t.elements
		m.Parameters += t.elements
	}
	for _, t := range types {
		m.Tensors = append(m.Tensors, *t)
	}
	slices.SortFunc(m.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
}

func (p *program) describe(m *sbom.Model) {
	m.Inputs, m.Outputs = p.inputs, p.outputs
	for op, n := range p.operators {
		m.Operators = append(m.Operators, sbom.Property{Name: op, Value: strconv.FormatInt(n, 10)})
	}
	for id, n := range p.delegates {
		m.Operators = append(m.Operators, sbom.Property{Name: "delegate:" + id, Value: strconv.FormatInt(n, 10)})
	}
	slices.SortFunc(m.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
}
