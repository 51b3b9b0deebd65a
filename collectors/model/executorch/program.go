package executorch

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a program.
const (
	maxMethods  = 1000
	maxValues   = 1 << 20 // of all methods
	maxPorts    = 256
	maxDims     = 64
	maxProblems = 20
	maxName     = 256 // bytes
)

// program is what a file holds.
type program struct {
	size       int64
	tensors    []tensor
	seen       map[[2]uint64]bool // constants, which methods share
	values     int
	operators  map[string]int64
	delegates  map[string]int64
	inputs     []sbom.Port
	outputs    []sbom.Port
	external   int
	properties []sbom.Property
	findings   []sbom.Finding
	problems   []error
}

// tensor is a constant one.
type tensor struct {
	name, dtype string
	shape       []int64
	elements    int64
}

func (p *program) problem(format string, args ...any) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, fmt.Errorf(format, args...))
	}
}

func (p *program) property(name, value string) {
	if value != "" && len(value) <= maxName {
		p.properties = append(p.properties, sbom.Property{Name: "executorch:" + name, Value: value})
	}
}

// read reads table Program.
func (p *program) read(root flatbuf.Table, h header) {
	p.seen, p.operators, p.delegates = map[[2]uint64]bool{}, map[string]int64{}, map[string]int64{}
	p.property("schema_version", strconv.FormatUint(uint64(root.Uint32(0, 0)), 10))
	plans := root.Vector(1, 4)
	for i, plan := range plans.Tables() {
		if i == maxMethods {
			p.problem("the program has more than %d methods; the rest was not read", maxMethods)
			break
		}
		p.plan(plan, i == 0 && plans.Len() == 1)
	}
	for i, s := range root.Vector(4, 4).Tables() {
		offset, size := s.Uint64(0, 0), s.Uint64(1, 0)
		if end := uint64(h.base) + offset + size; size > 0 && !h.found || offset > math.MaxInt64 || size > math.MaxInt64 || end < offset || end > uint64(p.size) {
			p.problem("segment %d lies outside of the file", i)
			break
		}
	}
	for id := range p.delegates {
		if len(id) <= maxName {
			p.property("delegate", id)
		}
	}
	slices.SortFunc(p.properties, func(a, b sbom.Property) int {
		return strings.Compare(a.Name+"\x00"+a.Value, b.Name+"\x00"+b.Value)
	})
	if p.external > 0 {
		p.property("external_tensors", strconv.Itoa(p.external))
	}
	p.judge()
}

// plan reads table ExecutionPlan: one method.
func (p *program) plan(plan flatbuf.Table, only bool) {
	name := plan.Text(0)
	p.property("method", name)
	values := plan.Vector(2, 4)
	for _, v := range values.Tables() {
		if p.values++; p.values > maxValues {
			p.problem("the program has more than %d values; the rest was not read", maxValues)
			return
		}
		if t, ok := tensorOf(v); ok {
			p.tensor(t)
		}
	}
	if name == "forward" || only {
		p.inputs, p.outputs = ports(plan.Vector(3, 4), values), ports(plan.Vector(4, 4), values)
	}
	var operators, delegates []string
	for _, op := range plan.Vector(6, 4).Tables() {
		full := op.Text(0)
		if overload := op.Text(1); overload != "" {
			full += "." + overload
		}
		operators = append(operators, full)
	}
	for _, d := range plan.Vector(7, 4).Tables() {
		delegates = append(delegates, d.Text(0))
	}
	for _, chain := range plan.Vector(5, 4).Tables() {
		for _, instruction := range chain.Vector(2, 4).Tables() {
			p.call(instruction, operators, delegates)
		}
	}
}

// The unions of the schema.
const (
	kindTensor   = 5 // of KernelTypes
	kindKernel   = 1 // of InstructionArguments
	kindDelegate = 2
)

func (p *program) call(instruction flatbuf.Table, operators, delegates []string) {
	args, ok := instruction.Table(1)
	if !ok {
		return
	}
	i := int(args.Int32(0, 0))
	count := func(names []string, to map[string]int64) {
		if i < 0 || i >= len(names) {
			p.problem("an instruction calls number %d of %d", i, len(names))
		} else if names[i] != "" && len(names[i]) <= maxName {
			to[names[i]]++
		}
	}
	switch instruction.Uint8(0, 0) {
	case kindKernel:
		count(operators, p.operators)
	case kindDelegate:
		count(delegates, p.delegates)
	}
}

func tensorOf(v flatbuf.Table) (flatbuf.Table, bool) {
	if v.Uint8(0, 0) != kindTensor {
		return flatbuf.Table{}, false
	}
	return v.Table(1)
}

// dtypes are the types of c10, in the spelling of safetensors.
var dtypes = map[int8]string{0: "U8", 1: "I8", 2: "I16", 3: "I32", 4: "I64", 5: "F16", 6: "F32", 7: "F64", 8: "C32", 9: "C64", 10: "C128", 11: "BOOL",
	12: "QINT8", 13: "QUINT8", 14: "QINT32", 15: "BF16", 16: "QUINT4X2", 17: "QUINT2X4", 22: "BITS16", 23: "F8_E5M2", 24: "F8_E4M3",
	25: "F8_E5M2FNUZ", 26: "F8_E4M3FNUZ", 27: "U16", 28: "U32", 29: "U64"}

func dtypeOf(t flatbuf.Table) string {
	kind := t.Int8(0, 0)
	if name, ok := dtypes[kind]; ok {
		return name
	}
	return "TYPE" + strconv.Itoa(int(kind))
}

func shapeOf(t flatbuf.Table) []int64 {
	sizes := t.Vector(2, 4)
	shape := []int64{}
	for i := range min(sizes.Len(), maxDims) {
		shape = append(shape, sizes.Int(i))
	}
	return shape
}

// tensor keeps a constant: one that has data in the program, or beside it.
func (p *program) tensor(t flatbuf.Table) {
	const external = 1
	name, index, key := "", uint64(t.Uint32(5, 0)), [2]uint64{}
	extra, ok := t.Table(9)
	if ok {
		name = extra.Text(1)
	}
	switch {
	case ok && extra.Int8(2, 0) == external:
		p.external++
		index = 0
	case index == 0:
		return
	}
	key[0] = index
	if t.Has(6) { // it lies in a segment of the mutable ones
		if key[1] = 1; ok {
			key[1] += extra.Uint64(0, 0)
		}
	}
	if index > 0 && p.seen[key] {
		return
	}
	p.seen[key] = true
	is := tensor{name: name, dtype: dtypeOf(t), shape: shapeOf(t), elements: 1}
	for _, d := range is.shape {
		if d < 0 || d > 0 && is.elements > math.MaxInt64/d {
			p.problem("a constant has the shape %v, which is none", is.shape)
			return
		}
		is.elements *= d
	}
	p.tensors = append(p.tensors, is)
}

func ports(indices, values flatbuf.Vector) []sbom.Port {
	var list []sbom.Port
	for i := range min(indices.Len(), maxPorts) {
		at := indices.Int(i)
		if at < 0 || at >= int64(values.Len()) {
			continue
		}
		v, ok := values.Table(int(at))
		if !ok {
			continue
		}
		if t, ok := tensorOf(v); ok {
			var dims []string
			for _, d := range shapeOf(t) {
				dims = append(dims, strconv.FormatInt(d, 10))
			}
			list = append(list, sbom.Port{Format: dtypeOf(t), Shape: "[" + strings.Join(dims, ",") + "]"})
		}
	}
	return list
}

// prints are the tensors for the fingerprints, if all have names.
func (p *program) prints() []fingerprint.Tensor {
	var list []fingerprint.Tensor
	for _, t := range p.tensors {
		if t.name == "" {
			return nil
		}
		list = append(list, fingerprint.Tensor{Name: t.name, DType: t.dtype, Shape: t.shape, Opaque: true})
	}
	return list
}
