package safetensors

import (
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/packed"
	"github.com/mlbom/mlbom/sbom"
)

// counts says what the file holds: the tensors by data type as they are stored, and
// the parameters, of which a quantiser may have packed several into one element.
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
	if c := h.unpacked; c.Method != "" {
		m.Parameters = c.Parameters
		m.Quantization = sbom.Quantization{Method: c.Method, Bits: c.Bits}
	}
	slices.SortFunc(m.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
	file.Component.Model = m
}

// maxInts bounds the tensors of integers that are read, in bytes.
const maxInts = 64

// unpack counts the parameters of what is packed; the shapes that compressed-tensors
// keeps as tensors are read.
func (h *header) unpack(r io.ReaderAt) {
	h.unpacked = packed.Of(h.tensors, func(t fingerprint.Tensor) []int64 {
		width := map[string]int{"I64": 8, "I32": 4}[t.DType]
		if width == 0 || t.Part.Size > maxInts {
			return nil
		}
		data := make([]byte, t.Part.Size)
		if _, err := r.ReadAt(data, h.start+t.Part.At); err != nil {
			return nil
		}
		var all []int64
		for ; len(data) >= width; data = data[width:] {
			if width == 8 {
				all = append(all, int64(binary.LittleEndian.Uint64(data)))
			} else {
				all = append(all, int64(int32(binary.LittleEndian.Uint32(data))))
			}
		}
		return all
	})
}

// adapters are the kinds of adapter by what their tensors' names hold; the rank is a
// dimension of the tensor.
var adapters = []struct {
	mark, kind string
	rank       int // dimension, or -1
}{
	{".lora_a.", "LORA", 0}, {".lora_down.", "LORA", 0}, {".lora.down.", "LORA", 0}, {"_lora.down.", "LORA", 0}, {".lora_embedding_a", "LORA", 0},
	{".lora_b.", "LORA", -1}, {".lora_up.", "LORA", -1}, {".lora.up.", "LORA", -1}, {"_lora.up.", "LORA", -1}, {".lora_embedding_b", "LORA", -1},
	{".lora_magnitude_vector", "LORA", -1}, {".dora_scale", "LORA", -1}, {".alpha", "", -1},
	{".hada_w", "LOHA", -1}, {".lokr_w", "LOKR", -1}, {".lokr_t", "LOKR", -1}, {"ia3_l", "IA3", -1}, {".oft_r", "OFT", -1}, {".oft_blocks", "OFT", -1},
}

const maxRanks = 16

// adapter tells from names and shapes that the file holds an adapter, and its rank.
// A whole model that has adapters among its own tensors is none.
func (h *header) adapter(m *sbom.Model) {
	of := map[string]int{}
	var ranks []int64
	for _, t := range h.tensors {
		name := strings.ToLower(t.Name)
		if strings.Contains(name, ".base_layer.") {
			return
		}
		for _, a := range adapters {
			if !strings.Contains(name, a.mark) {
				continue
			}
			of[a.kind]++
			if a.rank >= 0 && a.rank < len(t.Shape) && !slices.Contains(ranks, t.Shape[a.rank]) && len(ranks) <= maxRanks {
				ranks = append(ranks, t.Shape[a.rank])
			}
			break
		}
	}
	kind := ""
	for _, k := range []string{"LORA", "LOHA", "LOKR", "IA3", "OFT"} {
		if of[k] > of[kind] || kind == "" && of[k] > 0 {
			kind = k
		}
	}
	if kind == "" || 2*(of[kind]+of[""]) < len(h.tensors) {
		return
	}
	m.AdapterType = kind
	if len(ranks) == 0 || len(ranks) > maxRanks {
		return
	}
	slices.Sort(ranks)
	var text []string
	for _, r := range ranks {
		text = append(text, strconv.FormatInt(r, 10))
	}
	m.Hyperparameters = append(m.Hyperparameters, sbom.Property{Name: "lora.r", Value: strings.Join(text, ", ")})
}
