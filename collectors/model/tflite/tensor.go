package tflite

import (
	"math"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/sbom"
)

// tensor reads a Tensor; one whose buffer holds something is a constant, which is
// counted once, however many tensors share the buffer.
func (m *model) tensor(t, root flatbuf.Table, buffers flatbuf.Vector) {
	x := tensor{dtype: typeOf(t.Int8(1, 0))}
	q, quantized := t.Table(4)
	x.scaled = quantized && (q.Vector(2, 4).Len() > 0 || q.Uint8(4, 0) != 0)
	number := t.Uint32(2, 0)
	place := uint64(number)
	at, size, stored := m.buffer(number, buffers)
	if outer := t.Uint32(10, 0); outer != 0 {
		at, size, stored = m.outer(outer, root)
		place = 1<<32 | uint64(outer)
	}
	if !stored {
		if x.scaled {
			m.activations[x.dtype.short]++
		}
		return
	}
	if m.counted[place] {
		return
	}
	x.name, x.at, x.size = t.Text(3), at, size
	dims := t.Vector(0, 4)
	for i := range min(dims.Len(), maxDims) {
		x.shape = append(x.shape, dims.Int(i))
	}
	n, ok := volume.Elements(x.shape)
	if !ok || dims.Len() > maxDims {
		m.problem("the tensor %q has a shape that no tensor has: %v", clip(x.name), x.shape[:min(len(x.shape), 8)])
		return
	}
	_, sparse := t.Table(6)
	if want, sized := volume.Bytes(n, x.dtype.bits); sized && !sparse && want != size {
		m.problem("the tensor %q has %d bytes, and its shape %v of type %s needs %d", clip(x.name), size, x.shape[:min(len(x.shape), 8)], x.dtype.long, want)
		x.opaque = true
	}
	x.opaque = x.opaque || sparse || x.dtype.bits == 0
	if m.hold(len(x.name) + 8*len(x.shape)) {
		m.counted[place] = true
		m.add(x, n)
	}
}

func clip(s string) string { return s[:min(len(s), 200)] }

// buffer gives what a Buffer holds: bytes in it, or behind the tables in a file
// that is too large for them. The first one is that of tensors without data.
func (m *model) buffer(number uint32, buffers flatbuf.Vector) (at, size int64, stored bool) {
	if number == 0 {
		return 0, 0, false
	}
	if int64(number) >= int64(buffers.Len()) {
		m.problem("a tensor names buffer %d, and there are %d", number, buffers.Len())
		return 0, 0, false
	}
	b, ok := buffers.Table(int(number))
	if !ok {
		return 0, 0, false
	}
	if offset, bytes := b.Uint64(1, 0), b.Uint64(2, 0); offset > 1 && bytes > 0 {
		if bytes > uint64(m.size) || offset > uint64(m.size)-bytes {
			m.problem("buffer %d is not in the file: offset %d, %d bytes; the file is cut off, fetch it anew", number, offset, bytes)
			return 0, 0, false
		}
		return int64(offset), int64(bytes), true
	}
	at, size = b.Vector(0, 1).Range()
	return at, size, size > 0
}

// outer gives the data of a tensor in another file.
func (m *model) outer(id uint32, root flatbuf.Table) (at, size int64, stored bool) {
	for i, b := range root.Vector(9, 4).Tables() {
		if i == maxTensors {
			break
		}
		if b.Uint32(0, 0) == id {
			bytes := b.Uint64(3, 0)
			return -1, int64(min(bytes, math.MaxInt64)), bytes > 0
		}
	}
	m.problem("a tensor names the external buffer %d, which is not there", id)
	return 0, 0, false
}

// add counts a constant.
func (m *model) add(x tensor, n int64) {
	t := m.types[x.dtype.short]
	if t == nil {
		t = &sbom.TensorType{DType: x.dtype.short}
		m.types[x.dtype.short] = t
	}
	if t.Parameters > math.MaxInt64-n {
		m.problem("the number of elements of type %s overflows", x.dtype.short)
		return
	}
	t.Tensors++
	t.Parameters += n
	if x.scaled {
		m.weights[x.dtype.short] += n
	}
	m.constants = append(m.constants, x)
}

// signatureDefs reads the signatures: the first one, or the one that serves, names
// the inputs and outputs of the model.
func (m *model) signatureDefs(root flatbuf.Table) {
	graphs := root.Vector(2, 4)
	list := root.Vector(7, 4)
	for i, s := range list.Tables() {
		if i == maxEntries {
			m.problem("the model has more than %d signatures: the others are not read", maxEntries)
			return
		}
		g, ok := graphs.Table(int(min(s.Uint32(4, 0), math.MaxInt32)))
		if !ok {
			m.problem("signature %q names a subgraph that is not there", clip(s.Text(2)))
			continue
		}
		key := s.Text(2)
		in, out := m.named(g, s.Vector(0, 4)), m.named(g, s.Vector(1, 4))
		if list.Len() == 1 || key == "serving_default" {
			m.inputs, m.outputs = in, out
			continue
		}
		if m.hold(len(key) + 64*(len(in)+len(out))) {
			m.signatures = append(m.signatures, sbom.Property{Name: "tflite:signature:" + key, Value: portsText(in) + " -> " + portsText(out)})
		}
	}
}

// named reads a list of TensorMap.
func (m *model) named(g flatbuf.Table, list flatbuf.Vector) []sbom.Port {
	var out []sbom.Port
	tensors := g.Vector(0, 4)
	for i, e := range list.Tables() {
		if i == maxEntries {
			break
		}
		if t, ok := tensors.Table(int(min(e.Uint32(1, 0), math.MaxInt32))); ok {
			out = append(out, m.port(e.Text(0), t))
		} else {
			m.problem("a signature names tensor %d, which is not there", e.Uint32(1, 0))
		}
	}
	return out
}
