package coreml

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a model.
const (
	maxName      = 4096
	maxText      = 16384
	maxEntries   = 4096
	maxTensors   = 1 << 20
	maxPipelines = 8 // models in models
	maxDims      = 64
	maxProblems  = 20
)

// model is what the file says.
type model struct {
	found                                 bool
	spec                                  int64
	kind                                  string
	description, version, author, license string
	user                                  []sbom.Property
	inputs, outputs                       []sbom.Port
	operators                             map[string]int64
	opset                                 string
	classes                               []string // of native code
	classAt                               int64
	tensors                               []tensor
	files                                 []string // with weights
	fileAt                                map[string]int64
	held, limit                           int64
	findings                              []sbom.Finding
	problems                              []error
}

// tensor is one whose elements lie in a file.
type tensor struct {
	name, file string
	dtype      dtype
	shape      []int64
	record     int64 // where the file says where they are, in bytes
}

type dtype struct {
	short, long string
	bits        uint64
}

// dtypes are DataType of MIL.proto.
var dtypes = map[int64]dtype{1: {"BOOL", "bool", 8}, 2: {"STRING", "string", 0}, 10: {"F16", "float16", 16}, 11: {"F32", "float32", 32},
	12: {"F64", "float64", 64}, 13: {"BF16", "bfloat16", 16}, 21: {"I8", "int8", 8}, 22: {"I16", "int16", 16}, 23: {"I32", "int32", 32},
	24: {"I64", "int64", 64}, 25: {"I4", "int4", 4}, 31: {"U8", "uint8", 8}, 32: {"U16", "uint16", 16}, 33: {"U32", "uint32", 32},
	34: {"U64", "uint64", 64}, 35: {"U4", "uint4", 4}, 36: {"U2", "uint2", 2}, 37: {"U1", "uint1", 1}, 38: {"U6", "uint6", 6}, 39: {"U3", "uint3", 3},
	40: {"F8_E4M3", "float8e4m3fn", 8}, 41: {"F8_E5M2", "float8e5m2", 8}}

func newModel(limit int64) *model {
	return &model{limit: limit, operators: map[string]int64{}, fileAt: map[string]int64{}}
}

func (m *model) problem(format string, args ...any) {
	if len(m.problems) < maxProblems {
		m.problems = append(m.problems, fmt.Errorf(format, args...))
	}
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

// read reads a Model; a pipeline has models in it.
func (m *model) read(msg protowalk.Message, depth int) {
	if depth > maxPipelines {
		m.problem("models nest deeper than %d", maxPipelines)
		return
	}
	for f := range msg.Fields() {
		if depth == 0 && f.Number == 1 {
			m.spec = f.Int()
		}
		if depth == 0 && f.Number == 2 {
			m.describeModel(f.Message())
		}
		kind := kinds()[f.Number]
		if kind == "" || f.Wire != protowalk.Bytes {
			continue
		}
		if depth == 0 {
			m.kind = kind
		} else {
			m.operators[kind]++
		}
		switch f.Number {
		case 200, 201:
			for p := range f.Message().Fields() {
				if p.Number == 1 {
					m.pipeline(p.Message(), depth)
				}
			}
		case 202:
			m.pipeline(f.Message(), depth)
		case 303, 403, 500:
			m.network(f.Message())
		case 502:
			m.program(f.Message())
		case 555:
			for c := range f.Message().Fields() {
				if c.Number == 10 {
					m.class(c.Text(maxName), c.At)
				}
			}
		case 556:
			m.linked(f.Message())
		}
	}
}

func (m *model) pipeline(msg protowalk.Message, depth int) {
	for f := range msg.Fields() {
		if f.Number == 1 {
			m.read(f.Message(), depth+1)
		}
	}
}

// class notes a class of native code.
func (m *model) class(name string, at int64) {
	if name != "" && len(m.classes) < maxEntries && m.hold(len(name)) {
		if len(m.classes) == 0 {
			m.classAt = at
		}
		m.classes = append(m.classes, name)
	}
}

// linked reads a LinkedModel, which names another file.
func (m *model) linked(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number != 1 {
			continue
		}
		for l := range f.Message().Fields() {
			for p := range l.Message().Fields() {
				if l.Number == 1 && p.Number == 1 {
					m.file(p.Text(maxName), p.At)
				}
			}
		}
	}
}

func (m *model) file(name string, at int64) {
	if _, ok := m.fileAt[name]; !ok && name != "" && len(m.files) < maxEntries && m.hold(len(name)) {
		m.files = append(m.files, name)
		m.fileAt[name] = at
	}
}

// network reads the layers of a NeuralNetwork.
func (m *model) network(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number != 1 {
			continue
		}
		for l := range f.Message().Fields() {
			name := layers()[l.Number]
			if name == "" {
				continue
			}
			m.operators[name]++
			switch l.Number {
			case 500:
				for c := range l.Message().Fields() {
					if c.Number == 10 {
						m.class(c.Text(maxName), c.At)
					}
				}
			case 605, 615: // branch: two networks; loop: a condition's and a body's
				for n := range l.Message().Fields() {
					if n.Wire == protowalk.Bytes && (l.Number == 605 || n.Number == 3 || n.Number == 4) {
						m.network(n.Message())
					}
				}
			}
		}
	}
}

func shapeText(dims []int64) string {
	var out []string
	for _, d := range dims {
		out = append(out, strconv.FormatInt(d, 10))
	}
	return "[" + strings.Join(out, ",") + "]"
}
