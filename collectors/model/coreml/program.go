package coreml

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// program reads a Program of MIL.proto.
func (m *model) program(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number != 2 {
			continue
		}
		for e := range f.Message().Fields() { // an entry of a map
			if e.Number == 2 {
				m.function(e.Message())
			}
		}
	}
}

func (m *model) function(msg protowalk.Message) {
	for f := range msg.Fields() {
		switch f.Number {
		case 2:
			m.opset = f.Text(256)
		case 3:
			for e := range f.Message().Fields() {
				if e.Number == 2 {
					m.block(e.Message())
				}
			}
		}
	}
}

func (m *model) block(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number == 3 {
			m.operation(f.Message())
		}
	}
}

// operation reads an Operation: its type, the blocks in it, and the values that lie
// in a file, which have the name of its output.
func (m *model) operation(msg protowalk.Message) {
	op, output := "", ""
	first := len(m.tensors)
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			op = f.Text(256)
		case 3:
			for o := range f.Message().Fields() {
				if o.Number == 1 && output == "" {
					output = o.Text(maxName)
				}
			}
		case 4:
			m.block(f.Message())
		case 5:
			for e := range f.Message().Fields() {
				if e.Number == 2 {
					m.value(e.Message())
				}
			}
		}
	}
	if m.operators[op] > 0 || len(m.operators) < maxEntries {
		m.operators[op]++
	}
	for i := first; i < len(m.tensors); i++ {
		if m.tensors[i].name == "" {
			m.tensors[i].name = output
		}
	}
}

// value reads a Value whose elements lie in a file.
func (m *model) value(msg protowalk.Message) {
	var t tensor
	for f := range msg.Fields() {
		switch f.Number {
		case 2:
			for k := range f.Message().Fields() {
				if k.Number == 1 {
					t.dtype, t.shape = tensorType(k.Message())
				}
			}
		case 5:
			for b := range f.Message().Fields() {
				switch b.Number {
				case 1:
					t.file = b.Text(maxName)
				case 2:
					t.record = b.Int()
				}
			}
		}
	}
	if t.file == "" || len(m.tensors) == maxTensors || !m.hold(8*len(t.shape)+64) {
		return
	}
	if _, ok := volume.Elements(t.shape); !ok {
		m.problem("the weights at byte %d have a shape that no tensor has: %v", msg.At, t.shape[:min(len(t.shape), 8)])
		return
	}
	m.file(t.file, msg.At)
	m.tensors = append(m.tensors, t)
}

func tensorType(msg protowalk.Message) (kind dtype, dims []int64) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			if kind = dtypes[f.Int()]; kind.short == "" {
				kind.short = fmt.Sprintf("TYPE_%d", f.Int())
			}
		case 3:
			for d := range f.Message().Fields() {
				if d.Number != 1 || len(dims) == maxDims {
					continue
				}
				n := int64(0)
				for c := range d.Message().Fields() {
					if c.Number == 1 {
						n = c.Int()
					}
				}
				dims = append(dims, n)
			}
		}
	}
	return kind, dims
}

// outside is what was found of the files with weights.
type outside struct {
	links  []sbom.Link
	seen   []sbom.Sighting
	prints []sbom.Print
	left   []fingerprint.Tensor // tensors whose bytes are not here
	faults []error
}

// external looks for the files with weights: "@model_path/weights/weight.bin".
func (m *model) external(f *sbom.File) (o outside) {
	inside := map[string][]tensor{}
	for _, t := range m.tensors {
		inside[t.file] = append(inside[t.file], t)
	}
	var missing []string
	for _, name := range m.files {
		local := strings.TrimPrefix(name, "@model_path/")
		if weights.Escapes(local) || strings.Contains(local, "://") {
			m.findings = append(m.findings, sbom.Finding{Rule: sbom.RulePathEscape, Where: sbom.Place{Offset: m.fileAt[name]},
				Message: fmt.Sprintf("weights are taken from %q, which is not inside the model's folder", clip(name))})
			o.left = append(o.left, tensorsOf(inside[name], nil, 0)...)
			continue
		}
		at := path.Join(path.Dir(f.Path), local)
		o.links = append(o.links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
		file, prints, astray, err := data(f, at, inside[name])
		if astray > 0 {
			m.findings = append(m.findings, sbom.Finding{Rule: sbom.RuleBadShards, Where: sbom.Place{Offset: m.fileAt[name]},
				Message: fmt.Sprintf("%d of %d tensors are not in %q where the model says: the files do not belong together, or one is cut off", astray, len(inside[name]), clip(name))})
		}
		if o.prints = append(o.prints, prints...); len(prints) == 0 {
			o.left = append(o.left, tensorsOf(inside[name], nil, 0)...)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, clip(name))
		case err != nil:
			o.faults = append(o.faults, fmt.Errorf("the weights %q cannot be read: %w", clip(name), err))
		default:
			o.seen = append(o.seen, file)
		}
	}
	if len(missing) > 0 {
		m.findings = append(m.findings, sbom.Finding{Rule: sbom.RuleBadShards, Where: sbom.Place{Offset: m.fileAt[missing[0]]},
			Message: fmt.Sprintf("%d of %d files with weights that the model names are not there: %s", len(missing), len(m.files), strings.Join(missing[:min(len(missing), 5)], ", "))})
	}
	return o
}

func clip(s string) string { return s[:min(len(s), 200)] }

// data gives the sighting of one file with weights, and the prints of the tensors in
// it; none where its bytes are not here. It counts those that do not lie where the
// model says.
func data(f *sbom.File, at string, tensors []tensor) (s sbom.Sighting, prints []sbom.Print, astray int, err error) {
	file := &sbom.File{Path: at, FS: f.FS, Settings: f.Settings}
	seen, isPointer, err := weights.Pointer(file, "coreml-weights", false)
	if isPointer {
		s = seen[0]
	} else if err == nil {
		r, size, err := file.Open()
		if err != nil {
			return s, nil, 0, err
		}
		list := tensorsOf(tensors, r, size)
		r.Close()
		for i, t := range list {
			if t.Opaque && tensors[i].dtype.bits > 0 {
				astray++
			}
		}
		if _, prints, err = fingerprint.Digest(file, list); err != nil {
			return s, nil, 0, err
		}
		s, err = weights.File(file, "coreml-weights")
		if err != nil {
			return s, nil, 0, err
		}
	}
	s.Where.Path = at
	return s, prints, astray, err
}

// record is what stands before the elements of a tensor: a mark, the type, the size
// and the place of its elements.
const (
	recordMark = 0xdeadbeef
	recordSize = 24
)

// tensorsOf finds where elements lie, where there is a file to ask.
func tensorsOf(tensors []tensor, r io.ReaderAt, size int64) []fingerprint.Tensor {
	var out []fingerprint.Tensor
	for _, t := range tensors {
		x := fingerprint.Tensor{Name: t.name, DType: t.dtype.short, Shape: t.shape, Opaque: true}
		var b [recordSize]byte
		n, _ := volume.Elements(t.shape)
		if r != nil && t.record >= 0 && t.record <= size-recordSize && t.dtype.bits > 0 && n < math.MaxInt64/64 {
			if _, err := r.ReadAt(b[:], t.record); err == nil || err == io.EOF {
				bytes, at := binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])
				want := (uint64(n)*t.dtype.bits + 7) / 8
				if binary.LittleEndian.Uint32(b[:]) == recordMark && bytes == want && at <= uint64(size) && bytes <= uint64(size)-at {
					x.Part, x.Opaque = sbom.Part{At: int64(at), Size: int64(bytes)}, false
				}
			}
		}
		out = append(out, x)
	}
	return out
}
