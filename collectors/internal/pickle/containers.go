package pickle

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

func opTuple1(m *machine, _ *argument) { m.lastAsTuple(1) }
func opTuple2(m *machine, _ *argument) { m.lastAsTuple(2) }
func opTuple3(m *machine, _ *argument) { m.lastAsTuple(3) }

func (m *machine) lastAsTuple(n int) {
	if len(m.stack)-m.floor() < n {
		for range n {
			m.pop()
		}
		m.push(Unknown{})
		return
	}
	at := len(m.stack) - n
	t := m.tuple(m.stack[at:])
	m.stack = m.stack[:at]
	m.push(t)
}

// tuple copies the items.
func (m *machine) tuple(items []Value) *Tuple {
	t := &Tuple{paths: 1}
	for _, v := range items {
		n := int64(1)
		if inner, ok := v.(*Tuple); ok {
			n = inner.paths
		}
		t.paths = min(t.paths+n, 1<<62)
	}
	if n := len(items); n <= maxShortTuple { // arguments of calls are needed
		t.Items = append([]Value(nil), items...)
		m.kept += int64(n)
		return t
	}
	m.extend(&t.Items, &t.More, items)
	return t
}

const maxShortTuple = 8

// extend keeps what the bound allows, and of the rest what may be called.
func (m *machine) extend(to *[]Value, more *int64, items []Value) {
	room := max(0, maxValues-m.kept)
	n := min(int64(len(items)), room)
	*to = append(*to, items[:n]...)
	m.kept += n
	*more += int64(len(items)) - n
}

func (m *machine) put(i int64) {
	if i < 0 {
		m.complain("a negative index of the memo")
		return
	}
	m.memo.put(i, m.top())
}

func (m *machine) get(i int64) {
	v, ok := m.memo.get(i)
	if !ok {
		if !m.memo.lost {
			m.complain("the memo holds nothing under an index")
		}
		v = Unknown{}
	}
	m.push(v)
}

func opPutText(m *machine, a *argument) {
	if n, err := strconv.ParseInt(digits(a.text), 10, 64); err == nil {
		m.strong++
		m.put(n)
		return
	}
	m.complain("an index of the memo is no number")
}

func opGetText(m *machine, a *argument) {
	n, err := strconv.ParseInt(digits(a.text), 10, 64)
	if err != nil {
		m.complain("an index of the memo is no number")
		m.push(Unknown{})
		return
	}
	m.get(n)
}

func opDict(m *machine, _ *argument) {
	d := &Dict{}
	items := m.popMark()
	m.pairs(&d.Items, &d.More, &d.hooks, items)
	m.push(d)
}

// pairs keeps what the bound allows, and always what an attack would set.
func (m *machine) pairs(to *[]Pair, more *int64, hooks *map[string]Value, items []Value) {
	if len(items)%2 != 0 {
		m.complain("a key without a value")
	}
	for i := 0; i+1 < len(items); i += 2 {
		m.hashed(items[i])
		if isHook(items[i]) {
			if *hooks == nil {
				*hooks = map[string]Value{}
			}
			(*hooks)[string(items[i].(Str))] = items[i+1]
		}
		if m.kept >= maxValues {
			*more++
			continue
		}
		m.kept += 2
		*to = append(*to, Pair{items[i], items[i+1]})
	}
}

// maxPaths is how many values the loader may visit to hash a key.
const maxPaths = 10_000_000

// hashed notes a key whose hash takes for ever: tuples of tuples, each used many times.
func (m *machine) hashed(key Value) {
	if t, ok := key.(*Tuple); ok && t.paths > maxPaths {
		m.note(ruleBomb, "a key is a tuple of tuples that are used again and again: a loader that hashes it visits more than "+
			strconv.Itoa(maxPaths)+" values", m.pos)
	}
}

func opSetItem(m *machine, _ *argument) {
	v, k := m.pop(), m.pop()
	m.setItems(m.top(), []Value{k, v})
}

func opSetItems(m *machine, _ *argument) {
	items := m.popMark()
	m.setItems(m.top(), items)
}

func (m *machine) setItems(to Value, items []Value) {
	switch t := to.(type) {
	case *Dict:
		m.pairs(&t.Items, &t.More, &t.hooks, items)
	case *Object:
		m.pairs(&t.Pairs, new(int64), new(map[string]Value), items)
		m.setInWeights(t)
		m.handedTo(rootOf(t), items)
		m.method(t, "__setitem__", items)
	case *Global:
		m.changes(t, "sets an item of")
	}
}

// setInWeights: of objects, the weights_only loader sets items of two classes.
// Before PyTorch 2.10 it did so of tensors, beyond their bounds (CVE-2026-24747).
func (m *machine) setInWeights(o *Object) {
	if Is(o.Callee, "collections", "OrderedDict") || Is(o.Callee, "collections", "Counter") {
		return
	}
	m.notWeights()
	if g := rootOf(o); g.Module == "torch._utils" && strings.HasPrefix(g.Name, "_rebuild_") || g.Module == "torch" && g.Name == "Tensor" {
		m.note(sbom.RuleEvasion, "items of a tensor are set, which PyTorch before 2.10 does beyond the tensor's bounds even with weights_only (CVE-2026-24747)", m.pos)
	}
}

func opAppend(m *machine, _ *argument) {
	v := m.pop()
	m.appendTo(m.top(), []Value{v})
}

func opAppends(m *machine, _ *argument) {
	items := m.popMark()
	m.appendTo(m.top(), items)
}

func (m *machine) appendTo(to Value, items []Value) {
	switch t := to.(type) {
	case *List:
		m.extend(&t.Items, &t.More, items)
	case *Object:
		m.notWeights()
		m.extend(&t.Items, new(int64), items)
		m.handedTo(rootOf(t), items)
		for _, hook := range []string{"extend", "append"} {
			m.method(t, hook, items)
		}
	case *Global:
		m.changes(t, "appends to")
	}
}

func opAddItems(m *machine, _ *argument) {
	items := m.popMark()
	switch t := m.top().(type) {
	case *Set:
		for _, v := range items {
			m.hashed(v)
		}
		m.extend(&t.Items, &t.More, items)
	case *Object:
		m.extend(&t.Items, new(int64), items)
		m.handedTo(rootOf(t), items)
		m.method(t, "add", items)
	case *Global:
		m.changes(t, "adds to")
	}
}
