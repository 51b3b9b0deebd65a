// Package fasttext reads the models of fastText (.bin, and .ftz, which is quantised):
// the arguments of the training, the numbers of words and labels, and the exact
// number of parameters.
//
// Source: facebookresearch/fastText src/fasttext.cc (saveModel), args.cc,
// dictionary.cc, densematrix.cc, quantmatrix.cc, productquantizer.cc.
//
// Not understood: the words and vectors themselves; the labels are not listed.
package fasttext

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/paged"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads models of fastText.
var Collector = sbom.Collector{
	Name: "model/fasttext",
	Doc: `fastText models (.bin, .ftz)
Reads the arguments of the training, the numbers of words and labels, whether the model
is quantised, and the exact number of parameters.`,
	Match:   []string{"*.ftz"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format     = "fasttext"
	magic      = 793712314
	versions   = 12 // the last known
	maxEntries = 50_000_000
	maxWord    = 64 << 10 // bytes
)

func sniff(head []byte) bool {
	return len(head) > 8 && binary.LittleEndian.Uint32(head) == magic && binary.LittleEndian.Uint32(head[4:])-11 <= versions-11
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if strings.EqualFold(path.Ext(f.Path), ".ftz") {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	m := &model{r: paged.New(r, size), ctx: ctx}
	head := m.take(9)
	if !sniff(append(head, 0)) {
		return nil, errors.New("the file is no model of fastText: it does not begin with its number")
	}
	m.at = 8
	m.read()
	var broken error
	if m.err != nil {
		broken = fmt.Errorf("the model is broken, or not complete: %w", m.err)
	} else if m.at < size {
		m.findings = append(m.findings, sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: m.at}, Message: fmt.Sprintf("%d bytes stand behind the model", size-m.at)})
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	file.Findings = m.findings
	if len(m.tensors) > 0 && broken == nil {
		file.Component.Model = &sbom.Model{Tensors: m.tensors}
		for _, t := range m.tensors {
			file.Component.Model.Parameters += t.Parameters
		}
	}
	s := weights.OwnerOf(f.Path).Model(format, file)
	m.describe(&s)
	return []sbom.Sighting{file, s}, broken
}

// model is what the file says.
type model struct {
	r        *paged.Reader
	ctx      context.Context
	at       int64
	err      error
	args     [12]int32
	words    int32
	labels   int32
	tensors  []sbom.TensorType
	packed   bool
	findings []sbom.Finding
}

// The places of arguments.
const (
	argDim = iota
	argWindow
	argEpoch
	argMinCount
	argNegative
	argNgrams
	argLoss
	argModel
	argBucket
	argMinN
	argMaxN
	argRate
)

var argNames = [...]string{"dim", "ws", "epoch", "minCount", "neg", "wordNgrams", "loss", "model", "bucket", "minn", "maxn", "lrUpdateRate"}

func (m *model) take(n int) []byte {
	if m.err != nil {
		return nil
	}
	b, err := m.r.View(m.at, n)
	if m.err = err; err != nil {
		return nil
	}
	m.at += int64(n)
	return append([]byte(nil), b...)
}

func (m *model) num(n int) int64 {
	var b [8]byte
	copy(b[:], m.take(n))
	v := int64(binary.LittleEndian.Uint64(b[:]))
	if n == 4 {
		return int64(int32(v))
	}
	return v
}

// skip passes over n elements.
func (m *model) skip(n, width int64) {
	if m.err == nil && (n < 0 || n > (m.r.Size()-m.at)/width) {
		m.err = fmt.Errorf("%d elements of %d bytes do not fit into the file", n, width)
		return
	}
	m.at += n * width
}

func (m *model) read() {
	for i := range m.args {
		m.args[i] = int32(m.num(4))
	}
	m.num(8) // threshold of sampling
	entries := m.num(4)
	m.words, m.labels = int32(m.num(4)), int32(m.num(4))
	m.num(8) // tokens
	pruned := m.num(8)
	if m.err == nil && (entries < 0 || entries > maxEntries) {
		m.err = fmt.Errorf("the dictionary has %d entries, and %d are allowed", entries, maxEntries)
	}
	for i := int64(0); i < entries && m.err == nil; i++ {
		if i%4096 == 0 {
			m.err = m.ctx.Err()
		}
		m.entry()
	}
	if pruned > 0 {
		m.skip(pruned, 8)
	}
	m.packed = m.num(1) != 0
	m.matrix("input", m.packed)
	m.matrix("output", m.num(1) != 0 && m.packed)
}

// entry passes over a word, its count and its kind.
func (m *model) entry() {
	for from := m.at; m.err == nil; {
		n := min(64, m.r.Size()-m.at)
		b, err := m.r.View(m.at, int(n))
		if err != nil || n == 0 || m.at-from > maxWord {
			m.err = errors.Join(errors.New("a word of the dictionary does not end"), err)
			return
		}
		if end := strings.IndexByte(string(b), 0); end >= 0 {
			m.at += int64(end) + 1
			m.skip(9, 1)
			return
		}
		m.at += n
	}
}

func (m *model) add(dtype string, n int64) {
	if m.err != nil {
		return
	}
	for i := range m.tensors {
		if m.tensors[i].DType == dtype {
			m.tensors[i].Tensors++
			m.tensors[i].Parameters += n
			return
		}
	}
	m.tensors = append(m.tensors, sbom.TensorType{DType: dtype, Tensors: 1, Parameters: n})
}

// matrix passes over a matrix: of float32, or of codes of a product quantiser.
func (m *model) matrix(name string, packed bool) {
	if !packed {
		rows, columns := m.num(8), m.num(8)
		if m.err == nil && (rows < 0 || columns < 0 || columns > 0 && rows > math.MaxInt64/4/columns) {
			m.err = fmt.Errorf("the %s matrix has %d rows of %d", name, rows, columns)
			return
		}
		m.skip(rows*columns, 4)
		m.add("F32", rows*columns)
		return
	}
	norms := m.num(1) != 0
	rows, columns, codes := m.num(8), m.num(8), m.num(4)
	m.skip(codes, 1)
	m.add("U8", codes)
	m.quantizer()
	if norms {
		m.skip(rows, 1)
		m.add("U8", rows)
		m.quantizer()
	}
	if m.err == nil && (rows < 0 || columns < 0) {
		m.err = fmt.Errorf("the %s matrix has %d rows of %d", name, rows, columns)
	}
}

// quantizer passes over the centroids of a product quantiser, 256 in each dimension.
func (m *model) quantizer() {
	dim := m.num(4)
	m.skip(3, 4)
	m.skip(dim*256, 4)
	m.add("F32", dim*256)
}

func (m *model) describe(s *sbom.Sighting) {
	is := s.Component.Model
	if is == nil {
		return
	}
	is.Library = "fasttext"
	name := func(i int32, names ...string) string {
		if i >= 1 && int(i) <= len(names) {
			return names[i-1]
		}
		return strconv.Itoa(int(i))
	}
	for i, v := range m.args {
		value := strconv.Itoa(int(v))
		switch i {
		case argLoss:
			value = name(v, "hs", "ns", "softmax", "ova")
		case argModel:
			value = name(v, "cbow", "skipgram", "supervised")
			is.Architecture = value
		}
		is.Hyperparameters = append(is.Hyperparameters, sbom.Property{Name: argNames[i], Value: value})
	}
	is.Hyperparameters = append(is.Hyperparameters, sbom.Property{Name: "words", Value: strconv.Itoa(int(m.words))}, sbom.Property{Name: "labels", Value: strconv.Itoa(int(m.labels))})
	if is.Architecture == "supervised" {
		is.Task = "text-classification"
	}
	is.Tokenizer.VocabSize = int64(m.words)
	if m.packed {
		is.Quantization = sbom.Quantization{Method: "product-quantization", Bits: "8"}
	}
}
