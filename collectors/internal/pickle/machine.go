package pickle

import (
	"fmt"

	"github.com/mlbom/mlbom/sbom"
)

// machine runs one pickle.
type machine struct {
	*analysis
	in    *input
	stack []Value
	marks []int
	memo  memo
	proto int64
	frame int64 // offset behind the frame
	start int64 // offset of the pickle
	pos   int64 // offset of the opcode
	steps int64
	// strong counts the opcodes that text and noise hardly ever give.
	strong int
	// strict: a trial, which ends where a loader would raise an error.
	strict bool
	// lost: part of the stack was given up, so that values may be missing.
	lost   bool
	fault  fault // the first error that a loader would raise
	failed int64 // its offset
	halted bool
	result Value
	arg    argument
}

func newMachine(a *analysis, in *input) *machine {
	return &machine{analysis: a, in: in, start: in.offset()}
}

// checkEvery is how often the context is asked.
const checkEvery = 1 << 14

// run goes up to STOP, an error that ends all, or a bound. It tells whether a
// loader would get an object.
func (m *machine) run() bool {
	for !m.halted {
		if m.steps++; m.steps%checkEvery == 0 && m.ctx.Err() != nil {
			m.limit("the examination was stopped")
			return false
		}
		if m.options.Budget.left--; m.options.Budget.left < 0 {
			m.limit(fmt.Sprintf("there are more than %d opcodes; raise the limit of opcodes", m.limits.Opcodes))
			return false
		}
		m.step()
	}
	return m.fault == "" && m.result != nil
}

// step runs one opcode.
func (m *machine) step() {
	m.pos = m.in.offset()
	b := m.in.take(1)
	if len(b) == 0 {
		m.stop(ended)
		return
	}
	op := &m.ops[b[0]]
	if op.run == nil {
		m.stop(fault(fmt.Sprintf("there is no opcode 0x%02x", b[0])))
		return
	}
	m.arg.length, m.arg.load = 0, nil
	if f := m.in.argument(op.shape, &m.arg); f != "" {
		m.stop(f)
		return
	}
	if m.pos < m.frame {
		m.framed()
	}
	if m.arg.length > maxText {
		if f := m.long(op.shape); f != "" {
			m.stop(f)
			return
		}
	}
	if !op.weights {
		m.notWeights()
	}
	op.run(m, &m.arg)
	if m.strict && m.fault != "" {
		m.halted = true
	}
}

// stop ends the pickle with an error.
func (m *machine) stop(f fault) {
	m.complain(f)
	m.halted = true
}

// complain notes an error that a loader would raise. The machine goes on: what
// follows is judged too, though only what is unsafe counts.
func (m *machine) complain(f fault) {
	if m.fault == "" {
		m.fault, m.failed = f, m.pos
	}
}

const underflow fault = "there is too little on the stack"

func (m *machine) push(v Value) {
	if len(m.stack) >= maxStack {
		m.giveUp()
	}
	m.stack = append(m.stack, v)
}

// giveUp drops the bottom of a stack that grew over its bound.
func (m *machine) giveUp() {
	m.limit(fmt.Sprintf("more than %d values stand on the stack", maxStack))
	m.lost = true
	kept := copy(m.stack, m.stack[len(m.stack)-maxStack/2:])
	dropped := len(m.stack) - kept
	clear(m.stack[kept:])
	m.stack = m.stack[:kept]
	marks := m.marks[:0]
	for _, at := range m.marks {
		if at >= dropped {
			marks = append(marks, at-dropped)
		}
	}
	m.marks = marks
}

// floor is the last mark, below which only the opcodes that end it may reach.
func (m *machine) floor() int {
	if len(m.marks) == 0 {
		return 0
	}
	return m.marks[len(m.marks)-1]
}

func (m *machine) pop() Value {
	if len(m.stack) <= m.floor() {
		if !m.lost {
			m.complain(underflow)
		}
		return Unknown{}
	}
	v := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return v
}

func (m *machine) top() Value {
	if len(m.stack) <= m.floor() {
		if !m.lost {
			m.complain(underflow)
		}
		return Unknown{}
	}
	return m.stack[len(m.stack)-1]
}

func (m *machine) setTop(v Value) {
	if len(m.stack) > m.floor() {
		m.stack[len(m.stack)-1] = v
	} else {
		m.push(v)
	}
}

// popMark takes all above the last mark, and the mark. The result holds until
// the next push.
func (m *machine) popMark() []Value {
	at := 0
	switch {
	case len(m.marks) > 0:
		at = m.marks[len(m.marks)-1]
		m.marks = m.marks[:len(m.marks)-1]
	case !m.lost:
		m.complain("there is no mark")
	}
	items := m.stack[at:]
	m.stack = m.stack[:at]
	return items
}

// memo is what PUT keeps. CPython's is an array that a large index makes grow;
// this one holds what was put.
type memo struct {
	near []Value
	far  map[int64]Value
	n    int64 // values that were put under different indexes
	lost bool  // something was put that is not here
}

func (k *memo) put(i int64, v Value) {
	switch {
	case i < int64(len(k.near)):
		if k.near[i] == nil {
			k.n++
		}
		k.near[i] = v
		return
	case i == int64(len(k.near)) && i < maxMemo:
		k.near = append(k.near, v)
		k.n++
		return
	}
	if _, old := k.far[i]; !old {
		k.n++
	}
	if len(k.far) >= maxKept || len(k.near) >= maxMemo && !needed(v) {
		k.lost = true
		delete(k.far, i)
		return
	}
	if k.far == nil {
		k.far = map[int64]Value{}
	}
	k.far[i] = v
}

// needed tells of values that a call may be made of later.
func needed(v Value) bool {
	switch v := v.(type) {
	case *Global, *Object, *List, *Dict, *Set:
		return true
	case Str:
		return len(v) < maxName && identifiers(string(v))
	}
	return false
}

func (k *memo) get(i int64) (Value, bool) {
	if i >= 0 && i < int64(len(k.near)) && k.near[i] != nil {
		return k.near[i], true
	}
	v, ok := k.far[i]
	return v, ok
}

// limit notes that a bound was reached.
func (a *analysis) limit(reason string) { a.cover(sbom.OverLimit, reason) }
