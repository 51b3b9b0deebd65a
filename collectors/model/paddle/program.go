package paddle

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a program.
const (
	maxName      = 4096
	maxTensors   = 1 << 20
	maxOperators = 4096 // different ones
	maxPorts     = 4096
	maxDims      = 64
	maxProblems  = 20
)

// dtypes are VarType.Type: as safetensors spells them, and as NumPy does.
var dtypes = map[int64][2]string{0: {"BOOL", "bool"}, 1: {"I16", "int16"}, 2: {"I32", "int32"}, 3: {"I64", "int64"}, 4: {"F16", "float16"},
	5: {"F32", "float32"}, 6: {"F64", "float64"}, 20: {"U8", "uint8"}, 21: {"I8", "int8"}, 22: {"BF16", "bfloat16"},
	23: {"C64", "complex64"}, 24: {"C128", "complex128"}, 32: {"F8_E4M3", "float8_e4m3fn"}, 33: {"F8_E5M2", "float8_e5m2"}}

// reaching are operators that reach out of the program.
var reaching = map[string]string{"py_func": "runs Python", "py_layer": "runs Python", "save": "writes files", "save_combine": "writes files",
	"load": "reads files", "load_combine": "reads files", "send": "talks over the network", "recv": "talks over the network",
	"listen_and_serv": "talks over the network", "fetch_barrier": "talks over the network", "send_barrier": "talks over the network"}

// variable is one of a block.
type variable struct {
	name       string
	kind       int64 // LOD_TENSOR and others
	dtype      int64
	shape      []int64
	persistent bool
	at         int64
}

const lodTensor = 7

// model is what the program says.
type model struct {
	found          bool
	newerForm      bool
	version        int64
	operators      map[string]int64
	tensors        []variable
	variables      map[string]variable // of inputs and outputs
	feeds, fetches []string
	ports          [2][]sbom.Port
	held, limit    int64
	findings       []sbom.Finding
	problems       []error
	reached        []string
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
		m.problem("the names in the program are more than %d MiB: not all are read (--max-header)", m.limit>>20)
		return false
	}
	return true
}

// program reads a ProgramDesc.
func (m *model) program(top protowalk.Message) {
	m.variables = map[string]variable{}
	first := true
	for f := range top.Fields() {
		switch f.Number {
		case 1:
			m.block(f.Message(), first)
			first = false
		case 4:
			for v := range f.Message().Fields() {
				if v.Number == 1 {
					m.version = v.Int()
				}
			}
		}
	}
	for i, names := range [][]string{m.feeds, m.fetches} {
		for _, name := range names {
			port := sbom.Port{Name: name}
			if v, ok := m.variables[name]; ok {
				port.Format, port.Shape = dtypes[v.dtype][1], shapeText(v.shape)
			}
			m.ports[i] = append(m.ports[i], port)
		}
	}
	m.variables = nil
}

func (m *model) block(msg protowalk.Message, main bool) {
	for f := range msg.Fields() {
		switch f.Number {
		case 3:
			m.variable(f.Message(), main)
		case 4:
			m.operator(f.Message(), main)
		}
	}
}

// variable reads a VarDesc: one that stays is a parameter.
func (m *model) variable(msg protowalk.Message, main bool) {
	v := variable{at: msg.At, kind: -1}
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			v.name = f.Text(maxName)
		case 2:
			for t := range f.Message().Fields() {
				switch t.Number {
				case 1:
					v.kind = t.Int()
				case 3:
					for l := range t.Message().Fields() {
						if l.Number == 1 {
							v.tensor(l.Message())
						}
					}
				}
			}
		case 3:
			v.persistent = f.Int() != 0
		}
	}
	if v.kind != lodTensor || !m.hold(len(v.name)+8*len(v.shape)) {
		return
	}
	if main {
		m.variables[v.name] = v
	}
	if !v.persistent || len(m.tensors) == maxTensors {
		return
	}
	if _, ok := volume.Elements(v.shape); !ok {
		m.problem("the parameter %q at byte %d has a shape that no tensor has: %v", v.name[:min(len(v.name), 200)], v.at, v.shape[:min(len(v.shape), 8)])
		return
	}
	m.tensors = append(m.tensors, v)
}

// tensor reads a TensorDesc.
func (v *variable) tensor(msg protowalk.Message) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			v.dtype = f.Int()
		case 2:
			for d := range f.Ints() {
				if len(v.shape) < maxDims {
					v.shape = append(v.shape, d)
				}
			}
		}
	}
}

// operator reads an OpDesc. Those named feed and fetch say what goes in and out.
func (m *model) operator(msg protowalk.Message, main bool) {
	name := ""
	var in, out []string
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			in = arguments(in, f.Message())
		case 2:
			out = arguments(out, f.Message())
		case 3:
			name = f.Text(256)
		}
	}
	if name == "" || m.operators[name] == 0 && (len(m.operators) == maxOperators || !m.hold(len(name))) {
		return
	}
	m.operators[name]++
	switch {
	case name == "feed" && main && len(m.feeds) < maxPorts:
		m.feeds = append(m.feeds, out...)
	case name == "fetch" && main && len(m.fetches) < maxPorts:
		m.fetches = append(m.fetches, in...)
	}
	m.reach(name, msg.At)
}

func (m *model) reach(name string, at int64) {
	if does := reaching[name]; does != "" && !slices.Contains(m.reached, name) {
		m.reached = append(m.reached, name)
		m.findings = append(m.findings, sbom.Finding{Rule: sbom.RuleFileOp, Message: fmt.Sprintf("the operator %s %s", name, does), Where: sbom.Place{Offset: at}})
	}
}

// arguments reads an OpDesc.Var.
func arguments(list []string, msg protowalk.Message) []string {
	for f := range msg.Fields() {
		if f.Number == 2 && len(list) < maxDims {
			list = append(list, f.Text(maxName))
		}
	}
	return list
}

func shapeText(dims []int64) string {
	var out []string
	for _, d := range dims {
		if d < 0 {
			out = append(out, "?")
		} else {
			out = append(out, strconv.FormatInt(d, 10))
		}
	}
	return "[" + strings.Join(out, ",") + "]"
}
