// Package opaque knows compiled models of devices and closed formats by their first
// bytes or by their names: RKNN (Rockchip), HEF (Hailo), OM (Ascend), NBG
// (VeriSilicon), BModel (Sophgo), MindSpore Lite, MNN, ncnn, DLC (Qualcomm). It gives
// the file with its digest and says that the content is not understood.
//
// Source: hailo-ai/hailort hef_internal.hpp; Ascend/graphengine types.h (magic number
// of model files); lutzroeder/netron source/{rknn,om,mnn,ncnn,dlc}.js;
// mindspore-ai/mindspore model.fbs; sophgo/tpu-mlir bmodel.
//
// Not understood: what these files hold: layers, weights, and code for the device. Of
// files without a mark of their own (MNN, the weights of ncnn, QNN contexts) only names
// are known. TensorRT engines and Edge TPU models are read elsewhere.
package opaque

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector knows opaque models.
var Collector = sbom.Collector{
	Name: "model/opaque",
	Doc: `Compiled models of devices (RKNN, HEF, OM, NBG, BModel, MindSpore Lite, MNN, ncnn, DLC)
Tells which format it is, with digest and size, and that its content is not understood.`,
	Match:   []string{"*.rknn", "*.hef", "*.om", "*.nbg", "*.bmodel", "*.mnn", "*.dlc", "*.param", "*.ncnn.bin"},
	Sniff:   func(head []byte) bool { return byHead(head).format != "" },
	Collect: collect,
}

// kind is a format.
type kind struct {
	format, what string
	at           int
	mark         string
}

var kinds = []kind{
	{"rknn", "a model compiled for an NPU of Rockchip", 0, "RKNN\x00\x00\x00\x00"},
	{"rknn", "a model compiled for an NPU of Rockchip, encrypted", 0, "CYPTRKNN"},
	{"rknn", "a model compiled for an NPU of Rockchip", 4, "RKNN"},
	{"hef", "a model compiled for a device of Hailo", 0, "\x01HEF"},
	{"om", "a model compiled for an NPU of Ascend", 0, "IMOD\x00\x01\x00\x00"},
	{"nbg", "a binary graph compiled for an NPU of VeriSilicon", 0, "VPMN"},
	{"bmodel", "a model compiled for a TPU of Sophgo", 0, "\xee\xaa\x55\xff"},
	{"mindspore-lite", "a model of MindSpore Lite", 4, "MSL1"},
	{"mindspore-lite", "a model of MindSpore Lite", 4, "MSL2"},
	{"ncnn", "a network of ncnn, in text", 0, ncnn},
}

const ncnn = "7767517\n"

// byName are formats that have no mark, or one of an archive.
var byName = map[string]kind{
	".mnn": {format: "mnn", what: "a model of MNN"},
	".dlc": {format: "dlc", what: "a model compiled for Qualcomm's SNPE"},
}

func byHead(head []byte) kind {
	text := strings.ReplaceAll(string(head), "\r\n", "\n")
	for _, k := range kinds {
		if len(text) > k.at && strings.HasPrefix(text[k.at:], k.mark) {
			return k
		}
	}
	return kind{}
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	ext := path.Ext(base)
	switch ext {
	case ".rknn", ".hef", ".bmodel", ".mnn", ".dlc":
		if seen, ok, err := weights.Pointer(f, strings.TrimPrefix(ext, "."), true); ok || err != nil {
			return seen, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	k := byHead(head)
	switch {
	case k.format != "":
	case ext == ".dlc" && !isDLC(r, size, f.Settings.Limits), ext == ".mnn" && !isFlat(head):
		return nil, fmt.Errorf("the file is not what its name says: the bytes are not those of %s", ext[1:])
	case byName[ext].format != "":
		k = byName[ext]
	case strings.HasSuffix(base, ".ncnn.bin"):
		return ncnnWeights(f)
	case ext == ".rknn" || ext == ".hef" || ext == ".bmodel" || ext == ".nbg":
		return nil, fmt.Errorf("the file is not what its name says: the bytes are not those of %s", ext[1:])
	default:
		return nil, nil // other programs use these endings too
	}
	file, err := weights.File(f, k.format)
	if err != nil {
		return nil, err
	}
	file.Properties = append([]sbom.Property{{Name: "opaque", Value: k.what + "; what it holds was not examined"}}, facts(k, head)...)
	file.File.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Unsupported, Reason: "the format is closed, or not understood"}
	m := weights.OwnerOf(f.Path).Model(k.format, file)
	return []sbom.Sighting{file, m}, nil
}

// facts are the few that stand in the first bytes.
func facts(k kind, head []byte) []sbom.Property {
	switch {
	case k.mark == "RKNN\x00\x00\x00\x00" && len(head) >= 16:
		if v := binary.LittleEndian.Uint64(head[8:]); v < 1<<16 {
			return []sbom.Property{{Name: "rknn:format_version", Value: strconv.FormatUint(v, 10)}}
		}
	case k.format == "hef" && len(head) >= 8:
		if v := binary.BigEndian.Uint32(head[4:]); v < 1<<16 {
			return []sbom.Property{{Name: "hef:format_version", Value: strconv.FormatUint(uint64(v), 10)}}
		}
	case k.format == "ncnn":
		lines := strings.Split(strings.ReplaceAll(string(head), "\r\n", "\n"), "\n")
		if counts := strings.Fields(lines[1]); len(lines) > 2 && len(counts) == 2 {
			if n, err := strconv.Atoi(counts[0]); err == nil && n > 0 {
				return []sbom.Property{{Name: "ncnn:layers", Value: strconv.Itoa(n)}}
			}
		}
	}
	return nil
}

// isFlat tells whether the first number leads to a table within the head: MNN is a
// FlatBuffer without a name.
func isFlat(head []byte) bool {
	if len(head) < 16 {
		return false
	}
	root := binary.LittleEndian.Uint32(head)
	return root >= 4 && root < 1<<16 && root%2 == 0
}

// isDLC tells whether an archive holds what SNPE packs.
func isDLC(r io.ReaderAt, size int64, l sbom.Limits) bool {
	a, err := archive.Open(r, size, archive.Options{Limits: l})
	return err == nil && (a.Find("model") != nil || a.Find("dlc.metadata") != nil || a.Find("model.params") != nil)
}

// ncnnWeights are the weights beside a network in text, as pnnx names them.
func ncnnWeights(f *sbom.File) ([]sbom.Sighting, error) {
	file, err := weights.File(f, "ncnn")
	if err != nil {
		return nil, err
	}
	file.Properties = []sbom.Property{{Name: "opaque", Value: "weights of ncnn; what they hold was not examined"}}
	return []sbom.Sighting{file}, nil
}
