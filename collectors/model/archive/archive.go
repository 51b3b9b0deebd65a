// Package archive reads archives and compressed files that hold models or code
// that models run, and that no collector of a format of its own takes: NeMo
// (.nemo), TorchServe (.mar), Stable-Baselines3, and any zip, tar, 7z or compressed
// file with a pickle or weights in it. What an archive is, its bytes say. An archive with nothing of
// models in it is none of ours.
//
// Sources: NVIDIA NeMo nemo/core/connectors/save_restore_connector.py, and
// CVE-2025-23304 for "_target_"; pytorch/serve model-archiver
// (model_archiver/manifest_components); stable-baselines3 common/save_util.py.
//
// Not understood: tensors and parameters of what is inside; what stands behind the
// first GiB that a compressed archive unpacks to, where nothing of models stands
// before it.
package archive

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads archives.
var Collector = sbom.Collector{
	Name: "model/archive",
	Doc: "Archives with models in them (NeMo, TorchServe, any zip, tar, 7z or compressed file)\n\n" +
		"The model and its framework, code that it brings, and what runs when its members\nare loaded: pickles, programs and harmful code at any depth, members that leave the\nfolder, archives that show a scanner something else than a loader.",
	Match:   []string{"*.nemo", "*.mar"},
	Sniff:   sniff,
	Collect: collect,
}

// sniff takes programs and scripts, too: an archive can stand behind one.
func sniff(head []byte) bool {
	if _, ok := archive.IsArchive(head); ok {
		return true
	}
	_, ok := archive.Compressed(head)
	return ok || isPrefix(head)
}

func isPrefix(head []byte) bool {
	return content.Program(head) != "" || bytes.HasPrefix(head, []byte("#!"))
}

// elsewhere are the formats that collectors of their own take, where a member
// stands at the start.
var elsewhere = map[string]bool{"pytorch": true, "torchscript": true, "pytorch-tar": true, "executorch": true, "keras": true, "npz": true, "skops": true, "llamafile": true}

// maxOrdinary is how far an archive is unpacked that shows nothing of models.
const maxOrdinary = 1 << 30 // bytes

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	format := map[string]string{".nemo": "nemo", ".mar": "torchserve"}[strings.ToLower(path.Ext(f.Path))]
	if format != "" {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	if ours, err := isOurs(f); err != nil || !ours {
		return nil, err
	}
	if far, err := farStream(f); err != nil || far {
		return nil, err
	}
	r, err := content.Ordinary(ctx, f, maxOrdinary)
	if err != nil {
		return nil, err
	}
	kind := r.Kind
	if !ofModels(kind, r) && !(unseen(r) && promises(f)) {
		if format != "" {
			return nil, &sbom.Problem{Reason: "the file is not what its name says: it holds no model"}
		}
		return nil, nil
	}
	if r.Inside["pickle"] > 0 && r.Inside[kind] > 0 && !strings.Contains(kind, "+") { // a stream of one
		if pickleEnding.MatchString(f.Path) {
			return nil, nil // model/pickle reads it
		}
		kind = "pickle"
	}
	return sightings(f, kind, r)
}

// maxFar is how large a compressed file in a store may be that is fetched to look
// into it.
const maxFar = 64 << 20 // bytes

// farStream tells of one that is larger. Under the name of a model that is a
// problem, since it is not known what it holds.
func farStream(f *sbom.File) (bool, error) {
	if !content.Far(f) {
		return false, nil
	}
	r, size, err := f.Open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return false, err
	}
	if _, packed := archive.Compressed(head); !packed || size <= maxFar {
		return false, nil
	}
	if !promises(f) {
		return true, nil
	}
	return true, &sbom.Problem{Reason: fmt.Sprintf("the file is compressed, has %d bytes and is not here, so that it was not examined; fetch it first", size)}
}

// isOurs tells by the first bytes, and by the end of a program or a script.
func isOurs(f *sbom.File) (bool, error) {
	r, size, err := f.Open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return false, err
	}
	if _, ok := archive.IsArchive(head); !ok && isPrefix(head) && !archive.HasEnd(r, size) {
		return false, nil
	}
	kind, err := content.Kind(f)
	return kind != "llamafile" && !(elsewhere[kind] && bytes.HasPrefix(head, []byte("PK\x03\x04"))), err
}

// unseen tells that what is inside is not known.
func unseen(r content.Report) bool {
	return r.Scan.Coverage != "" && r.Scan.Coverage != sbom.Complete
}

// pickleEnding are the names that model/pickle takes, whatever compresses them.
var pickleEnding = pattern.Lazy(`(?i)\.(?:pkl|pickle|p|dill|cloudpickle|joblib)(?:\.[a-z0-9]+)?$`)

var modelEnding = pattern.Lazy(`(?i)\.(?:pt|pth|ckpt|pkl|pickle|joblib|dill|keras|h5|npz|npy|onnx|safetensors|gguf|tflite|nemo|mar|pte|skops|ptl|pdparams)(?:\.(?:gz|bz2|xz|zst|lz4|lzma))?$`)

// promises tells a name of weights, and a folder of a model.
func promises(f *sbom.File) bool {
	return modelEnding.MatchString(f.Path) || weights.OwnerOf(f.Path).Standard && path.Ext(f.Path) == ".bin" || weights.Beside(f)
}

// ofModels tells whether something in the archive is a model, or code of one.
func ofModels(kind string, r content.Report) bool {
	return described[kind] != "" || r.Inside["pickle"] > 0 || r.Inside["weights"] > 0
}

func sightings(f *sbom.File, kind string, r content.Report) ([]sbom.Sighting, error) {
	file, err := weights.File(f, kind)
	if err != nil {
		return nil, err
	}
	file.File.Scan = r.Scan
	file.Findings = r.Findings
	if described[kind] == "" {
		return []sbom.Sighting{file}, nil
	}
	model := weights.OwnerOf(f.Path).Model(kind, file)
	problem := describe(f, kind, &file, &model)
	return []sbom.Sighting{file, model}, problem
}
