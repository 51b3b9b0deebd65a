// Package executorch reads ExecuTorch programs (*.pte): a flatbuffer with methods,
// operators, delegates and constant tensors, and segments of data behind it. The
// header is read by range.
//
// Source: pytorch/executorch schema/program.fbs, schema/scalar_type.fbs,
// schema/extended_header.h.
//
// Not understood: what a delegate (XNNPACK, Core ML, QNN) was handed: its weights
// are in a form of its own, and count for no parameters; bundled programs (BP08);
// tensors that lie in files beside the program (.ptd), of which the number alone is
// told.
package executorch

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads ExecuTorch programs.
var Collector = sbom.Collector{
	Name: "model/executorch",
	Doc: `ExecuTorch programs (pte)
Reads methods with their inputs and outputs, operators, delegates, and the constant
tensors by type. Checks that the segments lie in the file.`,
	Match:   []string{"*.pte"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "executorch"

// sniff knows the identifier of the flatbuffer.
func sniff(head []byte) bool {
	return len(head) > 8 && string(head[4:8]) == "ET12" && binary.LittleEndian.Uint32(head) < 1<<20
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
		return seen, err
	}
	p, err := read(f)
	if err != nil {
		return nil, err
	}
	file, err := weights.Tensors(f, format, p.prints())
	if err != nil {
		return nil, errors.Join(append(p.problems, err)...)
	}
	p.count(&file)
	file.Findings, file.Properties = p.findings, p.properties
	model := weights.OwnerOf(f.Path).Model(format, file)
	p.describe(model.Component.Model)
	return []sbom.Sighting{file, model}, errors.Join(p.problems...)
}

// header is what may stand behind the identifier.
type header struct {
	found         bool
	program, base int64 // sizes in bytes: of the flatbuffer; up to the segments
}

// read reads the program. The error says why the file is none.
func read(f *sbom.File) (*program, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(size, 64))
	if _, err := r.ReadAt(head, 0); err != nil && len(head) == 0 || !sniff(head) {
		return nil, errors.New("the file is no ExecuTorch program: it has not the identifier ET12")
	}
	p := &program{size: size}
	h := p.readHeader(head)
	b := flatbuf.Open(r, size)
	if h.found {
		b = b.Part(0, min(h.program, size))
	}
	root, ok := b.Root()
	if !ok {
		return nil, fmt.Errorf("the program is damaged: %w", errors.Join(b.Err(), errors.New("it has no root")))
	}
	p.read(root, h)
	if err := b.Err(); err != nil {
		p.problems = append(p.problems, err)
	}
	return p, nil
}

// readHeader reads the extended header: "eh00", its length, the size of the
// flatbuffer and the offset of the segments.
func (p *program) readHeader(head []byte) header {
	if len(head) < 32 || string(head[8:12]) != "eh00" {
		return header{}
	}
	h := header{true, int64(binary.LittleEndian.Uint64(head[16:])), int64(binary.LittleEndian.Uint64(head[24:]))}
	if h.program < 0 || h.base < 0 || h.program > p.size || h.base > p.size {
		p.problem("the file is not complete: its header speaks of %d bytes of program and of segments from %d on, and %d bytes are there", h.program, h.base, p.size)
	}
	return header{true, max(0, h.program), max(0, h.base)}
}
