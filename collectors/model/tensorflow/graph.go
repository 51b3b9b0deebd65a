package tensorflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/tfops"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a model.
const (
	maxName      = 4096 // bytes of a name
	maxText      = 1024 // bytes of a text that a node holds
	maxOperators = 8192 // different ones
	maxFunctions = 1 << 20
	maxFlagged   = 4096
	maxEntries   = 4096 // signatures, tags, assets
	maxProblems  = 20
	maxDims      = 254 // as in the library
)

// model is what a file says.
type model struct {
	version, git string
	tags         []string // of each graph, joined by ","
	signatures   map[string]*signature
	assets       []asset
	stripped     bool
	nodes        int64
	operators    map[string]*use
	functions    map[string]*body
	main         []*body // the graph of each MetaGraphDef
	saverRoots   []string
	types        map[string]*sbom.TensorType // of constants
	tensors      []tensor
	variables    int64 // in the object graph
	kerasLayers  map[string]int64
	held, limit  int64
	findings     []sbom.Finding
	problems     []error
	producer     int64
}

type use struct{ times, at int64 }

type asset struct {
	name string
	at   int64
}

// body is the nodes of a graph or a function.
type body struct {
	name    string
	inputs  map[string][]string // of each node of a main graph
	calls   map[string][]string // of a node: the functions that it names
	ops     map[string]string   // of the nodes of a main graph
	texts   map[string]string   // constants that are texts
	flagged []flagged
}

// flagged is a node whose operator reaches out of the graph.
type flagged struct {
	op, node, text string
	inputs         []string
	at             int64
	given          bool // of a saver: whoever saves gives the place
}

func newModel(limit int64) *model {
	return &model{limit: limit, signatures: map[string]*signature{}, operators: map[string]*use{}, functions: map[string]*body{},
		types: map[string]*sbom.TensorType{}, kerasLayers: map[string]int64{}}
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
	if m.held += int64(n) + 32; m.held > m.limit {
		m.problem("the names in the graph are more than %d MiB: not all are read (--max-header)", m.limit>>20)
		return false
	}
	return true
}

// graph reads a GraphDef.
func (m *model) graph(msg protowalk.Message) {
	b := newBody("")
	m.main = append(m.main, b)
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			m.node(f.Message(), b, true)
		case 2:
			m.library(f.Message())
		case 4:
			for v := range f.Message().Fields() {
				if v.Number == 1 {
					m.producer = v.Int()
				}
			}
		}
	}
	b.settle()
}

func newBody(name string) *body {
	return &body{name: name, inputs: map[string][]string{}, calls: map[string][]string{}, ops: map[string]string{}, texts: map[string]string{}}
}

// settle finds the constant texts that flagged nodes get.
func (b *body) settle() {
	for i := range b.flagged {
		f := &b.flagged[i]
		if tfops.Saves(f.op) {
			places := 1
			if f.op == "MergeV2Checkpoints" {
				places = 2
			}
			f.inputs = f.inputs[:min(len(f.inputs), places)]
			f.given = b.given(f.inputs)
		}
		for _, in := range f.inputs {
			if s, ok := b.texts[nodeOf(in)]; ok && f.text == "" {
				f.text = s
			}
		}
	}
	b.texts, b.ops = nil, nil
}

// given tells whether the place that a saver writes to is what its caller says: it
// is put together of a placeholder and constants that name no folder. The library's
// own savers are made so, and it can have left several in a graph.
func (b *body) given(inputs []string) bool {
	seen := map[string]bool{}
	for stack := slices.Clone(inputs); len(stack) > 0; {
		name := nodeOf(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		if seen[name] {
			continue
		}
		seen[name] = true
		switch b.ops[name] {
		case "Const":
			if text := b.texts[name]; strings.ContainsAny(text, `/\:`) && !temporary.MatchString(text) {
				return false
			}
		case "StringJoin", "ShardedFilename", "PlaceholderWithDefault", "Placeholder", "Identity", "Pack", "Select", "SelectV2", "StaticRegexFullMatch":
			for _, in := range b.inputs[name] {
				if !strings.HasPrefix(in, "^") { // not its value
					stack = append(stack, in)
				}
			}
		default:
			return false
		}
	}
	return true
}

// temporary is the folder beside the checkpoint in which its parts are written
// first.
var temporary = pattern.Lazy(`^_temp(?:_[0-9a-f]{32})?/part$`)

// nodeOf gives the node of an input: "^name", "name:0", "name:output:0".
func nodeOf(input string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(input, "^"), ":")
	return name
}

func (m *model) library(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number == 1 {
			m.function(f.Message())
		}
	}
}

// function reads a FunctionDef.
func (m *model) function(msg protowalk.Message) {
	b := newBody("")
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			for s := range f.Message().Fields() {
				if s.Number == 1 {
					b.name = s.Text(maxName)
				}
			}
		case 3:
			m.node(f.Message(), b, false)
		}
	}
	b.settle()
	for i := range b.flagged {
		b.flagged[i].node = b.name + "/" + b.flagged[i].node
	}
	if len(m.functions) < maxFunctions && m.hold(len(b.name)) {
		m.functions[b.name] = b
	}
}

// node reads a NodeDef.
func (m *model) node(msg protowalk.Message, b *body, main bool) {
	var n flagged
	var a attributes
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			n.node = f.Text(maxName)
		case 2:
			n.op = f.Text(256)
		case 3:
			if len(n.inputs) < maxEntries {
				n.inputs = append(n.inputs, f.Text(maxName))
			}
		case 5:
			a.read(m, f.Message())
		}
	}
	n.at = msg.At
	m.nodes++
	if n.op == "" {
		m.problem("the node at byte %d has no operator", msg.At)
		return
	}
	m.count(n)
	if n.op == "Const" && a.hasTensor {
		m.constant(n.node, a, main)
		if a.text != "" && m.hold(len(n.node)+len(a.text)) {
			b.texts[n.node] = a.text
		}
	}
	if main {
		size := 0
		for _, in := range n.inputs {
			size += len(in)
		}
		if m.hold(len(n.node) + size) {
			b.inputs[n.node], b.ops[n.node] = n.inputs, n.op
		}
	}
	if len(a.functions) > 0 && m.hold(len(n.node)+64*len(a.functions)) {
		b.calls[n.node] = a.functions
	}
	if text, reaches := reachesOut(n.op, a); reaches && len(b.flagged) < maxFlagged {
		n.text = text
		b.flagged = append(b.flagged, n)
	}
}

func (m *model) count(n flagged) {
	if u := m.operators[n.op]; u != nil {
		u.times++
	} else if len(m.operators) < maxOperators && m.hold(len(n.op)) {
		m.operators[n.op] = &use{1, n.at}
	} else if len(m.operators) == maxOperators {
		m.problem("the graph has more than %d different operators: the others are not counted", maxOperators)
	}
}

// attributes are those of a node that say something.
type attributes struct {
	text      string            // a constant text
	texts     map[string]string // of attributes that are wanted
	functions []string
	hasTensor bool
	tensor    tensor
	number    int64
	broken    bool
}

// wanted are the attributes of type string that name places.
var wanted = map[string]bool{"output_stream": true, "debug_urls": true, "descriptor_source": true, "filename": true}

// read takes one entry of the map of attributes.
func (a *attributes) read(m *model, msg protowalk.Message) {
	key := ""
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			key = f.Text(256)
		case 2:
			a.value(m, key, f.Message())
		}
	}
}

// value reads an AttrValue.
func (a *attributes) value(m *model, key string, msg protowalk.Message) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1: // list
			for l := range f.Message().Fields() {
				switch l.Number {
				case 2:
					a.keep(key, l)
				case 9:
					a.function(l.Message())
				}
			}
		case 2:
			a.keep(key, f)
		case 8:
			if key == "value" {
				a.hasTensor = true
				a.tensor, a.number, a.text, a.broken = m.tensor(f.Message())
			}
		case 10:
			a.function(f.Message())
		}
	}
}

func (a *attributes) keep(key string, f protowalk.Field) {
	if !wanted[key] {
		return
	}
	if a.texts == nil {
		a.texts = map[string]string{}
	}
	if text := f.Text(maxText); text != "" && a.texts[key] == "" {
		a.texts[key] = text
	}
}

func (a *attributes) function(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number == 1 && len(a.functions) < 64 {
			a.functions = append(a.functions, f.Text(maxName))
		}
	}
}
