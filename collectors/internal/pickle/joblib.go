package pickle

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// array goes over the bytes of an array in a joblib file: they follow the BUILD
// of the object that describes them (joblib/numpy_pickle.py, NumpyArrayWrapper).
// An array of objects is a pickle of its own.
func (m *machine) array(o *Object) {
	g, ok := o.Callee.(*Global)
	if !ok || !strings.HasSuffix(g.Name, "ArrayWrapper") || !strings.Contains(g.Module, "numpy_pickle") || m.strict {
		return
	}
	if m.depth > 0 {
		return // a loader of strings knows no joblib
	}
	if g.Name != "NumpyArrayWrapper" {
		m.arrayFile(o)
		return
	}
	state, ok := attributes(o)
	if !ok {
		m.cover(sbom.Partial, "the description of an array is no small dict")
		m.note(sbom.RuleEvasion, odd, m.pos)
		return
	}
	dtype, _ := state.Get("dtype")
	width, objects, ok := itemSize(dtype)
	if objects {
		inner := newMachine(m.analysis, m.in)
		if !inner.run() {
			m.broke(inner)
		}
		o.Items = append(o.Items, inner.result)
		return
	}
	size, fits := m.arraySize(state, width)
	if !ok || !fits {
		m.cover(sbom.Partial, "the size of an array is not known")
		m.note(sbom.RuleEvasion, odd, m.pos)
		return
	}
	m.shadow()
	if by, aligned := state.Get("numpy_array_alignment_bytes"); aligned && by != Value(None{}) {
		b := m.in.take(1)
		if len(b) == 0 || !m.in.skip(int64(b[0])) {
			m.stop(ended)
			return
		}
	}
	if !m.in.skip(size) {
		m.stop(ended)
	}
}

// shadow runs the array's bytes as opcodes, which is what a loader of plain
// pickles would do.
func (m *machine) shadow() {
	b := m.in.peek(maxTry)
	t := &analysis{ctx: m.ctx, options: m.options, limits: m.limits, ops: m.ops, tally: newTally(), depth: maxDeep}
	t.options.Budget = &Budget{maxTrySize}
	twin := newMachine(t, overBytes(b, m.in.offset()))
	twin.strict, twin.lost = true, true
	twin.memo = memo{near: m.memo.near[:len(m.memo.near):len(m.memo.near)], n: m.memo.n, lost: true}
	twin.stack = append(twin.stack, m.stack[max(0, len(m.stack)-maxShortTuple):]...)
	twin.run()
	if t.tally.harm() {
		m.tally.merge(t.tally)
		m.note(sbom.RuleEvasion, "the bytes of an array are opcodes that a loader of plain pickles runs", m.in.offset())
	}
}

const odd = "an array is described as joblib never does, so that what follows it may be code"

// attributes gives the attributes that a state sets; beside the dict there may be a second for slots.
func attributes(o *Object) (*Dict, bool) {
	state := o.State
	if t, ok := state.(*Tuple); ok && len(t.Items) == 2 {
		state = t.Items[0]
		if slots, is := t.Items[1].(*Dict); is {
			first, _ := state.(*Dict)
			if first == nil {
				first = &Dict{}
			}
			state = &Dict{Items: append(first.Items[:len(first.Items):len(first.Items)], slots.Items...), More: first.More + slots.More}
		}
	}
	d, ok := state.(*Dict)
	return d, ok && d.More == 0 && len(d.Items) <= 2*maxArguments
}

func (m *machine) arraySize(state *Dict, width int64) (int64, bool) {
	shape, _ := state.Get("shape")
	items, more := []Value(nil), int64(0)
	switch t := shape.(type) {
	case *Tuple:
		items, more = t.Items, t.More
	case *List:
		items, more = t.Items, t.More
	default:
		return 0, false
	}
	size := uint64(width)
	for _, v := range items {
		n, ok := v.(Int)
		hi, lo := bits.Mul64(size, uint64(n))
		if !ok || n < 0 || hi != 0 || lo > 1<<62 {
			return 0, false
		}
		size = lo
	}
	return int64(size), more == 0
}

// arrayFile is for the arrays of old joblib, which lie in files beside the pickle:
// a path that leaves the folder reads, and unpickles, any file.
func (m *machine) arrayFile(o *Object) {
	state, ok := attributes(o)
	if !ok {
		m.note(sbom.RuleEvasion, odd, m.pos)
		return
	}
	name, _ := state.Get("filename")
	if s, isText := text(name); isText && strings.ContainsAny(s, `/\:`) {
		m.note(sbom.RulePathEscape, "loading it with joblib reads an array, which may be a pickle, from "+literal(s), m.pos)
	}
}

// itemSize reads the bytes of one element off a numpy.dtype: "f8", "<U5", "V16".
func itemSize(v Value) (size int64, objects, ok bool) {
	o, made := Made(v, "numpy", "dtype")
	if !made || len(o.Args) == 0 {
		return 0, false, false
	}
	spec, ok := text(o.Args[0])
	spec = strings.TrimLeft(spec, "<>=|")
	if strings.HasPrefix(spec, "O") || strings.HasPrefix(spec, "object") || Is(o.Args[0], "numpy", "object_") || Is(o.Args[0], "builtins", "object") {
		return 8, true, true
	}
	if !ok || spec == "" {
		return 0, false, false
	}
	digits := spec[1:]
	if i := strings.IndexByte(digits, '['); i >= 0 { // "M8[ns]"
		digits = digits[:i]
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return 0, false, false
	}
	if spec[0] == 'U' {
		n *= 4
	}
	if t, has := o.State.(*Tuple); has && strings.ContainsRune("VSUa", rune(spec[0])) { // the state's size holds
		if len(t.Items) < 6 {
			return 0, false, false
		}
		size, isInt := t.Items[5].(Int)
		if !isInt || size > 1<<40 {
			return 0, false, false
		}
		if size >= 0 {
			n = int64(size)
		}
	}
	return n, hasObjects(o.State), true
}

// hasObjects reads the flags of a structured type: bit 0 is NPY_ITEM_REFCOUNT.
func hasObjects(state Value) bool {
	t, ok := state.(*Tuple)
	if !ok || len(t.Items) < 8 {
		return false
	}
	flags, ok := t.Items[7].(Int)
	return ok && flags&1 != 0
}
