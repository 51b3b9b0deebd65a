package tflite

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a model.
const (
	maxTensors   = 1 << 20
	maxSubgraphs = 1 << 16
	maxOperators = 1 << 16 // codes
	maxEntries   = 4096    // ports, signatures, metadata
	maxDims      = 256
	maxProblems  = 20
	maxText      = 16384
)

// dtype is a data type: its name as safetensors spells it, as the format does, and
// its bits; 0 where it has no size.
type dtype struct {
	short, long string
	bits        uint64
}

// dtypes are TensorType of schema.fbs, from 0 on.
var dtypes = [...]dtype{{"F32", "float32", 32}, {"F16", "float16", 16}, {"I32", "int32", 32}, {"U8", "uint8", 8}, {"I64", "int64", 64},
	{"STRING", "string", 0}, {"BOOL", "bool", 8}, {"I16", "int16", 16}, {"C64", "complex64", 64}, {"I8", "int8", 8}, {"F64", "float64", 64},
	{"C128", "complex128", 128}, {"U64", "uint64", 64}, {"RESOURCE", "resource", 0}, {"VARIANT", "variant", 0}, {"U32", "uint32", 32},
	{"U16", "uint16", 16}, {"I4", "int4", 4}, {"BF16", "bfloat16", 16}, {"I2", "int2", 2}, {"U4", "uint4", 4},
	{"F8_E4M3", "float8_e4m3fn", 8}, {"F8_E5M2", "float8_e5m2", 8}}

func typeOf(number int8) dtype {
	if number >= 0 && int(number) < len(dtypes) {
		return dtypes[number]
	}
	name := "TYPE_" + strconv.Itoa(int(number))
	return dtype{short: name, long: strings.ToLower(name)}
}

// tensor is one of a subgraph.
type tensor struct {
	name     string
	dtype    dtype
	shape    []int64 // as stored
	scaled   bool    // it has scales
	at, size int64   // bytes of a constant; at is -1 where it lies elsewhere
	opaque   bool    // its elements do not stand in a row
}

// model is what the file says.
type model struct {
	found           bool
	size            int64
	version         uint32
	description     string
	codes           []code
	operators       map[string]int64
	nodes           int64
	subgraphs       int
	types           map[string]*sbom.TensorType
	constants       []tensor
	inputs, outputs []sbom.Port
	quants          []sbom.Property
	signatures      []sbom.Property
	activations     map[string]int64 // tensors that are computed and have scales, by type
	weights         map[string]int64 // elements of constants that have scales, by type
	metadata        metadata
	groups          []string
	archived        []string
	counted         map[uint64]bool // buffers; those of other files from 1<<32 on
	held, limit     int64
	findings        []sbom.Finding
	problems        []error
}

// code is an operator that nodes name by its number.
type code struct {
	name    string
	custom  bool
	version int32
	at      int64
}

func newModel(limit int64) *model {
	return &model{limit: limit, operators: map[string]int64{}, types: map[string]*sbom.TensorType{}, activations: map[string]int64{},
		weights: map[string]int64{}, counted: map[uint64]bool{}}
}

func (m *model) problem(format string, args ...any) {
	if len(m.problems) < maxProblems {
		m.problems = append(m.problems, fmt.Errorf(format, args...))
	}
}

func (m *model) finding(rule string, at int64, format string, args ...any) {
	m.findings = append(m.findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Offset: at}})
}

// hold tells whether so many bytes more may be held in memory.
func (m *model) hold(n int) bool {
	if m.held > m.limit {
		return false
	}
	if m.held += int64(n) + 64; m.held > m.limit {
		m.problem("the names in the model are more than %d MiB: not all are read (--max-header)", m.limit>>20)
		return false
	}
	return true
}

// read reads the table Model.
func (m *model) read(root flatbuf.Table) {
	m.version, m.description = root.Uint32(0, 0), root.Text(3)
	for i, c := range root.Vector(1, 4).Tables() {
		if i == maxOperators {
			m.problem("the model has more than %d operators: the others are not read", maxOperators)
			break
		}
		m.codes = append(m.codes, codeOf(c))
	}
	buffers := root.Vector(4, 4)
	m.readGroups(root)
	for i, g := range root.Vector(2, 4).Tables() {
		if i == maxSubgraphs {
			m.problem("the model has more than %d subgraphs: the others are not read", maxSubgraphs)
			break
		}
		m.subgraphs++
		m.subgraph(g, root, buffers, i == 0)
	}
	m.signatureDefs(root)
	m.readMetadata(root, buffers)
}

// codeOf reads an OperatorCode. The number did not fit in its first field in the
// end: the greater of both is meant.
func codeOf(t flatbuf.Table) code {
	number := max(int64(t.Int8(0, 0)), int64(t.Int32(3, 0)))
	c := code{name: builtin(number), version: t.Int32(2, 1), at: t.At()}
	if number == customOp {
		c.name, c.custom = t.Text(1), true
	}
	return c
}

// subgraph reads a SubGraph: its tensors, and its nodes. Inputs and outputs are
// those of the first one.
func (m *model) subgraph(g, root flatbuf.Table, buffers flatbuf.Vector, main bool) {
	list := g.Vector(0, 4)
	if list.Len() > maxTensors {
		m.problem("a subgraph has %d tensors, and up to %d are read", list.Len(), maxTensors)
	}
	for i, t := range list.Tables() {
		if i == maxTensors || m.held > m.limit {
			break
		}
		m.tensor(t, root, buffers)
	}
	if main {
		m.inputs, m.outputs = m.ports(g, 1), m.ports(g, 2)
	}
	operators := g.Vector(3, 4)
	for i, op := range operators.Tables() {
		n := op.Uint32(0, 0)
		if int64(n) >= int64(len(m.codes)) {
			m.problem("node %d of a subgraph names operator %d, and there are %d", i, n, len(m.codes))
			continue
		}
		m.nodes++
		m.operators[m.codes[n].name]++
	}
}

// ports gives the tensors that a list of numbers names.
func (m *model) ports(g flatbuf.Table, slot int) []sbom.Port {
	var out []sbom.Port
	tensors, numbers := g.Vector(0, 4), g.Vector(slot, 4)
	for i := range min(numbers.Len(), maxEntries) {
		n := numbers.Int(i)
		if n < 0 || n >= int64(tensors.Len()) {
			m.problem("input or output %d of the model names tensor %d, and there are %d", i, n, tensors.Len())
			continue
		}
		if t, ok := tensors.Table(int(n)); ok {
			out = append(out, m.port("", t))
		}
	}
	return out
}

// port reads a tensor as an input or output.
func (m *model) port(name string, t flatbuf.Table) sbom.Port {
	if name == "" {
		name = t.Text(3)
	}
	dims, known := t.Vector(7, 4), true
	if dims.Len() == 0 {
		dims, known = t.Vector(0, 4), t.Bool(8) || t.Vector(0, 4).Len() > 0
	}
	p := sbom.Port{Name: name, Format: typeOf(t.Int8(1, 0)).long}
	if known {
		p.Shape = shapeText(dims)
	}
	if q := quantOf(t); q != "" && len(m.quants) < maxEntries {
		m.quants = append(m.quants, sbom.Property{Name: "tflite:quantization:" + name, Value: q})
	}
	return p
}

func shapeText(dims flatbuf.Vector) string {
	var out []string
	for i := range min(dims.Len(), maxDims) {
		if n := dims.Int(i); n < 0 {
			out = append(out, "?")
		} else {
			out = append(out, strconv.FormatInt(n, 10))
		}
	}
	return "[" + strings.Join(out, ",") + "]"
}

// quantOf gives the scale and the zero point of a tensor that has one of each.
func quantOf(t flatbuf.Table) string {
	q, ok := t.Table(4)
	if !ok {
		return ""
	}
	scale, zero := q.Vector(2, 4), q.Vector(3, 8)
	if scale.Len() != 1 {
		return ""
	}
	value := math.Float32frombits(uint32(scale.Uint(0)))
	return "scale " + strconv.FormatFloat(float64(value), 'g', -1, 32) + ", zero point " + strconv.FormatInt(zero.Int(0), 10)
}
