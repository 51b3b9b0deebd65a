package openvino

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a graph.
const (
	maxDepth    = 64
	maxEntries  = 4096
	maxTensors  = 1 << 20
	maxDims     = 64
	maxValue    = 1024 // bytes
	maxProblems = 20
)

type dtype struct {
	short, long string
	bits        uint64
}

// dtypes are the element types, in the spelling of <data element_type>.
var dtypes = map[string]dtype{"f32": {"F32", "float32", 32}, "f16": {"F16", "float16", 16}, "bf16": {"BF16", "bfloat16", 16}, "f64": {"F64", "float64", 64},
	"i64": {"I64", "int64", 64}, "i32": {"I32", "int32", 32}, "i16": {"I16", "int16", 16}, "i8": {"I8", "int8", 8}, "i4": {"I4", "int4", 4},
	"u64": {"U64", "uint64", 64}, "u32": {"U32", "uint32", 32}, "u16": {"U16", "uint16", 16}, "u8": {"U8", "uint8", 8}, "u4": {"U4", "uint4", 4},
	"u2": {"U2", "uint2", 2}, "u1": {"U1", "uint1", 1}, "u3": {"U3", "uint3", 3}, "u6": {"U6", "uint6", 6}, "nf4": {"NF4", "nf4", 4}, "f4e2m1": {"F4", "float4e2m1", 4},
	"f8e4m3": {"F8_E4M3", "float8e4m3", 8}, "f8e5m2": {"F8_E5M2", "float8e5m2", 8}, "f8e8m0": {"F8_E8M0", "float8e8m0", 8},
	"boolean": {"BOOL", "bool", 8}, "string": {"STRING", "string", 0}, "dynamic": {"DYNAMIC", "dynamic", 0}}

func typeOf(name string) dtype {
	if d, ok := dtypes[strings.ToLower(name)]; ok {
		return d
	}
	return dtype{short: strings.ToUpper(name), long: strings.ToLower(name)}
}

// constant is a tensor in the weights.
type constant struct {
	name     string
	dtype    dtype
	shape    []int64
	at, size int64 // bytes
	line     int
	opaque   bool
}

// layer is the one that is read.
type layer struct {
	name, kind, set string
	data            map[string]string
	port            string // the names of its output
	precision       string // of its input
	dims            []string
	line            int
}

// model is what the graph says.
type model struct {
	found           bool
	name, version   string
	operators       map[string]int64
	sets            map[string]int
	foreign         []string // operators of other sets
	foreignLine     int
	constants       []constant
	inputs, outputs []sbom.Port
	info            []sbom.Property // rt_info: path and value
	held, limit     int64
	findings        []sbom.Finding
	problems        []error

	d    *xml.Decoder
	path []string // of open elements
	open []*layer // layers, in each other
}

func (m *model) problem(format string, args ...any) {
	line, _ := m.d.InputPos()
	if len(m.problems) < maxProblems {
		m.problems = append(m.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

func (m *model) finding(rule string, line int, format string, args ...any) {
	m.findings = append(m.findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Line: line}})
}

// hold tells whether so many bytes more may be held in memory.
func (m *model) hold(n int) bool {
	if m.held > m.limit {
		return false
	}
	if m.held += int64(n) + 64; m.held > m.limit {
		m.problem("the names in the graph are more than %d MiB: not all are read (--max-header)", m.limit>>20)
		return false
	}
	return true
}

// read reads the graph by tokens. The error says what is wrong with the file; what
// was read before stands.
func read(f *sbom.File) (*model, error) {
	m := &model{operators: map[string]int64{}, sets: map[string]int{}, limit: f.Settings.Limits.WithDefaults().Header}
	r, size, err := f.Open()
	if err != nil {
		return m, err
	}
	defer r.Close()
	if size > m.limit {
		return m, fmt.Errorf("the graph is larger than %d MiB (--max-header)", m.limit>>20)
	}
	m.d = xml.NewDecoder(io.NewSectionReader(r, 0, size))
	for {
		t, err := m.d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) || len(m.path) > 0 {
				m.problem("the graph is no valid XML: %v", err)
			}
			break
		}
		if !m.token(t) {
			break
		}
	}
	if !m.found {
		return m, errors.Join(append([]error{errors.New("the file is no model of OpenVINO: its root is not <net>")}, m.problems...)...)
	}
	return m, errors.Join(m.problems...)
}

func (m *model) token(t xml.Token) bool {
	switch t := t.(type) {
	case xml.StartElement:
		if len(m.path) == maxDepth {
			m.problem("elements nest deeper than %d; the rest is not read", maxDepth)
			return false
		}
		m.path = append(m.path, t.Name.Local)
		if len(m.path) == 1 {
			if t.Name.Local != "net" {
				return false
			}
			m.found, m.name, m.version = true, attr(t, "name"), attr(t, "version")
		}
		m.start(t)
	case xml.EndElement:
		if t.Name.Local == "layer" && len(m.open) > 0 {
			m.layer(m.open[len(m.open)-1], len(m.open) == 1)
			m.open = m.open[:len(m.open)-1]
		}
		m.path = m.path[:len(m.path)-1]
	case xml.CharData:
		if n := len(m.path); n > 0 && m.path[n-1] == "dim" && len(m.open) > 0 {
			if l := m.open[len(m.open)-1]; len(l.dims) < maxDims && l.kind == "Result" {
				l.dims = append(l.dims, strings.TrimSpace(string(t)))
			}
		}
	}
	return true
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (m *model) start(t xml.StartElement) {
	if len(m.path) > 2 && (m.path[1] == "rt_info" || m.path[1] == "meta_data") {
		m.runtime(t)
		return
	}
	if t.Name.Local == "layer" {
		line, _ := m.d.InputPos()
		m.open = append(m.open, &layer{name: attr(t, "name"), kind: attr(t, "type"), set: attr(t, "version"), line: line})
		return
	}
	if len(m.open) == 0 {
		return
	}
	l := m.open[len(m.open)-1]
	switch parent := m.path[len(m.path)-2]; {
	case t.Name.Local == "data" && parent == "layer" && l.data == nil:
		l.data = map[string]string{}
		for _, a := range t.Attr {
			switch a.Name.Local {
			case "element_type", "shape", "offset", "size":
				l.data[a.Name.Local] = a.Value
			}
		}
	case t.Name.Local == "port" && parent == "output" && l.port == "":
		l.port = attr(t, "names")
	case t.Name.Local == "port" && parent == "input" && l.precision == "":
		l.precision = attr(t, "precision")
	}
}

// runtime takes a value of what converters leave in the net's rt_info.
func (m *model) runtime(t xml.StartElement) {
	value := attr(t, "value")
	if name := attr(t, "name"); name != "" && t.Name.Local == "info" { // <info name="..." value="...">
		m.path[len(m.path)-1] = name
	}
	name := strings.Join(m.path[2:], ".")
	if value != "" && len(value) <= maxValue && len(name) <= 256 && len(m.info) < maxEntries && m.hold(len(name)+len(value)) {
		m.info = append(m.info, sbom.Property{Name: name, Value: value})
	}
}

// layer takes a layer that ends; outer are those that are not in another one.
func (m *model) layer(l *layer, outer bool) {
	if m.operators[l.kind] == 0 && (len(m.operators) == maxEntries || !m.hold(len(l.kind))) {
		return
	}
	m.operators[l.kind]++
	m.set(l)
	switch {
	case l.kind == "Const":
		m.constant(l)
	case l.kind == "Parameter" && outer && len(m.inputs) < maxEntries:
		m.inputs = append(m.inputs, sbom.Port{Name: first(l.port, l.name), Format: typeOf(l.data["element_type"]).long, Shape: shapeText(strings.Split(l.data["shape"], ","))})
	case l.kind == "Result" && outer && len(m.outputs) < maxEntries:
		m.outputs = append(m.outputs, sbom.Port{Name: l.name, Format: precision(l.precision), Shape: shapeText(l.dims)})
	}
}

// set notes the set of operators that the layer is of. Before version 10 of the
// format there were none.
func (m *model) set(l *layer) {
	if n, ok := strings.CutPrefix(l.set, "opset"); ok {
		if v, err := strconv.Atoi(n); err == nil {
			m.sets["opset"] = max(m.sets["opset"], v)
			return
		}
	}
	switch l.set {
	case "", "experimental", "type_relaxed_opset", "ie_internal_opset", "cpu_plugin_opset", "gpu_opset":
		return
	}
	name := l.set + "." + l.kind
	if !slices.Contains(m.foreign, name) && len(m.foreign) < maxEntries {
		if len(m.foreign) == 0 {
			m.foreignLine = l.line
		}
		m.foreign = append(m.foreign, name)
	}
}

func first(names, or string) string {
	if name, _, _ := strings.Cut(names, ","); name != "" {
		return name
	}
	return or
}

// precision spells the type of a port: "FP32", "I64".
func precision(name string) string {
	return typeOf(strings.Replace(strings.ToLower(name), "fp", "f", 1)).long
}

func shapeText(dims []string) string {
	var out []string
	for _, d := range dims {
		if d = strings.TrimSpace(d); d == "-1" {
			d = "?"
		}
		if d != "" {
			out = append(out, d)
		}
	}
	return "[" + strings.Join(out, ",") + "]"
}

// constant takes a tensor in the weights.
func (m *model) constant(l *layer) {
	c := constant{name: l.name, dtype: typeOf(l.data["element_type"]), line: l.line}
	n := uint64(1)
	if text := strings.TrimSpace(l.data["shape"]); text != "" {
		for d := range strings.SplitSeq(text, ",") {
			v, err := strconv.ParseInt(strings.TrimSpace(d), 10, 64)
			hi, lo := bits.Mul64(n, uint64(v))
			if err != nil || v < 0 || hi != 0 || lo > math.MaxInt64 || len(c.shape) == maxDims {
				m.problem("the constant %q has a shape that no tensor has: %q", clip(l.name), clip(text))
				return
			}
			c.shape, n = append(c.shape, v), lo
		}
	}
	at, err1 := strconv.ParseInt(l.data["offset"], 10, 64)
	size, err2 := strconv.ParseInt(l.data["size"], 10, 64)
	if err1 != nil || err2 != nil || at < 0 || size < 0 || at > math.MaxInt64-size {
		m.problem("the constant %q lies nowhere: offset %q, size %q", clip(l.name), clip(l.data["offset"]), clip(l.data["size"]))
		return
	}
	hi, whole := bits.Mul64(n, c.dtype.bits)
	if c.dtype.bits > 0 && (hi != 0 || (whole+7)/8 != uint64(size)) {
		m.problem("the constant %q has %d bytes, which its shape [%s] of type %s does not take", clip(l.name), size, clip(l.data["shape"]), c.dtype.long)
		c.opaque = true
	}
	c.at, c.size, c.opaque = at, size, c.opaque || c.dtype.bits == 0
	if len(m.constants) < maxTensors && m.hold(len(c.name)+8*len(c.shape)) {
		m.constants = append(m.constants, c)
	}
}

func clip(s string) string { return s[:min(len(s), 200)] }
