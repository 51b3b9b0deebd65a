// Package pytorch reads what torch.save and torch.jit.save write: zip archives
// (since version 1.6), the older series of pickles with raw storages behind them,
// and the tar files of before version 0.2; state dicts, whole modules, checkpoints
// of trainers, TorchScript for servers and for phones. Of the pickles it reads the
// tensors with type and shape, and what the file says of its training; of
// TorchScript the operators and the signature. Each pickle is examined for what
// loading it would run; nothing is loaded. It also reads the index of a sharded
// model (pytorch_model.bin.index.json). A Git LFS pointer in the file's place gives
// the digest and size that it states.
//
// Source: pytorch torch/serialization.py, caffe2/serialize/inline_container.h,
// torch/csrc/jit/serialization/{export,unpickler,python_print}.cpp,
// torch/csrc/jit/mobile/import.cpp.
//
// What counts as a parameter is told by package collectors/internal/torch. Each
// storage of an archive has to be as long as its tensors say.
//
// Not understood: torch.package archives and those of torch.export (.pt2) beyond
// what they hold as any archive; the constants of TorchScript, which are code; the
// names of tensors in tar files where the object is not a dict of them.
package pytorch

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads PyTorch's files.
var Collector = sbom.Collector{
	Name: "model/pytorch",
	Doc: `PyTorch weights, checkpoints and TorchScript (pt, pth, ckpt, bin, ptl), and their index of shards
Reads the tensors by type with the exact number of parameters, apart from the state
of the training; settings of the training; operators and signature of TorchScript.
Examines what loading the file would run, and checks each storage's size.`,
	Match:   []string{"*.pt", "*.pth", "*.ckpt", "*.bin", "*.ptl", "*.torchscript", "*.pkl", "*.pickle", "*.bin.index.json", "*.bin.index.*.json"},
	Sniff:   sniff,
	Collect: collect,
}

// The formats.
const (
	format     = "pytorch"
	formatJIT  = "torchscript"
	formatTar  = "pytorch-tar"
	legacyMark = "\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19." // the pickled magic number
	legacyText = "L119547037146038801333356L\n."
)

// sniff knows a zip archive, of which the members tell more, the magic number of
// the older format, and the members of the oldest.
func sniff(head []byte) bool {
	return strings.HasPrefix(string(head), "PK\x03\x04") || isLegacy(head) || isTar(head)
}

// isLegacy knows the magic number behind its PROTO, and from protocol 4 on a FRAME;
// before protocol 2 it is text.
func isLegacy(head []byte) bool {
	if strings.HasPrefix(string(head), legacyText) {
		return true
	}
	if len(head) < 2 || head[0] != 0x80 {
		return false
	}
	head = head[2:]
	if len(head) > 9 && head[0] == 0x95 {
		head = head[9:]
	}
	return strings.HasPrefix(string(head), legacyMark)
}

func isTar(head []byte) bool {
	if len(head) < 262 || string(head[257:262]) != "ustar" {
		return false
	}
	name, _, _ := strings.Cut(string(head[:100]), "\x00")
	switch strings.TrimPrefix(name, "./") {
	case "sys_info", "pickle", "tensors", "storages":
		return true
	}
	return false
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if strings.HasSuffix(strings.ToLower(f.Path), ".json") {
		if seen, ok, err := weights.Pointer(f, format, false); ok || err != nil {
			return seen, err
		}
		return weights.Index(f, format)
	}
	if promised(f.Path) {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return unseen(seen), err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, err
	}
	is := &found{file: f, r: r, size: size}
	switch {
	case isLegacy(head):
		is.legacy(ctx)
	case isTar(head), strings.HasPrefix(string(head), "PK"):
		is.archive(ctx)
	}
	if is.format == "" {
		return nil, nil
	}
	seen, err := is.sightings()
	return seen, errors.Join(append(is.problems, err)...)
}

// promised tells whether the name means PyTorch. What firmware and data are called
// too promises nothing.
func promised(file string) bool {
	owner := weights.OwnerOf(file)
	switch strings.ToLower(path.Ext(file)) {
	case ".bin":
		return owner.Standard || owner.Auxiliary
	case ".pt", ".pth", ".ckpt", ".ptl", ".torchscript":
		return true
	}
	return false
}

// unseen says of a pointer's file that nobody looked into it.
func unseen(seen []sbom.Sighting) []sbom.Sighting {
	if len(seen) > 0 {
		seen[0].File.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Unsupported, Reason: "the bytes are not here"}
		seen[0].Findings = append(seen[0].Findings, sbom.Finding{Rule: sbom.RuleUnsafeFormat,
			Message: "a PyTorch file, which is a pickle, whose bytes are not here: loading it can run any code"})
	}
	return seen
}
