package gguf

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/quant"
	"github.com/mlbom/mlbom/sbom"
)

const maxProblems = 20

type header struct {
	r        *reader
	isGGUF   bool // the file begins as GGUF does
	found    []part
	version  uint32
	nTensors uint64
	nValues  uint64
	keys     []string // in the file's order
	values   map[string]value
	tokens   map[uint64]string // of the special tokens
	spans    []span
	start    uint64 // of the tensor data
	unsized  bool   // a tensor's bytes are not known
	tensors  []fingerprint.Tensor
	types    map[string]*sbom.TensorType
	findings []sbom.Finding
	problems []error
}

func (h *header) problem(format string, args ...any) {
	if len(h.problems) < maxProblems {
		h.problems = append(h.problems, fmt.Errorf(format, args...))
	}
}

func (h *header) begin() bool {
	if magic := string(h.r.take(4)); h.r.err != nil || magic != "GGUF" {
		h.r.fail("it does not begin with GGUF")
		return false
	}
	raw := h.r.take(4)
	if h.r.err != nil {
		return false
	}
	h.version = binary.LittleEndian.Uint32(raw)
	if h.version&0xffff == 0 {
		h.r.order, h.version = binary.BigEndian, binary.BigEndian.Uint32(raw)
	}
	if h.version < 1 || h.version > 3 {
		h.r.fail("its version is %d, and 1 to 3 are known", h.version)
		return false
	}
	h.isGGUF = true
	h.r.wide = h.version > 1
	h.nTensors, h.nValues = h.r.count(), h.r.count()
	return true
}

func (h *header) readValues() {
	if h.nValues > maxValues {
		h.r.fail("the header would have %d values, and %d are allowed", h.nValues, maxValues)
	}
	for range h.nValues {
		if h.r.err != nil {
			return
		}
		key := h.r.str(math.MaxUint16)
		if !utf8.ValidString(key) {
			h.r.fail("a key at byte %d is not UTF-8", h.r.at)
		}
		v := h.r.value(key)
		if h.r.err != nil {
			return
		}
		if _, twice := h.values[key]; twice {
			h.findings = append(h.findings, sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: v.at},
				Message: fmt.Sprintf("the key %q stands twice in the header: readers differ in which one they take", key)})
			if len(h.findings) > maxProblems {
				h.r.fail("too many keys stand twice")
			}
			continue
		}
		h.keys = append(h.keys, key)
		h.values[key] = v
	}
}

// span is where the data of one tensor lies, from the start of the data.
type span struct {
	name       string
	begin, end uint64
}

func (h *header) readTensors() {
	if h.nTensors > maxTensors {
		h.r.fail("the header would have %d tensors, and %d are allowed", h.nTensors, maxTensors)
	}
	seen := map[string]bool{}
	for range h.nTensors {
		name := h.r.str(math.MaxUint16)
		dims := h.r.u32()
		if dims > maxDims {
			h.r.fail("tensor %q would have %d dimensions, and %d are allowed", name, dims, maxDims)
		}
		shape, elements, fits := h.shape(dims)
		kind, offset := h.r.u32(), h.r.u64()
		if h.r.err != nil {
			return
		}
		if seen[name] {
			h.problem("tensor %q stands twice", name)
			continue
		}
		seen[name] = true
		if !fits {
			h.unsized = true
			h.problem("tensor %q: the shape overflows", name)
			continue
		}
		h.add(name, kind, shape, elements, offset)
	}
}

// shape reads the dimensions, which ggml writes with the fastest first, and gives
// them the other way round.
func (h *header) shape(dims uint32) (shape []int64, elements uint64, fits bool) {
	elements, fits = 1, true
	for range dims {
		if h.r.err != nil {
			return nil, 0, false
		}
		n := h.r.count()
		hi, lo := bits.Mul64(elements, n)
		fits = fits && hi == 0 && lo <= math.MaxInt64 && n <= math.MaxInt64
		elements = lo
		shape = append(shape, int64(n))
	}
	slices.Reverse(shape)
	return shape, elements, fits
}

func (h *header) add(name string, kind uint32, shape []int64, elements, offset uint64) {
	t, known := quant.TypeOf(kind)
	if !known {
		t.Name = fmt.Sprintf("type-%d", kind)
		h.problem("tensor %q: the type %d is not known", name, kind)
	}
	size, ok := t.Size(elements)
	if ok && size <= math.MaxInt64 && offset <= math.MaxInt64-size {
		h.spans = append(h.spans, span{name, offset, offset + size})
	} else {
		h.unsized = true
		if known && t.Block > 0 {
			h.problem("tensor %q: %d elements of %s at offset %d have no valid size", name, elements, t.Name, offset)
		}
	}
	c := h.types[t.Name]
	if c == nil {
		c = &sbom.TensorType{DType: t.Name}
		h.types[t.Name] = c
	}
	if int64(elements) > math.MaxInt64-c.Parameters {
		h.problem("the number of parameters overflows")
		return
	}
	c.Tensors, c.Parameters = c.Tensors+1, c.Parameters+int64(elements)
	h.tensors = append(h.tensors, fingerprint.Tensor{Name: name, DType: t.Name, Shape: shape, Part: sbom.Part{At: int64(offset), Size: int64(size)},
		Opaque: h.r.order == binary.BigEndian && t.Name != "I8"})
}

// prints gives the tensors with their places in the file; none where the header
// leaves a doubt about them.
func (h *header) prints() []fingerprint.Tensor {
	if len(h.problems) > 0 || h.unsized || h.r.err != nil || uint64(len(h.tensors)) != h.nTensors {
		return nil
	}
	for i := range h.tensors {
		h.tensors[i].Part.At += int64(h.start)
	}
	return h.tensors
}

// counts says what the file holds, by storage type.
func (h *header) counts(file *sbom.Sighting) {
	m := file.Component.Model
	if m == nil {
		m = &sbom.Model{}
	}
	for _, t := range h.types {
		if m.Parameters > math.MaxInt64-t.Parameters {
			return
		}
		m.Parameters += t.Parameters
		m.Tensors = append(m.Tensors, *t)
	}
	if len(m.Tensors) == 0 {
		return
	}
	slices.SortFunc(m.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
	file.Component.Model = m
}
