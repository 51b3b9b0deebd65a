package pickle

import (
	"bytes"
	"context"
	"fmt"

	"github.com/mlbom/mlbom/sbom"
)

const complete = sbom.Complete

// analysis is the examination of one stream, which may be inside of another.
type analysis struct {
	ctx     context.Context
	options Options
	limits  sbom.Limits
	ops     *[256]opcode
	tally   *tally

	values   []Value
	pickles  int
	protocol int
	end      int64
	kept     int64 // items of containers
	loads    int64 // bytes kept to be loaded
	depth    int   // pickles in pickles

	coverage sbom.Coverage
	reason   string
	failed   bool  // a pickle broke
	started  bool  // a pickle began
	foreign  int64 // bytes that are no pickle
	first    int64 // offset of the first of them
	unloaded bool  // weights_only refuses an opcode
	embedded []embedded
	// storageSizes are the bytes of one element of each storage, by its key.
	storageSizes map[string]int64
}

// Bounds on streams.
const (
	maxPickles = 1 << 20
	maxResults = 1000    // values that are given back
	maxForeign = 1 << 30 // bytes that are searched for further pickles
	maxTry     = 1 << 16 // bytes ahead that a trial sees
	maxTrySize = 8192    // opcodes of a trial
)

// cover notes what was not examined; the worst holds.
func (a *analysis) cover(c sbom.Coverage, reason string) {
	if rank(coverages, c) > rank(coverages, a.coverage) {
		a.coverage, a.reason = c, reason
	}
}

func (a *analysis) note(rule, message string, offset int64) { a.tally.note(rule, message, offset) }
func (a *analysis) notWeights()                             { a.unloaded = true }

// stream reads pickle after pickle.
func (a *analysis) stream(in *input) {
	if a.ops == nil {
		a.ops = table()
	}
	legacy := false
	for n := 0; len(in.peek(1)) > 0; n++ {
		if n > maxPickles {
			a.limit(fmt.Sprintf("there are more than %d pickles in one stream", maxPickles))
			return
		}
		if n > 0 && !a.next(in) {
			break
		}
		m := newMachine(a, in)
		ok := m.run()
		a.started = a.started || m.strong > 0 || ok
		if !ok && a.coverage == sbom.OverLimit && !m.halted {
			return
		}
		if !ok {
			a.broke(m)
			continue
		}
		a.pickles++
		a.end = in.offset()
		if len(a.values) < maxResults {
			a.values = append(a.values, m.result)
		}
		legacy = legacy || n == 0 && m.result == Value(Big(magic))
		if legacy && a.pickles == 5 {
			a.storages(in)
		}
	}
	if err := in.broken(); err != nil {
		a.cover(sbom.Partial, "the stream cannot be read to its end: "+err.Error())
	}
	if legacy && a.pickles < 5 {
		a.cover(sbom.Partial, "of the five pickles of PyTorch's old format some are missing")
	}
}

// broke notes a pickle that no loader finishes.
func (a *analysis) broke(m *machine) {
	if m.strong == 0 && m.steps < 8 && a.pickles > 0 {
		a.skipped(m.start, m.in.offset()-m.start)
		return
	}
	a.failed = true
	a.cover(sbom.Partial, fmt.Sprintf("the pickle at byte %d is broken at byte %d: %s", m.start, m.failed, m.fault))
}

func (a *analysis) skipped(at, n int64) {
	if a.foreign == 0 {
		a.first = at
	}
	a.foreign += n
}

// next goes to where the next pickle begins, and tells whether there is one.
func (a *analysis) next(in *input) bool {
	if padding(in) {
		return false
	}
	if a.try(in, true) {
		return true
	}
	for {
		window := in.peek(windowSize)
		if len(window) == 0 {
			return false
		}
		i := a.candidate(window, len(window) < windowSize)
		at := in.offset()
		in.at += i
		a.skipped(at, int64(i))
		if a.foreign > maxForeign || a.options.Budget.left <= 0 {
			a.limit(fmt.Sprintf("more than %d MiB are no pickle, or it takes too many opcodes to tell", maxForeign>>20))
			return false
		}
		if i < len(window)-overlap || len(window) < windowSize && i < len(window) {
			if a.try(in, false) {
				return true
			}
			in.at++
			a.skipped(at, 1)
		}
	}
}

// padding goes over zeros and white space at the end of the stream.
func padding(in *input) bool {
	for {
		b := in.peek(windowSize)
		if len(b) == 0 {
			return true
		}
		if len(bytes.Trim(b, "\x00 \t\r\n")) > 0 {
			return false
		}
		if len(b) < windowSize {
			in.at += len(b)
			return true
		}
		in.at += len(b) - 1 // whatever follows a long padding is looked for in it
		if b = in.peek(windowSize); len(b) < 2 {
			return true
		}
	}
}

// overlap is how much of a window is looked at again with what follows it.
const overlap = 512

// candidate finds where a pickle may begin: a PROTO, or an import of a name that
// is known to be unsafe. It gives the index of the last bytes where there is none.
func (a *analysis) candidate(b []byte, last bool) int {
	end := len(b)
	if !last {
		end -= overlap
	}
	proto := next(b, 0, end)
	for from := 0; ; {
		i := bytes.IndexByte(b[from:min(proto, end)], '\n')
		if i < 0 {
			return proto
		}
		if at := a.importBefore(b, from+i); at >= 0 {
			return at
		}
		from += i + 1
	}
}

// next finds a PROTO of a protocol that exists, with an opcode behind it.
func next(b []byte, from, end int) int {
	for from < end {
		i := bytes.IndexByte(b[from:end], 0x80)
		if i < 0 {
			return end
		}
		from += i
		if from+2 < len(b) && b[from+1] <= 5 {
			return from
		}
		from++
	}
	return end
}

// try runs the machine over what can be seen ahead, and tells whether it is a
// pickle: at once is where a loader would go on reading.
func (a *analysis) try(in *input, atOnce bool) bool {
	window := in.peek(maxTry)
	t := &analysis{ctx: a.ctx, options: a.options, limits: a.limits, ops: a.ops, tally: newTally(), depth: maxDeep}
	t.options.Budget = &Budget{min(maxTrySize, max(0, a.options.Budget.left))}
	before := t.options.Budget.left
	m := newMachine(t, overBytes(window, in.offset()))
	m.strict = true
	ok := m.run()
	a.options.Budget.left -= before - t.options.Budget.left
	whole := len(window) < maxTry
	switch {
	case t.tally.harm():
		return true
	case ok && atOnce:
		return m.strong > 0 || m.steps > 1 && !printable(window)
	case ok:
		return m.strong > 1 && m.steps > 3
	case m.fault == "" || m.fault == ended && !whole:
		return m.strong > 0 && m.steps > 3
	}
	return m.fault == ended && m.strong > 1 && m.steps > 3 || t.tally.worst() == sbom.SuspiciousUse && m.strong > 2 && atOnce
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c > '~' {
			return false
		}
	}
	return true
}
