package pickle

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"sync"

	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
	"github.com/mlbom/mlbom/sbom"
)

// magic is the first pickle of PyTorch's old format (torch/serialization.py,
// _legacy_save): then a protocol, a dict on the machine, the object, a list of
// storage keys, and the storages in the order of that list, each with its number
// of elements in eight bytes before it.
const magic = "0x1950a86a20f9469cfc6c"

// maxSearched is up to which size storages are searched for pickles. A loader
// takes them for numbers, whatever they hold.
const maxSearched = 64 << 20

// persistent makes an object of a persistent id, and keeps the width of a storage.
// PyTorch's old formats name the class of a module in such an id, beside its
// source: ("module", class, file, source), and the oldest (class, file, source).
func (m *machine) persistent(id Value) {
	t, ok := id.(*Tuple)
	if class := classIn(t); class != nil {
		m.push(class)
		return
	}
	m.push(&Persistent{id})
	if !ok || len(t.Items) < 5 || t.Items[0] != Value(Str("storage")) {
		return
	}
	class, ok := t.Items[1].(*Global)
	key, isText := text(t.Items[2])
	if ok && isText && len(m.storageSizes) < maxKept {
		if m.storageSizes == nil {
			m.storageSizes = map[string]int64{}
		}
		if width, known := widths()[class.Name]; known {
			m.storageSizes[key] = width
		}
	}
}

func classIn(t *Tuple) *Global {
	if t == nil || len(t.Items) < 3 || len(t.Items) > 4 {
		return nil
	}
	of := t.Items[len(t.Items)-3]
	if len(t.Items) == 4 && t.Items[0] != Value(Str("module")) {
		return nil
	}
	class, _ := of.(*Global)
	return class
}

// widths are the bytes of one element, by the class of the storage.
var widths = sync.OnceValue(func() map[string]int64 {
	return map[string]int64{"DoubleStorage": 8, "FloatStorage": 4, "HalfStorage": 2, "BFloat16Storage": 2, "LongStorage": 8, "IntStorage": 4,
		"ShortStorage": 2, "CharStorage": 1, "ByteStorage": 1, "BoolStorage": 1, "ComplexDoubleStorage": 16, "ComplexFloatStorage": 8,
		"QUInt8Storage": 1, "QInt8Storage": 1, "QInt32Storage": 4, "QUInt4x2Storage": 1, "QUInt2x4Storage": 1, "UntypedStorage": 1}
})

// storages goes over the raw storages, where their sizes fit what the pickle says.
func (a *analysis) storages(in *input) {
	keys, ok := a.values[4].(*List)
	if !ok || keys.More > 0 {
		return
	}
	sizes := a.storageSizes
	for _, key := range keys.Items {
		name, _ := text(key)
		width, known := sizes[name]
		head := in.peek(8)
		if !known || len(head) < 8 {
			return
		}
		n := binary.LittleEndian.Uint64(head)
		hi, size := bits.Mul64(n, uint64(width))
		if hi != 0 || size > math.MaxInt64/2 {
			return
		}
		if !a.storage(in, int64(size)+8) {
			a.cover(sbom.Partial, "the storages end in the middle")
			return
		}
		a.end = in.offset()
	}
}

// storage goes over one storage; a small one is searched first.
func (a *analysis) storage(in *input, size int64) bool {
	if size > maxSearched {
		return in.skip(size)
	}
	for left := size; left > 0; {
		b := in.peek(int(min(left, windowSize)))
		if len(b) == 0 {
			return false
		}
		for from := 0; from < len(b); {
			i := from + a.candidate(b[from:], true)
			if i < len(b) && a.raw(b[i:min(len(b), i+maxTry)], in.offset()+int64(i)) {
				a.note(sbom.RuleNested, "a tensor's bytes hold a pickle, which nothing in the file loads", in.offset()+int64(i))
			}
			from = i + 1
		}
		in.at += len(b)
		left -= int64(len(b))
	}
	return true
}

// raw tells whether bytes that are numbers to the loader hold a pickle that does harm.
func (a *analysis) raw(b []byte, at int64) bool { return a.glimpse(b, at).harm() }

// glimpse runs bytes as opcodes, as long as they are, and gives what they use.
func (a *analysis) glimpse(b []byte, at int64) *tally {
	t := &analysis{ctx: a.ctx, options: a.options, limits: a.limits, ops: a.ops, tally: newTally(), depth: maxDeep}
	t.options.Budget = &Budget{min(maxTrySize, max(0, a.options.Budget.left))}
	m := newMachine(t, overBytes(b, at))
	m.strict, m.lost = true, true
	m.run()
	a.options.Budget.left -= min(m.steps, max(0, a.options.Budget.left))
	return t.tally
}

// importBefore finds a GLOBAL or INST of an unsafe name whose module ends at the
// newline, and gives the index of the opcode.
func (a *analysis) importBefore(b []byte, newline int) int {
	if newline+2 >= len(b) || newline == 0 || !letter(b[newline+1]) || !letter(b[newline-1]) {
		return -1
	}
	end := bytes.IndexByte(b[newline+1:min(len(b), newline+1+maxSought)], '\n')
	if end < 1 || !validName(b[newline+1:newline+1+end]) {
		return -1
	}
	name := string(b[newline+1 : newline+1+end])
	for i := newline - 1; i >= 0 && newline-i < maxSought && letter(b[i]); i-- {
		if (b[i] == 'c' || b[i] == 'i') && validName(b[i+1:newline]) {
			if a.options.Budget.left -= judgeCost; a.options.Budget.left < 0 {
				return -1
			}
			module, n := python3(string(b[i+1:newline]), name)
			if v, _ := policy.Judge(module, n); v == unsafe {
				return i
			}
		}
	}
	return -1
}

const maxSought = 100

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.'
}
