package onnx

import (
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
)

// graph reads a GraphProto: the main one, or one within it, of a loop, of
// training.
func (m *model) graph(msg protowalk.Message, main bool) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			m.found = m.found || main
			m.node(f.Message())
		case 2:
			if main {
				m.graphName = f.Text(maxName)
			}
		case 5:
			m.initializer(f.Message(), main)
		case 15:
			m.sparse(f.Message(), true, main)
		case 11, 12:
			if !main {
				continue
			}
			m.found = true
			if f.Number == 11 {
				m.inputs = m.port(m.inputs, f.Message())
			} else {
				m.outputs = m.port(m.outputs, f.Message())
			}
		case 14:
			m.annotated = true
		}
	}
}

// node reads a NodeProto and the graphs in its attributes.
func (m *model) node(msg protowalk.Message) {
	var op operator
	var input string
	var held [4]attribute // of those that matter
	n := 0
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			if input == "" {
				input = f.Text(maxName)
			}
		case 4:
			op.name = f.Text(maxName)
		case 7:
			op.domain = f.Text(maxName)
		case 5:
			if a, ok := m.attribute(f.Message()); ok && n < len(held) {
				held[n] = a
				n++
			}
		}
	}
	op.domain = domainName(op.domain)
	m.nodes++
	if op.name == "" {
		m.problem("the node at byte %d has no operator", msg.At)
		return
	}
	if u := m.operators[op]; u != nil {
		u.times++
	} else if len(m.operators) < maxOperators && m.hold(len(op.name)+len(op.domain)) {
		m.operators[op] = &use{1, msg.At}
	} else if len(m.operators) == maxOperators {
		m.problem("the model has more than %d different operators: the others are not counted", maxOperators)
	}
	m.quant.node(m, op, input, held[:n])
	m.context(msg.At, op, held[:n])
}

// attribute is one that says something of the model.
type attribute struct {
	name, text string
	number     int64
}

// wanted are the attributes of scalar type that are kept.
var wanted = map[string]bool{"bits": true, "embed_mode": true, "ep_cache_context": true, "source": true}

// attribute reads an AttributeProto: graphs and tensors in it, and its value where
// it is wanted.
func (m *model) attribute(msg protowalk.Message) (attribute, bool) {
	var a attribute
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			a.name = f.Text(64)
		case 3:
			a.number = f.Int()
		case 4:
			if wanted[a.name] {
				a.text = f.Text(maxName)
			}
		case 5, 10:
			m.constant(f.Message())
		case 22, 23:
			m.sparse(f.Message(), false, false)
		case 6, 11:
			m.graph(f.Message(), false)
		}
	}
	return a, wanted[a.name]
}

// context looks at nodes of onnxruntime that hold a model which a backend compiled,
// or the name of its file.
func (m *model) context(at int64, op operator, attributes []attribute) {
	if op != (operator{"com.microsoft", "EPContext"}) {
		return
	}
	embedded, name := true, ""
	for _, a := range attributes {
		switch a.name {
		case "embed_mode":
			embedded = a.number != 0
		case "ep_cache_context":
			name = a.text
		}
	}
	if !embedded && name != "" {
		m.locate(name, at, extent{})
	}
}

// quantization is what the nodes say on how weights were made smaller.
type quantization struct {
	qdq, integer, dynamic, nbits int64 // nodes
	dequantized                  map[string]bool
	bits                         map[int64]bool // of MatMulNBits and its like
}

// integerOps compute with quantised numbers.
var integerOps = map[string]bool{"QLinearConv": true, "QLinearMatMul": true, "ConvInteger": true, "MatMulInteger": true, "QGemm": true,
	"QLinearAdd": true, "QLinearMul": true, "QAttention": true, "MatMulIntegerToFloat": true, "DynamicQuantizeMatMul": true,
	"DynamicQuantizeLSTM": true, "QEmbedLayerNormalization": true, "QLinearAveragePool": true, "QLinearGlobalAveragePool": true,
	"QLinearSigmoid": true, "QLinearLeakyRelu": true, "QLinearSoftmax": true, "QLinearConcat": true}

func (q *quantization) node(m *model, op operator, input string, attributes []attribute) {
	if op.domain != "ai.onnx" && op.domain != "com.microsoft" {
		return
	}
	switch {
	case op.name == "DequantizeLinear":
		q.qdq++
		if m.hold(len(input)) {
			q.dequantized[input] = true
		}
	case op.name == "QuantizeLinear":
		q.qdq++
	case op.name == "DynamicQuantizeLinear":
		q.dynamic++
	case integerOps[op.name]:
		q.integer++
	case op.name == "MatMulNBits" || op.name == "GatherBlockQuantized" || op.name == "MatMulBnb4" || op.name == "QMoE":
		q.nbits++
		bits := int64(4) // where it is not stated
		for _, a := range attributes {
			if a.name == "bits" {
				bits = a.number
			}
		}
		if bits > 0 && bits <= 32 {
			q.bits[bits] = true
		}
	}
}

// custom are the domains whose operators come with the format or with onnxruntime.
func custom(domain string) bool {
	switch domain {
	case "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training",
		"com.microsoft", "com.microsoft.nchwc", "com.microsoft.dml", "com.microsoft.experimental", "com.ms.internal.nhwc":
		return false
	}
	return true
}
