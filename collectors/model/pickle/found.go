package pickle

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/estimator"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// found is what a file holds.
type found struct {
	file        *sbom.File
	format      string
	promised    bool // by its name
	compression string
	is          pickle.Result
	findings    []sbom.Finding
}

// read examines the file, which may be compressed. The format is empty where it
// is no pickle and nothing says that it should be one.
func (is *found) read(ctx context.Context, r io.ReaderAt, size int64, head []byte) error {
	limits := is.file.Settings.Limits
	var stream io.Reader = io.NewSectionReader(r, 0, size)
	options := archive.Options{Limits: limits}
	inside, kind, packed := archive.Unpack(stream, head, options)
	if packed {
		b := bufio.NewReaderSize(inside, 1<<16)
		start, err := b.Peek(sbom.HeadSize)
		if len(start) == 0 && err != io.EOF && is.promised {
			is.is.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Partial, Reason: err.Error()}
			is.findings = append(is.findings, sbom.Finding{Rule: sbom.RuleUnsafeFormat, Message: fmt.Sprintf("a compressed pickle that cannot be unpacked: %v", err)})
			is.compression = kind
			return nil
		}
		head, stream, is.compression = start, b, kind
	}
	if isTorch(head) || !is.promised && (packed || !pickle.IsPickle(head)) {
		is.format = "" // what is compressed under another name is the affair of model/archive
		return nil
	}
	if _, ok := archive.IsArchive(head); ok && !packed { // of another collector
		is.format = ""
		return nil
	}
	is.is = pickle.Analyze(ctx, stream, pickle.Options{Limits: limits, Arrays: true})
	if is.is.Pickles == 0 && is.is.Scan.Verdict != sbom.Malicious && !pickle.IsPickle(head) {
		is.format = ""
		return notPickle(is.file.Path)
	}
	is.findings = append(is.findings, is.is.Findings...)
	if !packed && archive.HasEnd(r, size) { // an archive that begins as a pickle
		report := content.Bytes(ctx, r, size, limits)
		is.is.Scan, is.findings = pickle.Merge(is.is.Scan, report.Scan), report.Findings
	}
	return nil
}

func (is *found) sightings() ([]sbom.Sighting, error) {
	if is.is.Scan.Verdict == "" {
		is.is.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Partial, Reason: errCut.Error()}
	}
	if usesJoblib(is.is.Scan) {
		is.format = "joblib"
	}
	file, err := weights.File(is.file, is.format)
	if err != nil {
		return nil, err
	}
	file.File.Scan, file.Findings = is.is.Scan, is.findings
	is.properties(&file)
	seen := []sbom.Sighting{file}
	owner := weights.OwnerOf(is.file.Path)
	model := owner.Model(is.format, file)
	known := is.describe(&model)
	if known || owner.Auxiliary || owner.Standard || weights.ModelLike(is.file.Path) || isTorchName(is.file.Path) {
		seen = append(seen, model)
	}
	return seen, nil
}

// usesJoblib tells joblib's arrays by the class that describes them.
func usesJoblib(s sbom.Scan) bool {
	for _, u := range s.Uses {
		if u.Name == "joblib.numpy_pickle.NumpyArrayWrapper" || u.Name == "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper" {
			return true
		}
	}
	return false
}

func (is *found) properties(file *sbom.Sighting) {
	add := func(name, value string) {
		file.Properties = append(file.Properties, sbom.Property{Name: name, Value: value})
	}
	if is.compression != "" {
		add("pickle:compression", is.compression)
	}
	if is.is.Pickles > 1 {
		add("pickle:pickles", fmt.Sprint(is.is.Pickles))
	}
	if is.is.Pickles > 0 {
		add("pickle:protocol", fmt.Sprint(is.is.Protocol))
	}
}

// describe tells what the estimator in the file is; false where there is none.
func (is *found) describe(model *sbom.Sighting) bool {
	for _, v := range is.is.Values {
		if e, ok := find(estimator.Pickled(v)); ok {
			if model.Component.Model == nil {
				model.Component.Model = &sbom.Model{}
			}
			estimator.Describe(e, &model.Component)
			return true
		}
	}
	return false
}

// find gives the estimator that the value is, or the first one in a dictionary
// or list: many keep a model with its preparation beside it.
func find(v estimator.Value) (estimator.Value, bool) {
	if estimator.Is(v) {
		return v, true
	}
	if v.Class != "" {
		return v, false
	}
	for _, a := range v.Attrs {
		if estimator.Is(a.Value) {
			return a.Value, true
		}
	}
	for _, item := range v.Items {
		if estimator.Is(item) {
			return item, true
		}
	}
	return v, false
}
