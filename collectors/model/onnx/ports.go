package onnx

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
)

// port is an input or output of the main graph.
type port struct {
	name, format, shape string
}

// port reads a ValueInfoProto.
func (m *model) port(ports []port, msg protowalk.Message) []port {
	var p port
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			p.name = f.Text(maxName)
		case 2:
			p.format, p.shape = valueType(f.Message(), 0)
		}
	}
	if len(ports) == maxPorts {
		m.problem("the model has more than %d inputs or outputs: the others are not read", maxPorts)
		return ports
	}
	if !m.hold(len(p.name) + len(p.format) + len(p.shape)) {
		return ports
	}
	return append(ports, p)
}

const maxTypes = 16 // types in types

// valueType reads a TypeProto: the type in the words of onnxruntime, "float32",
// "seq(int64)", and the shape of a tensor, with "?" for a dimension without name.
func valueType(msg protowalk.Message, depth int) (format, shape string) {
	if depth > maxTypes {
		return "", ""
	}
	for f := range msg.Fields() {
		switch f.Number {
		case 1: // tensor
			format, shape = tensorType(f.Message())
		case 8:
			format, shape = tensorType(f.Message())
			format = "sparse_tensor(" + format + ")"
		case 4, 9:
			for of := range f.Message().Fields() {
				if of.Number == 1 {
					format, shape = valueType(of.Message(), depth+1)
				}
			}
			format = map[int]string{4: "seq", 9: "optional"}[f.Number] + "(" + format + ")"
		case 5:
			format, shape = mapType(f.Message(), depth), ""
		case 7:
			format, shape = "opaque", ""
		}
	}
	return format, shape
}

func mapType(msg protowalk.Message, depth int) string {
	key, value := "", ""
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			key = typeOf(f.Int()).long
		case 2:
			value, _ = valueType(f.Message(), depth+1)
		}
	}
	return "map(" + key + "," + value + ")"
}

func tensorType(msg protowalk.Message) (format, shape string) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			format = typeOf(f.Int()).long
		case 2:
			shape = shapeText(f.Message())
		}
	}
	return format, shape
}

// shapeText writes a TensorShapeProto: "[batch,3,224,224]", "[]" for a scalar.
func shapeText(msg protowalk.Message) string {
	var dims []string
	for f := range msg.Fields() {
		if f.Number != 1 || len(dims) == maxDims {
			continue
		}
		dim := "?"
		for d := range f.Message().Fields() {
			switch d.Number {
			case 1:
				if n := d.Int(); n >= 0 {
					dim = strconv.FormatInt(n, 10)
				}
			case 2:
				if name := d.Text(256); name != "" {
					dim = name
				}
			}
		}
		dims = append(dims, dim)
	}
	return "[" + strings.Join(dims, ",") + "]"
}
