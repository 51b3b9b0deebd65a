// Package pickle reads Python pickles of every protocol, joblib files and
// compressed pickles, whatever their names: what loading one would run, and what
// it holds, where that is an estimator of scikit-learn, XGBoost, LightGBM or
// CatBoost. Nothing is loaded. A Git LFS pointer in the file's place gives the
// digest and size that it states.
//
// A pickle is a model where it holds an estimator, or where its name says so.
//
// Source: Lib/pickle.py and Lib/pickletools.py of Python; joblib
// numpy_pickle.py, numpy_pickle_utils.py and compressor.py; sklearn/base.py;
// xgboost/core.py, lightgbm/basic.py.
//
// Not understood: what the trees and arrays of an estimator mean; the models of
// CatBoost inside of a pickle beyond their settings; joblib's files of before
// version 0.10, whose arrays lie in files beside it, beyond their pickle.
package pickle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pickles.
var Collector = sbom.Collector{
	Name: "model/pickle",
	Doc: `Pickles and joblib files, also compressed, under any name
Examines every opcode for what loading the file would run, without loading it. Of
estimators (scikit-learn, XGBoost, LightGBM, CatBoost) it gives the classes, the
library's version, settings, inputs and classes.`,
	Match: []string{"*.pkl", "*.pickle", "*.p", "*.dill", "*.cloudpickle", "*.joblib", "*.pkl.*", "*.pickle.*", "*.joblib.*",
		"*.pt", "*.pth", "*.ckpt", "*.bin"},
	Sniff:   sniff,
	Collect: collect,
}

// sniff knows pickles by running the first opcodes. What is inside of a compressed
// file shows when it is unpacked.
func sniff(head []byte) bool {
	_, packed := archive.Compressed(head)
	return packed || pickle.IsPickle(head) && !isTorch(head)
}

// isTorch knows the magic number that PyTorch's older format begins with: these
// pickles have storages behind them.
func isTorch(head []byte) bool {
	const magic = "\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
	i := strings.Index(string(head[:min(len(head), 32)]), magic)
	return i >= 2 && head[0] == 0x80 || strings.HasPrefix(string(head), "L119547037146038801333356L\n.")
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	format, promised := byName(f.Path)
	if promised {
		owner := weights.OwnerOf(f.Path)
		if seen, ok, err := weights.Pointer(f, format, owner.Auxiliary || weights.ModelLike(f.Path)); ok || err != nil {
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
	is := &found{file: f, format: format, promised: promised}
	if err := is.read(ctx, r, size, head); err != nil || is.format == "" {
		return nil, err
	}
	return is.sightings()
}

// byName gives the format that the name means. A name that other things have too
// promises nothing.
func byName(file string) (format string, promised bool) {
	base := strings.ToLower(path.Base(file))
	for _, end := range []string{".gz", ".gzip", ".bz2", ".xz", ".lzma", ".z", ".zlib", ".lz4", ".zst", ".zstd"} {
		base = strings.TrimSuffix(base, end)
	}
	switch path.Ext(base) {
	case ".joblib":
		return "joblib", true
	case ".pkl", ".pickle", ".dill", ".cloudpickle":
		return "pickle", true
	}
	return "pickle", false
}

// unseen says of a pointer's file that nobody looked into it.
func unseen(seen []sbom.Sighting) []sbom.Sighting {
	if len(seen) > 0 {
		seen[0].File.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Unsupported, Reason: "the bytes are not here"}
		seen[0].Findings = append(seen[0].Findings, sbom.Finding{Rule: sbom.RuleUnsafeFormat,
			Message: "a pickle whose bytes are not here: loading it can run any code"})
	}
	return seen
}

// notPickle is the problem of a file that has a pickle's name.
func notPickle(file string) error {
	return fmt.Errorf("the file is no pickle, whatever its name %q says", path.Ext(file))
}

var errCut = errors.New("the pickle is not complete")

// isTorchName knows the endings that mean weights, whatever is inside.
func isTorchName(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".pt", ".pth", ".ckpt":
		return true
	}
	return false
}
