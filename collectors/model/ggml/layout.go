package ggml

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/quant"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a file.
const (
	maxTensors = 1 << 20
	maxVocab   = 1 << 24
	maxToken   = 1 << 16 // bytes
	maxName    = 256     // bytes
	maxDims    = 4
	maxFilters = 1 << 20

	alignment    = 32
	quantVersion = 1000 // ftype is the version of the quantisation times this, and the type
)

// layout is one way to read what follows a magic.
type layout struct {
	container string
	version   uint32 // the highest; 0: there is none in the file
	family    string
	settings  []string
	vocab     bool
	scores    bool // behind each token
	filters   bool // before the vocabulary, whose length stands before it once more
	aligned   bool // tensor data
	old       bool // blocks with scales of 32 bits, before version 3 of ggjt
}

var (
	llama   = []string{"n_vocab", "n_embd", "n_mult", "n_head", "n_layer", "n_rot", "ftype"}
	whisper = []string{"n_vocab", "n_audio_ctx", "n_audio_state", "n_audio_head", "n_audio_layer", "n_text_ctx", "n_text_state", "n_text_head", "n_text_layer", "n_mels", "ftype"}
)

func layouts(name string) []layout {
	switch name {
	case "ggml":
		return []layout{
			{container: name, family: "whisper", settings: whisper, vocab: true, filters: true},
			{container: name, family: "llama", settings: llama, vocab: true, old: true},
		}
	case "ggmf":
		return []layout{{container: name, version: 1, family: "llama", settings: llama, vocab: true, scores: true, old: true}}
	case "ggjt":
		return []layout{{container: name, version: 3, family: "llama", settings: llama, vocab: true, scores: true, aligned: true}}
	}
	return []layout{{container: name, version: 1, family: "llama", settings: []string{"lora.r", "lora.lora_alpha"}, aligned: true}}
}

// oldTypes are the sizes that blocks had, in bytes.
var oldTypes = map[uint32]quant.Type{2: {Name: "Q4_0", Block: 32, Bytes: 20}, 3: {Name: "Q4_1", Block: 32, Bytes: 24}, 8: {Name: "Q8_0", Block: 32, Bytes: 36}}

type setting struct {
	name  string
	value uint32
}

// file is what was read.
type file struct {
	layout
	container string
	settings  []setting
	types     map[string]*sbom.TensorType
	tensors   []fingerprint.Tensor
	r         *reader
}

func newFile(src io.ReaderAt, size int64, l layout) *file {
	return &file{layout: l, container: l.container, types: map[string]*sbom.TensorType{},
		r: &reader{src: src, buf: bufio.NewReaderSize(io.NewSectionReader(src, 0, size), 64<<10), limit: size}}
}

// read reads all of the header and the tensors, and wants the file to end with the
// last of them.
func (w *file) read() error {
	w.r.u32()
	if w.version > 0 {
		v := w.r.u32()
		if v < 1 || v > w.version {
			w.r.fail("its version is %d, and 1 to %d are known", v, w.version)
		}
		w.old = w.old || w.layout.container == "ggjt" && v < 3
		if w.r.err == nil {
			w.container = fmt.Sprintf("%s %d", w.layout.container, v)
		}
	}
	for _, name := range w.layout.settings {
		w.settings = append(w.settings, setting{name, w.r.u32()})
	}
	if w.filters {
		mels, ffts := w.r.u32(), w.r.u32()
		if uint64(mels)*uint64(ffts) > maxFilters {
			w.r.fail("it would have %d times %d filters", mels, ffts)
		}
		w.r.skip(4 * int64(mels) * int64(ffts))
	}
	if w.vocab {
		w.skipVocab()
	}
	for w.r.err == nil && w.r.at < w.r.limit {
		w.tensor()
	}
	if w.r.err == nil && len(w.tensors) == 0 && !w.filters { // Whisper's filters and tokens are enough to know it by
		w.r.fail("it has no tensors")
	}
	return w.r.err
}

func (w *file) skipVocab() {
	n := w.settings[0].value
	if w.filters {
		n = w.r.u32()
	}
	if n > maxVocab {
		w.r.fail("it would have %d tokens", n)
	}
	for range n {
		length := w.r.u32()
		if length > maxToken {
			w.r.fail("a token at byte %d would have %d bytes", w.r.at, length)
		}
		if w.r.err != nil {
			return
		}
		w.r.skip(int64(length))
		if w.scores {
			w.r.skip(4)
		}
	}
}

func (w *file) tensor() {
	dims, length, kind := w.r.u32(), w.r.u32(), w.r.u32()
	switch {
	case dims > maxDims:
		w.r.fail("a tensor at byte %d would have %d dimensions", w.r.at, dims)
	case length > maxName:
		w.r.fail("a tensor at byte %d would have a name of %d bytes", w.r.at, length)
	case len(w.tensors) == maxTensors:
		w.r.fail("it has more than %d tensors", maxTensors)
	}
	if w.r.err != nil {
		return
	}
	shape, elements := make([]int64, dims), uint64(1)
	for i := range dims {
		d := w.r.u32()
		shape[dims-1-i] = int64(d)
		if d != 0 && elements > math.MaxInt64/uint64(d) {
			w.r.fail("the shape of a tensor at byte %d overflows", w.r.at)
			return
		}
		elements *= uint64(d)
	}
	name := string(w.r.take(int(length)))
	t, known := quant.TypeOf(kind)
	if old, ok := oldTypes[kind]; ok && w.old {
		t = old
	}
	size, ok := t.Size(elements)
	if !known || !ok || size > math.MaxInt64 {
		w.r.fail("tensor %.100q has %d elements of type %d, which has no known size", name, elements, kind)
	}
	if w.aligned {
		w.r.skip((alignment - w.r.at%alignment) % alignment)
	}
	if w.r.err != nil {
		return
	}
	at := w.r.at
	w.r.skip(int64(size))
	w.add(name, t.Name, shape, int64(elements), sbom.Part{At: at, Size: int64(size)})
}

func (w *file) add(name, dtype string, shape []int64, elements int64, part sbom.Part) {
	c := w.types[dtype]
	if c == nil {
		c = &sbom.TensorType{DType: dtype}
		w.types[dtype] = c
	}
	if elements > w.r.limit*8-c.Parameters { // no type has less than a bit an element
		w.r.fail("the number of parameters overflows")
		return
	}
	c.Tensors, c.Parameters = c.Tensors+1, c.Parameters+elements
	w.tensors = append(w.tensors, fingerprint.Tensor{Name: name, DType: dtype, Shape: shape, Part: part})
}

// reader reads little-endian numbers; the first error stays.
type reader struct {
	src   io.ReaderAt
	buf   *bufio.Reader
	at    int64
	limit int64
	err   error
}

var errEnd = errors.New("the file ends in the middle")

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// take reads n bytes, a number that was checked.
func (r *reader) take(n int) []byte {
	data := make([]byte, n)
	if r.err != nil {
		return data
	}
	if _, err := io.ReadFull(r.buf, data); err != nil {
		r.err = errEnd
	}
	r.at += int64(n)
	return data
}

func (r *reader) u32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

// skip passes over bytes without reading them.
func (r *reader) skip(n int64) {
	switch {
	case r.err != nil:
	case n > r.limit-r.at:
		r.err = errEnd
	case n <= int64(r.buf.Buffered()):
		r.buf.Discard(int(n))
		r.at += n
	default:
		r.at += n
		r.buf.Reset(io.NewSectionReader(r.src, r.at, r.limit-r.at))
	}
}
