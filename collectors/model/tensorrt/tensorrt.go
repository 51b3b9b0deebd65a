// Package tensorrt knows engines of NVIDIA TensorRT (*.engine, *.plan, *.trt): programs
// for one kind of GPU and one version of the library, in a format that is not
// documented. It gives digest and size, and says that nothing more was examined. A Git
// LFS pointer in the file's place gives the digest and size that it states.
//
// Source: the mark at the beginning, as the library writes it ("ftrt", in files of
// later versions "ptrt"); NVIDIA's documentation, which says that an engine is to be
// loaded from trusted sources alone.
//
// Not understood: all that follows the mark: version, weights, layers, plugins.
package tensorrt

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector knows TensorRT engines.
var Collector = sbom.Collector{
	Name: "model/tensorrt",
	Doc: `TensorRT engines
Knows them by their mark, gives digest and size, and says that the format is closed:
what they hold is not examined.`,
	Match:   []string{"*.engine", "*.plan", "*.trt"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "tensorrt"

func sniff(head []byte) bool {
	return len(head) >= 24 && (string(head[:4]) == "ftrt" || string(head[:4]) == "ptrt")
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	named := strings.HasSuffix(base, ".engine") || strings.HasSuffix(base, ".trt") // .plan is the name of many things
	if seen, ok, err := weights.Pointer(f, format, true); ok && named || err != nil {
		return seen, err
	}
	head, err := headOf(f)
	if err != nil || !sniff(head) {
		return nil, err
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, err
	}
	file.File.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Unsupported, Reason: "an engine of TensorRT is a program in a format that is not documented"}
	s := weights.OwnerOf(f.Path).Model(format, file)
	s.Component.Model.Library = "tensorrt"
	return []sbom.Sighting{file, s}, nil
}

func headOf(f *sbom.File) ([]byte, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(size, 24))
	if _, err := r.ReadAt(head, 0); err != nil && size > 24 {
		return nil, errors.New("the file cannot be read: " + err.Error())
	}
	return head, nil
}
