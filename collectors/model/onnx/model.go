package onnx

import (
	"fmt"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a model.
const (
	maxTensors   = 1 << 20
	maxName      = 4096 // bytes of a name
	maxText      = 16384
	maxMetadata  = 4096
	maxOperators = 4096 // different ones
	maxFunctions = 1 << 16
	maxPorts     = 4096
	maxDims      = 256
	maxLocations = 10000
	maxProblems  = 20
)

// model is what the file says.
type model struct {
	size                       int64 // of the file, in bytes
	found                      bool  // it holds a graph
	irVersion, version         int64
	producer, producerVersion  string
	domain, doc, graphName     string
	opsets                     map[string]int64
	metadata                   []sbom.Property
	inputs, outputs            []port
	initializers               map[string]string // of the main graph: name and type
	types                      map[string]*sbom.TensorType
	tensors                    []tensor
	constants, constantNumbers int64
	nodes                      int64
	operators                  map[operator]*use
	functions                  map[operator]bool // of the model itself
	training                   int
	annotated                  bool // has quantization_annotation
	quant                      quantization
	known                      int   // fields of a model
	unknown                    int64 // bytes in fields that a model does not have
	unknownAt                  int64
	held, limit                int64 // bytes of names that are held
	externals                  map[string]*location
	locations                  []string // in the file's order
	findings                   []sbom.Finding
	problems                   []error
}

// operator is the type of a node.
type operator struct{ domain, name string }

type use struct {
	times, at int64
}

func newModel(limit int64) *model {
	return &model{limit: limit, opsets: map[string]int64{}, initializers: map[string]string{}, types: map[string]*sbom.TensorType{},
		operators: map[operator]*use{}, functions: map[operator]bool{}, externals: map[string]*location{},
		quant: quantization{dequantized: map[string]bool{}, bits: map[int64]bool{}}}
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
	if m.held += int64(n); m.held > m.limit {
		m.problem("the names in the model are more than %d MiB: not all are read (--max-header)", m.limit>>20)
		return false
	}
	return true
}

// fields are those of ModelProto, with their wire types.
var fields = map[int]protowalk.Wire{1: protowalk.Varint, 2: protowalk.Bytes, 3: protowalk.Bytes, 4: protowalk.Bytes, 5: protowalk.Varint,
	6: protowalk.Bytes, 7: protowalk.Bytes, 8: protowalk.Bytes, 14: protowalk.Bytes, 20: protowalk.Bytes, 25: protowalk.Bytes, 26: protowalk.Bytes}

// read walks ModelProto. Readers pass over fields that they do not know, so that
// anything can hide there.
func (m *model) read(top protowalk.Message) {
	for f := range top.Fields() {
		if wire, ok := fields[f.Number]; !ok || wire != f.Wire {
			if m.unknown == 0 {
				m.unknownAt = f.At
			}
			m.unknown += f.Size + 2
			if m.known == 0 {
				return
			}
			continue
		}
		m.known++
		m.field(f)
	}
	if m.found && m.unknown > 0 {
		m.finding(sbom.RuleTrailing, m.unknownAt, "%d bytes stand in fields that a model of ONNX does not have", m.unknown)
	}
}

// fault is what is wrong with a file that begins as a model does.
func (m *model) fault(top protowalk.Message) error {
	if m.known == 0 {
		return nil
	}
	return top.Err()
}

func (m *model) field(f protowalk.Field) {
	switch f.Number {
	case 1:
		m.irVersion = f.Int()
	case 2:
		m.producer = f.Text(maxName)
	case 3:
		m.producerVersion = f.Text(maxName)
	case 4:
		m.domain = f.Text(maxName)
	case 5:
		m.version = f.Int()
	case 6:
		m.doc = f.Text(maxText)
	case 7:
		m.graph(f.Message(), true)
	case 8:
		m.opset(f.Message())
	case 14:
		m.entry(f.Message())
	case 20:
		m.trainingInfo(f.Message())
	case 25:
		m.function(f.Message())
	}
}

func (m *model) opset(msg protowalk.Message) {
	domain, version := "", int64(0)
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			domain = f.Text(maxName)
		case 2:
			version = f.Int()
		}
	}
	if len(m.opsets) < maxOperators {
		m.opsets[domainName(domain)] = max(version, m.opsets[domainName(domain)])
	}
}

// domainName spells the standard's own domain, which is written as nothing.
func domainName(domain string) string {
	if domain == "" {
		return "ai.onnx"
	}
	return domain
}

// entry reads one of metadata_props.
func (m *model) entry(msg protowalk.Message) {
	if key, value := pair(msg, maxText); key != "" && len(m.metadata) < maxMetadata && m.hold(len(key)+len(value)) {
		m.metadata = append(m.metadata, sbom.Property{Name: key, Value: value})
	}
}

// pair reads a StringStringEntryProto.
func pair(msg protowalk.Message, most int64) (key, value string) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			key = f.Text(maxName)
		case 2:
			value = f.Text(most)
		}
	}
	return key, value
}

// trainingInfo reads graphs that change the model while it is trained.
func (m *model) trainingInfo(msg protowalk.Message) {
	m.training++
	for f := range msg.Fields() {
		if f.Number == 1 || f.Number == 2 {
			m.graph(f.Message(), false)
		}
	}
}

// function reads a function of the model itself, which its nodes can use as an
// operator.
func (m *model) function(msg protowalk.Message) {
	var name operator
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			name.name = f.Text(maxName)
		case 10:
			name.domain = domainName(f.Text(maxName))
		case 7:
			m.node(f.Message())
		}
	}
	name.domain = domainName(name.domain)
	if len(m.functions) < maxFunctions && m.hold(len(name.name)+len(name.domain)) {
		m.functions[name] = true
	}
}
