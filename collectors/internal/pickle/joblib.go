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
	if !ok || g.Name != "NumpyArrayWrapper" || !strings.HasSuffix(g.Module, "numpy_pickle") || m.strict {
		return
	}
	if m.depth > 0 {
		return // a loader of strings knows no joblib
	}
	state, ok := o.State.(*Dict)
	if !ok || len(state.Items) > maxArguments {
		m.cover(sbom.Partial, "the description of an array is no small dict")
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
		return
	}
	m.shadow()
	if _, aligned := state.Get("numpy_array_alignment_bytes"); aligned {
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

func (m *machine) arraySize(state *Dict, width int64) (int64, bool) {
	shape, _ := state.Get("shape")
	t, ok := shape.(*Tuple)
	if !ok {
		return 0, false
	}
	size := uint64(width)
	for _, v := range t.Items {
		n, ok := v.(Int)
		hi, lo := bits.Mul64(size, uint64(n))
		if !ok || n < 0 || hi != 0 || lo > 1<<62 {
			return 0, false
		}
		size = lo
	}
	return int64(size), t.More == 0
}

// itemSize reads the bytes of one element off a numpy.dtype: "f8", "<U5", "V16".
func itemSize(v Value) (size int64, objects, ok bool) {
	o, made := Made(v, "numpy", "dtype")
	if !made || len(o.Args) == 0 {
		return 0, false, false
	}
	spec, ok := text(o.Args[0])
	spec = strings.TrimLeft(spec, "<>=|")
	if !ok || spec == "" {
		return 0, false, false
	}
	if spec[0] == 'O' {
		return 8, true, true
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
